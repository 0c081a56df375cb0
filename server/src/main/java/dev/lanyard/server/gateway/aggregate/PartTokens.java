package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Passage;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The calls that are under way at the servers of an aggregate, by the tokens with which clients
/// want to hear how far they are. What a server says of progress counts only for a call that it has
/// itself: with the token of another server's call it would speak in that one's name.
///
/// Each node knows the calls that it has carried, and hears of them in sessions of its own.
/// Thread-safe.
///
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress MCP
///   Progress
final class PartTokens {
  private final ConcurrentHashMap<Call, Set<Passage>> underWay = new ConcurrentHashMap<>();

  /// @param session the client's, at the aggregate
  private record Call(String session, String connector, RpcId token) {}

  /// The token in the parameters of a request, or of a notification; [RpcId.None] if there is none
  /// that a client could have chosen.
  static RpcId in(JsonObject params) {
    try {
      var text = params.text(MetaKey.PROGRESS_TOKEN).orElse("null");
      return text.startsWith("{") || text.startsWith("[") ? new RpcId.None() : RpcId.written(text);
    } catch (MalformedException e) {
      return new RpcId.None();
    }
  }

  /// The token that comes with a request.
  static RpcId of(JsonObject request) {
    try {
      if (!Message.isObject(request, "params")) {
        return new RpcId.None();
      }
      var params = request.object("params").orElseThrow();
      return Message.isObject(params, MetaKey.META)
          ? in(params.object(MetaKey.META).orElseThrow())
          : new RpcId.None();
    } catch (MalformedException e) {
      return new RpcId.None();
    }
  }

  /// A request goes to a server, and is under way until the client has its answer.
  void begun(Admitted who, Part part, RpcId token) {
    var call = call(who, part, token);
    if (call.isEmpty()) {
      return;
    }
    var passage = who.passage();
    var _ =
        underWay.compute(
            call.get(),
            (_, before) -> {
              var all = before == null ? ConcurrentHashMap.<Passage>newKeySet() : before;
              all.add(passage);
              return all;
            });
    passage.atEnd(() -> ended(call.get(), passage));
  }

  private void ended(Call call, Passage passage) {
    var _ =
        underWay.computeIfPresent(
            call,
            (_, all) -> {
              all.remove(passage);
              return all.isEmpty() ? null : all;
            });
  }

  /// Whether a server has such a call of the client's.
  boolean isUnderWay(Admitted who, Part part, RpcId token) {
    return call(who, part, token).filter(underWay::containsKey).isPresent();
  }

  private static Optional<Call> call(Admitted who, Part part, RpcId token) {
    return token instanceof RpcId.None
        ? Optional.empty()
        : who.request()
            .header(McpHeaders.SESSION)
            .map(session -> new Call(session, part.connector(), token));
  }
}
