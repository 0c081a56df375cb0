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

/// Everything that one process does again and again, since when something of it has only failed,
/// and what is under way. Thread-safe.
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  private final Map<String, Optional<Failed>> last = new ConcurrentHashMap<>();
  private final Map<String, Begun> begun = new ConcurrentHashMap<>();
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

  private record Begun(long at, Duration pause) {}

  /// Something that has failed each time.
  ///
  /// @param lasting since it failed first
  /// @param times how often it has
  /// @param why as it was thrown last
  public record Failing(Duration lasting, int times, String why) {}

  /// Something that is under way.
  ///
  /// @param lasting since it began
  /// @param pause after which it is done again
  public record UnderWay(Duration lasting, Duration pause) {}

  /// Does something, whatever it throws. The first failure is logged with all that is known of it,
  /// those that follow in one line as long as they are the same.
  ///
  /// @param what names it in the log and in the figures: in words of ours, of configured names at
  ///   most
  /// @param pause after which it is done again, at the latest
  /// @return whether it has succeeded
  public boolean attempt(String what, Duration pause, Runnable task) {
    begun.put(what, new Begun(nanos.getAsLong(), pause));
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
    } finally {
      begun.remove(what);
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
    return new Failing(lasting(failed.since(), now), failed.times(), failed.why());
  }

  private static Duration lasting(long since, long now) {
    return Duration.ofNanos(Math.max(0, now - since));
  }

  /// What is under way, by its name.
  public Map<String, UnderWay> underWay() {
    long now = nanos.getAsLong();
    return begun.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                one -> new UnderWay(lasting(one.getValue().at(), now), one.getValue().pause())));
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
                        .map(failed -> seconds(lasting(failed.since(), now)))
                        .orElse(0.0)));
  }

  /// For how many seconds everything that is under way has been.
  public Map<String, Double> underWaySeconds() {
    return underWay().entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, one -> seconds(one.getValue().lasting())));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
