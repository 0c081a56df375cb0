package dev.lanyard.server.ras.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.Issuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SEC-6: a page waits for no issuer that does not answer, and asks it once")
class LooksTest {
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer silent;

  @BeforeEach
  void start() throws IOException {
    silent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    silent.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    silent.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          try {
            end.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    silent.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    silent.stop(0);
  }

  private Issuer issuer(String name) {
    return new Issuer("http://127.0.0.1:" + silent.getAddress().getPort() + "/" + name);
  }

  private static Looks looks() {
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var clock = InstantSource.system();
    return new Looks(
        new Surroundings(egress, Surroundings.DomainDocuments.AT_THE_DOMAIN, clock), clock);
  }

  /// Whoever is invited may name as many as they like, one after the other.
  private void publishes(Issuer issuer, JsonObject.Builder metadata, String kid) {
    var name = issuer.uri().getPath();
    var key = SigningKey.generate(SigningAlgorithm.ES256).publicKey().toJwk();
    var named = key.without("kid").with(JsonObject.builder().put("kid", kid).build());
    serve(
        "/.well-known/oauth-authorization-server" + name,
        metadata.put("issuer", issuer.value()).put("jwks_uri", issuer.value() + "/jwks").build());
    serve(name + "/jwks", JsonObject.builder().put("keys", List.of(named)).build());
  }

  private void serve(String path, JsonObject document) {
    silent.createContext(
        path,
        exchange -> {
          asked.incrementAndGet();
          try (exchange) {
            var body = document.toBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  @Test
  void keeps_the_lists_of_nobody() {
    var many = JsonObject.builder().put("scopes_supported", Collections.nCopies(50_000, "a"));
    publishes(issuer("lists"), many, "k");
    var looks = looks();

    assertThat(looks.now(issuer("lists"))).isInstanceOf(Seen.Shown.class);

    var kept = looks.at(List.of(issuer("lists"))).get(issuer("lists")).seen();
    assertThat(kept)
        .isInstanceOfSatisfying(
            Seen.Shown.class,
            shown -> {
              assertThat(shown.metadata().supported(Supported.SCOPES)).isEmpty();
              assertThat(shown.metadata().endpoint(Endpoint.JWKS)).isPresent();
              assertThat(shown.keys().keys()).hasSize(1);
            });
  }

  @Test
  void keeps_no_more_than_some_megabytes_of_all() {
    var looks = looks();
    var all = IntStream.range(0, 50).mapToObj(i -> issuer("large-" + i)).toList();
    for (var one : all) {
      publishes(one, JsonObject.builder(), "k".repeat(200 * 1024));
      assertThat(looks.now(one)).isInstanceOf(Seen.Shown.class);
    }
    int soFar = asked.get();

    all.forEach(one -> looks.at(List.of(one)));

    assertThat(asked).as("some were forgotten, and are looked at again").hasValueGreaterThan(soFar);
  }

  @Test
  void all_at_once_and_no_longer_than_a_page_takes() {
    var looks = looks();
    var issuers = IntStream.range(0, 5).mapToObj(i -> issuer("t-" + i)).toList();
    long began = System.nanoTime();
    assertThat(looks.at(issuers)).isEmpty();
    assertThat(looks.at(List.of(issuers.getFirst()))).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(asked).as("each is asked by one look").hasValueLessThanOrEqualTo(5);
    end.countDown();
    var known = looks.at(issuers);
    assertThat(known).hasSize(5);
    assertThat(known.values()).allMatch(one -> one.seen() instanceof Seen.Hidden);
    int soFar = asked.get();
    assertThat(looks.at(issuers)).hasSize(5);
    assertThat(asked).as("what was seen is kept").hasValue(soFar);
  }
}
