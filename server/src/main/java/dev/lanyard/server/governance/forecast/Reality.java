package dev.lanyard.server.governance.forecast;

import java.time.LocalDate;

/// What is known of a connector now.
public sealed interface Reality {
  /// It is there.
  ///
  /// @param on since when, as far as that is known to a day
  record There(LocalDate on, String evidence) implements Reality {}

  /// Somebody looked, and it was not.
  ///
  /// @param on when
  record NotYet(LocalDate on, String evidence) implements Reality {}

  /// Nobody has looked, or what was found contradicts itself.
  record Unknown(String reason) implements Reality {}
}
