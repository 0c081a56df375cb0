package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Calls to one provider, so that a slow or dead one costs its own people a moment and nobody else
/// anything: few wait for it at a time, and after some in a row have waited in vain nobody is made
/// to wait for a while. Thread-safe.
///
/// What fails at once does not count. It costs nobody a wait, and a stranger can bring it about: a
/// made-up code may be answered with an error, or by a firewall that closes the connection.
final class Circuit {
  private static final int MOST_AT_ONCE = 32;
  private static final int FAILURES = 5;
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /// Nobody minds waiting for less.
  private static final Duration MOMENT = Duration.ofSeconds(1);

  /// How long somebody waits for others, so that many who come together all get through.
  private static final Duration TURN = Duration.ofSeconds(3);

  private final EgressClient egress;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);
  private int failures;
  private Instant closedUntil = Instant.MIN;

  Circuit(EgressClient egress, InstantSource clock) {
    this.egress = egress;
    this.clock = clock;
  }

  /// Sends a request, or says why not: at once if nobody is made to wait now, else when its turn
  /// does not come.
  EgressResult send(EgressRequest request) {
    if (!hasTurn()) {
      return new EgressResult.Failed(MOST_AT_ONCE + " calls are waiting for it already");
    }
    try {
      if (!mayTry()) {
        return new EgressResult.Failed(
            "has not answered in time "
                + FAILURES
                + " times in a row; asked again in a few seconds");
      }
      var begun = clock.instant();
      var result = egress.send(request);
      note(result, begun);
      return result;
    } finally {
      places.release();
    }
  }

  private boolean hasTurn() {
    try {
      return places.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// After a pause one may try; if that fails, the pause begins again.
  private synchronized boolean mayTry() {
    var now = clock.instant();
    if (now.isBefore(closedUntil)) {
      return false;
    }
    if (failures >= FAILURES) {
      closedUntil = now.plus(PAUSE);
    }
    return true;
  }

  private synchronized void note(EgressResult result, Instant begun) {
    var now = clock.instant();
    boolean inVain = !(result instanceof EgressResult.Answered one && one.status() < 500);
    if (!inVain || now.isBefore(begun.plus(MOMENT))) {
      failures = 0;
      closedUntil = Instant.MIN;
    } else if (++failures >= FAILURES) {
      closedUntil = now.plus(PAUSE);
    }
  }
}
