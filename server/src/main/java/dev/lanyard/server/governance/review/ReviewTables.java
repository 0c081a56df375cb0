package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.publication.Proposal.Said;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The tables of reviews, in one transaction of the caller's.
record ReviewTables(Connection connection) {

  /// Opens a review.
  ///
  /// @return whether it did: not if there is one of that provider and quarter
  boolean open(PolicyReview review) throws SQLException {
    return update(
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
            review.openedAt().toEpochMilli(),
            review.pack().json().toJson(),
            review.pack().hash())
        > 0;
  }

  /// Takes the next number of an open review, and makes every other step of it wait for the end of
  /// this transaction.
  ///
  /// @return empty if it is signed, or there is none
  Optional<Long> step(String id) throws SQLException {
    try (var statement =
            prepare(
                "UPDATE review SET steps = steps + 1 WHERE id = ? AND state = 'open'"
                    + " RETURNING steps",
                id);
        var rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
    }
  }

  void decide(String review, long number, Decided decided) throws SQLException {
    var _ =
        update(
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
            decided.said().at().toEpochMilli());
  }

  void sign(String review, Said said, String account) throws SQLException {
    var _ = update("UPDATE review SET state = 'signed' WHERE id = ?", review);
    var _ =
        update(
            """
            INSERT INTO review_signature (review, signer, rationale, statement, at, account)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            review,
            said.by(),
            said.rationale(),
            said.statement(),
            said.at().toEpochMilli(),
            account);
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
    try (var statement = prepare(sql + which, values);
        var rows = statement.executeQuery()) {
      var found = new ArrayList<PolicyReview>();
      while (rows.next()) {
        found.add(review(rows));
      }
      return found;
    }
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
    try (var statement =
            prepare(
                "SELECT item, ruling, reviewer, rationale, statement, at FROM review_decision"
                    + " WHERE review = ? ORDER BY number",
                review);
        var rows = statement.executeQuery()) {
      var last = new TreeMap<String, Decided>();
      while (rows.next()) {
        var item = rows.getString("item");
        last.put(
            item,
            new Decided(
                item, Ruling.named(rows.getString("ruling")), said(rows, rows.getString("reviewer"))));
      }
      return List.copyOf(last.values());
    }
  }

  private static JsonObject json(String text) {
    try {
      return JsonObject.parseLarge(text.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      throw new IllegalStateException("the evidence of a review cannot be read", e);
    }
  }

  private int update(String sql, Object... values) throws SQLException {
    try (var statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Long number) {
        statement.setLong(i + 1, number);
      } else {
        statement.setString(i + 1, (String) values[i]);
      }
    }
    return statement;
  }
}
