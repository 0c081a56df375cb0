package dev.lanyard.server.gateway.session;

import dev.lanyard.server.gateway.message.RpcId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The answers that may come on one answer or stream of a server upstream. Whatever else claims to
/// be an answer there is nobody's: it could be one that was never judged, put where nobody looks.
public sealed interface Awaited {
  /// What the answer to a request may hold: empty if none is awaited here; more than one where a
  /// client has used an id again. An answer is awaited once.
  ///
  /// @throws java.io.UncheckedIOException if the record must be asked and cannot answer
  Set<Expected> take(RpcId id);

  /// Whether [#take] may wait.
  boolean mayWait();

  /// To what came in one `POST`: the server answers there and nowhere else.
  final class Own implements Awaited {
    private final Map<RpcId, Expected> open;

    public Own(Map<RpcId, Expected> asked) {
      open = new ConcurrentHashMap<>(asked);
    }

    @Override
    public Set<Expected> take(RpcId id) {
      var expected = open.remove(id);
      return expected == null ? Set.of() : Set.of(expected);
    }

    @Override
    public boolean mayWait() {
      return false;
    }

    /// Those that have not been answered yet.
    public Map<RpcId, Expected> open() {
      return Map.copyOf(open);
    }
  }

  /// On a stream that a client opens itself: to what was asked earlier in its session, on a stream
  /// that could be resumed. The same may come again as often as it is resumed.
  ///
  /// @param session as the server calls it
  record Earlier(AskedStore asked, String connector, String session) implements Awaited {
    @Override
    public Set<Expected> take(RpcId id) {
      return asked.expected(connector, session, id);
    }

    @Override
    public boolean mayWait() {
      return true;
    }
  }

  /// None.
  record Nothing() implements Awaited {
    @Override
    public Set<Expected> take(RpcId id) {
      return Set.of();
    }

    @Override
    public boolean mayWait() {
      return false;
    }
  }
}
