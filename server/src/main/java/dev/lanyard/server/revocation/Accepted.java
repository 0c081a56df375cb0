package dev.lanyard.server.revocation;

import java.util.List;
import java.util.function.Supplier;

/// Signals that were accepted in a transaction of the caller's. Once that is committed, this node
/// enforces them as soon as [#enforce] is called, and a moment later in any case.
public final class Accepted {
  private final List<Reaction> reactions;
  private final Supplier<List<String>> enforcement;

  Accepted(List<Reaction> reactions, Supplier<List<String>> enforcement) {
    this.reactions = List.copyOf(reactions);
    this.enforcement = enforcement;
  }

  /// The same, with something to do once it is enforced.
  Accepted andThen(Runnable more) {
    return new Accepted(
        reactions,
        () -> {
          var lost = enforcement.get();
          more.run();
          return lost;
        });
  }

  /// What became of each signal, in the order they were given.
  public List<Reaction> reactions() {
    return reactions;
  }

  /// Puts in force on this node what was committed, and returns when it is. To be called after the
  /// commit and never without one.
  ///
  /// @return the grants that were revoked because policy would not give them any more
  /// @throws dev.lanyard.server.database.DatabaseException if this node cannot follow the record:
  ///   then it will refuse everybody until it can
  public List<String> enforce() {
    return enforcement.get();
  }
}
