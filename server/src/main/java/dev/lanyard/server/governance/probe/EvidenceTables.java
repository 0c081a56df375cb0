package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The tables of probes, in one transaction.
final class EvidenceTables {
  /// A turn beyond this was given by a clock that was wrong.
  private static final Duration LONGEST_TURN = Duration.ofDays(60);

  private static final String SELECT =
      "SELECT address, since, confirmed_at, looks, finding FROM probe_evidence";

  private final Statements statements;

  EvidenceTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// Everything that was found up to this instant, by address, the oldest first.
  List<Evidence> until(Instant at) throws SQLException {
    return statements.list(
        SELECT + " WHERE since <= ? ORDER BY address, since", EvidenceTables::evidence, at);
  }

  /// The same of one address.
  List<Evidence> of(ResourceIndicator address, Instant at) throws SQLException {
    return statements.list(
        SELECT + " WHERE address = ? AND since <= ? ORDER BY since",
        EvidenceTables::evidence,
        address.value(),
        at);
  }

  /// What was found of an address last.
  Optional<Evidence> newest(ResourceIndicator address) throws SQLException {
    return statements.first(
        SELECT + " WHERE address = ? ORDER BY since DESC LIMIT 1",
        EvidenceTables::evidence,
        address.value());
  }

  /// Writes evidence that begins, or goes on.
  void put(Evidence evidence) throws SQLException {
    var _ =
        statements.update(
            """
            INSERT INTO probe_evidence (address, since, confirmed_at, looks, finding)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (address, since) DO UPDATE SET
              confirmed_at = excluded.confirmed_at,
              looks = excluded.looks,
              finding = excluded.finding
            """,
            evidence.address().value(),
            evidence.since(),
            evidence.confirmed(),
            evidence.looks(),
            evidence.finding().toJson().toJson());
  }

  /// Takes the turn for an address, if it is due. Of two that try at once one gets it; of a node
  /// that dies with it the next one has it when the lease is over.
  ///
  /// @return whether it is ours
  boolean take(ResourceIndicator address, Instant now, Duration lease) throws SQLException {
    var _ =
        statements.update(
            "INSERT INTO probe_turn (address, next_at, failures) VALUES (?, 0, 0)"
                + " ON CONFLICT (address) DO NOTHING",
            address.value());
    return statements.update(
            "UPDATE probe_turn SET next_at = ?"
                + " WHERE address = ? AND (next_at <= ? OR next_at > ?)",
            now.plus(lease),
            address.value(),
            now,
            now.plus(LONGEST_TURN))
        > 0;
  }

  /// How many looks in a row have found nothing.
  int failures(ResourceIndicator address) throws SQLException {
    return statements
        .first(
            "SELECT failures FROM probe_turn WHERE address = ?",
            rows -> rows.getInt(1),
            address.value())
        .orElse(0);
  }

  /// Says when an address is due again.
  void next(ResourceIndicator address, Instant next, int failures) throws SQLException {
    var _ =
        statements.update(
            """
            INSERT INTO probe_turn (address, next_at, failures) VALUES (?, ?, ?)
            ON CONFLICT (address) DO UPDATE SET
              next_at = excluded.next_at, failures = excluded.failures
            """,
            address.value(),
            next,
            failures);
  }

  Optional<Documents.Kept> document(String url) throws SQLException {
    return statements.first(
        "SELECT etag, body FROM probe_document WHERE url = ?",
        rows -> new Documents.Kept(rows.getString(1), json(rows.getString(2))),
        url);
  }

  void keep(String url, Documents.Kept document, Instant at) throws SQLException {
    var _ =
        statements.update(
            """
            INSERT INTO probe_document (url, etag, body, at) VALUES (?, ?, ?, ?)
            ON CONFLICT (url) DO UPDATE SET
              etag = excluded.etag, body = excluded.body, at = excluded.at
            """,
            url,
            document.etag(),
            document.document().toJson(),
            at);
  }

  /// Forgets documents that nobody has asked for since.
  void forgetDocuments(Instant before) throws SQLException {
    var _ = statements.update("DELETE FROM probe_document WHERE at < ?", before);
  }

  private static Evidence evidence(ResultSet rows) throws SQLException {
    try {
      return new Evidence(
          new ResourceIndicator(rows.getString(1)),
          Instant.ofEpochMilli(rows.getLong(2)),
          Instant.ofEpochMilli(rows.getLong(3)),
          rows.getLong(4),
          Finding.parse(json(rows.getString(5))));
    } catch (MalformedException e) {
      throw new SQLException("evidence of a probe is not readable", e);
    }
  }

  private static JsonObject json(String text) throws SQLException {
    try {
      return JsonObject.parse(text);
    } catch (MalformedException e) {
      throw new SQLException("a document of a probe is not readable", e);
    }
  }
}
