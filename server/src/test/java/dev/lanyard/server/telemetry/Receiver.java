package dev.lanyard.server.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A collector that speaks OTLP over HTTP in JSON.
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
  volatile int status = 200;

  /// A request.
  record Got(String path, String type, List<String> authorization, JsonObject body) {}

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  URI url(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      var body = JsonObject.parseLarge(exchange.getRequestBody().readAllBytes());
      var authorization = headers.getOrDefault("Authorization", List.of());
      // Answered first: whoever waits for it here must find it sent.
      exchange.sendResponseHeaders(status, -1);
      got.add(
          new Got(
              exchange.getRequestURI().getPath(),
              headers.getFirst("Content-Type"),
              authorization,
              body));
    } catch (MalformedException e) {
      throw new IOException(e);
    }
  }

  /// The next request; waits for it.
  Got next() throws InterruptedException {
    var next = got.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
