package dev.lanyard.server.app;

import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.HttpLimits;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits on a loopback address for the browser of an administrator who tries a sign-in.
final class TrialListener implements AutoCloseable {
  private static final String NAME = "trial";

  private final CompletableFuture<String> query = new CompletableFuture<>();
  private final HttpServer http;

  private TrialListener(int port) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.http =
        HttpServer.bind(
            List.of(new Listener(NAME, address, Optional.empty())), HttpLimits.defaults());
    http.serve(
        Map.of(
            NAME,
            List.of(
                Route.get(
                    "/callback",
                    Access.PUBLIC,
                    request -> {
                      query.complete(request.query());
                      return Response.text(
                              200, "Thank you. Go back to the terminal; you can close this window.")
                          .noStore();
                    }))));
  }

  /// @param port 0 takes a free one
  static TrialListener open(int port) {
    return new TrialListener(port);
  }

  URI redirectUri() {
    return redirectUri(http.port(NAME));
  }

  static URI redirectUri(int port) {
    return URI.create("http://127.0.0.1:" + port + "/callback");
  }

  /// The parameters with which the browser came back; empty if it did not come in time.
  Optional<String> await(Duration patience) {
    try {
      return Optional.of(query.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing completes this with a fault", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
