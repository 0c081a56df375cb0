package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// A JSON-RPC message as a client has sent it. Untrusted.
///
/// @spec https://www.jsonrpc.org/specification JSON-RPC 2.0
sealed interface Message {
  /// The whole message.
  JsonObject json();

  /// It asks for an answer.
  ///
  /// @param id a text or a whole number
  record Request(JsonObject json, RpcId id, String method, JsonObject params) implements Message {}

  /// It asks for none.
  record Notification(JsonObject json, String method) implements Message {}

  /// It answers what the server has asked.
  record Answer(JsonObject json) implements Message {}

  /// Reads one message.
  ///
  /// @throws MalformedException if it is none, or could be read in two ways
  static Message of(JsonObject json) throws MalformedException {
    if (!json.string("jsonrpc").equals(Optional.of("2.0"))) {
      throw new MalformedException("'jsonrpc' is not \"2.0\"");
    }
    boolean answers = json.has("result") || json.has("error");
    if (json.has("method") == answers) {
      throw new MalformedException("a message has either a method, or a result or an error");
    }
    if (answers) {
      return new Answer(json);
    }
    var method = json.nonEmptyString("method");
    return json.has("id")
        ? new Request(json, RpcId.of(json), method, params(json))
        : new Notification(json, method);
  }

  private static JsonObject params(JsonObject json) throws MalformedException {
    return json.object("params").orElse(JsonObject.EMPTY);
  }
}
