package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;

/// What has happened, in the words of CAEP, RISC or of the stream itself. Immutable.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8417.html#section-1.2 RFC 8417 §1.2
public sealed interface SecurityEvent permits CaepEvent, RiscEvent, StreamEvent, UnknownEvent {
  /// The URI of the event type.
  String type();

  /// What is particular to this type, without the members of [Circumstances].
  JsonObject toJson();

  /// Reads an event; fields that we do not know are ignored, and so are types (SSF-3).
  ///
  /// @param type the URI
  /// @param payload the member of `events`
  /// @throws MalformedException if a known type lacks what it must have
  static SecurityEvent parse(String type, JsonObject payload) throws MalformedException {
    if (type.startsWith(CaepEvent.BASE)) {
      return CaepEvent.parse(type, payload);
    }
    if (type.startsWith(RiscEvent.BASE)) {
      return RiscEvent.parse(type, payload);
    }
    return type.startsWith(StreamEvent.BASE)
        ? StreamEvent.parse(type, payload)
        : new UnknownEvent(type, payload);
  }
}
