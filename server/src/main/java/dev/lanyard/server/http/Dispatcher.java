package dev.lanyard.server.http;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;

/// Hands each request to the routes of the listener it came through.
final class Dispatcher extends Handler.Abstract.NonBlocking {
  private final Serving serving;
  private volatile Map<Connector, Router> routers = Map.of();

  Dispatcher(Serving serving) {
    this.serving = serving;
  }

  /// Ends what would otherwise go on.
  void close() {
    serving.streams().close();
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
    new Exchange(request, response, callback, serving).start(router);
    return true;
  }
}
