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

/// What the console shows and by what it acts.
///
/// @param duties who does what
/// @param broker through whom people sign in
/// @param organisation whose people are shown
/// @param liveness whether a sign-in at the broker still counts
/// @param clients the clients of the broker
/// @param library what is in force
/// @param offer what clients are told of
/// @param audit with everything that is concealed revealed
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

  /// What tells why something was refused.
  public Diagnostics diagnostics() {
    return new Diagnostics(audit);
  }

  /// Somebody, as others know them; their id, if nobody knows them any more.
  public String who(String id) {
    return directory.person(new PersonId(id)).map(Parts::who).orElse(id);
  }

  /// Somebody, as others know them.
  public static String who(Person person) {
    return person.displayName() + " (" + person.userName() + ")";
  }

  /// Records what somebody does, in the transaction of it.
  ///
  /// @param whom about whom, if it is about somebody
  public void record(
      Connection connection, Actor by, String event, Optional<Person> whom, JsonObject evidence)
      throws SQLException {
    var findings = by.findings(evidence);
    platform
        .journal()
        .allowed(
            connection,
            by.subject(event),
            whom.map(one -> findings.about(one.organisation(), one.id().value())).orElse(findings));
  }
}
