package dev.lanyard.server.database;

import java.util.List;
import java.util.function.Consumer;

/// Keeps something in memory as the record has it. Called on the thread of the [ChangeFeed].
public interface Follower {
  /// Takes over everything anew at each change; for what is small.
  static Follower anew(Consumer<Reading> takeOver) {
    return new Follower() {
      @Override
      public void follow(List<Change> changes, Reading record) {
        takeOver.accept(record);
      }

      @Override
      public void reload(Reading record) {
        takeOver.accept(record);
      }
    };
  }

  /// Takes over changes, in their order, each at least once.
  ///
  /// @param record to be read where more has to be known. Never the pool's: whoever waits there for
  ///   a connection would wait behind all the requests that a kill is to overtake
  void follow(List<Change> changes, Reading record);

  /// Changes were missed and nobody has them any more: takes over everything anew.
  void reload(Reading record);
}
