package dev.lanyard.server.governance.forecast;

import java.util.List;

/// What became of an attempt to make forecasts.
public sealed interface Saying {
  /// All of them are in the record.
  record Kept(List<Forecast> forecasts) implements Saying {
    public Kept {
      forecasts = List.copyOf(forecasts);
    }
  }

  /// None of them is: one is under a name whose owner has not signed it.
  record Refused(String why) implements Saying {}
}
