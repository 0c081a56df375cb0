package dev.lanyard.conformance;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The redirect URI of a native client: a listener on a free loopback port that takes one
/// authorization response.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3 RFC 8252 §7.3
final class RedirectTarget implements AutoCloseable {
  private final HttpServer server;
  private final CompletableFuture<URI> response = new CompletableFuture<>();

  private RedirectTarget(HttpServer server) {
    this.server = server;
  }

  static RedirectTarget open() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var target = new RedirectTarget(HttpServer.create(address, 0));
      target.listen();
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    server.createContext(
        "/callback",
        exchange -> {
          response.complete(URI.create(uri()).resolve(exchange.getRequestURI()));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/callback";
  }

  /// Whether a browser has come.
  boolean hasAnswer() {
    return response.isDone();
  }

  /// The address the browser was sent to, with its query.
  URI await() {
    try {
      return response.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no authorization response within 30 seconds", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the browser", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
