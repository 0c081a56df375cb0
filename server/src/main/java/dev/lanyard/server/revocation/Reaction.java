package dev.lanyard.server.revocation;

import dev.lanyard.server.directory.PersonId;
import java.time.Instant;
import java.util.Optional;

/// What became of a [Signal].
public sealed interface Reaction {

  /// It has its effect: durable, in force on this node, on its way to all others.
  ///
  /// @param incident names it in the record, for receipts
  /// @param at from when on the next call is refused here
  /// @param person about whom it was, if about somebody
  record Done(String incident, Instant at, Optional<PersonId> person) implements Reaction {}

  /// The same signal came before; nothing was done again.
  ///
  /// @param incident of the first time
  record AlreadyKnown(String incident) implements Reaction {}

  /// Something newer has happened to the person since; nothing was switched (DPR-3).
  ///
  /// @param newest when that was
  record Outdated(String incident, Instant newest) implements Reaction {}

  /// The source means nobody and nothing that is known here, or nobody it may speak about.
  record NotFound() implements Reaction {}

  /// It could mean several; nobody was touched, and an administrator is told (DPR-4).
  ///
  /// @param matches how many
  record Ambiguous(int matches) implements Reaction {}

  /// There was nothing to do; it is in the audit record.
  record Recorded(String incident) implements Reaction {}
}
