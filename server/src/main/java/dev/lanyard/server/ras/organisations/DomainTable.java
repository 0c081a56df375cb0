package dev.lanyard.server.ras.organisations;

import dev.lanyard.server.database.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Which domains organisations say are their own, and which they have proved, in one transaction of
/// the caller's.
public final class DomainTable {
  private final Statements statements;

  DomainTable(Statements statements) {
    this.statements = statements;
  }

  /// Says that a domain is an organisation's, unless somebody has proved it or one that looks like
  /// it. Nothing is meant by that before it is proved. A claim that is there is as new again.
  ///
  /// @return whether it is said now
  public boolean claim(String organisation, DomainName domain, String challenge, Instant now)
      throws SQLException {
    var proved =
        statements.first(
            """
            SELECT organisation, domain FROM organisation_domain
            WHERE skeleton = ? AND proof IS NOT NULL
            """,
            DomainTable::read,
            domain.skeleton());
    var own = new Claim(organisation, domain.value());
    if (proved.isPresent()) {
      return proved.get().equals(own);
    }
    statements.update(
        """
        INSERT INTO organisation_domain
          (organisation, domain, skeleton, challenge, created_at)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (organisation, domain) DO UPDATE SET created_at = excluded.created_at
        """,
        organisation,
        domain.value(),
        domain.skeleton(),
        challenge,
        now);
    return true;
  }

  /// An organisation says that a domain is its own.
  public record Claim(String organisation, String domain) {}

  private static Claim read(ResultSet rows) throws SQLException {
    return new Claim(rows.getString(1), rows.getString(2));
  }

  /// What became of a proof.
  public sealed interface Proving {
    /// The domain is the organisation's.
    ///
    /// @param ended what others have said of it, or of what looks like it, and not proved
    record Taken(List<Claim> ended) implements Proving {}

    /// Somebody has proved it, or one that looks like it.
    record Held() implements Proving {}

    /// The organisation does not say, or not any more, that it is its own.
    record NotNamed() implements Proving {}
  }

  private record Named(String skeleton, String challenge, long createdAt) {}

  /// Makes a domain this organisation's and nobody else's. Of several that prove it at once, or
  /// what looks like it, also on several nodes, one gets it. The caller rolls back what is not
  /// taken.
  public Proving prove(String organisation, String domain, Proof proof) throws SQLException {
    var named =
        statements.first(
            """
            SELECT skeleton, challenge, created_at FROM organisation_domain
            WHERE organisation = ? AND domain = ?
            """,
            rows -> new Named(rows.getString(1), rows.getString(2), rows.getLong(3)),
            organisation,
            domain);
    if (named.isEmpty()) {
      return new Proving.NotNamed();
    }
    var claim = named.get();
    remove(organisation, domain);
    // An update would fail where another is faster; this waits for it, and then does nothing.
    boolean isFirst =
        statements.update(
                """
                INSERT INTO organisation_domain
                  (organisation, domain, skeleton, challenge, proof, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                organisation,
                domain,
                claim.skeleton(),
                claim.challenge(),
                proof.value(),
                claim.createdAt())
            > 0;
    return isFirst
        ? new Proving.Taken(endedClaims(organisation, claim.skeleton()))
        : new Proving.Held();
  }

  private List<Claim> endedClaims(String organisation, String skeleton) throws SQLException {
    var others =
        statements.list(
            """
            SELECT organisation, domain FROM organisation_domain
            WHERE skeleton = ? AND proof IS NULL AND organisation <> ?
            ORDER BY organisation, domain
            """,
            DomainTable::read,
            skeleton,
            organisation);
    statements.update(
        """
        DELETE FROM organisation_domain
        WHERE skeleton = ? AND proof IS NULL AND organisation <> ?
        """,
        skeleton,
        organisation);
    return others;
  }

  public void remove(String organisation, String domain) throws SQLException {
    statements.update(
        "DELETE FROM organisation_domain WHERE organisation = ? AND domain = ?",
        organisation,
        domain);
  }

  /// The organisations whose claims to domains came to nothing in time.
  ///
  /// @param before what was claimed until then
  public List<String> withIdle(Instant before, Instant now) throws SQLException {
    return statements.list(
        """
        SELECT DISTINCT claim.organisation FROM organisation_domain claim
        JOIN organisation ON organisation.name = claim.organisation
        WHERE claim.proof IS NULL AND claim.created_at <= ? AND organisation.due <= ?
        ORDER BY claim.organisation
        """,
        rows -> rows.getString(1),
        before,
        now);
  }

  /// Ends the claims of an organisation that came to nothing in time.
  ///
  /// @param before what was claimed until then
  /// @return the domains
  public List<String> endIdle(String organisation, Instant before) throws SQLException {
    var idle =
        statements.list(
            """
            SELECT domain FROM organisation_domain
            WHERE organisation = ? AND proof IS NULL AND created_at <= ? ORDER BY domain
            """,
            rows -> rows.getString(1),
            organisation,
            before);
    for (var domain : idle) {
      remove(organisation, domain);
    }
    return idle;
  }
}
