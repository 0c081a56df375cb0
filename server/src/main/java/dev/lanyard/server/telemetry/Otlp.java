package dev.lanyard.server.telemetry;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.metrics.Figure;
import dev.lanyard.server.tracing.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Requests of OTLP over HTTP in JSON: names in lowerCamelCase, ids in hexadecimal, numbers of 64
/// bits and fractions as texts, which every reader of Protobuf's JSON takes.
///
/// @spec https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding OTLP, JSON Protobuf
///   Encoding
final class Otlp {
  private static final int CUMULATIVE = 2;
  private static final int ERROR = 2;
  private static final long NANOS = 1_000_000_000;

  private final JsonObject resource;

  /// @param about what is said of this process
  Otlp(Map<String, String> about) {
    this.resource = JsonObject.builder().put("attributes", attributes(about)).build();
  }

  /// The body for `/v1/traces`.
  JsonObject traces(List<Step> steps) {
    return request("resourceSpans", "scopeSpans", "spans", steps.stream().map(Otlp::span));
  }

  /// The body for `/v1/metrics`.
  ///
  /// @param start since when is counted
  JsonObject metrics(List<Figure> figures, Instant start, Instant now) {
    return request(
        "resourceMetrics",
        "scopeMetrics",
        "metrics",
        figures.stream().map(figure -> metric(figure, start, now)));
  }

  private JsonObject request(String all, String scoped, String things, Stream<JsonObject> content) {
    var scope = JsonObject.builder().put("name", "dev.lanyard").build();
    var ours = JsonObject.builder().put("scope", scope).put(things, content.toList()).build();
    var one = JsonObject.builder().put("resource", resource).put(scoped, List.of(ours)).build();
    return JsonObject.builder().put(all, List.of(one)).build();
  }

  private static JsonObject span(Step step) {
    long begin = nanos(step.begin());
    return JsonObject.builder()
        .put("traceId", step.trace())
        .put("spanId", step.span())
        .putIfPresent("parentSpanId", step.parent())
        .put("name", step.name())
        .put(
            "kind",
            switch (step.kind()) {
              case INTERNAL -> 1;
              case SERVER -> 2;
              case CLIENT -> 3;
            })
        .put("startTimeUnixNano", Long.toString(begin))
        .put("endTimeUnixNano", Long.toString(begin + step.nanos()))
        .put("attributes", attributes(step.attributes()))
        .put(
            "status",
            step.failed() ? JsonObject.builder().put("code", ERROR).build() : JsonObject.EMPTY)
        .build();
  }

  private static List<JsonObject> attributes(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(one ->
            JsonObject.builder()
                .put("key", one.getKey())
                .put("value", JsonObject.builder().put("stringValue", one.getValue()).build())
                .build())
        .toList();
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * NANOS + instant.getNano();
  }

  private static JsonObject metric(Figure figure, Instant start, Instant now) {
    var points = figure.values().stream().map(value -> point(value, start, now)).toList();
    var data = JsonObject.builder().put("dataPoints", points);
    var kind =
        switch (figure.kind()) {
          case GAUGE -> "gauge";
          case COUNTER -> "sum";
          case HISTOGRAM -> "histogram";
        };
    if (figure.kind() != Figure.Kind.GAUGE) {
      data.put("aggregationTemporality", CUMULATIVE);
    }
    if (figure.kind() == Figure.Kind.COUNTER) {
      data.put("isMonotonic", true);
    }
    return JsonObject.builder()
        .put("name", figure.name())
        .put("description", figure.help())
        .put(kind, data.build())
        .build();
  }

  private static JsonObject point(Figure.Value value, Instant start, Instant now) {
    var point =
        JsonObject.builder()
            .put("attributes", attributes(value.labels()))
            .put("startTimeUnixNano", Long.toString(nanos(start)))
            .put("timeUnixNano", Long.toString(nanos(now)));
    return switch (value) {
      case Figure.Value.Amount(_, var number) ->
          point.put("asDouble", Double.toString(number)).build();
      case Figure.Value.Distribution(_, var sum, var bounds, var counts) ->
          point
              .put("count", Long.toString(counts.stream().mapToLong(Long::longValue).sum()))
              .put("sum", Double.toString(sum))
              .put("explicitBounds", bounds.stream().map(String::valueOf).toList())
              .put("bucketCounts", counts.stream().map(String::valueOf).toList())
              .build();
    };
  }
}
