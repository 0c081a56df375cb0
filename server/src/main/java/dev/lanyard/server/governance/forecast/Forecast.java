package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;

/// What somebody said of a connector at a time. It is never changed: who thinks better of it says
/// so anew.
///
/// @param connector its id in the role library or the catalogue
/// @param forecaster whose it is, by which it is scored
/// @param reason why, in their words
/// @param evidence what they know it from
/// @param at when it was said
public record Forecast(
    String connector,
    Chances chances,
    String forecaster,
    String reason,
    String evidence,
    Instant at) {
  private static final int LONGEST = 2000;

  /// @throws IllegalArgumentException if one of the texts says nothing or too much
  public Forecast {
    said("the connector", connector);
    said("the forecaster", forecaster);
    said("the reason", reason);
    said("the evidence", evidence);
  }

  private static void said(String what, String text) {
    if (text.isBlank() || text.length() > LONGEST) {
      throw new IllegalArgumentException(what + " has 1 to " + LONGEST + " characters");
    }
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("connector", connector)
        .put("launch", chances.toJson())
        .put("forecaster", forecaster)
        .put("reason", reason)
        .put("evidence", evidence)
        .put("at", at.toString())
        .build();
  }
}
