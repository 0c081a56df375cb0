package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MetaKey;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A JSON-RPC message as a client has sent it. Untrusted.
///
/// @spec https://www.jsonrpc.org/specification JSON-RPC 2.0
public sealed interface Message {
  /// The members by which a message is judged, here and by the server upstream.
  Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params", "result", "error");

  /// Those of its parameters, and of a reference in them.
  Set<String> PARAMETERS =
      Set.of(
          "name",
          "uri",
          "ref",
          "type",
          MetaKey.META,
          "arguments",
          "cursor",
          "notifications",
          "task",
          "taskId");

  /// It asks for an answer.
  ///
  /// @param json the whole message, as in the other cases
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
    exactly(json, MEMBERS);
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
    var params = json.object("params").orElse(JsonObject.EMPTY);
    exactly(params, PARAMETERS);
    if (isObject(params, "ref")) {
      exactly(params.object("ref").orElseThrow(), PARAMETERS);
    }
    return params;
  }

  /// Whether a member is there and an object; its text, which can be long, is not written for that.
  static boolean isObject(JsonObject json, String member) {
    try {
      return json.object(member).isPresent();
    } catch (MalformedException e) {
      return false;
    }
  }

  /// The same without these members where they are `null`: some programs write so what they do not
  /// say.
  static JsonObject said(JsonObject json, String... names) {
    var said = json;
    for (var name : names) {
      if (!isObject(said, name) && said.text(name).equals(Optional.of("null"))) {
        said = said.without(name);
      }
    }
    return said;
  }

  /// Some servers and clients (those in Go) do not tell `Name` from `name`, nor `\u017f` from `s`,
  /// and take the last of them: what was judged under one name must not be read under another.
  ///
  /// @throws MalformedException if somebody could read a known name in one that it is not
  static void exactly(JsonObject json, Set<String> known) throws MalformedException {
    for (var name : json.names()) {
      requireExact(name, known);
    }
  }

  /// @throws MalformedException if somebody could read a known name in it that it is not
  static void requireExact(String name, Set<String> known) throws MalformedException {
    if (known.contains(name)) {
      return;
    }
    var folded = folded(name);
    for (var one : known) {
      if (folded(one).equals(folded)) {
        throw new MalformedException("a member that some read as '" + one + "'");
      }
    }
  }

  private static String folded(String name) {
    return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
