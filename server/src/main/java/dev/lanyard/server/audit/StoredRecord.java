package dev.lanyard.server.audit;

import dev.lanyard.server.database.RawQuery;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// A record exactly as the database keeps it, for whoever makes sure that it stays so.
///
/// @param sequence its number
/// @param at milliseconds since 1970
/// @param evidence the text of a JSON object
public record StoredRecord(
    long sequence,
    long at,
    String type,
    String outcome,
    String correlationId,
    Optional<String> organisation,
    Optional<String> person,
    Optional<String> client,
    String evidence) {
  /// The columns in the order in which [#read] expects them.
  public static final String COLUMNS =
      "seq, at, type, outcome, correlation_id, organisation, person, client, evidence";

  /// Every record of a range of numbers, as [RecordLine] takes them, in any order.
  public static RawQuery between(long first, long last) {
    return new RawQuery(
        "SELECT " + COLUMNS + " FROM audit WHERE seq BETWEEN " + first + " AND " + last, 2, 7);
  }

  /// Reads the row that the cursor is at.
  public static StoredRecord read(ResultSet rows) throws SQLException {
    return new StoredRecord(
        rows.getLong(1),
        rows.getLong(2),
        rows.getString(3),
        rows.getString(4),
        rows.getString(5),
        Optional.ofNullable(rows.getString(6)),
        Optional.ofNullable(rows.getString(7)),
        Optional.ofNullable(rows.getString(8)),
        rows.getString(9));
  }

  /// The same with other evidence.
  public StoredRecord withEvidence(String other) {
    return new StoredRecord(
        sequence, at, type, outcome, correlationId, organisation, person, client, other);
  }

  /// The octets that are hashed: a [RecordLine].
  public byte[] line() {
    var line = new RecordLine();
    line.begin(sequence, at);
    text(line, 0, type);
    text(line, 1, outcome);
    text(line, 2, correlationId);
    organisation.ifPresent(value -> text(line, 3, value));
    person.ifPresent(value -> text(line, 4, value));
    client.ifPresent(value -> text(line, 5, value));
    var octets = evidence.getBytes(StandardCharsets.UTF_8);
    line.end(octets, 0, octets.length);
    return line.copy();
  }

  private static void text(RecordLine line, int member, String value) {
    var octets = value.getBytes(StandardCharsets.UTF_8);
    line.text(member, octets, 0, octets.length);
  }
}
