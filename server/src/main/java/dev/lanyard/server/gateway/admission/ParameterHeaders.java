package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.Repeated;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The headers in which clients of 2026-07-28 repeat parameters of a tool (`Mcp-Param-…`):
/// something on the way routes or decides by them, and the server executes what the body says.
///
/// Headers that no schema speaks of decide nothing here and are passed on, as the revision asks.
///
/// @spec
///   https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-behavior-for-custom-headers
///   MCP Streamable HTTP, Server Behavior for Custom Headers
public final class ParameterHeaders {

  /// Such numbers are compared as numbers: `42.0` is 42.
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?");

  /// What a header may hold: whatever else there is must be encoded.
  private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7e\t]*");

  private ParameterHeaders() {}

  /// A value of the body.
  ///
  /// @param text as a header writes it
  private record Value(String text, boolean isNumber) {
    boolean isSaidBy(String header) {
      return text.equals(header)
          || (isNumber
              && NUMBER.matcher(header).matches()
              && NUMBER.matcher(text).matches()
              && new BigDecimal(header).compareTo(new BigDecimal(text)) == 0);
    }
  }

  /// What disagrees, in one sentence that has no value in it; empty if nothing does.
  static Optional<String> disagreement(Incoming request, JsonObject arguments, List<Repeated> of) {
    return of.stream().flatMap(one -> disagreement(request, arguments, one).stream()).findFirst();
  }

  private static Optional<String> disagreement(
      Incoming request, JsonObject arguments, Repeated repeated) {
    var name = MirroredHeaders.PARAMETER + repeated.header();
    var headers = request.headers(name);
    try {
      var inBody = value(arguments, repeated.path());
      if (inBody.isEmpty()) {
        return headers.isEmpty()
            ? Optional.empty()
            : Optional.of(name + " repeats what is not in the body");
      }
      if (headers.size() != 1) {
        return Optional.of(name + " is missing, or there twice");
      }
      return Optional.of(headers.getFirst())
              .filter(header -> PLAIN.matcher(header).matches())
              .flatMap(MirroredHeaders::decoded)
              .filter(inBody.get()::isSaidBy)
              .isPresent()
          ? Optional.empty()
          : Optional.of(name + " is not what the body says");
    } catch (MalformedException e) {
      return Optional.of(
          name + " repeats what is no text, number or truth value, or could be read in two ways");
    }
  }

  /// Empty if it is `null` or not there.
  ///
  /// @throws MalformedException if there is no one value that a header can repeat, for any reader
  private static Optional<Value> value(JsonObject arguments, List<String> path)
      throws MalformedException {
    var at = arguments;
    for (var step : path.subList(0, path.size() - 1)) {
      Message.exactly(at, Set.of(step));
      if (isNothing(at, step)) {
        return Optional.empty();
      }
      at = at.object(step).orElseThrow();
    }
    var last = path.getLast();
    Message.exactly(at, Set.of(last));
    if (isNothing(at, last)) {
      return Optional.empty();
    }
    var text = at.text(last).orElseThrow();
    return switch (text.charAt(0)) {
      case '"' -> at.string(last).map(one -> new Value(one, false));
      case '{', '[' -> throw new MalformedException("nothing that a header can repeat");
      case 't', 'f' -> Optional.of(new Value(text, false));
      default -> Optional.of(new Value(text, true));
    };
  }

  private static boolean isNothing(JsonObject at, String name) {
    return at.text(name).filter(text -> !text.equals("null")).isEmpty();
  }
}
