package dev.lanyard.server.gateway.session;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Passage;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.RpcId;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The requests that wait in sessions for what a server says, so that a client can take its own
/// back: servers that are told so do not answer, and it would hold its place until its time is
/// over. Each node knows those that wait there. Thread-safe.
///
/// **Does not check** whose a session is: whoever asks has.
///
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation MCP
///   2025-11-25 Cancellation
public final class Asking {
  private final ConcurrentHashMap<Key, Passage> waiting = new ConcurrentHashMap<>();

  private record Key(String session, RpcId id) {}

  /// Somebody asks something, until their passage is over. Without a session nobody could say which
  /// of two with the same id is meant.
  public void begun(Admitted who, RpcId id) {
    session(who)
        .filter(_ -> !(id instanceof RpcId.None))
        .ifPresent(session -> {
          var key = new Key(session, id);
          var passage = who.passage();
          waiting.put(key, passage);
          passage.atEnd(() -> waiting.remove(key, passage));
        });
  }

  /// Ends what a notification takes back, if it does and that waits here.
  public void heard(Admitted who, JsonObject notification) {
    var id = cancelled(notification);
    var session = session(who);
    if (id.isPresent() && session.isPresent()) {
      var passage = waiting.get(new Key(session.get(), id.get()));
      if (passage != null) {
        passage.cancelled();
      }
    }
  }

  private static Optional<String> session(Admitted who) {
    return who.era() == Era.STATELESS ? Optional.empty() : who.request().header(McpHeaders.SESSION);
  }

  private static Optional<RpcId> cancelled(JsonObject notification) {
    try {
      if (!notification.string("method").equals(Optional.of(McpMethod.CANCELLED))) {
        return Optional.empty();
      }
      var id = notification.object("params").orElse(JsonObject.EMPTY).text("requestId");
      return id.isPresent() ? Optional.of(RpcId.written(id.get())) : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
