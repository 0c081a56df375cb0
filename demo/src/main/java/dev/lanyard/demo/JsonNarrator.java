package dev.lanyard.demo;

import dev.lanyard.protocol.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Narrates as one JSON object at the end, for scripts.
final class JsonNarrator implements Narrator {
  private final PrintWriter out;
  private final List<JsonObject> steps = new ArrayList<>();
  private String title = "";
  private List<JsonObject> exhibits = new ArrayList<>();

  JsonNarrator(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void opening(String text) {
    // A script knows what it called.
  }

  @Override
  public void step(String stepTitle, String explanation) {
    title = stepTitle;
    exhibits = new ArrayList<>();
  }

  @Override
  public void exhibit(Exhibit exhibit) {
    exhibits.add(
        JsonObject.builder()
            .put("caption", exhibit.caption())
            .put("value", exhibit.value())
            .build());
  }

  @Override
  public void outcome(Outcome outcome, String sentence) {
    steps.add(
        JsonObject.builder()
            .put("step", title)
            .put("outcome", outcome.name().toLowerCase(Locale.ROOT))
            .put("sentence", sentence)
            .put("exhibits", exhibits)
            .build());
    exhibits = new ArrayList<>();
  }

  @Override
  public void closing(String text, List<String> commands) {
    out.println(
        JsonObject.builder().put("steps", steps).put("explore", commands).build().toPrettyJson());
    out.flush();
  }
}
