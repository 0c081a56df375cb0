package dev.lanyard.server.console.governance;

import dev.lanyard.server.governance.forecast.Outlook;
import dev.lanyard.server.governance.forecast.Score;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the page of forecasts shows, worked out.
///
/// @param at of when the coverage map is that it rests on
record Expected(Instant at, Outlook outlook, List<Score> scores) {
  Expected {
    scores = List.copyOf(scores);
  }

  /// What is asked.
  ///
  /// @param by whose forecasts alone count, if not everybody's
  /// @param said how many statements and launches there were: with each the answer is another one
  record Asked(int quarters, Optional<String> by, int said) {}
}
