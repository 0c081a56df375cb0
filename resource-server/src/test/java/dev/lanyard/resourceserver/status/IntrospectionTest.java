package dev.lanyard.resourceserver.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.DelayedRevocation;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.resourceserver.TestClock;
import dev.lanyard.resourceserver.TestRas;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.TokenStatus.Status;
import dev.lanyard.resourceserver.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 7662 §2 Introspection Endpoint")
class IntrospectionTest {
  private static final BasicCredentials CREDENTIALS =
      new BasicCredentials(new ClientId("mcp"), new Secret("secret"));

  private final AtomicReference<String> answer = new AtomicReference<>("200 {\"active\":true}");
  private final AtomicReference<String> seen = new AtomicReference<>("");
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicBoolean silent = new AtomicBoolean();
  private final TestClock clock = new TestClock();
  private final Secret token = new Secret(TestRas.token());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/introspect",
        exchange -> {
          calls.incrementAndGet();
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          seen.set(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
          var bytes = answer.get().substring(4).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              Integer.parseInt(answer.get().substring(0, 3)), bytes.length);
          if (silent.get()) {
            exchange.getResponseBody().write(bytes, 0, 5);
            exchange.getResponseBody().flush();
            return;
          }
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asks_with_the_credentials_of_the_resource_server() {
    assertThat(status()).isEqualTo(new Status.Active());
    assertThat(seen.get())
        .startsWith("Basic bWNwOnNlY3JldA== token=ey")
        .endsWith("&token_type_hint=access_token");
  }

  @Test
  void an_inactive_token_is_revoked() {
    answer.set("200 {\"active\":false}");

    assertThat(status()).isEqualTo(new Status.Revoked());
  }

  @ParameterizedTest
  @DisplayName("Whatever is not a clear answer is an outage")
  @CsvSource(
      delimiter = '|',
      value = {
        "500 {}",
        "401 {}",
        "302 {}",
        "200 {}",
        "200 []",
        "200 {\"active\":\"true\"}",
        "200 <html>"
      })
  void everything_else_is_unknown(String unclear) {
    answer.set(unclear);

    assertThat(status()).isInstanceOf(Status.Unknown.class);
  }

  @Test
  @Timeout(10)
  @DisplayName(
      "A server that falls silent in the middle of its answer is an outage after 2 seconds")
  void half_an_answer_is_unknown() {
    silent.set(true);

    assertThat(status())
        .isInstanceOfSatisfying(
            Status.Unknown.class,
            unknown -> assertThat(unknown.why()).contains("no whole answer within 2000 ms"));
  }

  @Test
  void an_answer_that_is_too_large_is_unknown() {
    answer.set("200 {\"active\":true,\"x\":\"" + "x".repeat(256 * 1024) + "\"}");

    assertThat(status()).isInstanceOf(Status.Unknown.class);
  }

  @Test
  void a_server_that_is_down_is_unknown() {
    server.stop(0);

    assertThat(status()).isInstanceOf(Status.Unknown.class);
  }

  @Nested
  @DisplayName("A delay that the operator accepted")
  class Delayed {
    private final TokenStatus delayed =
        new DelayedRevocation(
            (accessToken, secret) -> introspection().of(accessToken, secret),
            Duration.ofSeconds(30),
            clock);

    @Test
    void saves_round_trips_until_it_is_over() {
      delayed.of(accessToken(), token);
      answer.set("200 {\"active\":false}");

      assertThat(delayed.of(accessToken(), token)).isEqualTo(new Status.Active());
      clock.advance(Duration.ofSeconds(30));
      assertThat(delayed.of(accessToken(), token)).isEqualTo(new Status.Revoked());
      assertThat(calls).hasValue(2);
    }

    @Test
    void never_remembers_a_revoked_or_unknown_status() {
      answer.set("500 {}");
      assertThat(delayed.of(accessToken(), token)).isInstanceOf(Status.Unknown.class);
      answer.set("200 {\"active\":true}");

      assertThat(delayed.of(accessToken(), token)).isEqualTo(new Status.Active());
    }

    @Test
    void cannot_be_longer_than_a_minute() {
      assertThatThrownBy(
              () -> new DelayedRevocation(introspection(), Duration.ofSeconds(61), clock))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new DelayedRevocation(introspection(), Duration.ZERO, clock))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  @DisplayName("An opaque token is what its issuer says that it is")
  class Opaque {
    private static final String TOKEN = "vF9dft4qmTc2Nvb3RlckBzdHIzYW0";

    private Guard guard(TokenStatus status, Optional<Introspection> reader) {
      return new Guard(
          new ProtectedResourceMetadata(TestRas.RESOURCE, TestRas.ISSUER, Scopes.NONE),
          TestRas.trusted(),
          status,
          reader,
          new MemoryDpopReplay(clock),
          ScopeCoverage.EXACT,
          clock);
    }

    private Verdict call(Introspection introspection) {
      return call(guard(introspection, Optional.of(introspection)));
    }

    private Verdict call(Guard guard) {
      var request =
          new GuardedRequest(
              "POST",
              URI.create("https://mcp.example/mcp"),
              Optional.empty(),
              List.of("Bearer " + TOKEN),
              List.of());
      return guard.judge(request, Requirement.scopes("read"));
    }

    private JsonObject.Builder claims() {
      var claims = TestRas.claims(TestRas.RESOURCE, Duration.ofMinutes(45), one -> one);
      return JsonObject.builder().put("active", true).putAll(claims);
    }

    private void says(JsonObject.Builder claims) {
      answer.set("200 " + claims.build().toJson());
    }

    @Test
    void with_every_claim_that_a_jwt_would_have() {
      says(claims());
      assertThat(call(introspection()))
          .isInstanceOfSatisfying(
              Verdict.Admitted.class,
              admitted -> assertThat(admitted.accessToken().subject()).isEqualTo("ada"));
    }

    @Test
    void read_once_where_another_status_knows_what_has_died() {
      says(claims());
      var known = new AtomicReference<Status>(new Status.Active());
      var guard = guard((token, secret) -> known.get(), Optional.of(introspection()));
      assertThat(call(guard)).isInstanceOf(Verdict.Admitted.class);
      assertThat(call(guard)).isInstanceOf(Verdict.Admitted.class);
      known.set(new Status.Revoked());
      assertThat(call(guard)).isInstanceOf(Verdict.Refused.class);
      assertThat(calls).hasValue(1);
    }

    @ParameterizedTest
    @DisplayName("and is judged as a JWT would be")
    @CsvSource({
      "iss, https://other.example",
      "aud, https://mcp.example/other",
      "exp, 1",
      "sub, ''",
    })
    void and_is_judged_as_one(String claim, String value) {
      says(claim.equals("exp") ? claims().put(claim, 1L) : claims().put(claim, value));
      assertThat(call(introspection())).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void nothing_while_the_issuer_cannot_be_asked() {
      answer.set("503 {}");
      assertThat(call(introspection())).isInstanceOf(Verdict.Unavailable.class);
    }

    @Test
    void nothing_if_it_is_inactive() {
      answer.set("200 {\"active\":false}");
      assertThat(call(introspection())).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    @DisplayName("nothing to a guard that takes no opaque tokens, though its status could ask")
    void nobody_is_asked() {
      says(claims());
      assertThat(call(guard(TokenStatus.trustedUntilExpiry(), Optional.empty())))
          .isInstanceOf(Verdict.Refused.class);
      assertThat(call(guard(introspection(), Optional.empty())))
          .isInstanceOf(Verdict.Refused.class);
      assertThat(calls).hasValue(0);
    }
  }

  private Status status() {
    return introspection().of(accessToken(), token);
  }

  private Introspection introspection() {
    var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/introspect");
    return new Introspection(endpoint, CREDENTIALS, Introspection.http(List.of()));
  }

  private AccessToken accessToken() {
    var validator =
        new AccessTokenValidator(TestRas.trusted(), TestRas.RESOURCE, ClockSkew.DEFAULT, clock);
    return ((AccessTokenVerdict.Accepted) validator.judge(token.reveal())).accessToken();
  }
}
