package dev.lanyard.server.gateway.task;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The tasks that this node has seen made or asked for: those that may go on count among what
/// somebody has under way, and a kill ends them at their server. Each node knows its own; nothing
/// depends on whether one is known. Thread-safe.
///
/// @param <W> how somebody asks
final class RunningTasks<W> {
  /// Whoever has not asked for so long may not want it any more; it does not count then.
  private static final Duration COUNTS = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Running<W>>> bySubject =
      new ConcurrentHashMap<>();

  RunningTasks(InstantSource clock) {
    this.clock = clock;
  }

  /// A task that was seen.
  ///
  /// @param <A> how somebody asks
  /// @param who who asked last, and how
  /// @param askedAt when
  /// @param over whether its server has said that it has ended
  record Running<A>(TaskId id, KeptTask task, A who, Instant askedAt, boolean over) {}

  /// It was made, or somebody whose it is asks for it.
  void asked(TaskId id, KeptTask task, W who) {
    bySubject.compute(
        task.owner().subject(),
        (_, before) -> {
          var all = before == null ? new ConcurrentHashMap<String, Running<W>>() : before;
          all.merge(
              id.hash(),
              new Running<>(id, task, who, clock.instant(), false),
              // What has ended does not go on because somebody fetches its result.
              (old, now) -> new Running<>(id, task, who, now.askedAt(), old.over()));
          return all;
        });
  }

  /// It has ended.
  ///
  /// @param hash of its id
  /// @return its id, if that is news
  Optional<TaskId> ended(String subject, String hash) {
    var all = bySubject.get(subject);
    if (all == null) {
      return Optional.empty();
    }
    var before = all.get(hash);
    if (before == null || before.over()) {
      return Optional.empty();
    }
    all.computeIfPresent(
        hash, (_, one) -> new Running<>(one.id(), one.task(), one.who(), one.askedAt(), true));
    return Optional.of(before.id());
  }

  /// How many count among what somebody has under way.
  int count(String subject) {
    var all = bySubject.get(subject);
    var since = clock.instant().minus(COUNTS);
    return all == null
        ? 0
        : (int)
            all.values().stream()
                .filter(one -> !one.over() && one.askedAt().isAfter(since))
                .count();
  }

  /// Takes away those of somebody that are dead.
  List<Running<W>> taken(String subject, Predicate<Running<W>> dead) {
    var taken = new ArrayList<Running<W>>();
    bySubject.computeIfPresent(
        subject,
        (_, all) -> {
          all.values().removeIf(one -> dead.test(one) && taken.add(one));
          return all.isEmpty() ? null : all;
        });
    return taken;
  }

  /// Those of whom any are known.
  List<String> subjects() {
    return List.copyOf(bySubject.keySet());
  }

  /// Drops those that nobody can ask for any more.
  void tick() {
    var now = clock.instant();
    subjects().forEach(subject -> taken(subject, one -> one.task().forgetAfter().isBefore(now)));
  }
}
