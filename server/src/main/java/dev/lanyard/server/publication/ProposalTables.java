package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.publication.Proposal.Said;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Proposals and the answers to them.
final class ProposalTables {
  private static final String PROPOSALS =
      """
      SELECT p.*, a.approved, a.approver, a.rationale AS answer_rationale,
        a.statement AS answer_statement, a.at AS answer_at
      FROM library_proposal p LEFT JOIN library_answer a ON a.proposal = p.id
      """;

  private final Statements statements;

  ProposalTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  void insert(Proposal proposal) throws SQLException {
    statements.update(
        """
        INSERT INTO library_proposal (id, number, base, version, proposer, rationale, effect,
          statement, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        proposal.id(),
        proposal.number(),
        proposal.base(),
        proposal.version(),
        proposal.proposed().by(),
        proposal.proposed().rationale(),
        proposal.effect().toJson(),
        proposal.proposed().statement(),
        proposal.proposed().at());
  }

  /// Whether this is the answer: not if there is one already.
  boolean answer(String proposal, Answer answer) throws SQLException {
    return statements.update(
            """
            INSERT INTO library_answer (proposal, approved, approver, rationale, statement, at)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            proposal,
            answer.approved() ? 1L : 0L,
            answer.said().by(),
            answer.said().rationale(),
            answer.said().statement(),
            answer.said().at())
        > 0;
  }

  Optional<Proposal> proposal(String id) throws SQLException {
    return proposals(" WHERE p.id = ?", id).stream().findFirst();
  }

  /// Proposals for this publication or a later one that nobody has rejected, the newest first.
  List<Proposal> open(long number) throws SQLException {
    return proposals(
        " WHERE p.number >= ? AND (a.approved IS NULL OR a.approved = 1)"
            + " ORDER BY p.created_at DESC, p.id",
        number);
  }

  private List<Proposal> proposals(String which, Object... values) throws SQLException {
    return statements.list(PROPOSALS + which, ProposalTables::proposal, values);
  }

  private static Proposal proposal(ResultSet rows) throws SQLException {
    var proposed =
        new Said(
            rows.getString("proposer"),
            rows.getString("rationale"),
            rows.getString("statement"),
            Instant.ofEpochMilli(rows.getLong("created_at")));
    var answer =
        Optional.ofNullable(rows.getString("approver")).isEmpty()
            ? Optional.<Answer>empty()
            : Optional.of(
                new Answer(
                    rows.getLong("approved") == 1,
                    new Said(
                        rows.getString("approver"),
                        rows.getString("answer_rationale"),
                        rows.getString("answer_statement"),
                        Instant.ofEpochMilli(rows.getLong("answer_at")))));
    return new Proposal(
        rows.getString("id"),
        rows.getLong("number"),
        rows.getString("base"),
        rows.getString("version"),
        proposed,
        json(rows.getString("effect")),
        answer);
  }

  private static JsonObject json(String text) {
    try {
      return JsonObject.parse(text);
    } catch (MalformedException e) {
      throw new IllegalStateException("the effect of a proposal cannot be read", e);
    }
  }
}
