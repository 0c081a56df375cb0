package dev.lanyard.benchmarks.kill;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// Goes on calling for killed people at every place until each is refused there.
final class Watch implements AutoCloseable {
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Map<Place, List<Caller>> callers = new EnumMap<>(Place.class);
  private final Map<Caller, History.Part> parts = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private final long pauseNanos;

  /// @param atOnce how many callers each place has
  /// @param pauseNanos after a call that was not refused: what is watched must not be kept busy by
  ///   it
  Watch(History history, int atOnce, long pauseNanos, Function<Place, Caller> callerAt) {
    this.pauseNanos = pauseNanos;
    for (var place : Place.values()) {
      var here = new ArrayList<Caller>();
      for (int i = 0; i < atOnce; i++) {
        var caller = callerAt.apply(place);
        parts.put(caller, history.part());
        here.add(caller);
      }
      callers.put(place, here);
    }
  }

  /// When the last of somebody's refusals arrived, by place.
  final class Refusals {
    private final Map<Place, List<Future<Long>>> pending = new EnumMap<>(Place.class);

    private Refusals(Collection<Integer> people) {
      callers.forEach((place, here) -> {
        var all = new ArrayList<Future<Long>>();
        for (int i = 0; i < here.size(); i++) {
          var caller = here.get(i);
          var mine = new ArrayDeque<Integer>();
          int number = i;
          people.stream().filter(one -> one % here.size() == number).forEach(mine::add);
          all.add(threads.submit(refused(caller, mine)));
        }
        pending.put(place, all);
      });
    }

    /// By the monotonic clock.
    long at(Place place) {
      try {
        long last = Long.MIN_VALUE;
        for (var one : pending.getOrDefault(place, List.of())) {
          last = Math.max(last, one.get());
        }
        return last;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a kill was not seen", e.getCause());
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }

    long everywhere() {
      long last = Long.MIN_VALUE;
      for (var place : Place.values()) {
        last = Math.max(last, at(place));
      }
      return last;
    }
  }

  Refusals of(Collection<Integer> people) {
    return new Refusals(people);
  }

  private Callable<Long> refused(Caller caller, ArrayDeque<Integer> people) {
    return () -> {
      var part = Objects.requireNonNull(parts.get(caller));
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      long last = Long.MIN_VALUE;
      while (!people.isEmpty()) {
        int person = people.getFirst();
        if (caller.call(person, part) == Outcome.REFUSED) {
          people.removeFirst();
          last = System.nanoTime();
        } else if (System.nanoTime() > deadline) {
          throw new IllegalStateException(person + " is still not refused at " + caller.point());
        } else {
          // Another may be refused already; and the driver must not take the cores.
          people.addLast(people.removeFirst());
          LockSupport.parkNanos(pauseNanos);
        }
      }
      return last;
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
    parts.keySet().forEach(Caller::close);
  }
}
