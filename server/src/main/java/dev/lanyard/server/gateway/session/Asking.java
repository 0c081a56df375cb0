package dev.lanyard.server.gateway.session;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Passage;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.RpcId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The requests that wait in sessions for what a server says, so that a client can take its own
/// back: servers that are told so do not answer, and it would hold its place until its time is
/// over. Each node knows those that wait there. Thread-safe.
///
/// The stream of such a request ends without its answer, and a client takes that for a stream that
/// it has to resume. At its server there is nothing to come of it, ever.
///
/// **Does not check** whose a session is: whoever asks has.
///
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation MCP
///   2025-11-25 Cancellation
public final class Asking {
  /// Clients resume soon or never.
  private static final int MOST_ENDS = 5_000;

  /// Longer ones would not come back in a header.
  private static final int LONGEST_EVENT = 1_000;

  private final ConcurrentHashMap<Key, Passage> waiting = new ConcurrentHashMap<>();

  private final Set<End> takenBack =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<End, Boolean> eldest) {
              return size() > MOST_ENDS;
            }
          });

  private record Key(String session, RpcId id) {}

  /// Where the stream of a request ended that was taken back.
  private record End(String session, String event) {}

  /// Somebody asks something, until their passage is over. Without a session nobody could say which
  /// of two with the same id is meant.
  public void begun(Admitted who, RpcId id) {
    session(who)
        .filter(_ -> !(id instanceof RpcId.None))
        .ifPresent(session -> {
          var key = new Key(session, id);
          var passage = who.passage();
          waiting.put(key, passage);
          passage.atEnd(() -> {
            waiting.remove(key, passage);
            ended(session, passage);
          });
        });
  }

  private void ended(String session, Passage passage) {
    var event =
        passage.lastEvent().filter(one -> passage.isCancelled() && one.length() <= LONGEST_EVENT);
    synchronized (takenBack) {
      event.ifPresent(one -> takenBack.add(new End(session, one)));
    }
  }

  /// Whether somebody wants to resume the stream of a request that was taken back, on this node.
  public boolean resumesNothing(Admitted who) {
    var session = session(who);
    var event = who.request().header(McpHeaders.LAST_EVENT);
    synchronized (takenBack) {
      return session.isPresent()
          && event.isPresent()
          && takenBack.contains(new End(session.get(), event.get()));
    }
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
