package dev.lanyard.protocol.mcp;

/// The codes of errors that JSON-RPC and MCP define.
///
/// @spec https://www.jsonrpc.org/specification#error_object JSON-RPC 2.0 §5.1
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic MCP Base Protocol
public final class RpcCode {
  /// It is no JSON.
  public static final int PARSE_ERROR = -32700;

  /// It is no message.
  public static final int INVALID_REQUEST = -32600;

  /// Nobody knows the method.
  public static final int METHOD_NOT_FOUND = -32601;

  /// The parameters are none of the method's.
  public static final int INVALID_PARAMS = -32602;

  /// The server has failed.
  public static final int INTERNAL_ERROR = -32603;

  /// The first of those that a server may choose for what it cannot do now.
  public static final int SERVER_ERROR = -32000;

  /// There is no such session, as SDKs say it.
  public static final int NO_SESSION = -32001;

  /// HeaderMismatch: a header and the body differ. Since 2026-07-28.
  public static final int HEADER_MISMATCH = -32020;

  /// MissingRequiredClientCapability: the client does not declare what this takes. Since
  /// 2026-07-28.
  public static final int MISSING_CAPABILITY = -32021;

  /// UnsupportedProtocolVersion: nobody here speaks the revision. Since 2026-07-28.
  public static final int UNSUPPORTED_VERSION = -32022;

  private RpcCode() {}
}
