package dev.lanyard.server.metrics;

import java.util.List;
import java.util.Map;

/// A figure as it is now, for whoever writes it down in another format than that of Prometheus.
///
/// @param name as in the text, without `_total`
public record Figure(String name, String help, Kind kind, List<Value> values) {
  public Figure {
    values = List.copyOf(values);
  }

  /// How it goes on.
  public enum Kind {
    /// Up and down.
    GAUGE,
    /// Up, from the start of this process.
    COUNTER,
    /// Up, in each of its buckets.
    HISTOGRAM
  }

  /// One value, with what tells it from the others.
  public sealed interface Value {
    Map<String, String> labels();

    record Amount(Map<String, String> labels, double number) implements Value {
      public Amount {
        labels = Map.copyOf(labels);
      }
    }

    /// @param bounds the upper ones, without that of the last bucket, which is infinite
    /// @param counts one more than bounds, each of its bucket alone
    record Distribution(
        Map<String, String> labels, double sum, List<Double> bounds, List<Long> counts)
        implements Value {
      public Distribution {
        labels = Map.copyOf(labels);
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
      }
    }
  }
}
