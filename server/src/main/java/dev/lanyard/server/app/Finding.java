package dev.lanyard.server.app;

/// What one check of `lanyard doctor` found.
///
/// @param level how bad it is
/// @param check what was looked at
/// @param detail what was found, and the remedy if it is bad
record Finding(Level level, String check, String detail) {
  /// How bad a finding is.
  enum Level {
    GOOD,
    NOTE,
    BAD
  }

  /// As it is printed.
  String line() {
    var mark =
        switch (level) {
          case GOOD -> "ok   ";
          case NOTE -> "note ";
          case BAD -> "BAD  ";
        };
    return mark + check + ": " + detail;
  }

  static Finding good(String check, String detail) {
    return new Finding(Level.GOOD, check, detail);
  }

  /// Something to know or to copy.
  static Finding note(String check, String detail) {
    return new Finding(Level.NOTE, check, detail);
  }

  static Finding bad(String check, String detail) {
    return new Finding(Level.BAD, check, detail);
  }
}
