package dev.lanyard.server.app.checkup;

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
import java.util.function.Function;

/// Waits on a loopback address for the browser of an administrator who tries a sign-in.
///
/// @param <T> what the browser brings
public final class TrialListener<T> implements AutoCloseable {
  private static final String NAME = "trial";
  private static final String HOST = "127.0.0.1";
  private static final String CALLBACK = "/callback";
  private static final String CONSUMER = "/saml/acs";

  /// Somebody in a thousand groups has a large assertion.
  private static final int LARGEST_ANSWER = 1024 * 1024;

  private final CompletableFuture<T> brought = new CompletableFuture<>();
  private final HttpServer http;

  private TrialListener(int port, Function<TrialListener<T>, Route> route) {
    // Not the one that the JVM prefers, which may be ::1.
    var address = new InetSocketAddress(InetAddress.ofLiteral(HOST), port);
    this.http =
        HttpServer.bind(
            List.of(new Listener(NAME, address, Optional.empty())), HttpLimits.defaults());
    http.serve(Map.of(NAME, List.of(route.apply(this))));
  }

  /// Waits for the query of a redirect.
  ///
  /// @param port 0 takes a free one
  static TrialListener<String> forRedirect(int port) {
    return new TrialListener<>(
        port, self -> Route.get(CALLBACK, Access.PUBLIC, request -> self.thank(request.query())));
  }

  /// Waits for a form that a page of the provider posts.
  ///
  /// @param port 0 takes a free one
  static TrialListener<byte[]> forPost(int port) {
    return new TrialListener<>(
        port,
        self ->
            Route.post(CONSUMER, Access.PUBLIC, request -> self.thank(request.body()))
                .bodyLimit(LARGEST_ANSWER));
  }

  private Response thank(T what) {
    brought.complete(what);
    return Response.text(200, "Thank you. Go back to the terminal; you can close this window.")
        .noStore();
  }

  int port() {
    return http.port(NAME);
  }

  /// Where a redirect comes back to.
  static URI redirectUri(int port) {
    return URI.create("http://" + HOST + ":" + port + CALLBACK);
  }

  /// Where a form is posted to. By name: consoles that take a place without TLS take this one.
  public static URI consumer(int port) {
    return URI.create("http://localhost:" + port + CONSUMER);
  }

  /// What the browser brought; empty if it did not come in time.
  Optional<T> await(Duration patience) {
    try {
      return Optional.of(brought.get(patience.toMillis(), TimeUnit.MILLISECONDS));
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
