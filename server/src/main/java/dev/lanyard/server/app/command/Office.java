package dev.lanyard.server.app.command;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.Enforcement;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// What commands that change people work with, beside a server that may be running on the same
/// record.
///
/// @param correlationId of everything that is done here
public record Office(
    Configuration configuration,
    Database database,
    Directory directory,
    PasswordStore passwords,
    Enforcement enforcement,
    InstantSource clock,
    String correlationId)
    implements AutoCloseable {

  /// Names one command in the audit record, so that `lanyard audit --request` shows what exactly it
  /// has done.
  public static String newCorrelationId() {
    return "command-" + OpaqueToken.identifier();
  }

  public static Office open(Configuration configuration, InstantSource clock) {
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
              clock),
          clock,
          newCorrelationId());
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public Revocation revocation() {
    return enforcement.revocation();
  }

  public Reconciliation reconciliation() {
    return enforcement.reconciliation();
  }

  /// Tells the kill pipeline what an administrator has done at this command line.
  public Reaction report(Subject subject, Happening what, String reason) {
    return revocation().report(operator(), subject, what, reason, correlationId);
  }

  /// Puts a person into these groups, and takes what only the former ones gave.
  ///
  /// @return empty if the person is in them already
  public Optional<Reaction> say(Person person, Set<String> groups, String reason) {
    var said = new GroupChanges.Statement(operator(), groups, Optional.empty(), reason);
    return new GroupChanges(database, directory, revocation(), clock)
        .say(person, said, correlationId);
  }

  /// Whoever sits at this command line.
  public static Source operator() {
    return Source.of(Source.Kind.ADMIN, System.getProperty("user.name", "unknown"));
  }

  @Override
  public void close() {
    database.close();
  }
}
