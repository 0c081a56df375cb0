package dev.lanyard.server.revocation;

import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Chunks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/// The table `deny`, with the notice of it to all nodes.
final class DenyTable {
  /// What can be lifted takes the newest state, whatever it was; for the rest later is stronger.
  private static final String UPSERT =
      """
      INSERT INTO deny (kind, value, before, forget_after, reason, created_at, sequence)
      VALUES %s
      ON CONFLICT (kind, value) DO UPDATE SET
        before = CASE WHEN excluded.sequence > 0 OR excluded.before > deny.before
          THEN excluded.before ELSE deny.before END,
        forget_after = CASE WHEN excluded.sequence > 0 OR excluded.forget_after > deny.forget_after
          THEN excluded.forget_after ELSE deny.forget_after END,
        sequence = excluded.sequence,
        reason = excluded.reason
      """;

  /// How many denials one change carries.
  private static final int IN_ONE_CHANGE = 500;

  private DenyTable() {}

  /// @param reason for the record
  record Entry(Denial denial, String reason) {}

  /// Writes denials, each about something else.
  ///
  /// @return them as every node will have them
  static List<Denial> write(
      Connection connection, ChangeFeed changes, Collection<Entry> entries, Instant now)
      throws SQLException {
    var inForce = new ArrayList<Denial>();
    for (var chunk : Chunks.of(List.copyOf(entries), IN_ONE_CHANGE)) {
      var body = Denial.change(chunk.stream().map(Entry::denial).toList());
      long sequence = changes.append(connection, Denial.CHANGE, body);
      upsert(connection, chunk, sequence, now);
      chunk.forEach(entry -> inForce.add(entry.denial().numbered(sequence)));
    }
    return inForce;
  }

  private static void upsert(Connection connection, List<Entry> entries, long sequence, Instant now)
      throws SQLException {
    var rows = String.join(",", Collections.nCopies(entries.size(), "(?,?,?,?,?,?,?)"));
    try (var upsert = connection.prepareStatement(UPSERT.formatted(rows))) {
      int at = 0;
      for (var entry : entries) {
        var denial = entry.denial();
        upsert.setString(++at, denial.denied().kind().name());
        upsert.setString(++at, denial.denied().value());
        upsert.setLong(++at, denial.before().toEpochMilli());
        upsert.setLong(++at, denial.forgetAfter().toEpochMilli());
        upsert.setString(++at, entry.reason());
        upsert.setLong(++at, now.toEpochMilli());
        upsert.setLong(++at, denial.denied().kind().canBeLifted() ? sequence : 0);
      }
      upsert.executeUpdate();
    }
  }
}
