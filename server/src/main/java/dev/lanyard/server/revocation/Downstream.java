package dev.lanyard.server.revocation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Somebody outside who must be told of a kill (DPR-5).
@FunctionalInterface
public interface Downstream {
  /// Writes, in the transaction of the kill itself, that they are to be told; what cannot be
  /// written undoes the kill. Sends nothing: that is for after the commit.
  void tell(Connection connection, List<Incident> incidents) throws SQLException;

  /// Learns what is dead in consequence of kills that it was told of before, in the transaction
  /// that denies it; as incidents of their own it is told of them as well.
  ///
  /// @param at from when on they are refused
  default void tellLost(Connection connection, List<Loss> losses, Instant at) throws SQLException {}
}
