package dev.lanyard.server.app;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.time.InstantSource;

/// What commands that change people work with, beside a server that may be running on the same
/// record.
record Office(
    Configuration configuration,
    Database database,
    Directory directory,
    PasswordStore passwords,
    Enforcement enforcement)
    implements AutoCloseable {

  static Office open(Configuration configuration, InstantSource clock) {
    var database = Database.open(configuration.database(), clock);
    try {
      var directory = Directory.open(database, clock);
      return new Office(
          configuration,
          database,
          directory,
          PasswordStore.open(database, clock),
          Enforcement.of(
              configuration,
              database,
              directory,
              Enforcement.lazily(() -> LibraryDesk.read(database, configuration)),
              clock));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  Revocation revocation() {
    return enforcement.revocation();
  }

  Reconciliation reconciliation() {
    return enforcement.reconciliation();
  }

  /// Tells the kill pipeline what an administrator has done at this command line.
  Reaction report(Subject subject, Happening what, String reason) {
    var operator = System.getProperty("user.name", "unknown");
    return revocation()
        .report(Source.of(Source.Kind.ADMIN, operator), subject, what, reason, "command-line");
  }

  Person find(String named) {
    return People.find(directory, configuration, named);
  }

  @Override
  public void close() {
    database.close();
  }
}
