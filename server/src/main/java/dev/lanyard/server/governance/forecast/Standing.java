package dev.lanyard.server.governance.forecast;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Which of all statements stand.
public final class Standing {
  private Standing() {}

  /// Of each connector the newest statement, whoever made it; what somebody has signed gives way to
  /// nothing that nobody has.
  ///
  /// @param forecaster only theirs, if given
  public static Map<String, Forecast> now(List<Forecast> all, Optional<String> forecaster) {
    return last(all, one -> forecaster.isEmpty() || forecaster.get().equals(one.forecaster()));
  }

  /// Of each connector what a forecaster had said last before an instant.
  ///
  /// @param theirs what they said, the oldest first
  static Map<String, Forecast> before(List<Forecast> theirs, Instant at) {
    return last(theirs, one -> one.at().isBefore(at));
  }

  private static Map<String, Forecast> last(List<Forecast> all, Predicate<Forecast> which) {
    var last = new HashMap<String, Forecast>();
    all.stream()
        .filter(Forecast::counts)
        .filter(which)
        .forEach(one ->
            last.merge(
                one.connector(),
                one,
                (before, now) -> before.isSigned() && !now.isSigned() ? before : now));
    return Map.copyOf(last);
  }
}
