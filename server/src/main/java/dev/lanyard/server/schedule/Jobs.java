package dev.lanyard.server.schedule;

import dev.lanyard.server.database.DatabaseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that one process does again and again, and since when something of it has only
/// failed. Thread-safe.
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  private final Map<String, Optional<Failed>> last = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  public Jobs() {
    this(System::nanoTime);
  }

  /// @param nanos what runs on evenly, in nanoseconds
  public Jobs(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// @param since when it failed after it had succeeded
  /// @param times how often it has since then
  private record Failed(long since, int times, String why) {}

  /// Something that has failed each time.
  ///
  /// @param lasting since it failed first
  /// @param times how often it has
  /// @param why as it was thrown last
  public record Failing(Duration lasting, int times, String why) {}

  /// Does something, whatever it throws. The first failure is logged with all that is known of it,
  /// those that follow in one line as long as they are the same.
  ///
  /// @param what names it in the log and in the figures: in words of ours, of configured names at
  ///   most
  /// @return whether it has succeeded
  public boolean attempt(String what, Runnable task) {
    try {
      task.run();
      if (last.put(what, Optional.empty()) instanceof Optional<Failed> before
          && before.isPresent()) {
        LOG.info("{} has succeeded again", what);
      }
      return true;
    } catch (RuntimeException | Error e) {
      log(what, e, failed(what, e.toString()));
      return false;
    }
  }

  /// @return whether it has failed for this reason just before
  private boolean failed(String what, String why) {
    var before = last.getOrDefault(what, Optional.empty());
    long since = before.map(Failed::since).orElseGet(nanos::getAsLong);
    int times = before.map(Failed::times).orElse(0) + 1;
    last.put(what, Optional.of(new Failed(since, times, why)));
    return before.filter(one -> one.why().equals(why)).isPresent();
  }

  private static void log(String what, Throwable e, boolean isKnown) {
    if (isKnown) {
      LOG.warn("{} failed again: {}", what, e.toString());
    } else if (e instanceof DatabaseException) {
      LOG.warn("{}: the database cannot; it is tried again", what, e);
    } else {
      LOG.error("{} failed; it is tried again", what, e);
    }
  }

  /// What has only failed for a while, by its name.
  public Map<String, Failing> failing() {
    long now = nanos.getAsLong();
    return last.entrySet().stream()
        .filter(one -> one.getValue().isPresent())
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, one -> failing(one.getValue().get(), now)));
  }

  private static Failing failing(Failed failed, long now) {
    var lasting = Duration.ofNanos(Math.max(0, now - failed.since()));
    return new Failing(lasting, failed.times(), failed.why());
  }

  /// Whether it was done at least once, and has succeeded the last time.
  public boolean succeeds(String what) {
    var state = last.get(what);
    return state != null && state.isEmpty();
  }

  /// For how many seconds everything that was done at least once has only failed; 0 if it succeeded
  /// the last time.
  public Map<String, Double> failingSeconds() {
    long now = nanos.getAsLong();
    return last.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                one ->
                    one.getValue()
                        .map(failed -> failing(failed, now).lasting().toMillis() / 1e3)
                        .orElse(0.0)));
  }
}
