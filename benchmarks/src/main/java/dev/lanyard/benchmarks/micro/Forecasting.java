package dev.lanyard.benchmarks.micro;

import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.forecast.Candidate;
import dev.lanyard.server.governance.forecast.Chances;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Outlook;
import dev.lanyard.server.governance.forecast.Probability;
import dev.lanyard.server.governance.forecast.Reality;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The exact distribution of the coverage at the end of a quarter, by connectors and by seats: a
/// thousand connectors that may all be there or not.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Forecasting {
  private static final int CONNECTORS = 1_000;
  private static final Quarter NOW = new Quarter(2027, 1);

  /// Seats of the largest connector; half of it on average.
  @Param({"200", "1000", "100000"})
  public int largest;

  private final List<Candidate> candidates = new ArrayList<>();
  private final Map<String, Forecast> standing = new HashMap<>();

  /// Makes the connectors.
  @Setup
  public void connectors() {
    var random = new Random(7);
    for (int i = 0; i < CONNECTORS; i++) {
      var id = "connector-" + i;
      candidates.add(
          new Candidate(
              id,
              random.nextInt(largest),
              new Reality.NotYet(LocalDate.of(2026, 11, 1), "probed")));
      var chance = Probability.parse("0." + (1 + random.nextInt(8)));
      standing.put(
          id,
          new Forecast(
              id,
              new Chances(new TreeMap<>(Map.of(NOW, chance))),
              "ana",
              "reason",
              "evidence",
              Instant.EPOCH));
    }
  }

  /// One quarter.
  @Benchmark
  public Outlook quarter() {
    return Outlook.of(candidates, standing, NOW.following(1));
  }
}
