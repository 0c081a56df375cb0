package dev.lanyard.server.console;

import dev.lanyard.server.directory.Person;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// What motions of one kind are about, and how they are done.
interface Matter {
  /// What is asked for, in a few words.
  String title(Motion motion);

  /// Where what it is about is shown.
  Message.Way way(Motion motion);

  /// Whom it is about, if it is somebody: they do not agree to it, and the record names them.
  Optional<Person> person(Motion motion);

  /// Does it, in one transaction with the claim on it.
  ///
  /// @return why it cannot be done; empty if it was
  Optional<String> carryOut(Motion motion, Visit visit, Claim claim);

  /// Takes a motion, so that nobody else can, and records it.
  interface Claim {
    /// @return whether it was open still; nothing is written if not
    boolean take(Connection connection) throws SQLException;
  }
}
