package dev.lanyard.server.gateway.stream;

import dev.lanyard.protocol.json.MalformedException;

/// What becomes of a text with one or more messages.
public sealed interface Ruling {
  /// It is passed on as it is.
  record Passes() implements Ruling {}

  /// This is passed on in its place.
  record Replaced(byte[] text) implements Ruling {}

  /// It is not passed on, and that is recorded.
  record Stray() implements Ruling {}

  /// That is not known without waiting.
  record Pending(Later later) implements Ruling {}

  /// What has to be done where one may wait.
  @FunctionalInterface
  interface Later {
    /// Never pending.
    ///
    /// @throws MalformedException if a list has something that cannot be judged
    /// @throws java.io.UncheckedIOException if the record does not answer
    Ruling now() throws MalformedException;
  }
}
