package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.Repeated;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The headers of 2026-07-28 that repeat what the body says. They must agree: whoever judges by one
/// and executes the other can be made to do what nobody allowed (RS-14, RS-15).
///
/// @spec
///   https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation
///   MCP Streamable HTTP, Server Validation
public final class Mirrored {

  private Mirrored() {}

  /// Why a request is refused that does not agree with its headers.
  ///
  /// @param code of the error
  /// @param words for whoever has made the client; no value of the request in them
  public record Fault(int code, String words) {
    private static Fault mismatch(String what) {
      return new Fault(RpcCode.HEADER_MISMATCH, "Header mismatch: " + what);
    }
  }

  /// What disagrees; empty if nothing does.
  ///
  /// @param repeated the parameters of a tool that its server wants repeated
  public static Optional<Fault> disagreement(
      Incoming request, Message message, Function<String, List<Repeated>> repeated) {
    return message instanceof Message.Request(_, _, _, var params) && revision(params).isEmpty()
        ? Optional.of(
            new Fault(
                RpcCode.INVALID_PARAMS, "params._meta has no '" + MetaKey.PROTOCOL_VERSION + "'"))
        : contradiction(request, message, repeated).map(Fault::mismatch);
  }

  /// The revision that the body names; empty if it names none.
  private static Optional<String> revision(JsonObject params) {
    try {
      return params.object(MetaKey.META).orElse(JsonObject.EMPTY).string(MetaKey.PROTOCOL_VERSION);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> contradiction(
      Incoming request, Message message, Function<String, List<Repeated>> repeated) {
    return switch (message) {
      case Message.Request(_, _, var method, var params) ->
          version(request, params)
              .or(() -> method(request, method))
              .or(() -> name(request, method, params))
              .or(() -> parameters(request, method, params, repeated));
      // The revision asks nothing of notifications; a header that is there must not lie.
      case Message.Notification(_, var method) ->
          request.headers(MirroredHeaders.METHOD).isEmpty()
              ? Optional.empty()
              : method(request, method);
      case Message.Answer _ -> Optional.of("a client sends no answers in this revision");
    };
  }

  private static Optional<String> parameters(
      Incoming request,
      String method,
      JsonObject params,
      Function<String, List<Repeated>> repeated) {
    if (!method.equals(McpMethod.TOOLS_CALL)) {
      return Optional.empty();
    }
    try {
      var of = repeated.apply(params.nonEmptyString("name"));
      return ParameterHeaders.disagreement(
          request, params.object("arguments").orElse(JsonObject.EMPTY), of);
    } catch (MalformedException e) {
      return Optional.of("params has no name, or arguments that are none");
    }
  }

  private static Optional<String> version(Incoming request, JsonObject params) {
    return revision(params).equals(request.header(McpHeaders.REVISION))
        ? Optional.empty()
        : Optional.of(McpHeaders.REVISION + " is not what _meta says in the body");
  }

  private static Optional<String> method(Incoming request, String method) {
    return request.header(MirroredHeaders.METHOD).equals(Optional.of(method))
        ? Optional.empty()
        : Optional.of(MirroredHeaders.METHOD + " is not the method of the body");
  }

  private static Optional<String> name(Incoming request, String method, JsonObject params) {
    var member = MirroredHeaders.nameIn(method);
    if (member.isEmpty()) {
      return Optional.empty();
    }
    try {
      var inBody = params.nonEmptyString(member.get());
      return request
              .header(MirroredHeaders.NAME)
              .flatMap(MirroredHeaders::decoded)
              .equals(Optional.of(inBody))
          ? Optional.empty()
          : Optional.of(MirroredHeaders.NAME + " is not the " + member.get() + " of the body");
    } catch (MalformedException e) {
      return Optional.of("params." + member.get() + " is missing");
    }
  }

  /// The headers that repeat a message of ours, by their names in lower case.
  static Map<String, String> headers(JsonObject message) {
    try {
      var method = message.nonEmptyString("method");
      var headers = new HashMap<String, String>();
      headers.put(MirroredHeaders.METHOD.toLowerCase(Locale.ROOT), method);
      var member = MirroredHeaders.nameIn(method);
      if (member.isPresent()) {
        var params = message.object("params").orElse(JsonObject.EMPTY);
        headers.put(
            MirroredHeaders.NAME.toLowerCase(Locale.ROOT),
            MirroredHeaders.encoded(params.nonEmptyString(member.get())));
      }
      return Map.copyOf(headers);
    } catch (MalformedException e) {
      throw new IllegalStateException("a request that was read before", e);
    }
  }
}
