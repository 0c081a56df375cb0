package dev.lanyard.server.keys;

import java.sql.Connection;
import java.sql.SQLException;

/// Learns, in the same transaction, what becomes of signing keys: for the audit record.
@FunctionalInterface
public interface KeyJournal {

  /// @param key in the state that it has come into
  /// @param correlationId of what caused it
  void note(Connection connection, KeyEntry key, String correlationId) throws SQLException;
}
