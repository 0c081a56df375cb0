package dev.lanyard.suite;

/// What came of a check.
public sealed interface Outcome {
  /// The server did what it has to.
  ///
  /// @param found what it did, in short
  record Passed(String found) implements Outcome {}

  /// The server did something else.
  ///
  /// @param expected what it has to do
  /// @param found what it did
  record Failed(String expected, String found) implements Outcome {}

  /// The check says nothing about this server.
  ///
  /// @param reason why not
  record NotApplicable(String reason) implements Outcome {}

  /// Passed or failed by a condition.
  static Outcome of(boolean holds, String expected, String found) {
    return holds ? new Passed(found) : new Failed(expected, found);
  }
}
