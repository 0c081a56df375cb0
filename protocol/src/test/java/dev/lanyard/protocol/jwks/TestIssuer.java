package dev.lanyard.protocol.jwks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.Issuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A real HTTP server that serves documents and counts how often it is asked.
final class TestIssuer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile int status = 200;
  private volatile Runnable thinking = () -> {};

  TestIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    fetches.incrementAndGet();
    thinking.run();
    var document = documents.get(exchange.getRequestURI().getPath());
    var body = (document == null ? "{}" : document).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(document == null ? 404 : status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  EgressClient egress() {
    return new EgressClient(EgressPolicy.strict().exposingLoopback());
  }

  Issuer issuer(String path) {
    return new Issuer("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  URI jwksUri() {
    return URI.create(issuer("/jwks").value());
  }

  void publish(SigningKey... keys) {
    publishText(
        new PublicKeySet(Arrays.stream(keys).map(SigningKey::publicKey).toList())
            .toJson()
            .toJson());
  }

  void publishText(String jwks) {
    documents.put("/jwks", jwks);
  }

  void publishAt(String path, String json) {
    documents.put(path, json);
  }

  void answerWith(int newStatus) {
    status = newStatus;
  }

  /// How long it thinks before each answer, as a clock that only tests move has it.
  void takes(TestClock clock, Duration time) {
    thinking = () -> clock.advance(time);
  }

  /// Lets nobody have an answer before this is open.
  void answersAfter(CountDownLatch opened) {
    thinking =
        () -> {
          try {
            opened.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
  }

  /// Returns when somebody has asked so often.
  void awaitFetches(int expected) {
    while (fetches.get() < expected) {
      Thread.onSpinWait();
    }
  }

  int fetches() {
    return fetches.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
