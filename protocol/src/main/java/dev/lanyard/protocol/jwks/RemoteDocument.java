package dev.lanyard.protocol.jwks;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The last good copy of a document that somebody else serves, such as keys or metadata.
/// Thread-safe; of concurrent callers one fetches.
///
/// @param <T> what the document means
public final class RemoteDocument<T> {
  /// How long anybody waits for somebody else's fetch when the one before has failed: long enough
  /// for a server that is well again, and no time to spend on one that hangs.
  private static final long DOUBT_MILLIS = 1000;

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
  /// Whoever comes while another fetches waits for that fetch; after a failure only a moment, and
  /// then gets the old answer. So a server that accepts and never answers holds up one caller at a
  /// time, and all others once.
  public Answer<T> refreshed(Answer<T> unsatisfying) {
    return refreshed(unsatisfying.attempt);
  }

  private Answer<T> refreshed(Attempt<T> seen) {
    if (!joins(seen)) {
      return answer(last);
    }
    try {
      return fetchUnlessDone(seen);
    } finally {
      flight.unlock();
    }
  }

  /// Whether it is our turn: nobody fetches any more.
  private boolean joins(Attempt<T> seen) {
    if (seen.failure.isEmpty()) {
      flight.lock();
      return true;
    }
    try {
      return flight.tryLock(DOUBT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @SuppressWarnings("ReferenceEquality") // Another attempt, however equal its outcome.
  private Answer<T> fetchUnlessDone(Attempt<T> seen) {
    var attempt = last;
    if (attempt == seen && mayFetch(attempt)) {
      try {
        attempt = fetch(attempt);
      } catch (RuntimeException e) {
        // A fault, for whoever asked first; it is an attempt all the same (KEY-3).
        last = failed(attempt, "a fault while fetching: " + e);
        throw e;
      }
      last = attempt;
    }
    return answer(attempt);
  }

  private Attempt<T> fetch(Attempt<T> previous) {
    var now = clock.instant();
    return switch (source.fetch()) {
      case Fetched<T>(var document) ->
          new Attempt<>(Optional.of(new Copy<>(document, now)), now, Optional.empty());
      case Failed<T>(var reason) -> failed(previous, reason);
      case Silent<T>(var reason) -> failed(previous, reason);
    };
  }

  /// Counted from now: who hangs for longer than the pause would be waited for again and again.
  private Attempt<T> failed(Attempt<T> previous, String reason) {
    var now = clock.instant();
    // How old a copy from the future is nobody knows: from now on it ages.
    var copy =
        previous.copy.map(one -> one.fetchedAt.isAfter(now) ? new Copy<>(one.document, now) : one);
    return new Attempt<>(copy, now, Optional.of(reason));
  }

  private Answer<T> answer(Attempt<T> attempt) {
    var usable =
        attempt.copy.filter(
            copy -> clock.instant().isBefore(copy.fetchedAt.plus(refresh.staleFor())));
    if (usable.isPresent()) {
      return new Answer<>(
          new Present<>(usable.get().document, attempt.failure.isPresent()), attempt);
    }
    return new Answer<>(new Absent<>(attempt.failure.orElse("the last copy is too old")), attempt);
  }

  private boolean isDue(Instant fetchedAt) {
    return isOver(fetchedAt, refresh.after());
  }

  private boolean mayFetch(Attempt<T> attempt) {
    if (attempt.at.equals(Instant.MIN)) {
      return true;
    }
    var pause = attempt.failure.isPresent() ? refresh.retry() : refresh.backOff();
    return isOver(attempt.at, pause);
  }

  /// Also if it began in the future: then the clock was set back, and nobody knows how long ago it
  /// was.
  private boolean isOver(Instant begin, Duration time) {
    var now = clock.instant();
    return now.isBefore(begin) || !now.isBefore(begin.plus(time));
  }

  /// Where the document comes from.
  public interface Source<T> {
    /// What it throws, the caller who led to the fetch meets; for the others, and until the next
    /// fetch is due, it has failed.
    Fetch<T> fetch();
  }

  /// What a fetch brought.
  public sealed interface Fetch<T> {}

  /// A document that could be read.
  public record Fetched<T>(T document) implements Fetch<T> {}

  /// There was an answer, and it was no good.
  ///
  /// @param reason for an operator
  public record Failed<T>(String reason) implements Fetch<T> {}

  /// There was no answer: asking the same server for the same at another place is of no use.
  ///
  /// @param reason for an operator
  public record Silent<T>(String reason) implements Fetch<T> {}

  /// What there was when it was asked for; see [#refreshed(Answer)].
  public static final class Answer<T> {
    private final Content<T> content;
    private final Attempt<T> attempt;

    private Answer(Content<T> content, Attempt<T> attempt) {
      this.content = content;
      this.attempt = attempt;
    }

    public Content<T> content() {
      return content;
    }
  }

  /// A document, or none.
  public sealed interface Content<T> {}

  /// @param stale whether the last attempt to fetch it anew failed
  public record Present<T>(T document, boolean stale) implements Content<T> {}

  /// There is no copy that may still serve.
  ///
  /// @param reason for an operator
  public record Absent<T>(String reason) implements Content<T> {}

  /// The state: the last good copy, and when and why the last attempt failed.
  private record Attempt<T>(Optional<Copy<T>> copy, Instant at, Optional<String> failure) {}

  /// A good copy.
  private record Copy<T>(T document, Instant fetchedAt) {}
}
