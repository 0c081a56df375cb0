package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;

/// The id of a JSON-RPC request.
sealed interface RpcId {
  record Text(String value) implements RpcId {}

  record Whole(long value) implements RpcId {}

  /// Of a message that has none, or none that can be used.
  record None() implements RpcId {}

  /// @throws MalformedException if it is neither a text nor a whole number
  static RpcId of(JsonObject message) throws MalformedException {
    return message.text("id").filter(text -> text.startsWith("\"")).isPresent()
        ? new Text(message.string("id").orElseThrow())
        : new Whole(
            message.integer("id").orElseThrow(() -> new MalformedException("'id' is missing")));
  }
}
