package dev.lanyard.server.revocation;

import dev.lanyard.server.directory.PersonId;
import java.util.List;
import java.util.Set;

/// Signals that were accepted in a transaction of the caller's. Once that is committed, this node
/// enforces them as soon as [#enforce] is called, and a moment later in any case.
public final class Accepted {
  private final List<Reaction> reactions;
  private final Set<PersonId> announced;
  private final Runnable enforcement;

  Accepted(List<Reaction> reactions, Set<PersonId> announced, Runnable enforcement) {
    this.reactions = List.copyOf(reactions);
    this.announced = Set.copyOf(announced);
    this.enforcement = enforcement;
  }

  /// The same, with something to do once it is enforced.
  Accepted andThen(Runnable more) {
    return new Accepted(
        reactions,
        announced,
        () -> {
          enforcement.run();
          more.run();
        });
  }

  /// What became of each signal, in the order they were given.
  public List<Reaction> reactions() {
    return reactions;
  }

  /// Whom every node looks at again because of them, once the transaction is committed: whatever
  /// else it changes about these people needs no announcement of its own. Who is only switched off
  /// is not among them.
  public Set<PersonId> announced() {
    return announced;
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
