package dev.lanyard.server.gateway;

import dev.lanyard.server.http.Rate;
import dev.lanyard.server.library.Tool;
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

  /// Whether so many more messages are not too many in this minute.
  boolean admitsMessages(Caller caller, int many) {
    return requests.admits(caller.subject(), many);
  }

  /// Whether one more call of a tool is not too many in this minute.
  ///
  /// @param tool of the library: of made-up ones there is no end
  boolean admitsCall(Caller caller, Tool tool) {
    return calls.admits(new OfTool(caller.subject(), tool.name()));
  }

  /// A place among those that may be under way at once; empty if there is none left.
  Optional<Place> place(Caller caller) {
    var place = new Place(caller.subject());
    return place.takes(1) ? Optional.of(place) : Optional.empty();
  }

  /// What is under way of one request: itself, or the requests of its batch.
  final class Place {
    private final String subject;
    private int taken;
    private boolean left;

    private Place(String subject) {
      this.subject = subject;
    }

    /// Takes so many more; false, and none is taken, if these are too many.
    synchronized boolean takes(int more) {
      if (left) {
        return false;
      }
      var granted = new AtomicBoolean();
      underWay.compute(
          subject,
          (_, before) -> {
            int now = before == null ? 0 : before;
            granted.set(more <= atOnce - now);
            int then = granted.get() ? now + more : now;
            return then == 0 ? null : then;
          });
      taken += granted.get() ? more : 0;
      return granted.get();
    }

    /// It has ended; may be said more than once.
    synchronized void leave() {
      if (!left && taken > 0) {
        underWay.computeIfPresent(subject, (_, now) -> now == taken ? null : now - taken);
      }
      left = true;
    }
  }
}
