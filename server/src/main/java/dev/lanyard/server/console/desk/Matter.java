package dev.lanyard.server.console.desk;

import dev.lanyard.server.directory.Person;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// One kind of motion: what it is about, and how it is carried out.
interface Matter {
  Motion.Kind kind();

  /// What is asked for, in a few words.
  String title(Motion motion);

  /// The person whom it is about, if any. They cannot agree to it, and the record names them.
  Optional<Person> person(Motion motion);

  /// Carries it out, in one transaction with the claim on it.
  ///
  /// @param by whoever has agreed
  Carried carryOut(Motion motion, Actor by, Claim claim);

  /// Takes a motion, so that nobody else can, and records it.
  interface Claim {
    /// @return whether it was open still; nothing is written if not
    boolean take(Connection connection) throws SQLException;
  }

  /// What became of carrying it out.
  sealed interface Carried {
    /// @param told what only whoever agreed is told, and only once
    record Done(Optional<Told> told) implements Carried {}

    /// Nothing was done.
    ///
    /// @param why half a sentence
    record Not(String why) implements Carried {}

    /// It is done, and there is nothing to be told.
    static Carried done() {
      return new Done(Optional.empty());
    }
  }
}
