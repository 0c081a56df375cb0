package dev.lanyard.server.audit;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The two ways in which an entry of the audit record is no longer as it was recorded. Only
/// `transparency` uses them, in a transaction with what proves it: the leaves of the log tell of
/// any other change (`lanyard audit verify`).
public final class Alterations {
  private Alterations() {}

  /// Removes entries that are older than their class is kept. Whoever does records in the same
  /// transaction how many of which class have gone; their leaves stay in the log.
  ///
  /// @param numbers of the entries
  public static void remove(Connection connection, List<Long> numbers) throws SQLException {
    for (var some : Chunks.of(numbers, Statements.MOST_IN_LIST)) {
      new Statements(connection)
          .write("DELETE FROM audit WHERE seq IN " + Statements.inList(some), some.toArray());
    }
  }

  /// Puts concealed evidence about people in place of what was recorded, so that it is gone when
  /// their key is. Only before an entry becomes a leaf of the log, in the same transaction: the
  /// leaf is of what stays.
  ///
  /// @param entries with their evidence from now on
  public static void conceal(Connection connection, List<StoredRecord> entries)
      throws SQLException {
    new Statements(connection)
        .each(
            "UPDATE audit SET evidence = ? WHERE seq = ?",
            entries.stream().map(one -> new Object[] {one.evidence(), one.sequence()}).toList());
  }
}
