package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// The table of refused keys that outlive a claim of their issuer, in one transaction of the
/// caller's: those of the operator, and those that an organisation had refused when its issuer was
/// removed.
public final class RefusedKeyTable {
  /// How many an organisation leaves behind, besides those of the last issuer: the newest.
  private static final int MOST_LEFT = 1_000;

  private static final String OPERATOR = "";

  private final Statements statements;

  RefusedKeyTable(Statements statements) {
    this.statements = statements;
  }

  /// The keys of an issuer that the operator has refused, for every organisation.
  public Set<String> ofOperator(Issuer issuer) throws SQLException {
    return of(OPERATOR, issuer);
  }

  /// The operator refuses keys of an issuer.
  public void refuse(Issuer issuer, Collection<String> keys, Instant now) throws SQLException {
    put(OPERATOR, issuer, keys, now);
  }

  /// The operator lets keys count again.
  public void let(Issuer issuer, Collection<String> keys) throws SQLException {
    for (var key : keys) {
      statements.update(
          """
          DELETE FROM organisation_refused_key
          WHERE issuer = ? AND organisation = ? AND refused = ?
          """,
          issuer.value(),
          OPERATOR,
          key);
    }
  }

  /// Takes what an organisation had refused when the issuer was removed: from now on its rules have
  /// it.
  public Set<String> takeLeft(String organisation, Issuer issuer) throws SQLException {
    var left = of(organisation, issuer);
    statements.update(
        "DELETE FROM organisation_refused_key WHERE issuer = ? AND organisation = ?",
        issuer.value(),
        organisation);
    return left;
  }

  /// Remembers what an organisation had refused of an issuer that is removed.
  void leave(String organisation, Issuer issuer, Collection<String> keys, Instant now)
      throws SQLException {
    statements.update(
        """
        DELETE FROM organisation_refused_key WHERE organisation = ? AND refused_at <
          (SELECT MIN(refused_at) FROM
            (SELECT refused_at FROM organisation_refused_key WHERE organisation = ?
             ORDER BY refused_at DESC LIMIT ?) newest)
        """,
        organisation,
        organisation,
        MOST_LEFT);
    put(organisation, issuer, keys, now);
  }

  /// Forgets what an organisation has left behind; what the operator has refused stays.
  public void forget(String organisation) throws SQLException {
    statements.update("DELETE FROM organisation_refused_key WHERE organisation = ?", organisation);
  }

  private void put(String owner, Issuer issuer, Collection<String> keys, Instant now)
      throws SQLException {
    for (var key : keys) {
      statements.update(
          """
          INSERT INTO organisation_refused_key (issuer, organisation, refused, refused_at)
          VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
          """,
          issuer.value(),
          owner,
          key,
          now);
    }
  }

  private Set<String> of(String owner, Issuer issuer) throws SQLException {
    return new HashSet<>(
        statements.list(
            "SELECT refused FROM organisation_refused_key WHERE issuer = ? AND organisation = ?",
            rows -> rows.getString(1),
            issuer.value(),
            owner));
  }
}
