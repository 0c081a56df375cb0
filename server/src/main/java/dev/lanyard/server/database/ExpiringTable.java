package dev.lanyard.server.database;

import java.time.Instant;

/// A table whose rows say from when on they can decide nothing any more. Who owns the table
/// declares it, so that it does not grow without end.
///
/// @param column the instant, in milliseconds; a row without one stays
public record ExpiringTable(String table, String column) {
  /// Removes what was needed until an instant before this.
  ///
  /// @return how many rows went
  /// @throws DatabaseException if the database cannot; try again later
  public int remove(Database database, Instant before) {
    return database.removeAll(table, column + " < ?", before);
  }
}
