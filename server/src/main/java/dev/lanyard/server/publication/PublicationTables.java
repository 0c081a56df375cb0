package dev.lanyard.server.publication;

import dev.lanyard.server.database.Statements;
import dev.lanyard.server.publication.Proposal.Said;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Publications and the reviews of them.
final class PublicationTables {
  private static final String PUBLICATIONS =
      """
      SELECT p.*, r.reviewer, r.rationale AS review_rationale, r.statement AS review_statement,
        r.at AS review_at
      FROM library_publication p LEFT JOIN library_review r ON r.number = p.number
      """;

  private final Statements statements;

  PublicationTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// Whether this is the publication of its number: not if another was inserted before.
  boolean insert(Publication publication) throws SQLException {
    return statements.update(
            """
            INSERT INTO library_publication (number, kind, base, version, proposal, publisher,
              rationale, statement, at, review_due)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            publication.number(),
            publication.kind().value(),
            publication.base(),
            publication.version(),
            publication.proposal(),
            publication.said().by(),
            publication.said().rationale(),
            publication.said().statement(),
            publication.said().at(),
            publication.emergency().map(Publication.Emergency::reviewDue))
        > 0;
  }

  /// Whether this is the review: not if there is one already.
  boolean review(long number, Said said) throws SQLException {
    return statements.update(
            """
            INSERT INTO library_review (number, reviewer, rationale, statement, at)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            number,
            said.by(),
            said.rationale(),
            said.statement(),
            said.at())
        > 0;
  }

  /// Whether it was not marked before.
  boolean markEnforced(long number, Instant at) throws SQLException {
    return statements.update(
            "UPDATE library_publication SET enforced_at = ? WHERE number = ?"
                + " AND enforced_at IS NULL",
            at,
            number)
        > 0;
  }

  /// Whether it was not marked before.
  boolean markSettled(long number, Instant at) throws SQLException {
    return statements.update(
            "UPDATE library_publication SET settled_at = ? WHERE number = ? AND settled_at IS NULL",
            at,
            number)
        > 0;
  }

  /// Publications whose consequences are not drawn for good, the oldest first.
  List<Unsettled> unsettled() throws SQLException {
    return statements.list(
        "SELECT number, base, version, at, enforced_at FROM library_publication"
            + " WHERE settled_at IS NULL ORDER BY number",
        rows ->
            new Unsettled(
                rows.getLong("number"),
                rows.getString("base"),
                rows.getString("version"),
                Instant.ofEpochMilli(rows.getLong("at")),
                rows.getLong("enforced_at") > 0));
  }

  /// @param enforced whether the losers' tokens were looked for once
  record Unsettled(long number, String base, String version, Instant at, boolean enforced) {}

  /// The number of what is in force, if it is not what a proposal was made to follow.
  Optional<Long> overtaking(Proposal proposal) throws SQLException {
    var last = last();
    long number = last.map(Publication::number).orElse(0L);
    var version = last.map(Publication::version).orElse(VersionTables.NOTHING);
    return number + 1 == proposal.number() && version.equals(proposal.base())
        ? Optional.empty()
        : Optional.of(number);
  }

  /// Whether this is what was published last. What was taken from a folder may be signed as it is:
  /// where publications rule, it does not act before.
  boolean isInForce(Statement.Subject next) throws SQLException {
    return next.base().equals(next.version())
        && last().map(Publication::kind).filter(Publication.Kind.FOLDER::equals).isEmpty();
  }

  Optional<Publication> last() throws SQLException {
    return publications(" ORDER BY p.number DESC LIMIT 1").stream().findFirst();
  }

  Optional<Publication> publication(long number) throws SQLException {
    return publications(" WHERE p.number = ?", number).stream().findFirst();
  }

  /// The last that was in force at that instant.
  Optional<Publication> at(Instant instant) throws SQLException {
    return publications(" WHERE p.at <= ? ORDER BY p.number DESC LIMIT 1", instant).stream()
        .findFirst();
  }

  /// The newest first.
  List<Publication> newest(int most) throws SQLException {
    return publications(" ORDER BY p.number DESC LIMIT ?", (long) most);
  }

  List<Publication> before(long number, int most) throws SQLException {
    return publications(" WHERE p.number < ? ORDER BY p.number DESC LIMIT ?", number, (long) most);
  }

  List<Publication> reviewOpen() throws SQLException {
    return publications(" WHERE p.review_due IS NOT NULL AND r.number IS NULL ORDER BY p.number");
  }

  private List<Publication> publications(String which, Object... values) throws SQLException {
    return statements.list(PUBLICATIONS + which, PublicationTables::publication, values);
  }

  private static Publication publication(ResultSet rows) throws SQLException {
    var said =
        new Said(
            rows.getString("publisher"),
            rows.getString("rationale"),
            Optional.ofNullable(rows.getString("statement")).orElse(""),
            Instant.ofEpochMilli(rows.getLong("at")));
    var due = rows.getLong("review_due");
    var review =
        Optional.ofNullable(rows.getString("reviewer")).isEmpty()
            ? Optional.<Said>empty()
            : Optional.of(
                new Said(
                    rows.getString("reviewer"),
                    rows.getString("review_rationale"),
                    rows.getString("review_statement"),
                    Instant.ofEpochMilli(rows.getLong("review_at"))));
    return new Publication(
        rows.getLong("number"),
        kind(rows.getString("kind")),
        rows.getString("base"),
        rows.getString("version"),
        Optional.ofNullable(rows.getString("proposal")),
        said,
        due == 0
            ? Optional.empty()
            : Optional.of(new Publication.Emergency(Instant.ofEpochMilli(due), review)));
  }

  private static Publication.Kind kind(String value) {
    for (var kind : Publication.Kind.values()) {
      if (kind.value().equals(value)) {
        return kind;
      }
    }
    throw new IllegalStateException("the database holds the unknown publication kind " + value);
  }
}
