package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/// An HTTP/1 connection that ends when the header of a request takes too long. The idle timeout
/// alone would let a peer hold a connection for ever with a byte now and then, and Jetty has no
/// other place to see a header that is not complete.
final class ImpatientConnection extends HttpConnection {
  private static final Set<HttpParser.State> WITHIN_HEADER =
      EnumSet.range(HttpParser.State.METHOD, HttpParser.State.HEADER);
  private static final long NONE = 0;

  private final Duration patience;
  private final Dispatcher dispatcher;
  private volatile long began = NONE;

  private ImpatientConnection(
      HttpConfiguration configuration,
      Connector connector,
      EndPoint endPoint,
      Duration patience,
      Dispatcher dispatcher) {
    super(configuration, connector, endPoint);
    this.patience = patience;
    this.dispatcher = dispatcher;
  }

  @Override
  public void onFillable() {
    super.onFillable();
    if (!WITHIN_HEADER.contains(getParser().getState())) {
      began = NONE;
    } else if (began == NONE) {
      long now = System.nanoTime() | 1;
      began = now;
      var _ =
          getConnector()
              .getScheduler()
              .schedule(() -> lost(now), patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void lost(long header) {
    if (began == header && WITHIN_HEADER.contains(getParser().getState())) {
      dispatcher.ended(
          getEndPoint(), new Evidence("request", "in time", "too slow", "RFC 9110 §15.5.9"));
    }
  }

  /// Makes such connections.
  static final class Factory extends HttpConnectionFactory {
    private final Duration patience;
    private final Dispatcher dispatcher;

    /// @param dispatcher learns of what was too slow
    Factory(HttpConfiguration configuration, Duration patience, Dispatcher dispatcher) {
      super(configuration);
      this.patience = patience;
      this.dispatcher = dispatcher;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      return configure(
          new ImpatientConnection(
              getHttpConfiguration(), connector, endPoint, patience, dispatcher),
          connector,
          endPoint);
    }
  }
}
