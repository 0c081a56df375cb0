package dev.lanyard.server.database;

/// A way to read the record.
public interface Reading {
  /// @throws DatabaseException if the database cannot answer
  <T> T read(SqlFunction<T> work);
}
