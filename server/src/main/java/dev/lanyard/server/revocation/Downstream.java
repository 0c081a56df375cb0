package dev.lanyard.server.revocation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Somebody outside who must be told of a kill (DPR-5).
@FunctionalInterface
public interface Downstream {
  /// Writes, in the transaction of the kill itself, that they are to be told; what cannot be
  /// written undoes the kill. Sends nothing: that is for after the commit.
  void tell(Connection connection, List<Incident> incidents) throws SQLException;
}
