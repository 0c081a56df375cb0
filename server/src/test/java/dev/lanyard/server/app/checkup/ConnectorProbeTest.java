package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.server.library.LibraryCheck;
import dev.lanyard.server.library.LibraryFinding;
import dev.lanyard.server.library.LibraryFinding.Severity;
import dev.lanyard.server.library.LibrarySource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("lanyard library check --probe: what connectors publish, beside what the library says")
class ConnectorProbeTest {
  private static final EgressPolicy LOOPBACK = EgressPolicy.strict().exposingLoopback();
  private static final Duration LONG = Duration.ofMinutes(2);

  private HttpServer http;
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
    http.start();
    publish("/.well-known/oauth-protected-resource/mcp", resource("/mcp", "/as", "read", "write"));
    publish("/.well-known/oauth-authorization-server/as", server("/as", true));
  }

  @AfterEach
  void stop() {
    end.countDown();
    http.stop(0);
  }

  private String at(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }

  private JsonObject resource(String path, String server, String... scopes) {
    return JsonObject.builder()
        .put("resource", at(path))
        .put("authorization_servers", List.of(at(server)))
        .put("scopes_supported", List.of(scopes))
        .build();
  }

  private JsonObject server(String path, boolean takesIdJags) {
    var json = JsonObject.builder().put("issuer", at(path)).put("token_endpoint", at("/token"));
    return (takesIdJags
            ? json.put(
                "authorization_grant_profiles_supported",
                List.of(AuthorizationServerMetadata.ID_JAG_PROFILE))
            : json)
        .build();
  }

  private void publish(String path, JsonObject document) {
    serve(path, exchange -> answer(exchange, 200, document.toJson()));
  }

  private interface Handling {
    void of(HttpExchange exchange) throws IOException;
  }

  private void serve(String path, Handling handling) {
    http.createContext(
        path,
        exchange -> {
          requests.incrementAndGet();
          try (exchange) {
            handling.of(exchange);
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private LibrarySource library(String resource, String server, String scopes) {
    var text =
        """
        connectors:
          linear:
            name: Linear
            category: issues
            authorization_server: "%s"
            resource: "%s"
            scopes: [%s]
        roles:
          engineering:
            owner: Ana
            groups: [engineering]
            connectors: {linear: [read]}
        """
            .formatted(server, resource, scopes);
    return new LibrarySource(Path.of("policy"), new TreeMap<>(Map.of("roles.yaml", text)));
  }

  private List<LibraryFinding> probe(
      LibrarySource library, EgressPolicy policy, Duration altogether) {
    var probe = new ConnectorProbe(policy, altogether);
    return LibraryCheck.of(library, Optional.empty(), probe::of, Instant.EPOCH).stream()
        .filter(finding -> finding.code().startsWith("probe-"))
        .toList();
  }

  private List<LibraryFinding> probe(String resource, String server, String scopes) {
    return probe(library(at(resource), at(server), scopes), LOOPBACK, LONG);
  }

  private static void assertOne(List<LibraryFinding> findings, Severity severity, String code) {
    assertThat(findings).hasSize(1);
    var finding = findings.getFirst();
    assertThat(finding.code()).isEqualTo(code);
    assertThat(finding.severity()).isEqualTo(severity);
    assertThat(finding.file()).hasToString("policy/roles.yaml");
    assertThat(finding.line()).isEqualTo(2);
    assertThat(finding.remedy()).isNotBlank();
  }

  @Test
  void says_nothing_where_all_is_as_the_library_has_it() {
    assertThat(probe("/mcp", "/as", "read, write")).isEmpty();
  }

  @Test
  void asks_nobody_without_the_flag() {
    var findings =
        LibraryCheck.of(library(at("/mcp"), at("/as"), "read"), Optional.empty(), Instant.EPOCH);
    assertThat(findings).noneMatch(finding -> finding.code().startsWith("probe-"));
    assertThat(requests).hasValue(0);
  }

  @Test
  void a_scope_that_is_not_advertised() {
    var findings = probe("/mcp", "/as", "read, release");

    assertOne(findings, Severity.WARNING, "probe-scope-not-advertised");
    assertThat(findings.getFirst().toString())
        .contains("policy/roles.yaml:2: warning", "'release'", "advertised are: read write");
  }

  @Test
  void a_resource_that_advertises_no_scopes_at_all_says_nothing_about_them() {
    publish("/.well-known/oauth-protected-resource/quiet", resource("/quiet", "/as"));
    assertThat(probe("/quiet", "/as", "read, release")).isEmpty();
  }

  @Test
  void tokens_of_another_authorization_server() {
    publish("/.well-known/oauth-authorization-server/other", server("/other", true));
    var findings = probe("/mcp", "/other", "read");
    assertOne(findings, Severity.ERROR, "probe-other-authorization-server");
    assertThat(findings.getFirst().reason()).contains(at("/as"), at("/other"));
  }

  @Test
  void metadata_of_another_resource() {
    publish("/.well-known/oauth-protected-resource/twin", resource("/mcp", "/as", "read"));
    var findings = probe("/twin", "/as", "read");
    assertOne(findings, Severity.ERROR, "probe-other-resource");
    assertThat(findings.getFirst().remedy()).contains(at("/mcp"));
  }

  @Test
  void an_authorization_server_that_publishes_another_issuer_or_takes_no_id_jags() {
    publish("/.well-known/oauth-protected-resource/a", resource("/a", "/wrong", "read"));
    publish("/.well-known/oauth-authorization-server/wrong", server("/right", true));
    assertOne(probe("/a", "/wrong", "read"), Severity.ERROR, "probe-other-authorization-server");

    publish("/.well-known/oauth-protected-resource/b", resource("/b", "/plain", "read"));
    publish("/.well-known/oauth-authorization-server/plain", server("/plain", false));
    assertOne(probe("/b", "/plain", "read"), Severity.WARNING, "probe-no-id-jag");
  }

  @Test
  void no_metadata_and_no_answer() {
    assertOne(probe("/nowhere", "/as", "read"), Severity.WARNING, "probe-no-metadata");
    var dead = probe(library("http://127.0.0.1:9/mcp", at("/as"), "read"), LOOPBACK, LONG);
    assertOne(dead, Severity.WARNING, "probe-no-answer");
  }

  @Test
  @DisplayName("SEC-6: a library cannot make it ask inside the network")
  void asks_nobody_inside_unless_that_is_allowed() {
    var findings = probe(library(at("/mcp"), at("/as"), "read"), EgressPolicy.strict(), LONG);
    assertThat(findings).isNotEmpty().allMatch(one -> one.code().equals("probe-not-allowed"));
    assertThat(findings.getFirst().remedy()).contains("'outbound'");
    assertThat(requests).hasValue(0);
  }

  @Test
  @DisplayName("SEC-6: an answer cannot send it elsewhere")
  void follows_no_redirect() {
    serve("/secret", exchange -> answer(exchange, 200, "{}"));
    serve(
        "/.well-known/oauth-protected-resource/sly",
        exchange -> {
          exchange.getResponseHeaders().add("Location", at("/secret"));
          exchange.sendResponseHeaders(302, -1);
        });
    requests.set(0);
    assertOne(probe("/sly", "/as", "read"), Severity.WARNING, "probe-no-metadata");
    assertThat(requests).as("the document and its server").hasValue(2);
  }

  @Test
  void an_answer_without_end_and_one_that_is_no_object() {
    serve(
        "/.well-known/oauth-protected-resource/huge",
        exchange -> answer(exchange, 200, "{\"x\":\"" + "y".repeat(300_000) + "\"}"));
    serve("/.well-known/oauth-protected-resource/list", exchange -> answer(exchange, 200, "[]"));
    assertThat(probe("/huge", "/as", "read"))
        .extracting(LibraryFinding::code)
        .containsExactly("probe-no-answer");
    assertOne(probe("/list", "/as", "read"), Severity.WARNING, "probe-no-metadata");
  }

  @Test
  void ends_in_time_however_slow_they_are() {
    serve(
        "/.well-known/oauth-protected-resource/slow",
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    var findings = probe(library(at("/slow"), at("/as"), "read"), LOOPBACK, Duration.ofMillis(200));
    assertOne(findings, Severity.WARNING, "probe-out-of-time");
    assertThat(findings.getFirst().remedy()).contains("--probe-seconds");
  }

  @Test
  void a_server_of_many_connectors_is_asked_once() {
    var text = new StringBuilder("connectors:\n");
    for (int i = 0; i < 30; i++) {
      publish("/.well-known/oauth-protected-resource/r" + i, resource("/r" + i, "/as", "read"));
      text.append(
          """
            c%1$d: {name: C, category: x, authorization_server: "%2$s", resource: "%3$s", scopes: [read]}
          """
              .formatted(i, at("/as"), at("/r" + i)));
    }
    var many =
        new LibrarySource(
            Path.of("policy"), new TreeMap<>(Map.of("connectors.yaml", text.toString())));
    requests.set(0);

    assertThat(probe(many, LOOPBACK, LONG)).isEmpty();

    assertThat(requests).hasValue(31);
  }
}
