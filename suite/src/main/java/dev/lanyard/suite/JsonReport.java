package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;

/// A report for programs.
public final class JsonReport {
  private JsonReport() {}

  public static JsonObject of(Report report) {
    return JsonObject.builder()
        .put("suite", report.suite())
        .put("server", report.server())
        .put("at", report.at().toString())
        .put("conforms", report.conforms())
        .put("findings", report.findings().stream().map(JsonReport::finding).toList())
        .build();
  }

  private static JsonObject finding(Report.Finding finding) {
    var json =
        JsonObject.builder()
            .put("check", finding.name())
            .put("level", finding.level().name())
            .put("sentence", "the server " + finding.sentence())
            .put("requirements", finding.requirements())
            .put("verdict", finding.verdict());
    switch (finding.outcome()) {
      case Outcome.Passed(var found) -> json.put("found", found);
      case Outcome.Failed(var expected, var found) ->
          json.put("expected", expected).put("found", found);
      case Outcome.NotApplicable(var reason) -> json.put("reason", reason);
    }
    return json.build();
  }
}
