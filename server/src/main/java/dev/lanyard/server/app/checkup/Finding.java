package dev.lanyard.server.app.checkup;

/// What one check of `lanyard doctor` found.
///
/// @param level how bad it is
/// @param check what was looked at
/// @param detail what was found, and the remedy if it is bad
public record Finding(Level level, String check, String detail) {
  /// How bad a finding is.
  public enum Level {
    GOOD,
    NOTE,
    BAD
  }

  /// As it is printed.
  public String line() {
    var mark =
        switch (level) {
          case GOOD -> "ok   ";
          case NOTE -> "note ";
          case BAD -> "BAD  ";
        };
    return mark + check + ": " + detail;
  }

  public static Finding good(String check, String detail) {
    return new Finding(Level.GOOD, check, detail);
  }

  /// Something to know or to copy.
  public static Finding note(String check, String detail) {
    return new Finding(Level.NOTE, check, detail);
  }

  public static Finding bad(String check, String detail) {
    return new Finding(Level.BAD, check, detail);
  }
}
