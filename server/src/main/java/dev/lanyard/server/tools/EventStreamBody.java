package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A stream of server-sent events that has ended.
///
/// @spec https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
///   HTML, 9.2.6
final class EventStreamBody {
  private static final String DATA = "data:";

  private EventStreamBody() {}

  /// The events that are JSON objects; others are left out.
  static List<JsonObject> messages(byte[] body) {
    var messages = new ArrayList<JsonObject>();
    for (var event : new String(body, StandardCharsets.UTF_8).split("(\r\n|\n|\r){2}", -1)) {
      var data = new ArrayList<String>();
      for (var line : event.split("\r\n|\n|\r", -1)) {
        if (line.startsWith(DATA)) {
          data.add(line.substring(DATA.length()).strip());
        }
      }
      message(String.join("\n", data)).ifPresent(messages::add);
    }
    return messages;
  }

  private static Optional<JsonObject> message(String data) {
    try {
      return Optional.of(JsonObject.parseLarge(data.getBytes(StandardCharsets.UTF_8)));
    } catch (MalformedException e) {
      // Not a message of JSON-RPC, so no reply to anything.
      return Optional.empty();
    }
  }
}
