package dev.lanyard.server.app;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Revocation;
import java.time.InstantSource;

/// What commands that change people work with, beside a server that may be running on the same
/// record.
record Office(
    Configuration configuration,
    Database database,
    Directory directory,
    PasswordStore passwords,
    Revocation revocation)
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
          Lanyard.revocation(configuration, database, directory, clock));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  Person find(String named) {
    return People.find(directory, configuration, named);
  }

  @Override
  public void close() {
    database.close();
  }
}
