package dev.lanyard.server.signals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// An identity provider with a key, an endpoint `/inbox` that takes whatever is sent to it and
/// answers as the test wants, and one `/token` that gives the access tokens that the test wants.
final class Provider implements AutoCloseable {
  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);

  private final HttpServer http;
  private final BlockingQueue<Received> inbox = new LinkedBlockingQueue<>();
  private final BlockingQueue<Received> tokenRequests = new LinkedBlockingQueue<>();
  final AtomicInteger answers = new AtomicInteger(202);
  final AtomicInteger keysAnswer = new AtomicInteger(200);

  /// What the metadata is answered with; empty for 404.
  volatile Optional<Metadata> metadata = Optional.empty();

  /// The metadata of its transmitter.
  record Metadata(int status, List<String> critical) {}

  /// The access tokens that are given from now on, one after the other; without any, none is.
  final Queue<Secret> tokens = new ConcurrentLinkedQueue<>();

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
          "/.well-known/ssf-configuration",
          exchange -> {
            var json =
                JsonObject.builder()
                    .put("issuer", issuer().value())
                    .put(
                        "critical_subject_members",
                        metadata.map(Metadata::critical).orElse(List.of()));
            answer(exchange, metadata.map(Metadata::status).orElse(404), json.build().toJson());
          });
      http.createContext(
          "/inbox",
          exchange -> {
            // Before the test learns of the request, and may want another answer for the next.
            int status = answers.get();
            inbox.add(received(exchange));
            answer(exchange, status, "");
          });
      http.createContext(
          "/token",
          exchange -> {
            tokenRequests.add(received(exchange));
            var token = tokens.poll();
            if (token == null) {
              answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            } else {
              var response =
                  JsonObject.builder()
                      .put("access_token", token.reveal())
                      .put("token_type", "Bearer")
                      .put("expires_in", 300)
                      .build();
              answer(exchange, 200, response.toJson());
            }
          });
      http.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A request that came to the inbox.
  record Received(String body, Optional<String> authorization, String contentType) {}

  private static Received received(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    return new Received(
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
        Optional.ofNullable(headers.getFirst("Authorization")),
        Optional.ofNullable(headers.getFirst("Content-Type")).orElse(""));
  }

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

  URI tokenEndpoint() {
    return URI.create(issuer() + "/token");
  }

  /// The requests for access tokens so far, which are then forgotten.
  List<Received> tokenRequests() {
    var requests = new ArrayList<Received>();
    tokenRequests.drainTo(requests);
    return requests;
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
