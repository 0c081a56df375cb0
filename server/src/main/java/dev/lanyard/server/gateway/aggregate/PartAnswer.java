package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.stream.EventCutter;
import dev.lanyard.server.gateway.stream.EventFilter;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.WholeBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Reads what a connector has answered to an aggregate, to its end: what is merged with the answers
/// of others.
final class PartAnswer {
  private PartAnswer() {}

  /// The result of a request; empty if there is none, for whatever reason.
  ///
  /// @param id of the request
  static Optional<JsonObject> result(Response response, RpcId id, int most, Duration within) {
    var whole =
        response
            .source()
            .map(body -> WholeBody.read(body, most, within))
            .orElseGet(() -> new WholeBody.Reading.Whole(response.body()));
    if (!(whole instanceof WholeBody.Reading.Whole(var bytes)) || response.status() != 200) {
      return Optional.empty();
    }
    try {
      boolean events =
          response
              .header("Content-Type")
              .filter(type -> type.startsWith("text/event-"))
              .isPresent();
      return events ? inEvents(bytes, id, most) : result(JsonObject.parseLarge(bytes), id);
    } catch (MalformedException | EventCutter.TooLargeException e) {
      return Optional.empty();
    }
  }

  private static Optional<JsonObject> inEvents(byte[] bytes, RpcId id, int most)
      throws MalformedException, EventCutter.TooLargeException {
    for (var event : new EventCutter(most).feed(ByteBuffer.wrap(bytes))) {
      var data = EventFilter.Read.of(event).data();
      if (!data.isBlank()) {
        var result = result(JsonObject.parseLarge(data.getBytes(StandardCharsets.UTF_8)), id);
        if (result.isPresent()) {
          return result;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<JsonObject> result(JsonObject message, RpcId id)
      throws MalformedException {
    return message.has("result") && RpcId.of(message).equals(id)
        ? message.object("result")
        : Optional.empty();
  }
}
