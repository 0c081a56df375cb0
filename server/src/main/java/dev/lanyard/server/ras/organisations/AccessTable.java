package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// The secrets that let administrators of organisations in, as hashes, in one transaction of the
/// caller's.
public final class AccessTable {
  private final Statements statements;

  AccessTable(Statements statements) {
    this.statements = statements;
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

  /// Lets whoever brings this secret in, until then.
  ///
  /// @param kind a code or a cookie
  public void admit(String organisation, Kind kind, Secret secret, Instant until)
      throws SQLException {
    statements.update(
        "INSERT INTO organisation_access (hash, kind, organisation, expires_at) VALUES (?, ?, ?,"
            + " ?)",
        OpaqueToken.hash(secret),
        kind.value(),
        organisation,
        until);
  }

  /// Whose secret it is, if it still lets in.
  public Optional<String> admitted(Kind kind, Secret secret, Instant now) throws SQLException {
    return statements.first(
        "SELECT organisation FROM organisation_access"
            + " WHERE hash = ? AND kind = ? AND expires_at > ?",
        rows -> rows.getString(1),
        OpaqueToken.hash(secret),
        kind.value(),
        now);
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
