package dev.lanyard.suite;

/// How much a requirement binds.
public enum Level {
  /// Who fails it does not conform.
  MUST,
  /// There may be reasons not to; they should be good ones.
  SHOULD,
  /// Worth knowing.
  MAY
}
