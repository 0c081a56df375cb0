package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.tools.KnownTool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Tools that have drifted: what waits for a judgement, and what was judged in the period.
public final class DriftEvidence implements Evidence {
  private final Supplier<List<KnownTool>> tools;

  public DriftEvidence(Supplier<List<KnownTool>> tools) {
    this.tools = tools;
  }

  @Override
  public List<Item> of(Period period) {
    var lines = new ArrayList<String>();
    var waiting = new ArrayList<String>();
    for (var tool : tools.get()) {
      var name = tool.connector() + " " + tool.name();
      if (tool.waits()) {
        waiting.add(name);
        lines.add(
            "%s is %s since %s and quarantined"
                .formatted(name, tool.state().value(), tool.since()));
      }
      tool.accepted()
          .filter(accepted -> period.has(accepted.at()))
          .ifPresent(accepted ->
              lines.add(
                  "%s was accepted by %s at %s with the grade %s"
                      .formatted(name, accepted.by(), accepted.at(), accepted.grade())));
    }
    if (lines.isEmpty()) {
      lines.add("no tool waits, and none was accepted in this period");
    }
    return List.of(
        new Item(
            "drift:tools",
            "Tool drift",
            lines,
            JsonObject.builder().put("waiting", waiting).build()));
  }
}
