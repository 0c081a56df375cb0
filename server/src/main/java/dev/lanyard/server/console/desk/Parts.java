package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Duties;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.diagnosis.Diagnostics;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.setup.Offer;
import dev.lanyard.server.token.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/// What every desk and page works with.
///
/// @param duties who does what
/// @param broker through whom people sign in
/// @param organisation whose people may sign in, and whom the role library means
/// @param liveness whether a sign-in at the broker still counts
/// @param clients the clients of the broker
/// @param library the role library in force
/// @param offer which connectors clients are told about
/// @param audit the audit record, with concealed values revealed
/// @param passwords of people who are kept here; empty if nobody signs in with one
public record Parts(
    Duties duties,
    Issuer broker,
    String organisation,
    Platform platform,
    Liveness liveness,
    Directory directory,
    Revocation revocation,
    ClientRegistry clients,
    Supplier<Library> library,
    Offer offer,
    AuditLog audit,
    Optional<PasswordStore> passwords) {

  /// Whether somebody is of the organisation.
  public boolean isOurs(Person person) {
    return person.organisation().equals(organisation);
  }

  /// Whether nobody but this installation has a say about somebody.
  boolean isKeptHere(Person person) {
    return directory.isKeptHere(person.id(), broker);
  }

  /// Explains why something was refused.
  public Diagnostics diagnostics() {
    return new Diagnostics(audit);
  }

  /// The name and user name of a person; their id if they are gone.
  public String who(String id) {
    return directory.person(new PersonId(id)).map(Parts::who).orElse(id);
  }

  /// The name and user name of a person.
  public static String who(Person person) {
    return person.displayName() + " (" + person.userName() + ")";
  }

  /// Records what somebody does, in the transaction that does it.
  ///
  /// @param whom the person whom it is about, if any
  public void record(
      Connection connection, Actor by, String event, Optional<Person> whom, JsonObject evidence)
      throws SQLException {
    var findings = by.findings(evidence);
    platform.journal().allowed(connection, by.subject(event), findings.about(whom));
  }
}
