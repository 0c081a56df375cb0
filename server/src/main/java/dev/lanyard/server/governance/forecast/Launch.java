package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;

/// A connector is there.
///
/// @param on since when
/// @param evidence what it is known from
/// @param by who said so: a person, or what of ours has seen it
/// @param at when it was recorded
public record Launch(String connector, LocalDate on, String evidence, String by, Instant at)
    implements Resolution {
  @Override
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("connector", connector)
        .put("on", on.toString())
        .put("evidence", evidence)
        .put("by", by)
        .put("at", at.toString())
        .build();
  }
}
