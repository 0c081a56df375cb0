package dev.lanyard.server.gateway;

import dev.lanyard.server.http.Rate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// How much one person may take at one connector. Thread-safe.
final class CallLimits {
  private final int atOnce;
  private final Rate<String> requests;
  private final Rate<OfTool> calls;
  private final ConcurrentHashMap<String, Integer> underWay = new ConcurrentHashMap<>();

  CallLimits(GatewayLimits limits, InstantSource clock) {
    this.atOnce = limits.atOnce();
    this.requests = new Rate<>(limits.callsPerMinute(), clock);
    this.calls = new Rate<>(limits.callsOfOneToolPerMinute(), clock);
  }

  private record OfTool(String subject, String tool) {}

  /// Whether one more request is not too many in this minute.
  boolean admitsRequest(Caller caller) {
    return requests.admits(caller.subject());
  }

  /// Whether one more call of a tool is not too many in this minute.
  boolean admitsCall(Caller caller, Thing thing) {
    return calls.admits(new OfTool(caller.subject(), thing.key()));
  }

  /// A place among those that may be under way at once; empty if there is none left.
  Optional<Place> place(Caller caller) {
    var place = new Place(caller.subject());
    int now =
        underWay.compute(
            caller.subject(), (_, before) -> before == null ? 1 : Math.min(before + 1, atOnce + 1));
    if (now > atOnce) {
      place.leave();
      return Optional.empty();
    }
    return Optional.of(place);
  }

  /// A request that is under way.
  final class Place {
    private final String subject;
    private final AtomicBoolean left = new AtomicBoolean();

    private Place(String subject) {
      this.subject = subject;
    }

    /// It has ended; may be said more than once.
    void leave() {
      if (left.compareAndSet(false, true)) {
        underWay.computeIfPresent(subject, (_, now) -> now == 1 ? null : now - 1);
      }
    }
  }
}
