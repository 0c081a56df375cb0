package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// A launch was recorded by mistake: the connector is not there.
///
/// @param launchedOn the day that is taken back
/// @param evidence what the mistake is known from
/// @param by who said so
/// @param at when it was recorded
public record TakenBack(
    String connector, LocalDate launchedOn, String evidence, String by, Instant at)
    implements Resolution {
  /// The day on which somebody has looked, and it was not there.
  LocalDate lookedOn() {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  @Override
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("connector", connector)
        .put("taken_back", launchedOn.toString())
        .put("evidence", evidence)
        .put("by", by)
        .put("at", at.toString())
        .build();
  }
}
