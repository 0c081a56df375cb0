package dev.lanyard.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.Step.Kind;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.Metric.DataCase;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What arrives at a collector is read with OpenTelemetry's own Protobuf definitions, strictly: a
/// member that they do not have is refused. Protobuf's JSON has octets in base64, and OTLP's has
/// the ids of traces and spans in hexadecimal instead: these are turned before they are read.
@DisplayName("Issue 8.3: what is sent to a collector is OTLP by its official Protobuf definitions")
class OtlpSchemaTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.25Z");
  private static final long NANOS = 1_795_953_600_250_000_000L;

  /// The only members of OTLP in hexadecimal, in the length that they must have.
  private static final Pattern ID =
      Pattern.compile("\"(traceId|spanId|parentSpanId)\":\"([0-9a-f]{32}|[0-9a-f]{16})\"");

  private final Receiver receiver = new Receiver();
  private final Metrics metrics = new Metrics();

  @AfterEach
  void close() {
    receiver.close();
  }

  private Telemetry start() {
    return Telemetry.start(
        new TelemetryConfig(
            Optional.of(receiver.url("/v1/traces")),
            Optional.of(receiver.url("/v1/metrics")),
            Optional.empty(),
            1,
            Duration.ofDays(1),
            "acme-lanyard"),
        "1.2.3",
        metrics,
        new EgressClient(EgressPolicy.strict().exposingLoopback()),
        () -> NOW);
  }

  private JsonObject sentTo(String path) throws InterruptedException {
    var got = receiver.next();
    while (!got.path().equals(path)) {
      got = receiver.next();
    }
    return got.body();
  }

  private static <B extends Message.Builder> B read(JsonObject body, B into)
      throws InvalidProtocolBufferException {
    var json =
        ID.matcher(body.toJson())
            .replaceAll(id -> {
              var octets = HexFormat.of().parseHex(id.group(2));
              var base64 = Base64.getEncoder().encodeToString(octets);
              return "\"" + id.group(1) + "\":\"" + base64 + "\"";
            });
    JsonFormat.parser().merge(json, into);
    return into;
  }

  @Test
  @DisplayName("Spans: their ids, parents, kinds, times, attributes and status")
  void spans() throws Exception {
    try (var telemetry = start()) {
      telemetry
          .tracer()
          .request(
              () -> Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
              () -> "POST /token",
              () -> {
                Span.tell("lanyard.correlation_id", "7kq4-m2xd-9phf");
                Span.tell(Span.FAULT, "503");
                return Span.of(
                    "database.commit",
                    Kind.INTERNAL,
                    () -> Span.of("egress", Kind.CLIENT, () -> 0));
              });
      var request =
          read(sentTo("/v1/traces"), ExportTraceServiceRequest.newBuilder()).getResourceSpans(0);

      assertThat(request.getResource().getAttributesList())
          .anySatisfy(one -> {
            assertThat(one.getKey()).isEqualTo("service.name");
            assertThat(one.getValue().getStringValue()).isEqualTo("acme-lanyard");
          });
      assertThat(request.getScopeSpans(0).getScope().getName()).isEqualTo("dev.lanyard");
      var spans =
          request.getScopeSpans(0).getSpansList().stream()
              .collect(Collectors.toMap(span -> span.getName(), Function.identity()));
      assertThat(spans).containsOnlyKeys("POST /token", "database.commit", "egress");
      assertThat(spans.values())
          .allSatisfy(span -> {
            assertThat(hex(span.getTraceId().toByteArray()))
                .isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(span.getSpanId().size()).isEqualTo(8);
            assertThat(span.getStartTimeUnixNano()).isEqualTo(NANOS);
            assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(NANOS);
          });
      var root = spans.get("POST /token");
      assertThat(hex(root.getParentSpanId().toByteArray())).isEqualTo("b7ad6b7169203331");
      assertThat(root.getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
      assertThat(root.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      var commit = spans.get("database.commit");
      assertThat(commit.getParentSpanId()).isEqualTo(root.getSpanId());
      assertThat(commit.getKind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
      assertThat(commit.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
      assertThat(spans.get("egress").getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
    }
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  @Test
  @DisplayName("Figures: gauges, sums that only grow, and histograms, all of them from the start")
  void figures() throws Exception {
    metrics.gauge("lanyard_age", "How old.", () -> 1.5);
    metrics.count("lanyard_things", "How many.", "kind").add("good");
    metrics
        .times("lanyard_seconds", "How long.", new double[] {0.1, 1}, "source")
        .add("admin", Duration.ofMillis(500));
    try (var _ = start()) {
      var request =
          read(sentTo("/v1/metrics"), ExportMetricsServiceRequest.newBuilder())
              .getResourceMetrics(0);

      Map<String, Metric> sent =
          request.getScopeMetrics(0).getMetricsList().stream()
              .collect(Collectors.toMap(Metric::getName, Function.identity()));
      var age = sent.get("lanyard_age");
      assertThat(age.getDescription()).isEqualTo("How old.");
      assertThat(age.getDataCase()).isEqualTo(DataCase.GAUGE);
      assertThat(age.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(1.5);
      assertThat(age.getGauge().getDataPoints(0).getTimeUnixNano()).isEqualTo(NANOS);
      var things = sent.get("lanyard_things").getSum();
      assertThat(things.getIsMonotonic()).isTrue();
      assertThat(things.getAggregationTemporality())
          .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
      assertThat(things.getDataPoints(0).getAsDouble()).isEqualTo(1);
      assertThat(things.getDataPoints(0).getAttributes(0).getKey()).isEqualTo("kind");
      assertThat(things.getDataPoints(0).getStartTimeUnixNano()).isEqualTo(NANOS);
      var seconds = sent.get("lanyard_seconds").getHistogram();
      assertThat(seconds.getAggregationTemporality())
          .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
      var point = seconds.getDataPoints(0);
      assertThat(point.getCount()).isEqualTo(1);
      assertThat(point.getSum()).isEqualTo(0.5);
      assertThat(point.getExplicitBoundsList()).isEqualTo(List.of(0.1, 1.0));
      assertThat(point.getBucketCountsList()).isEqualTo(List.of(0L, 1L, 0L));
    }
  }

  @Test
  @DisplayName("The definitions are read strictly: a member that they do not have is refused")
  void strict() {
    var wrong = JsonObject.builder().put("resource_spanz", "x").build();

    assertThatThrownBy(() -> read(wrong, ExportTraceServiceRequest.newBuilder()))
        .isInstanceOf(InvalidProtocolBufferException.class)
        .hasMessageContaining("resource_spanz");
  }
}
