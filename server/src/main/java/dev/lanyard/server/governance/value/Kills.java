package dev.lanyard.server.governance.value;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The kills of which there are receipts.
@FunctionalInterface
public interface Kills {
  /// @param from the first instant
  /// @param to the first instant after
  List<Kill> during(Instant from, Instant to);

  /// One kill, as its signed receipt has it.
  ///
  /// @param everywhere how long it took until every connector of ours refused; empty if nobody
  ///   knows that of one
  /// @param isTaken whether a connector took a token that must be dead
  /// @param isFinal whether everybody outside has answered
  /// @param residual by connector outside of our reach, what was left of it
  record Kill(
      Optional<Duration> everywhere,
      boolean isTaken,
      boolean isFinal,
      Map<String, Residual> residual) {
    public Kill {
      residual = Map.copyOf(residual);
    }
  }

  /// What was left at a connector after a kill.
  ///
  /// @param renewable how long its server could still get new tokens
  /// @param open how long those lived at most that it had issued, if somebody has said so
  record Residual(Duration renewable, Optional<Duration> open) {
    /// As long as we know.
    Duration known() {
      return open.orElse(renewable);
    }
  }
}
