package dev.lanyard.server.directory;

/// What came of giving a person a password.
public enum PasswordChange {
  SET,
  /// It has fewer than [PasswordStore#SHORTEST] characters.
  TOO_SHORT,
  /// It has more than [PasswordStore#LONGEST] characters.
  TOO_LONG,
  UNKNOWN_PERSON
}
