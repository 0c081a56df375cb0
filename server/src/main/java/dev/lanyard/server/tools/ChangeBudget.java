package dev.lanyard.server.tools;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.server.http.ClockMeter;
import dev.lanyard.server.http.Rate;
import java.time.Duration;
import java.time.InstantSource;

/// How much of what nobody may use anyway a node records of one connector: as much at once as the
/// largest honest server says when it is seen first, and then little. Each node counts for itself.
/// Thread-safe.
final class ChangeBudget {
  private static final int AT_ONCE = 2_000;
  private static final int PER_MINUTE = 60;

  /// How much of a definition counts as one, in characters.
  private static final int SHARE = 16 * 1024;

  /// Longer than it takes to answer with what was not recorded.
  private static final Duration UNRECORDED = Duration.ofMinutes(1);

  private static final Duration TOLD_EVERY = Duration.ofHours(1);

  private final Rate<String> recorded;
  private final Cache<Key, Boolean> unrecorded;
  private final Cache<String, Boolean> told;

  private record Key(String connector, String tool) {}

  ChangeBudget(InstantSource clock) {
    this.recorded = new Rate<>(AT_ONCE, PER_MINUTE, clock);
    var time = new ClockMeter(clock);
    this.unrecorded =
        Caffeine.newBuilder().expireAfterWrite(UNRECORDED).ticker(time::currentTimeNanos).build();
    this.told =
        Caffeine.newBuilder().expireAfterWrite(TOLD_EVERY).ticker(time::currentTimeNanos).build();
  }

  /// Counts what a server says of a tool; false if it says too much.
  boolean admits(String connector, ToolDefinition tool) {
    return recorded.admits(connector, 1 + tool.kept().toJson().length() / SHARE);
  }

  /// A tool of the record was not recorded as its server has just described it.
  void notRecorded(String connector, String tool) {
    unrecorded.put(new Key(connector, tool), true);
  }

  /// Whether that was so within the last minute. Somebody may accept meanwhile what is recorded of
  /// the tool: that must not free an answer that says something else.
  boolean isUnrecorded(String connector, String tool) {
    return unrecorded.getIfPresent(new Key(connector, tool)) != null;
  }

  /// Whether an administrator is to be told: not again and again.
  boolean isNews(String connector) {
    return told.asMap().putIfAbsent(connector, true) == null;
  }
}
