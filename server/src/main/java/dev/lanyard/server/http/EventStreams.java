package dev.lanyard.server.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.util.Callback;

/// The streams that are open on this server. Thread-safe.
final class EventStreams {
  private final HttpLimits limits;
  private final Set<EventStream> open = new HashSet<>();
  private boolean closing;

  EventStreams(HttpLimits limits) {
    this.limits = limits;
  }

  /// Whether one more may be opened.
  synchronized boolean hasRoom() {
    return !closing && open.size() < limits.streams();
  }

  /// Starts to send; the headers are set.
  void start(EventSource source, org.eclipse.jetty.server.Response out, Callback callback) {
    var stream = new EventStream(source, out, callback, limits.stalled(), this::ended);
    add(stream);
    stream.start();
  }

  private synchronized void add(EventStream stream) {
    open.add(stream);
    if (closing) {
      stream.end();
    }
  }

  private synchronized void ended(EventStream stream) {
    open.remove(stream);
  }

  /// Ends all streams, so that their peers go elsewhere before the server waits for them.
  void close() {
    for (var stream : closeAndList()) {
      stream.end();
    }
  }

  private synchronized List<EventStream> closeAndList() {
    closing = true;
    return List.copyOf(open);
  }
}
