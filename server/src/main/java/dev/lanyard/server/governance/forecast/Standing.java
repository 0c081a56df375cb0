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

  /// Of each connector the newest statement, whoever made it.
  ///
  /// @param forecaster only theirs, if given
  public static Map<String, Forecast> now(List<Forecast> all, Optional<String> forecaster) {
    return last(all, one -> forecaster.isEmpty() || forecaster.get().equals(one.forecaster()));
  }

  /// Of each connector what a forecaster had said last before an instant.
  static Map<String, Forecast> before(List<Forecast> all, String forecaster, Instant at) {
    return last(all, one -> one.forecaster().equals(forecaster) && one.at().isBefore(at));
  }

  private static Map<String, Forecast> last(List<Forecast> all, Predicate<Forecast> which) {
    var last = new HashMap<String, Forecast>();
    all.stream().filter(which).forEach(one -> last.put(one.connector(), one));
    return Map.copyOf(last);
  }
}
