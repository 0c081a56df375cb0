package dev.lanyard.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.Step.Kind;
import dev.lanyard.server.tracing.Tracer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Issue 8.3: a collector gets steps and figures (OTLP over HTTP, JSON)")
class TelemetryTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.25Z");

  private final Receiver receiver = new Receiver();
  private final Metrics metrics = new Metrics();

  @AfterEach
  void close() {
    receiver.close();
  }

  private Telemetry start(boolean traces, boolean figures) {
    return Telemetry.start(
        new TelemetryConfig(
            traces ? Optional.of(receiver.url("/v1/traces")) : Optional.empty(),
            figures ? Optional.of(receiver.url("/v1/metrics")) : Optional.empty(),
            Optional.of(new Secret("Authorization: Bearer s3cret")),
            1,
            Duration.ofDays(1),
            "acme-lanyard"),
        "1.2.3",
        metrics,
        new EgressClient(EgressPolicy.strict().exposingLoopback()),
        () -> NOW);
  }

  private static JsonObject only(JsonObject object, String member) throws Exception {
    return object.objects(member).orElseThrow().getFirst();
  }

  private static void request(Tracer tracer) {
    tracer.request(
        () -> Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        () -> "POST /token",
        () -> {
          Span.tell("lanyard.correlation_id", "7kq4-m2xd-9phf");
          Span.tell(Span.FAULT, "503");
          return Span.of("database.commit", Kind.INTERNAL, () -> 0);
        });
  }

  @Test
  @DisplayName("Steps arrive as spans, with who we are, ids in hexadecimal, and the secret")
  void spans() throws Exception {
    try (var telemetry = start(true, false)) {
      request(telemetry.tracer());
      var got = receiver.next();

      assertThat(got.path()).isEqualTo("/v1/traces");
      assertThat(got.type()).isEqualTo("application/json");
      assertThat(got.authorization()).containsExactly("Bearer s3cret");
      var resource = only(got.body(), "resourceSpans");
      assertThat(resource.object("resource").orElseThrow().toJson())
          .contains("\"service.name\",\"value\":{\"stringValue\":\"acme-lanyard\"}")
          .contains("1.2.3", "service.instance.id");
      var spans = only(resource, "scopeSpans").objects("spans").orElseThrow();
      assertThat(spans).hasSize(2);
      var commit = spans.getFirst();
      var root = spans.getLast();
      assertThat(root.string("name")).contains("POST /token");
      assertThat(root.integer("kind")).contains(2L);
      assertThat(root.string("traceId")).contains("0af7651916cd43dd8448eb211c80319c");
      assertThat(root.string("parentSpanId")).contains("b7ad6b7169203331");
      assertThat(root.string("spanId").orElseThrow()).matches("[0-9a-f]{16}");
      assertThat(root.string("startTimeUnixNano")).contains("1795953600250000000");
      assertThat(root.string("endTimeUnixNano").orElseThrow()).startsWith("17959536002");
      assertThat(root.object("status").orElseThrow().integer("code")).contains(2L);
      assertThat(root.toJson())
          .contains(
              "{\"key\":\"lanyard.correlation_id\",\"value\":{\"stringValue\":\"7kq4-m2xd-9phf\"}}");
      assertThat(commit.string("parentSpanId")).isEqualTo(root.string("spanId"));
      assertThat(commit.integer("kind")).contains(1L);
      assertThat(commit.object("status")).contains(JsonObject.EMPTY);
    }
  }

  @Test
  @DisplayName("Figures arrive as gauges, sums and histograms that count from the start")
  void figures() throws Exception {
    metrics.gauge("lanyard_age", "How old.", () -> 1.5);
    metrics.count("lanyard_things", "How many.", "kind").add("good");
    metrics
        .times("lanyard_seconds", "How long.", new double[] {0.1, 1}, "source")
        .add("admin", Duration.ofMillis(500));
    try (var _ = start(false, true)) {
      var got = receiver.next();

      assertThat(got.path()).isEqualTo("/v1/metrics");
      var figures =
          only(only(got.body(), "resourceMetrics"), "scopeMetrics")
              .objects("metrics")
              .orElseThrow();
      assertThat(named(figures, "lanyard_age"))
          .contains("\"description\":\"How old.\",\"gauge\":{\"dataPoints\":[{")
          .contains("\"asDouble\":\"1.5\"");
      assertThat(named(figures, "lanyard_things"))
          .contains("\"sum\":{", "\"aggregationTemporality\":2", "\"isMonotonic\":true")
          .contains(
              "\"key\":\"kind\",\"value\":{\"stringValue\":\"good\"}", "\"asDouble\":\"1.0\"");
      assertThat(named(figures, "lanyard_seconds"))
          .contains("\"histogram\":{", "\"count\":\"1\",\"sum\":\"0.5\"")
          .contains("\"explicitBounds\":[\"0.1\",\"1.0\"],\"bucketCounts\":[\"0\",\"1\",\"0\"]");
    }
  }

  private static String named(List<JsonObject> figures, String name) {
    return figures.stream()
        .map(JsonObject::toJson)
        .filter(json -> json.contains("\"name\":\"" + name + "\""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("Without a place for traces nothing is recorded; whoever is nowhere is off")
  void off() {
    try (var telemetry = start(false, true)) {
      assertThat(telemetry.tracer()).isSameAs(Tracer.OFF);
    }
    assertThat(TelemetryConfig.NONE.isOn()).isFalse();
  }

  @Test
  @DisplayName("A collector that takes nothing keeps nobody: the newest steps are dropped, counted")
  void collector_is_down() throws Exception {
    receiver.status = 503;
    try (var telemetry = start(true, false)) {
      var tracer = telemetry.tracer();
      request(tracer);
      receiver.next();
      for (int i = 0; i < 10_000; i++) {
        request(tracer);
      }
      assertThat(new String(metrics.text(), java.nio.charset.StandardCharsets.UTF_8))
          .containsPattern("lanyard_telemetry_dropped_total [1-9]");
    }
  }

  @Test
  @DisplayName("A figure that cannot be told now ends nothing")
  void a_figure_fails() throws Exception {
    var ill = new AtomicBoolean(true);
    var asked = new CountDownLatch(1);
    metrics.gauge(
        "lanyard_ill",
        "Sometimes.",
        () -> {
          asked.countDown();
          if (ill.get()) {
            throw new IllegalStateException("the database does not answer");
          }
          return 1;
        });
    try (var _ = start(false, true)) {
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      ill.set(false);
      assertThat(receiver.next().body().toJson()).contains("lanyard_ill");
    }
  }

  @Test
  @DisplayName("What waits when the process ends is sent")
  void sent_at_the_end() throws Exception {
    try (var telemetry = start(true, false)) {
      request(telemetry.tracer());
    }
    assertThat(receiver.next().path()).isEqualTo("/v1/traces");
  }

  @Test
  @DisplayName("A configuration that cannot be is refused")
  void refused() {
    var url = Optional.of(URI.create("ftp://collector.example/"));
    var none = TelemetryConfig.NONE;
    assertThatThrownBy(() ->
            new TelemetryConfig(url, Optional.empty(), Optional.empty(), 1, none.every(), "x"))
        .hasMessageContaining("telemetry.traces");
    assertThatThrownBy(() ->
            new TelemetryConfig(
                Optional.empty(), Optional.empty(), Optional.empty(), 1.5, none.every(), "x"))
        .hasMessageContaining("telemetry.share");
    assertThatThrownBy(() ->
            new TelemetryConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Secret("s3cret\nX: y")),
                1,
                none.every(),
                "x"))
        .hasMessageContaining("telemetry.header_file")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() ->
            new TelemetryConfig(
                Optional.empty(), Optional.empty(), Optional.empty(), 1, Duration.ZERO, "x"))
        .hasMessageContaining("telemetry.every");
  }
}
