package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Drafts that were handed in.
final class SubmissionTables {
  /// Whoever proposes a version has taken it from whoever handed it in, or has written the same.
  private static final String SUBMISSIONS =
      """
      SELECT s.*, (SELECT MAX(p.id) FROM library_proposal p
        WHERE p.version = s.version AND p.base = s.base) AS proposal
      FROM library_submission s
      """;

  private final Statements statements;

  SubmissionTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  void insert(Submission submission) throws SQLException {
    statements.update(
        """
        INSERT INTO library_submission (id, author, base, version, rationale, effect, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        submission.id(),
        submission.author(),
        submission.base(),
        submission.version(),
        submission.rationale(),
        submission.effect().toJson(),
        submission.at());
  }

  /// @return whether it was theirs, neither taken back, nor proposed, nor put in force alone
  boolean withdraw(String id, String author, Instant at) throws SQLException {
    return statements.update(
            """
            UPDATE library_submission SET withdrawn_at = ?
            WHERE id = ? AND author = ? AND withdrawn_at = 0 AND taken_at = 0
              AND NOT EXISTS (SELECT 1 FROM library_proposal p
                WHERE p.version = library_submission.version AND p.base = library_submission.base)
              AND NOT EXISTS (SELECT 1 FROM library_publication p
                WHERE p.version = library_submission.version AND p.base = library_submission.base)
            """,
            at,
            id,
            author)
        > 0;
  }

  /// Marks what was handed in as proposed or put in force, so that nobody takes it back any more.
  /// This and the taking back write the same row: of both at once the second sees the first, on
  /// every database.
  ///
  /// @param id which one it is; empty if somebody has written the same by themselves
  /// @return whether it was not taken back before
  boolean take(Optional<String> id, Statement.Subject next, Instant at) throws SQLException {
    if (id.isPresent()) {
      return statements.update(
              "UPDATE library_submission SET taken_at = ? WHERE id = ? AND withdrawn_at = 0",
              at,
              id.get())
          > 0;
    }
    statements.update(
        """
        UPDATE library_submission SET taken_at = ?
        WHERE base = ? AND version = ? AND withdrawn_at = 0
        """,
        at,
        next.base(),
        next.version());
    return true;
  }

  /// What was to be put in force is not, because another version was faster: it may be taken back.
  ///
  /// @param at when it was marked
  void giveBack(String version, Instant at) throws SQLException {
    statements.update(
        "UPDATE library_submission SET taken_at = 0 WHERE version = ? AND taken_at = ?",
        version,
        at);
  }

  Optional<Submission> submission(String id) throws SQLException {
    return submissions(" WHERE s.id = ?", id).stream().findFirst();
  }

  List<Submission> newest(int most) throws SQLException {
    return submissions(" ORDER BY s.created_at DESC, s.id LIMIT ?", (long) most);
  }

  List<Submission> before(Instant at, String id, int most) throws SQLException {
    return submissions(
        " WHERE s.created_at < ? OR (s.created_at = ? AND s.id > ?)"
            + " ORDER BY s.created_at DESC, s.id LIMIT ?",
        at,
        at,
        id,
        (long) most);
  }

  private List<Submission> submissions(String which, Object... values) throws SQLException {
    return statements.list(SUBMISSIONS + which, SubmissionTables::submission, values);
  }

  private static Submission submission(ResultSet rows) throws SQLException {
    try {
      return new Submission(
          rows.getString("id"),
          rows.getString("author"),
          rows.getString("base"),
          rows.getString("version"),
          rows.getString("rationale"),
          JsonObject.parse(rows.getString("effect")),
          Instant.ofEpochMilli(rows.getLong("created_at")),
          Optional.ofNullable(rows.getString("proposal")),
          Optional.of(Instant.ofEpochMilli(rows.getLong("withdrawn_at")))
              .filter(Instant.EPOCH::isBefore));
    } catch (MalformedException e) {
      throw new IllegalStateException("the effect of a draft cannot be read", e);
    }
  }
}
