package dev.lanyard.server.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;

/// Hands each request to the routes of the listener it came through.
final class Dispatcher extends Handler.Abstract.NonBlocking {
  private final Executor handlers;
  private final HttpLimits limits;
  private final EventStreams streams;
  private final TrustedProxies proxies;
  private volatile Map<Connector, Router> routers = Map.of();

  Dispatcher(Executor handlers, HttpLimits limits, TrustedProxies proxies) {
    this.proxies = proxies;
    this.handlers = handlers;
    this.limits = limits;
    this.streams = new EventStreams(limits);
  }

  /// Ends what would otherwise go on.
  void close() {
    streams.close();
  }

  void serve(Map<Connector, Router> routes) {
    routers = new HashMap<>(routes);
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
    new Exchange(request, response, callback, handlers, limits, streams, proxies).start(router);
    return true;
  }
}
