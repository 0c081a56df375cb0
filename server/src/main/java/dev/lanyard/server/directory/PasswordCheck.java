package dev.lanyard.server.directory;

/// What came of checking a password.
public enum PasswordCheck {
  /// It is the person's.
  CORRECT,
  /// It is not, or there is no such person, or the person has none.
  WRONG,
  /// Too many are being checked: nothing was checked, and the same attempt may succeed later.
  BUSY
}
