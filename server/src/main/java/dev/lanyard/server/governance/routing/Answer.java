package dev.lanyard.server.governance.routing;

import dev.lanyard.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where a workload goes, and why.
///
/// @param chosen empty if no way is left: then it goes nowhere
/// @param reason in a sentence
/// @param considered every way that was looked at, the chosen one first
/// @param libraryVersion of the role library that took part
public record Answer(
    Workload workload,
    Optional<Considered> chosen,
    String reason,
    List<Considered> considered,
    String libraryVersion) {
  public Answer {
    considered = List.copyOf(considered);
  }

  /// For programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("workload", workload.name())
        .put(
            "route",
            chosen.map(one -> one.offer().kind().name().toLowerCase(Locale.ROOT)).orElse("none"))
        .putIfPresent("through", chosen.map(one -> one.offer().name()))
        .put("reason", reason)
        .put("considered", considered.stream().map(Considered::toJson).toList())
        .put("library_version", libraryVersion)
        .build();
  }

  /// For people.
  public List<String> text() {
    var lines = new ArrayList<String>();
    lines.add("%s → %s".formatted(workload.name(), chosen.map(Considered::name).orElse("nowhere")));
    lines.add("    " + reason);
    for (var one : considered) {
      lines.add(
          "    %s %s%s"
              .formatted(
                  one.isPossible() ? "possible" : "excluded",
                  one.name(),
                  one.costPerDay().map(cost -> ", " + cost.toPlainString() + " a day").orElse("")));
      one.remarks()
          .forEach(remark ->
              lines.add(
                  "        %s %s: %s"
                      .formatted(
                          remark.passed() ? "+" : "-", remark.rule().value(), remark.reason())));
    }
    return lines;
  }
}
