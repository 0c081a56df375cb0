package dev.lanyard.server.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/// Learns, in the same transaction, how messages end: for the audit record.
@FunctionalInterface
public interface Journal {

  /// @param letter with its new state: delivered, gone or dead; or waiting again, because an
  ///   administrator wanted so
  void note(Connection connection, Letter letter, Instant at) throws SQLException;
}
