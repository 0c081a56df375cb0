package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;

/// An error as JSON-RPC tells it. The codes of our own are outside the range that JSON-RPC and MCP
/// reserve, and are those that HTTP has for the same.
///
/// @param message in plain words, for the person before the client
/// @param data what else a client may know
record RpcError(int code, String message, JsonObject data) {
  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;

  /// HeaderMismatch.
  static final int HEADER_MISMATCH = -32020;

  /// MissingRequiredClientCapability.
  static final int MISSING_CAPABILITY = -32021;

  /// UnsupportedProtocolVersion.
  static final int UNSUPPORTED_VERSION = -32022;

  static final int DENIED = 403;
  static final int SESSION_UNKNOWN = 404;
  static final int TOO_MANY = 429;
  static final int UPSTREAM_BROKEN = 502;
  static final int UNAVAILABLE = 503;

  static RpcError of(int code, String message, String correlationId) {
    var data = JsonObject.builder().put("correlation_id", correlationId).build();
    return new RpcError(code, message, data);
  }

  /// The message that tells it.
  JsonObject answer(RpcId to) {
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
