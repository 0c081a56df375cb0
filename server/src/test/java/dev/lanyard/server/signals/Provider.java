package dev.lanyard.server.signals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// An identity provider with a key, and an endpoint `/inbox` that takes whatever is sent to it and
/// answers as the test wants.
final class Provider implements AutoCloseable {
  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);

  private final HttpServer http;
  private final BlockingQueue<Received> inbox = new LinkedBlockingQueue<>();
  final AtomicInteger answers = new AtomicInteger(202);
  final AtomicInteger keysAnswer = new AtomicInteger(200);

  Provider() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext(
          "/keys",
          exchange -> {
            var keys = new PublicKeySet(List.of(KEY.publicKey())).toJson().toJson();
            answer(exchange, keysAnswer.get(), keys);
          });
      http.createContext(
          "/inbox",
          exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var authorization =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
            var type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"));
            // Before the test learns of the request, and may want another answer for the next.
            int status = answers.get();
            inbox.add(new Received(body, authorization, type.orElse("")));
            answer(exchange, status, "");
          });
      http.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A request that came to the inbox.
  record Received(String body, Optional<String> authorization, String contentType) {}

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  Issuer issuer() {
    return new Issuer("http://127.0.0.1:" + http.getAddress().getPort());
  }

  URI keys() {
    return URI.create(issuer() + "/keys");
  }

  URI inbox() {
    return URI.create(issuer() + "/inbox");
  }

  /// What came next.
  Received received() throws InterruptedException {
    var received = inbox.poll(10, TimeUnit.SECONDS);
    if (received == null) {
      throw new AssertionError("nothing came");
    }
    return received;
  }

  /// What came next, for a sender that waits before it tries again: its clock goes on meanwhile.
  Received receivedLater(TestClock clock) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      var received = inbox.poll(100, TimeUnit.MILLISECONDS);
      if (received != null) {
        return received;
      }
      clock.advance(Duration.ofMinutes(1));
    }
    throw new AssertionError("nothing came again");
  }

  boolean isInboxEmpty() {
    return inbox.isEmpty();
  }

  String sign(String type, JsonObject claims) {
    return new JwtSigner(KEY, type).sign(claims);
  }

  /// A security event as this provider says it.
  String event(
      String audience, String id, Instant at, SubjectIdentifier subject, SecurityEvent event) {
    var claims =
        new SecurityEventClaims(
            issuer(), audience, subject, event, Circumstances.UNKNOWN, Optional.empty());
    return sign(SecurityEventToken.TYPE, claims.build(id, at));
  }

  SubjectIdentifier subject(String sub) {
    return new SubjectIdentifier.IssuerSubject(issuer().value(), sub);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
