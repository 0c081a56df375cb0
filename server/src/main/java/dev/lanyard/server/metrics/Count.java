package dev.lanyard.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Counts something. Costs an addition in a cell of the thread's own. Thread-safe.
public final class Count {
  /// More kinds than anything has; whatever would make more is counted together.
  private static final int MOST_KINDS = 200;

  private final Counter counter;
  private final String[] others;
  private final Set<List<String>> kinds = ConcurrentHashMap.newKeySet();

  Count(Counter counter, int labels) {
    this.counter = counter;
    this.others = Collections.nCopies(labels, "other").toArray(String[]::new);
  }

  /// One more.
  ///
  /// @param labels words of ours, in the order of the names
  public void add(String... labels) {
    var kind = List.of(labels);
    boolean isKnown = kinds.contains(kind) || (kinds.size() < MOST_KINDS && kinds.add(kind));
    counter.labelValues(isKnown ? labels : others).inc();
  }
}
