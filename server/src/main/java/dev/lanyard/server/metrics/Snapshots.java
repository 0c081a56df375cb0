package dev.lanyard.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Figures of the library in our own words.
final class Snapshots {
  private Snapshots() {}

  /// @return empty for what nobody here makes
  static Optional<Figure> figure(MetricSnapshot snapshot) {
    return switch (snapshot) {
      case CounterSnapshot counter ->
          Optional.of(
              figure(
                  snapshot,
                  Figure.Kind.COUNTER,
                  counter.getDataPoints().stream()
                      .<Figure.Value>map(
                          point -> new Figure.Value.Amount(labels(point), point.getValue()))
                      .toList()));
      case GaugeSnapshot gauge ->
          Optional.of(
              figure(
                  snapshot,
                  Figure.Kind.GAUGE,
                  gauge.getDataPoints().stream()
                      .<Figure.Value>map(
                          point -> new Figure.Value.Amount(labels(point), point.getValue()))
                      .toList()));
      case HistogramSnapshot histogram ->
          Optional.of(
              figure(
                  snapshot,
                  Figure.Kind.HISTOGRAM,
                  histogram.getDataPoints().stream().map(Snapshots::distribution).toList()));
      default -> Optional.empty();
    };
  }

  private static Figure figure(
      MetricSnapshot snapshot, Figure.Kind kind, List<Figure.Value> values) {
    var about = snapshot.getMetadata();
    return new Figure(
        about.getName(), Optional.ofNullable(about.getHelp()).orElse(""), kind, values);
  }

  private static Map<String, String> labels(DataPointSnapshot point) {
    var labels = new LinkedHashMap<String, String>();
    point.getLabels().forEach(label -> labels.put(label.getName(), label.getValue()));
    return labels;
  }

  private static Figure.Value distribution(HistogramDataPointSnapshot point) {
    var bounds = new ArrayList<Double>();
    var counts = new ArrayList<Long>();
    for (var bucket : point.getClassicBuckets()) {
      if (!Double.isInfinite(bucket.getUpperBound())) {
        bounds.add(bucket.getUpperBound());
      }
      counts.add(bucket.getCount());
    }
    return new Figure.Value.Distribution(labels(point), point.getSum(), bounds, counts);
  }
}
