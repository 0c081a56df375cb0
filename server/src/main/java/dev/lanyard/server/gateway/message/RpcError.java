package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;

/// An error as JSON-RPC tells it. The codes of our own, beside those of
/// [dev.lanyard.protocol.mcp.RpcCode], are outside the range that JSON-RPC and MCP reserve, and are
/// those that HTTP has for the same.
///
/// @param message in plain words, for the person before the client
/// @param data what else a client may know
public record RpcError(int code, String message, JsonObject data) {
  public static final int DENIED = 403;
  public static final int SESSION_UNKNOWN = 404;
  public static final int TOO_MANY = 429;
  public static final int UPSTREAM_BROKEN = 502;
  public static final int UNAVAILABLE = 503;

  public static RpcError of(int code, String message, String correlationId) {
    var data = JsonObject.builder().put("correlation_id", correlationId).build();
    return new RpcError(code, message, data);
  }

  /// The message that tells it.
  public JsonObject answer(RpcId to) {
    return to.on(JsonObject.builder().put("jsonrpc", "2.0"))
        .put(
            "error",
            JsonObject.builder()
                .put("code", code)
                .put("message", message)
                .put("data", data)
                .build())
        .build();
  }
}
