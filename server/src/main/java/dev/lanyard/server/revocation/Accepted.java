package dev.lanyard.server.revocation;

import java.util.List;

/// Signals that were accepted in a transaction of the caller's. Once that is committed, this node
/// enforces them as soon as [#enforce] is called, and a moment later in any case.
public final class Accepted {
  private final List<Reaction> reactions;
  private final Runnable enforcement;

  Accepted(List<Reaction> reactions, Runnable enforcement) {
    this.reactions = List.copyOf(reactions);
    this.enforcement = enforcement;
  }

  /// What became of each signal, in the order they were given.
  public List<Reaction> reactions() {
    return reactions;
  }

  /// Puts in force on this node what was committed, and returns when it is. To be called after the
  /// commit and never without one.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if this node cannot follow the record:
  ///   then it will refuse everybody until it can
  public void enforce() {
    enforcement.run();
  }
}
