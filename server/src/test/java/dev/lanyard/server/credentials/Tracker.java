package dev.lanyard.server.credentials;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// An authorization server of a vendor that knows no Enterprise-Managed Authorization. Its refresh
/// tokens are used once: who uses one again loses everything.
final class Tracker implements AutoCloseable {
  private final HttpServer http;
  final List<Form> tokenRequests = Collections.synchronizedList(new ArrayList<>());
  final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
  final List<String> revoked = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> usedRefreshTokens = new HashSet<>();
  private int issued;
  volatile long lifeSeconds = 3_600;
  volatile boolean saysItsLife = true;
  volatile boolean givesTheSameAgain;
  volatile boolean refreshes = true;
  volatile boolean namesItself;
  volatile boolean revokes = true;
  volatile boolean advertisesPkce = true;
  volatile int tokenStatus = 200;
  volatile String tokenError = "invalid_grant";

  /// GitHub's refusals have the status of a good answer.
  volatile boolean refusesWith200;

  /// What the next answers of the token endpoint say in place of, or beside, the right.
  volatile JsonObject says = JsonObject.EMPTY;

  volatile int revocationStatus = 200;
  volatile Optional<CountDownLatch> hold = Optional.empty();
  final CountDownLatch held = new CountDownLatch(1);

  private Tracker(HttpServer http) {
    this.http = http;
    http.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
    http.createContext("/.well-known/oauth-authorization-server", this::metadata);
    http.createContext("/token", this::token);
    http.createContext("/revoke", this::revoke);
    http.start();
  }

  static Tracker start() {
    try {
      return new Tracker(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Issuer issuer() {
    return new Issuer("http://127.0.0.1:" + http.getAddress().getPort());
  }

  private void metadata(HttpExchange exchange) throws IOException {
    var json =
        JsonObject.builder()
            .put("issuer", issuer().value())
            .put("authorization_endpoint", issuer().value() + "/authorize")
            .put("token_endpoint", issuer().value() + "/token");
    if (advertisesPkce) {
      json.put("code_challenge_methods_supported", List.of("S256"));
    }
    if (revokes) {
      json.put("revocation_endpoint", issuer().value() + "/revoke");
    }
    if (namesItself) {
      json.put("authorization_response_iss_parameter_supported", true);
    }
    answer(exchange, 200, json.build().toJson());
  }

  private void token(HttpExchange exchange) throws IOException {
    try {
      var form = Form.parse(exchange.getRequestBody().readAllBytes(), Set.of());
      tokenRequests.add(form);
      authorizations.add(
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse(""));
      held.countDown();
      if (hold.isPresent()) {
        hold.get().await();
      }
      answer(exchange, form);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private synchronized void answer(HttpExchange exchange, Form form) throws IOException {
    if (tokenStatus != 200 || refusesWith200) {
      answer(exchange, tokenStatus, error());
      return;
    }
    if (form.one("refresh_token").filter(token -> !usedRefreshTokens.add(token)).isPresent()) {
      answer(exchange, 400, error());
      return;
    }
    issued++;
    var json =
        JsonObject.builder()
            .put("access_token", "access-" + (givesTheSameAgain ? 1 : issued))
            .put("token_type", "Bearer");
    if (saysItsLife) {
      json.put("expires_in", lifeSeconds);
    }
    if (refreshes) {
      json.put("refresh_token", "refresh-" + issued);
    }
    answer(exchange, 200, json.build().with(says).toJson());
  }

  private String error() {
    return JsonObject.builder().put("error", tokenError).build().with(says).toJson();
  }

  private void revoke(HttpExchange exchange) throws IOException {
    try {
      var form = Form.parse(exchange.getRequestBody().readAllBytes(), Set.of());
      if (revocationStatus == 200) {
        revoked.add(form.required("token"));
      }
      answer(exchange, revocationStatus, "{}");
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    hold.ifPresent(CountDownLatch::countDown);
    http.stop(0);
  }
}
