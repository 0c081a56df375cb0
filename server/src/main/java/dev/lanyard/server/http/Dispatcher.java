package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands each request to the routes of the listener it came through.
final class Dispatcher extends Handler.Abstract.NonBlocking {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final Serving serving;
  private volatile Map<Connector, Router> routers = Map.of();
  private volatile Refusals refusals = Refusals.UNHEARD;

  Dispatcher(Serving serving) {
    this.serving = serving;
  }

  /// Ends what would otherwise go on.
  void close() {
    serving.streams().close();
  }

  void serve(Map<Connector, Router> routes, Refusals learning) {
    routers = new HashMap<>(routes);
    refusals = learning;
  }

  /// Tells of a refusal and then answers, both on a thread that may wait.
  void refused(Refusals.Refusal refusal, Runnable answer) {
    serving
        .handlers()
        .execute(() -> {
          try {
            refusals.refused(refusal);
          } catch (RuntimeException | Error e) {
            // Whatever it is, the peer waits for its answer.
            LOG.error("the refusal of {} could not be recorded", refusal.correlationId(), e);
          }
          answer.run();
        });
  }

  /// Tells of a refusal on a connection before any request was read. Nobody is answered, so nobody
  /// knows the id; but it is counted, and whence it came is known.
  void refused(EndPoint connection, Evidence failed) {
    refused(Request.peer(connection.getRemoteSocketAddress()), failed);
  }

  /// Ends a connection and tells of that. A connection that is closed does not say any more whence
  /// it came.
  void ended(EndPoint connection, Evidence failed) {
    var source = Request.peer(connection.getRemoteSocketAddress());
    connection.close();
    refused(source, failed);
  }

  private void refused(InetAddress source, Evidence failed) {
    refused(new Refusals.Refusal(Optional.empty(), CorrelationId.next(), source, failed), () -> {});
  }

  /// Tells that this server could not answer, for a reason of its own.
  void failed() {
    refusals.failed();
  }

  TrustedProxies proxies() {
    return serving.proxies();
  }

  @Override
  public boolean handle(
      org.eclipse.jetty.server.Request request,
      org.eclipse.jetty.server.Response response,
      Callback callback) {
    var router = routers.get(request.getConnectionMetaData().getConnector());
    if (router == null) {
      return false;
    }
    new Exchange(request, response, callback, serving, this).start(router);
    return true;
  }
}
