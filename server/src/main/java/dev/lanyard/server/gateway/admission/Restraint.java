package dev.lanyard.server.gateway.admission;

import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.http.Rate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How many records somebody may cause who can cause them as often as they like: a caller by
/// requests that are refused for their form, a server by answers that cannot be passed on. What is
/// beyond is counted, and how many that were is in the next record of the same sort. Each node
/// counts for itself. Thread-safe.
public final class Restraint {
  /// For each sort of event, of each caller or server at each connector.
  public static final int A_MINUTE = 20;

  private final Rate<Cause> rate;
  private final ConcurrentHashMap<Cause, Omitted> omitted = new ConcurrentHashMap<>();

  Restraint(InstantSource clock) {
    this.rate = new Rate<>(A_MINUTE, clock);
  }

  /// Who causes what.
  ///
  /// @param who the caller, or nobody if it is the server
  record Cause(String type, String connector, String who) {}

  /// What has left no record of its own.
  ///
  /// @param last of them
  record Omitted(CallRecord.Event last, Caller caller, Outcome outcome, int times) {}

  /// Whether one more may be recorded.
  ///
  /// @return how many before it were not; empty if this one is not either
  Optional<Integer> admits(Cause cause, CallRecord.Event event, Caller caller, Outcome outcome) {
    if (rate.admits(cause)) {
      var before = omitted.remove(cause);
      return Optional.of(before == null ? 0 : before.times());
    }
    omitted.merge(
        cause,
        new Omitted(event, caller, outcome, 1),
        (before, one) -> new Omitted(event, caller, outcome, before.times() + one.times()));
    return Optional.empty();
  }

  /// What has left no record, as far as it may now.
  List<Omitted> due() {
    var due = new ArrayList<Omitted>();
    for (var cause : omitted.keySet()) {
      if (rate.admits(cause)) {
        take(cause).ifPresent(due::add);
      }
    }
    return due;
  }

  /// Everything that has left no record.
  List<Omitted> rest() {
    return omitted.keySet().stream().flatMap(cause -> take(cause).stream()).toList();
  }

  private Optional<Omitted> take(Cause cause) {
    return Optional.ofNullable(omitted.remove(cause));
  }
}
