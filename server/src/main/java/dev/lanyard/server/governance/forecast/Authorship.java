package dev.lanyard.server.governance.forecast;

/// How it is known whose forecast something is.
public sealed interface Authorship {
  /// The forecaster has signed it.
  record Signed(String statement) implements Authorship {}

  /// Somebody who wrote into the record has put this name to it, and nobody has a key under it.
  record Unsigned() implements Authorship {}

  /// It does not count: the name is somebody's who signs, and this they have not signed.
  record Refused(String why) implements Authorship {}
}
