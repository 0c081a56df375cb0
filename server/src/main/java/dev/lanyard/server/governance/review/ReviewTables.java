package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.publication.Proposal.Said;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The tables of reviews, in one transaction of the caller's.
final class ReviewTables {
  private final Statements statements;

  ReviewTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// Opens a review.
  ///
  /// @return whether it did: not if there is one of that provider and quarter
  boolean open(PolicyReview review) throws SQLException {
    return statements.update(
            """
            INSERT INTO review (id, provider, quarter, reviewer, opened_by, opened_at, pack,
              pack_hash, steps, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 'open') ON CONFLICT DO NOTHING
            """,
            review.id(),
            review.provider(),
            review.quarter().toString(),
            review.reviewer(),
            review.openedBy(),
            review.openedAt(),
            review.pack().json().toJson(),
            review.pack().hash())
        > 0;
  }

  /// Takes the next number of an open review, and makes every other step of it wait for the end of
  /// this transaction.
  ///
  /// @return empty if it is signed, or there is none
  Optional<Long> step(String id) throws SQLException {
    return statements.first(
        "UPDATE review SET steps = steps + 1 WHERE id = ? AND state = 'open' RETURNING steps",
        rows -> rows.getLong(1),
        id);
  }

  void decide(String review, long number, Decided decided) throws SQLException {
    var _ =
        statements.update(
            """
            INSERT INTO review_decision (review, number, item, ruling, reviewer, rationale,
              statement, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            review,
            number,
            decided.item(),
            decided.ruling().value(),
            decided.said().by(),
            decided.said().rationale(),
            decided.said().statement(),
            decided.said().at());
  }

  /// The decision about an item that stands.
  Optional<Decided> standing(String review, String item) throws SQLException {
    return statements.first(
        "SELECT item, ruling, reviewer, rationale, statement, at FROM review_decision"
            + " WHERE review = ? AND item = ? ORDER BY number DESC LIMIT 1",
        ReviewTables::decided,
        review,
        item);
  }

  /// Whether this very statement was recorded before, whatever stands now.
  boolean has(String review, String statement) throws SQLException {
    return statements.finds(
        "SELECT number FROM review_decision WHERE review = ? AND statement = ?", review, statement);
  }

  void sign(String review, Said said, String account) throws SQLException {
    var _ = statements.update("UPDATE review SET state = 'signed' WHERE id = ?", review);
    var _ =
        statements.update(
            """
            INSERT INTO review_signature (review, signer, rationale, statement, at, account)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            review,
            said.by(),
            said.rationale(),
            said.statement(),
            said.at(),
            account);
  }

  /// All of them without their evidence.
  List<Outline> outlines() throws SQLException {
    return statements.list(
        """
        SELECT r.id, r.provider, r.quarter, r.reviewer, s.signer
        FROM review r LEFT JOIN review_signature s ON s.review = r.id
        """,
        row ->
            new Outline(
                row.getString("id"),
                row.getString("provider"),
                Quarter.parse(row.getString("quarter")),
                row.getString("reviewer"),
                Optional.ofNullable(row.getString("signer"))));
  }

  Optional<PolicyReview> find(String id) throws SQLException {
    return select(" WHERE r.id = ?", id).stream().findFirst();
  }

  /// The newest first.
  List<PolicyReview> all() throws SQLException {
    return select(" ORDER BY r.opened_at DESC, r.id");
  }

  private List<PolicyReview> select(String which, Object... values) throws SQLException {
    var sql =
        """
        SELECT r.id, r.provider, r.quarter, r.reviewer, r.opened_by, r.opened_at, r.pack,
          s.signer, s.rationale, s.statement, s.at, s.account
        FROM review r LEFT JOIN review_signature s ON s.review = r.id
        """;
    return statements.list(sql + which, this::review, values);
  }

  private PolicyReview review(ResultSet row) throws SQLException {
    var id = row.getString("id");
    var signer = Optional.ofNullable(row.getString("signer"));
    return new PolicyReview(
        id,
        row.getString("provider"),
        Quarter.parse(row.getString("quarter")),
        row.getString("reviewer"),
        row.getString("opened_by"),
        Instant.ofEpochMilli(row.getLong("opened_at")),
        new Pack(json(row.getString("pack"))),
        decisions(id),
        signer.isEmpty() ? Optional.empty() : Optional.of(said(row, signer.get())),
        Optional.ofNullable(row.getString("account")));
  }

  private static Said said(ResultSet row, String by) throws SQLException {
    return new Said(
        by,
        row.getString("rationale"),
        row.getString("statement"),
        Instant.ofEpochMilli(row.getLong("at")));
  }

  /// Those that stand.
  private List<Decided> decisions(String review) throws SQLException {
    var last = new TreeMap<String, Decided>();
    statements
        .list(
            "SELECT item, ruling, reviewer, rationale, statement, at FROM review_decision"
                + " WHERE review = ? ORDER BY number",
            ReviewTables::decided,
            review)
        .forEach(one -> last.put(one.item(), one));
    return List.copyOf(last.values());
  }

  private static Decided decided(ResultSet row) throws SQLException {
    return new Decided(
        row.getString("item"),
        Ruling.named(row.getString("ruling")),
        said(row, row.getString("reviewer")));
  }

  private static JsonObject json(String text) {
    try {
      return JsonObject.parseLarge(text.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      throw new IllegalStateException("the evidence of a review cannot be read", e);
    }
  }
}
