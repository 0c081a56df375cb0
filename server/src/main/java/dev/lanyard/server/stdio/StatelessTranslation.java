package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.RpcCode;
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

  /// Of these a client must be told how long they may be kept.
  private static final Set<String> KEPT =
      Set.of(
          McpMethod.DISCOVER,
          McpMethod.TOOLS_LIST,
          McpMethod.PROMPTS_LIST,
          McpMethod.RESOURCES_LIST,
          McpMethod.RESOURCE_TEMPLATES_LIST,
          McpMethod.RESOURCES_READ);

  /// What a result of this revision says of itself.
  public static final JsonObject COMPLETE =
      JsonObject.builder().put("resultType", "complete").build();

  /// What somebody's own result says that may be another the next time (RS-16): an older server
  /// says nothing of it.
  public static final JsonObject NOT_KEPT =
      JsonObject.builder().put("ttlMs", 0).put("cacheScope", "private").build();

  /// Reads what is needed of a request.
  ///
  /// @throws MalformedException if it has no parameters that could be read
  public static StatelessTranslation of(JsonObject request, long own, boolean older)
      throws MalformedException {
    var meta = params(request).object(MetaKey.META).orElse(JsonObject.EMPTY);
    return new StatelessTranslation(
        own,
        request.text("id").orElseThrow(() -> new MalformedException("no 'id'")),
        meta.text(MetaKey.PROGRESS_TOKEN),
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
        : request.with(number).with(inMeta(request, MetaKey.PROGRESS_TOKEN, Long.toString(own)));
  }

  @Override
  public byte[] said(byte[] message) {
    try {
      var said = JsonObject.parseLarge(message);
      var params = params(said);
      if (token.isPresent() && params.has(MetaKey.PROGRESS_TOKEN)) {
        var back = params.with(member(MetaKey.PROGRESS_TOKEN, token.get()));
        said = said.with(JsonObject.builder().put("params", back).build());
      }
      return subscribed(params, said).toBytes();
    } catch (MalformedException e) {
      // What was read once as an object with such parameters.
      throw new IllegalStateException("a message that has changed", e);
    }
  }

  private JsonObject subscribed(JsonObject params, JsonObject said) throws MalformedException {
    return params.object(MetaKey.META).filter(meta -> meta.has(MetaKey.SUBSCRIPTION)).isPresent()
        ? said.with(inMeta(said, MetaKey.SUBSCRIPTION, id))
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
              + ",\"error\":{\"code\":"
              + RpcCode.INTERNAL_ERROR
              + ",\"message\":\"The server has answered what is no"
              + " result.\"}}")
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  private JsonObject completed(JsonObject answer) throws MalformedException {
    var result = answer.object("result").orElseThrow();
    var meta = result.object(MetaKey.META).orElse(JsonObject.EMPTY);
    if (meta.has(MetaKey.SUBSCRIPTION)) {
      var named = meta.with(member(MetaKey.SUBSCRIPTION, id));
      result = result.with(JsonObject.builder().put(MetaKey.META, named).build());
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
        case RpcCode.METHOD_NOT_FOUND -> 404;
        case RpcCode.HEADER_MISMATCH, RpcCode.MISSING_CAPABILITY, RpcCode.UNSUPPORTED_VERSION ->
            400;
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
    var meta = params.object(MetaKey.META).orElse(JsonObject.EMPTY).with(member(name, json));
    var changed = params.with(JsonObject.builder().put(MetaKey.META, meta).build());
    return JsonObject.builder().put("params", changed).build();
  }

  private static JsonObject member(String name, String json) throws MalformedException {
    return JsonObject.parseLarge(
        ("{\"" + name + "\":" + json + "}").getBytes(StandardCharsets.UTF_8));
  }
}
