package dev.lanyard.server.governance.value;

import java.util.Optional;

/// What an organisation assumes about the work that is saved; without it no time is told.
///
/// @param ticket what handling one access request takes
/// @param consent what one consent screen takes
public record Assumptions(Optional<Minutes> ticket, Optional<Minutes> consent) {
  /// Nothing is assumed.
  public static final Assumptions NONE = new Assumptions(Optional.empty(), Optional.empty());

  /// @param source who says so
  public record Minutes(int minutes, String source) {
    /// @throws IllegalArgumentException if there is no source: a figure without one is none
    public Minutes {
      if (minutes < 1 || minutes > 10_000) {
        throw new IllegalArgumentException("minutes is 1 to 10000");
      }
      if (source.isBlank()) {
        throw new IllegalArgumentException("an assumption needs its source");
      }
    }
  }
}
