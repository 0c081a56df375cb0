package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// One request of 2026-07-28 to a process, or in a session at a server, that several requests of a
/// person share. The server knows it by a number of ours, the client by what it has chosen itself.
///
/// @param own our number, also as the token by which the server tells of progress
/// @param id of the client's, as it is written
/// @param token by which the client wants to hear of progress, as it is written
/// @param method that was asked
/// @param older whether the server answers in an older revision
public record StatelessTranslation(
    long own, String id, Optional<String> token, String method, boolean older)
    implements Translation {
  static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  /// Of these a client must be told how long they may be kept.
  private static final Set<String> KEPT =
      Set.of(
          "server/discover",
          "tools/list",
          "prompts/list",
          "resources/list",
          "resources/templates/list",
          "resources/read");

  private static final JsonObject COMPLETE =
      JsonObject.builder().put("resultType", "complete").build();

  /// An older server says nothing of it, and its answers may be of one person.
  private static final JsonObject NOT_KEPT =
      JsonObject.builder().put("ttlMs", 0).put("cacheScope", "private").build();

  /// Reads what is needed of a request.
  ///
  /// @throws MalformedException if it has no parameters that could be read
  public static StatelessTranslation of(JsonObject request, long own, boolean older)
      throws MalformedException {
    var meta = params(request).object("_meta").orElse(JsonObject.EMPTY);
    return new StatelessTranslation(
        own,
        request.text("id").orElseThrow(() -> new MalformedException("no 'id'")),
        meta.text("progressToken"),
        request.nonEmptyString("method"),
        older);
  }

  private static JsonObject params(JsonObject message) throws MalformedException {
    return message.object("params").orElse(JsonObject.EMPTY);
  }

  /// The request as the server gets it.
  ///
  /// @throws MalformedException if its parameters cannot be read
  public JsonObject asked(JsonObject request) throws MalformedException {
    var number = JsonObject.builder().put("id", own).build();
    return token.isEmpty()
        ? request.with(number)
        : request.with(number).with(inMeta(request, "progressToken", Long.toString(own)));
  }

  @Override
  public byte[] said(byte[] message) {
    try {
      var said = JsonObject.parseLarge(message);
      var params = params(said);
      if (token.isPresent() && params.has("progressToken")) {
        var back = params.with(member("progressToken", token.get()));
        said = said.with(JsonObject.builder().put("params", back).build());
      }
      return subscribed(params, said).toBytes();
    } catch (MalformedException e) {
      // What was read once as an object with such parameters.
      throw new IllegalStateException("a message that has changed", e);
    }
  }

  private JsonObject subscribed(JsonObject params, JsonObject said) throws MalformedException {
    return params.object("_meta").filter(meta -> meta.has(SUBSCRIPTION)).isPresent()
        ? said.with(inMeta(said, SUBSCRIPTION, id))
        : said;
  }

  @Override
  public byte[] answered(byte[] message) {
    try {
      var answer = JsonObject.parseLarge(message).with(member("id", id));
      return (answer.has("result") ? completed(answer) : answer).toBytes();
    } catch (MalformedException e) {
      return ("{\"jsonrpc\":\"2.0\",\"id\":"
              + id
              + ",\"error\":{\"code\":-32603,\"message\":\"The server has answered what is no"
              + " result.\"}}")
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  private JsonObject completed(JsonObject answer) throws MalformedException {
    var result = answer.object("result").orElseThrow();
    var meta = result.object("_meta").orElse(JsonObject.EMPTY);
    if (meta.has(SUBSCRIPTION)) {
      var named = meta.with(member(SUBSCRIPTION, id));
      result = result.with(JsonObject.builder().put("_meta", named).build());
    }
    if (older) {
      result = KEPT.contains(method) ? result.with(NOT_KEPT) : result;
      result = COMPLETE.with(result);
    }
    return answer.with(JsonObject.builder().put("result", result).build());
  }

  @Override
  public int status(byte[] message) {
    try {
      var error = JsonObject.parseLarge(message).object("error");
      var code = error.isPresent() ? error.get().integer("code").orElse(0L) : 0L;
      return switch ((int) code) {
        case -32601 -> 404;
        case -32020, -32021, -32022 -> 400;
        default -> 200;
      };
    } catch (MalformedException e) {
      return 200;
    }
  }

  /// The same message with one member of its `_meta` changed.
  private static JsonObject inMeta(JsonObject message, String name, String json)
      throws MalformedException {
    var params = params(message);
    var meta = params.object("_meta").orElse(JsonObject.EMPTY).with(member(name, json));
    var changed = params.with(JsonObject.builder().put("_meta", meta).build());
    return JsonObject.builder().put("params", changed).build();
  }

  private static JsonObject member(String name, String json) throws MalformedException {
    return JsonObject.parseLarge(
        ("{\"" + name + "\":" + json + "}").getBytes(StandardCharsets.UTF_8));
  }
}
