package dev.lanyard.protocol.jwks;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The last good copy of a document that somebody else serves, such as keys or metadata.
/// Thread-safe; of concurrent callers one fetches.
///
/// @param <T> what the document means
public final class RemoteDocument<T> {
  private final Source<T> source;
  private final Refresh refresh;
  private final InstantSource clock;
  private final ReentrantLock flight = new ReentrantLock();
  private volatile Attempt<T> last;

  public RemoteDocument(Source<T> source, Refresh refresh, InstantSource clock) {
    this.source = source;
    this.refresh = refresh;
    this.clock = clock;
    this.last = new Attempt<>(Optional.empty(), Instant.MIN, Optional.empty());
  }

  /// The document. One that is due for refreshing is fetched by the first who asks; meanwhile the
  /// others get the old one.
  public Answer<T> current() {
    var attempt = last;
    var copy = attempt.copy;
    if (copy.isEmpty()) {
      return refreshed(attempt);
    }
    if (isDue(copy.get().fetchedAt) && mayFetch(attempt) && flight.tryLock()) {
      try {
        return fetchUnlessDone(attempt);
      } finally {
        flight.unlock();
      }
    }
    return answer(attempt);
  }

  /// The document newer than the one that did not satisfy, if the back-off permits to fetch.
  /// Whoever comes while another fetches waits for that fetch.
  public Answer<T> refreshed(Answer<T> unsatisfying) {
    return refreshed(unsatisfying.attempt());
  }

  private Answer<T> refreshed(Attempt<T> seen) {
    flight.lock();
    try {
      return fetchUnlessDone(seen);
    } finally {
      flight.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // Another attempt, however equal its outcome.
  private Answer<T> fetchUnlessDone(Attempt<T> seen) {
    var attempt = last;
    if (attempt == seen && mayFetch(attempt)) {
      attempt = fetch(attempt);
      last = attempt;
    }
    return answer(attempt);
  }

  private Attempt<T> fetch(Attempt<T> previous) {
    var now = clock.instant();
    return switch (source.fetch()) {
      case Fetched<T>(var document) ->
          new Attempt<>(Optional.of(new Copy<>(document, now)), now, Optional.empty());
      // Counted from now: who hangs for longer than the pause would be waited for again and again.
      case Failed<T>(var reason) ->
          new Attempt<>(previous.copy, clock.instant(), Optional.of(reason));
    };
  }

  private Answer<T> answer(Attempt<T> attempt) {
    var usable =
        attempt.copy.filter(
            copy -> clock.instant().isBefore(copy.fetchedAt.plus(refresh.staleFor())));
    if (usable.isPresent()) {
      return new Present<>(usable.get().document, attempt.failure.isPresent(), attempt);
    }
    return new Absent<>(attempt.failure.orElse("the last copy is too old"), attempt);
  }

  private boolean isDue(Instant fetchedAt) {
    return !clock.instant().isBefore(fetchedAt.plus(refresh.after()));
  }

  private boolean mayFetch(Attempt<T> attempt) {
    if (attempt.at.equals(Instant.MIN)) {
      return true;
    }
    var pause = attempt.failure.isPresent() ? refresh.retry() : refresh.backOff();
    return !clock.instant().isBefore(attempt.at.plus(pause));
  }

  /// Where the document comes from.
  public interface Source<T> {
    Fetch<T> fetch();
  }

  /// What a fetch brought.
  public sealed interface Fetch<T> {}

  /// A document that could be read.
  public record Fetched<T>(T document) implements Fetch<T> {}

  /// @param reason for an operator
  public record Failed<T>(String reason) implements Fetch<T> {}

  /// What there is now.
  public sealed interface Answer<T> {
    Attempt<T> attempt();
  }

  /// @param stale whether the last attempt to fetch it anew failed
  public record Present<T>(T document, boolean stale, Attempt<T> attempt) implements Answer<T> {}

  /// There is no copy that may still serve.
  ///
  /// @param reason for an operator
  public record Absent<T>(String reason, Attempt<T> attempt) implements Answer<T> {}

  /// The state: the last good copy, and when and why the last attempt failed.
  public record Attempt<T>(Optional<Copy<T>> copy, Instant at, Optional<String> failure) {}

  /// A good copy.
  public record Copy<T>(T document, Instant fetchedAt) {}
}
