package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.diagnosis.Advice;
import dev.lanyard.server.diagnosis.Cause;
import dev.lanyard.server.diagnosis.Diagnosis;
import dev.lanyard.server.diagnosis.Diagnostics.Found;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;

/// `/why`: why something did not work, by the reference that somebody was shown, or by as much of
/// it as they read aloud.
final class WhyPages {
  private final Gate gate;
  private final Parts parts;

  WhyPages(Gate gate, Parts parts) {
    this.gate = gate;
    this.parts = parts;
  }

  /// The page.
  ///
  /// @param asked the reference that was looked for; empty before anything was
  /// @param problem why nothing was found
  /// @param candidates the references that begin like it
  record Answer(
      String asked,
      String problem,
      List<String> candidates,
      List<Reason> reasons,
      List<Step> steps) {}

  record Reason(
      String event, String says, String remedy, String expected, String actual, String source) {}

  record Step(String at, String event, String outcome, String evidence) {}

  List<Route> routes() {
    return List.of(gate.page("/why", Sitemap.WHY, this::show));
  }

  private Response show(Request request, Visit visit) {
    var asked = Addresses.query(request).flatMap(form -> form.one("reference")).orElse("").strip();
    var answer = asked.isEmpty() ? nothing("", "") : answer(visit, asked);
    var frame = visit.frame("Why not?", Sitemap.WHY);
    return Sheet.of(200, "why", frame, answer);
  }

  private static Answer nothing(String asked, String problem) {
    return new Answer(asked, problem, List.of(), List.of(), List.of());
  }

  private Answer answer(Visit visit, String asked) {
    return switch (parts.diagnostics().find(asked)) {
      case Found.One(var diagnosis) -> {
        gate.record(
            "console.request-read",
            visit,
            JsonObject.builder().put("reference", diagnosis.correlationId()).build());
        yield answer(diagnosis);
      }
      case Found.Several(var ids) ->
          new Answer(asked, "More than one reference begins like this.", ids, List.of(), List.of());
      case Found.Nothing() ->
          nothing(asked, "Nothing is recorded under this reference. Check it letter by letter.");
      case Found.TooShort(int shortest) ->
          nothing(asked, "A reference needs at least " + shortest + " characters.");
    };
  }

  private static Answer answer(Diagnosis diagnosis) {
    return new Answer(
        diagnosis.correlationId(),
        diagnosis.causes().isEmpty() ? "Nothing was refused in this request." : "",
        List.of(),
        diagnosis.causes().stream().map(WhyPages::reason).toList(),
        diagnosis.records().stream()
            .map(record ->
                new Step(
                    record.event().at().toString(),
                    record.event().type(),
                    record.event().outcome().value(),
                    record.event().evidence().toJson()))
            .toList());
  }

  private static Reason reason(Cause cause) {
    return new Reason(
        cause.event(),
        cause.advice().map(Advice::says).or(cause::detail).orElse("There are no words for it yet."),
        cause.advice().map(Advice::remedy).orElse(""),
        cause.expected().orElse("–"),
        cause.actual().orElse("–"),
        cause.requirement().map(one -> one.id() + ", " + one.section()).orElse("–"));
  }
}
