package dev.lanyard.server.keys;

import dev.lanyard.server.database.Database;
import java.util.List;

/// Seals everything again with the master key in force, where a former one is still known: beside
/// servers that run, which all have both by then. What another node seals meanwhile is left alone.
/// If this ends half-way it is begun again, and finds the rest. Thread-safe.
public final class Resealing {
  private final Database database;
  private final MasterKey masterKey;
  private final List<SealedColumn> columns;

  /// @param masterKey with the former one
  /// @param columns everything that is sealed under it
  public Resealing(Database database, MasterKey masterKey, List<SealedColumn> columns) {
    this.database = database;
    this.masterKey = masterKey;
    this.columns = List.copyOf(columns);
  }

  /// How many values of a table were sealed again.
  public record Count(String table, int values) {}

  /// @throws KeyException if a value opens with neither key; those of its table stay as they are
  public List<Count> run() {
    return columns.stream()
        .map(column -> new Count(column.table(), column.rewrap(database, masterKey)))
        .toList();
  }
}
