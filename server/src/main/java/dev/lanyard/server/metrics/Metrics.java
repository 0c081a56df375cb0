package dev.lanyard.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// The figures of one process. Thread-safe.
///
/// **Labels are words of ours:** a kind, an outcome, the name of a check. Never a person, a client,
/// a token, an address or anything else that was sent.
public final class Metrics {
  /// The media type of [#text].
  public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusRegistry registry = new PrometheusRegistry();

  /// Something that is counted where it happens.
  ///
  /// @param name in the words of Prometheus, without `_total`
  public Count count(String name, String help, String... labels) {
    return new Count(
        Counter.builder().name(name).help(help).labelNames(labels).register(registry),
        labels.length);
  }

  /// Something that takes time.
  ///
  /// @param bounds of the buckets, in seconds
  /// @param label what tells them apart
  public Times times(String name, String help, double[] bounds, String label) {
    return new Times(
        Histogram.builder()
            .name(name)
            .help(help)
            .classicOnly()
            .classicUpperBounds(bounds)
            .labelNames(label)
            .register(registry));
  }

  /// Something that somebody else counts; asked when the figures are read.
  public void counted(String name, String help, DoubleSupplier total) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(total.getAsDouble()))
        .register(registry);
  }

  /// Something that goes up and down; asked when the figures are read.
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /// The same of several kinds.
  public void gauges(
      String name,
      String help,
      String label,
      Supplier<? extends Map<String, ? extends Number>> values) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(callback ->
            values.get().forEach((kind, value) -> callback.call(value.doubleValue(), kind)))
        .register(registry);
  }

  /// Everything, for other formats.
  public List<Figure> figures() {
    return registry.scrape().stream().flatMap(one -> Snapshots.figure(one).stream()).toList();
  }

  /// Everything, in the text format of Prometheus.
  public byte[] text() {
    var out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written but memory", e);
    }
    return out.toByteArray();
  }
}
