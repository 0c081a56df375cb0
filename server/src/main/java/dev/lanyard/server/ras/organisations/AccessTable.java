package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The secrets that let administrators of organisations in, as hashes, in one transaction of the
/// caller's.
public final class AccessTable {
  /// How long a cookie lets in.
  public static final Duration VISIT = Duration.ofHours(1);

  private static final String VISITED =
      """
      SELECT organisation, person, expires_at FROM organisation_access
      WHERE hash = ? AND kind = ? AND expires_at > ? AND (person IS NULL
        OR EXISTS (SELECT 1 FROM person WHERE id = organisation_access.person AND active = 1))
      """;

  private final Connection connection;
  private final Statements statements;

  AccessTable(Connection connection) {
    this.connection = connection;
    this.statements = new Statements(connection);
  }

  /// What a secret is.
  public enum Kind {
    /// Exchanged once for a cookie.
    CODE,
    /// Held by a browser.
    COOKIE,
    /// A code that was exchanged.
    USED,
    /// A code that was taken back.
    WITHDRAWN;

    private String value() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Kind of(String value) {
      return valueOf(value.toUpperCase(Locale.ROOT));
    }
  }

  /// Lets whoever brings this code in once, until then.
  public void invite(String organisation, Secret code, Instant until) throws SQLException {
    admit(organisation, Kind.CODE, code, until, Optional.empty());
  }

  /// Lets a browser in from now on, for [#VISIT].
  ///
  /// @param person our own id of whoever it is, if they are known as a user here
  public void visit(String organisation, Secret cookie, Instant now, Optional<String> person)
      throws SQLException {
    admit(organisation, Kind.COOKIE, cookie, now.plus(VISIT), person);
  }

  private void admit(
      String organisation, Kind kind, Secret secret, Instant until, Optional<String> person)
      throws SQLException {
    statements.update(
        "INSERT INTO organisation_access (hash, kind, organisation, expires_at, person) VALUES (?,"
            + " ?, ?, ?, ?)",
        OpaqueToken.hash(secret),
        kind.value(),
        organisation,
        until,
        person);
  }

  /// Notes who it is that visits: from now on what ends this person ends the visit.
  public void recognise(Secret cookie, String person) throws SQLException {
    statements.update(
        "UPDATE organisation_access SET person = ? WHERE hash = ? AND kind = ?",
        person,
        OpaqueToken.hash(cookie),
        Kind.COOKIE.value());
  }

  /// Whose code it is, if it still lets in.
  public Optional<String> invited(Secret code, Instant now) throws SQLException {
    return statements.first(
        "SELECT organisation FROM organisation_access"
            + " WHERE hash = ? AND kind = ? AND expires_at > ?",
        rows -> rows.getString(1),
        OpaqueToken.hash(code),
        Kind.CODE.value(),
        now);
  }

  private record Visit(String organisation, Optional<String> person, Instant begunAt) {}

  /// Whose page a browser with this cookie sees, if it still lets in. Who is known as a user here
  /// visits as long as nothing has ended what they have had since then.
  public Optional<String> visited(Secret cookie, Instant now) throws SQLException {
    var found =
        statements.first(
            VISITED,
            rows ->
                new Visit(
                    rows.getString(1),
                    Optional.ofNullable(rows.getString(2)),
                    Instant.ofEpochMilli(rows.getLong(3)).minus(VISIT)),
            OpaqueToken.hash(cookie),
            Kind.COOKIE.value(),
            now);
    return found.isPresent() && isOver(found.get())
        ? Optional.empty()
        : found.map(Visit::organisation);
  }

  private boolean isOver(Visit visit) throws SQLException {
    var person = visit.person();
    return person.isPresent()
        && DenySet.isOver(
            connection,
            visit.begunAt(),
            List.of(Denied.person(person.get()), Denied.signIn(person.get())));
  }

  /// Takes a cookie back.
  ///
  /// @return whether it was there
  public boolean withdraw(Secret cookie) throws SQLException {
    return statements.update(
            "DELETE FROM organisation_access WHERE hash = ? AND kind = ?",
            OpaqueToken.hash(cookie),
            Kind.COOKIE.value())
        > 0;
  }

  /// Ends a code. Until its time is over it stays known for what it was.
  ///
  /// @return whether it has let in until now: of several who use it at once, one has it
  public boolean use(Secret code) throws SQLException {
    return statements.update(
            "UPDATE organisation_access SET kind = ? WHERE hash = ? AND kind = ?",
            Kind.USED.value(),
            OpaqueToken.hash(code),
            Kind.CODE.value())
        > 0;
  }

  /// Ends everything that lets anybody in. Codes stay known for what they were.
  void endAll(String organisation) throws SQLException {
    statements.update(
        "DELETE FROM organisation_access WHERE organisation = ? AND kind = ?",
        organisation,
        Kind.COOKIE.value());
    statements.update(
        "UPDATE organisation_access SET kind = ? WHERE organisation = ? AND kind = ?",
        Kind.WITHDRAWN.value(),
        organisation,
        Kind.CODE.value());
  }

  /// The same of every organisation.
  void endAll() throws SQLException {
    statements.update("DELETE FROM organisation_access WHERE kind = ?", Kind.COOKIE.value());
    statements.update(
        "UPDATE organisation_access SET kind = ? WHERE kind = ?",
        Kind.WITHDRAWN.value(),
        Kind.CODE.value());
  }

  /// A code that has let in, or could have.
  ///
  /// @param kind [Kind#CODE] if only its time is over
  public record FormerCode(String organisation, Kind kind) {}

  /// What a code was; empty if it was none, or that has been forgotten.
  public Optional<FormerCode> formerCode(Secret code) throws SQLException {
    return statements.first(
        "SELECT organisation, kind FROM organisation_access WHERE hash = ? AND kind <> ?",
        AccessTable::former,
        OpaqueToken.hash(code),
        Kind.COOKIE.value());
  }

  private static FormerCode former(ResultSet row) throws SQLException {
    return new FormerCode(row.getString(1), Kind.of(row.getString(2)));
  }
}
