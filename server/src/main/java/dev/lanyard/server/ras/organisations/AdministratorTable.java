package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// The table of the administrators who come back by signing in, in one transaction of the caller's.
public final class AdministratorTable {
  private final Statements statements;

  AdministratorTable(Statements statements) {
    this.statements = statements;
  }

  /// By which way somebody comes back, if anybody does.
  public Optional<SignInWay> way(String id) throws SQLException {
    return statements.first(
        "SELECT organisation, issuer, client_id FROM organisation_administrator WHERE way = ?"
            + " ORDER BY named_at DESC",
        rows ->
            new SignInWay(
                rows.getString(1), new Issuer(rows.getString(2)), new ClientId(rows.getString(3))),
        id);
  }

  /// How many come back by a way.
  public int count(String id) throws SQLException {
    return statements
        .first(
            "SELECT COUNT(*) FROM organisation_administrator WHERE way = ?",
            rows -> rows.getInt(1),
            id)
        .orElse(0);
  }

  /// Lets somebody come back.
  ///
  /// @param most how many may, by one way
  /// @return whether there was room
  public boolean name(SignInWay way, String subject, int most, Instant now) throws SQLException {
    if (!isNamed(way, subject) && count(way.id()) >= most) {
      return false;
    }
    statements.update(
        """
        INSERT INTO organisation_administrator
          (way, subject, organisation, issuer, client_id, named_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (way, subject) DO UPDATE SET client_id = excluded.client_id,
          named_at = excluded.named_at
        """,
        way.id(),
        subject,
        way.organisation(),
        way.issuer().value(),
        way.client().value(),
        now);
    return true;
  }

  public boolean isNamed(SignInWay way, String subject) throws SQLException {
    return statements.finds(
        "SELECT 1 FROM organisation_administrator WHERE way = ? AND subject = ?",
        way.id(),
        subject);
  }

  /// Our own id of whoever an issuer means by a subject, if they are known as a user here, too.
  public Optional<String> person(SignInWay way, String subject) throws SQLException {
    return statements.first(
        "SELECT person FROM person_link WHERE organisation = ? AND issuer = ? AND subject = ?",
        rows -> rows.getString(1),
        way.organisation(),
        way.issuer().value(),
        subject);
  }

  /// Whether whoever an issuer means by a subject was a user here and is not any more: switched
  /// off, or gone. Nobody switches them off until the transaction has ended.
  public boolean isOff(SignInWay way, String subject) throws SQLException {
    var person = person(way, subject);
    return person.isPresent()
        && statements
            .held(
                "SELECT id FROM person WHERE id = ? AND active = 1",
                rows -> rows.getString(1),
                person.get())
            .isEmpty();
  }

  /// Lets nobody come back through an issuer.
  public void forget(String organisation, Issuer issuer) throws SQLException {
    statements.update(
        "DELETE FROM organisation_administrator WHERE way = ?", SignInWay.id(organisation, issuer));
  }

  /// Lets nobody come back at all.
  void forgetAll(String organisation) throws SQLException {
    statements.update(
        "DELETE FROM organisation_administrator WHERE organisation = ?", organisation);
  }
}
