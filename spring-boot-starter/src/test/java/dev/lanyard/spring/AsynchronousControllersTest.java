package dev.lanyard.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@DisplayName("The starter before controllers that answer later, in Spring MVC")
class AsynchronousControllersTest {
  private static final String ORIGIN = "https://issues.example";
  private static final Issuer ISSUER = new Issuer("https://ras.example");
  private static final SigningKey RAS_KEY = SigningKey.generate(SigningAlgorithm.ES256);
  private static final AtomicInteger QUESTIONS = new AtomicInteger();
  private static final AtomicInteger OPERATIONS = new AtomicInteger();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ConfigurableApplicationContext application;
  private static String base;

  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);

  /// An application; each operation is counted.
  @EnableAutoConfiguration
  @RestController
  static class Issues {
    @Bean
    TrustedIssuer issuer() {
      var keys = new PublicKeySet(List.of(RAS_KEY.publicKey()));
      return new TrustedIssuer(ISSUER, keys, Set.of(SigningAlgorithm.ES256));
    }

    @Bean
    TokenStatus status() {
      return (accessToken, token) -> {
        QUESTIONS.incrementAndGet();
        return new TokenStatus.Status.Active();
      };
    }

    private static String operation(HttpServletRequest request) {
      OPERATIONS.incrementAndGet();
      return ResourceServerFilter.callerOf(request).orElseThrow().subject();
    }

    @PostMapping("/mcp/future")
    CompletableFuture<String> future(HttpServletRequest request) {
      var subject = operation(request);
      return CompletableFuture.supplyAsync(() -> subject);
    }

    @PostMapping("/mcp/deferred")
    DeferredResult<String> deferred(HttpServletRequest request) {
      var subject = operation(request);
      var result = new DeferredResult<String>();
      Thread.ofPlatform().daemon().start(() -> result.setResult(subject));
      return result;
    }

    @PostMapping("/mcp/events")
    SseEmitter events(HttpServletRequest request) {
      var subject = operation(request);
      var emitter = new SseEmitter();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              emitter.send(subject);
              emitter.complete();
            } catch (IOException e) {
              emitter.completeWithError(e);
            }
          });
      return emitter;
    }

    @PostMapping("/open")
    String open() {
      return "open";
    }
  }

  @BeforeAll
  static void start() {
    var spring = new SpringApplication(Issues.class);
    var p = "lanyard.resource-server.";
    spring.setDefaultProperties(
        Map.of(
            "server.port",
            "0",
            "server.address",
            "127.0.0.1",
            "spring.main.banner-mode",
            "off",
            p + "resource",
            ORIGIN + "/mcp",
            p + "issuer",
            ISSUER.value(),
            p + "paths",
            "/mcp/*",
            p + "dpop-algorithms",
            "ES256"));
    application = spring.run();
    base =
        "http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @BeforeEach
  void count() {
    QUESTIONS.set(0);
    OPERATIONS.set(0);
  }

  private static String token(Optional<SigningKey> bound) {
    var claims =
        new AccessTokenClaims(
            ISSUER, "ada", new ClientId("c"), List.of(new ResourceIndicator(ORIGIN + "/mcp")));
    var whole = bound.isPresent() ? claims.boundTo(bound.get().publicKey().thumbprint()) : claims;
    var now = Clock.systemUTC().instant();
    return new JwtSigner(RAS_KEY, AccessToken.TYPE)
        .sign(whole.build("token-1", now, now.plus(Duration.ofMinutes(5))));
  }

  private static HttpResponse<String> post(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(base + path)).POST(BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @DisplayName("RS-9: a token that is bound to a key")
  @ValueSource(strings = {"/mcp/future", "/mcp/deferred", "/mcp/events"})
  void dpop(String path) throws Exception {
    var token = token(Optional.of(key));
    var proof =
        new DpopSigner(key, Clock.systemUTC(), new SecureRandom())
            .proof("POST", URI.create(ORIGIN + path), Optional.empty(), new Secret(token));

    var answer = post(path, "Authorization", "DPoP " + token, "DPoP", proof);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().replace("data:", "").strip()).isEqualTo("ada");
    assertThat(OPERATIONS).hasValue(1);
    assertThat(post(path, "Authorization", "DPoP " + token, "DPoP", proof).statusCode())
        .isEqualTo(401);
    assertThat(OPERATIONS).hasValue(1);
  }

  @ParameterizedTest
  @DisplayName("RS-13: the status of a token is asked for once for each call")
  @ValueSource(strings = {"/mcp/future", "/mcp/deferred", "/mcp/events"})
  void bearer(String path) throws Exception {
    var answer = post(path, "Authorization", "Bearer " + token(Optional.empty()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().replace("data:", "").strip()).isEqualTo("ada");
    assertThat(QUESTIONS).hasValue(1);
  }

  @Test
  @DisplayName("RS-1: where a refusal points, the metadata is, whichever paths are guarded")
  void discovery() throws Exception {
    var refused = post("/mcp/future");
    assertThat(refused.statusCode()).isEqualTo(401);
    var place = "/.well-known/oauth-protected-resource/mcp";
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains(ORIGIN + place);

    var metadata =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(base + place)).build(), BodyHandlers.ofString());

    assertThat(metadata.statusCode()).isEqualTo(200);
    assertThat(metadata.body()).contains(ISSUER.value());
    assertThat(post("/open").body()).isEqualTo("open");
  }
}
