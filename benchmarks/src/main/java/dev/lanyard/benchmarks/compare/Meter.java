package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;

/// Warms an operation and then measures it.
final class Meter {
  /// Long enough to sign a chunk's assertions ahead, short enough that they stay valid.
  private static final Duration CHUNK = Duration.ofSeconds(10);

  private static final double FIRST_GUESS = 2_000;
  private static final double HEADROOM = 1.6;
  private static final double NOISY = 0.10;
  private static final int TRIES = 3;

  private final Wrk wrk;
  private final Duration warmUp;
  private final Duration time;

  Meter(Wrk wrk, Duration warmUp, Duration time) {
    this.wrk = wrk;
    this.warmUp = warmUp;
    this.time = time;
  }

  /// Of up to three windows the one in which others disturbed least.
  Measurement measure(Load load, ProcessTree server, ProcessTree database) throws IOException {
    var rate = warm(load);
    var best = window(load, server, database, rate);
    for (int i = 1; i < TRIES && best.others() > NOISY; i++) {
      var next = window(load, server, database, best.perSecond());
      best = next.others() < best.others() ? next : best;
    }
    return best;
  }

  /// @return the rate of the last chunk, from which the need of bodies is known
  private double warm(Load load) throws IOException {
    var rate = FIRST_GUESS;
    var left = warmUp;
    while (left.isPositive()) {
      var chunk = left.compareTo(CHUNK) < 0 ? left : CHUNK;
      var summary = send(load, chunk, rate);
      // A run whose bodies ran out was faster than thought.
      rate = summary.exhausted() ? rate * 2 : summary.perSecond();
      left = left.minus(chunk);
    }
    return rate;
  }

  private Measurement window(Load load, ProcessTree server, ProcessTree database, double expected)
      throws IOException {
    for (var rate = expected; ; rate *= 2) {
      wrk.prepare(load, bodies(time, rate));
      var machine = Machine.now();
      var serverBefore = server.cpu();
      var databaseBefore = database.cpu();
      var summary = wrk.run(load, time);
      var serverCpu = server.cpu().minus(serverBefore);
      var databaseCpu = database.cpu().minus(databaseBefore);
      if (!summary.exhausted()) {
        var ours = serverCpu.plus(databaseCpu).plus(summary.cpu());
        return new Measurement(
            summary.perSecond(),
            summary.p50(),
            summary.p99(),
            perRequest(serverCpu, summary),
            perRequest(databaseCpu, summary),
            summary.refused(),
            summary.broken(),
            Machine.now().othersSince(machine, ours),
            server.peakResidentKib() / 1024);
      }
    }
  }

  private Wrk.Summary send(Load load, Duration chunk, double rate) throws IOException {
    wrk.prepare(load, bodies(chunk, rate));
    return wrk.run(load, chunk);
  }

  private static long bodies(Duration time, double rate) {
    return (long) (time.toSeconds() * rate * HEADROOM);
  }

  private static double perRequest(Duration cpu, Wrk.Summary summary) {
    return cpu.toMillis() / (double) Math.max(1, summary.requests());
  }
}
