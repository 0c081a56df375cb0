package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// What a transmitter says about the stream itself.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-8.1 Shared
///   Signals Framework 1.0 §8.1 (SSF-12, SSF-14)
public sealed interface StreamEvent extends SecurityEvent {
  /// What every event type URI of the framework begins with.
  String BASE = "https://schemas.openid.net/secevent/ssf/event-type/";

  /// The stream works.
  ///
  /// @param state what the receiver gave when it asked; empty if it did not ask
  record Verification(Optional<String> state) implements StreamEvent {
    @Override
    public String type() {
      return BASE + "verification";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().putIfPresent("state", state).build();
    }
  }

  /// The transmitter has changed the status of the stream.
  record StreamUpdated(Status status, Optional<String> reason) implements StreamEvent {
    @Override
    public String type() {
      return BASE + "stream-updated";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("status", status.value())
          .putIfPresent("reason", reason)
          .build();
    }
  }

  /// The status of a stream.
  enum Status {
    ENABLED,
    /// Events are held back.
    PAUSED,
    /// Events are dropped.
    DISABLED;

    public String value() {
      return Words.lower(this);
    }

    /// @throws MalformedException if the member is absent or none of the three
    public static Status of(JsonObject json) throws MalformedException {
      return Words.required(json, "status", Status.class);
    }
  }

  /// Reads an event whose type begins with [#BASE].
  ///
  /// @throws MalformedException if it lacks what its type demands
  static SecurityEvent parse(String type, JsonObject json) throws MalformedException {
    return switch (type.substring(BASE.length())) {
      case "verification" -> new Verification(json.string("state"));
      case "stream-updated" -> new StreamUpdated(Status.of(json), json.string("reason"));
      default -> new UnknownEvent(type, json);
    };
  }
}
