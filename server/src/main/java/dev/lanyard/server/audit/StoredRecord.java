package dev.lanyard.server.audit;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
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

  private static final HexFormat HEX = HexFormat.of();

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

  /// The record as one line of JSON without white space, in the only way in which it can be
  /// written: the octets that are hashed. `docs/audit.md` describes it for others; it never
  /// changes, a new form would get another `v`.
  public byte[] line() {
    var line = new StringBuilder(192 + evidence.length());
    line.append("{\"v\":1,\"seq\":").append(sequence).append(",\"at\":").append(at);
    member(line, "type", type);
    member(line, "outcome", outcome);
    member(line, "correlation_id", correlationId);
    organisation.ifPresent(value -> member(line, "organisation", value));
    person.ifPresent(value -> member(line, "person", value));
    client.ifPresent(value -> member(line, "client", value));
    // We write no line feed. One that somebody has put there must not make two lines of one.
    line.append(",\"evidence\":").append(evidence.replace('\n', ' ')).append('}');
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void member(StringBuilder line, String name, String value) {
    line.append(",\"").append(name).append("\":\"");
    for (int i = 0; i < value.length(); i++) {
      escape(line, value.charAt(i));
    }
    line.append('"');
  }

  /// As RFC 8785 §3.2.2.2 has it.
  private static void escape(StringBuilder line, char c) {
    switch (c) {
      case '"' -> line.append("\\\"");
      case '\\' -> line.append("\\\\");
      case '\b' -> line.append("\\b");
      case '\t' -> line.append("\\t");
      case '\n' -> line.append("\\n");
      case '\f' -> line.append("\\f");
      case '\r' -> line.append("\\r");
      default -> {
        if (c < ' ') {
          line.append("\\u").append(HEX.toHexDigits(c));
        } else {
          line.append(c);
        }
      }
    }
  }
}
