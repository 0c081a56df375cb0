package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;

/// An event of a type that we do not know: recorded, and nothing else (SSF-3).
///
/// @param payload as it came
public record UnknownEvent(String type, JsonObject payload) implements SecurityEvent {
  @Override
  public JsonObject toJson() {
    return payload;
  }
}
