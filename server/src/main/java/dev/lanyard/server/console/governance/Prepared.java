package dev.lanyard.server.console.governance;

import dev.lanyard.server.yaml.FaultyFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps answers that take a while to work out. A click must not wait until a hundred thousand
/// people are counted, and ten clicks must not count them ten times.
///
/// An answer is fresh for twenty times as long as it took, so that somebody who looks all day costs
/// a twentieth of a processor. An older one, up to an hour, is given at once while the next is
/// worked out. Without one the caller waits a moment, and may get nothing yet. One answer is worked
/// out at a time. Thread-safe.
///
/// @param <K> what is asked
/// @param <V> what is answered; to be immutable
public final class Prepared<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(Prepared.class);
  private static final int FRESH = 20;
  private static final Duration USABLE = Duration.ofHours(1);
  private static final Duration A_MOMENT = Duration.ofMillis(80);
  private static final Duration A_WHILE = Duration.ofMinutes(1);
  private static final int MOST_KEPT = 16;
  private static final int MOST_WAITING = 8;

  private final Function<K, V> work;
  private final Duration patience;
  private final InstantSource clock;
  private final ReentrantLock turn = new ReentrantLock();

  // Both guarded by this; the one that was asked for longest ago is the first.
  private final Map<K, Done<V>> done = new LinkedHashMap<>(MOST_KEPT, 0.75f, true);
  private final Map<K, CompletableFuture<V>> running = new HashMap<>();

  private record Done<V>(V value, Instant at, Duration freshFor) {
    boolean isYoungerThan(Duration age, Instant now) {
      return now.isBefore(at.plus(age));
    }
  }

  /// @param work may take long; what it throws is thrown to whoever waits, and tried again for the
  ///   next one
  public Prepared(Function<K, V> work, InstantSource clock) {
    this(work, A_MOMENT, clock);
  }

  Prepared(Function<K, V> work, Duration patience, InstantSource clock) {
    this.work = work;
    this.patience = patience;
    this.clock = clock;
  }

  /// The answer; empty if it is still being worked out. Whoever is the first waits a moment;
  /// whoever comes meanwhile is told at once, as a page comes back by itself.
  public Optional<V> of(K key) {
    return of(key, patience, Duration.ZERO, MOST_WAITING);
  }

  /// @param first how long whoever has it worked out waits
  /// @param later how long whoever comes meanwhile waits
  private Optional<V> of(K key, Duration first, Duration later, int mostWaiting) {
    CompletableFuture<V> next;
    Duration atMost;
    synchronized (this) {
      var now = clock.instant();
      var last = Optional.ofNullable(done.get(key));
      if (last.isPresent() && last.get().isYoungerThan(last.get().freshFor(), now)) {
        return last.map(Done::value);
      }
      atMost = running.containsKey(key) ? later : first;
      var begun = begun(key, mostWaiting);
      if (last.isPresent() && last.get().isYoungerThan(USABLE, now)) {
        return last.map(Done::value);
      }
      if (begun.isEmpty()) {
        return Optional.empty();
      }
      next = begun.get();
    }
    return await(next, atMost);
  }

  /// The answer, however long it takes: for work that needs it, never for a click.
  V whenDone(K key) {
    while (true) {
      var answer = of(key, A_WHILE, A_WHILE, Integer.MAX_VALUE);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
  }

  /// Has an answer ready before somebody asks: begins one, if the last is as old as this.
  public void warm(K key, Duration age) {
    synchronized (this) {
      var last = Optional.ofNullable(done.get(key));
      if (last.filter(one -> one.isYoungerThan(age, clock.instant())).isEmpty()) {
        var _ = begun(key, MOST_WAITING);
      }
    }
  }

  /// Empty if so many are waiting for their turn that it is not even begun.
  private Optional<CompletableFuture<V>> begun(K key, int mostWaiting) {
    var before = Optional.ofNullable(running.get(key));
    if (before.isPresent() || running.size() >= mostWaiting) {
      return before;
    }
    var next =
        CompletableFuture.supplyAsync(
            () -> worked(key), task -> Thread.ofVirtual().name("prepares a page").start(task));
    running.put(key, next);
    return Optional.of(next);
  }

  private V worked(K key) {
    turn.lock();
    try {
      var at = clock.instant();
      long begin = System.nanoTime();
      var value = work.apply(key);
      keep(key, new Done<>(value, at, Duration.ofNanos((System.nanoTime() - begin) * FRESH)));
      return value;
    } catch (RuntimeException | Error why) {
      LOG.warn("a page could not be prepared", why);
      throw why;
    } finally {
      turn.unlock();
      // Before whoever waits goes on: what they ask next is begun anew.
      ended(key);
    }
  }

  private synchronized void keep(K key, Done<V> one) {
    done.put(key, one);
    if (done.size() > MOST_KEPT) {
      done.remove(done.keySet().iterator().next());
    }
  }

  private synchronized void ended(K key) {
    running.remove(key);
  }

  private static <V> Optional<V> await(CompletableFuture<V> next, Duration atMost) {
    try {
      return Optional.of(next.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a page was prepared", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FaultyFileException faulty) {
        // Whoever asks is told what to mend.
        throw new FaultyFileException(faulty.faults());
      }
      throw new IllegalStateException("what a page shows could not be worked out", e);
    }
  }
}
