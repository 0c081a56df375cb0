package dev.lanyard.server.saml;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/// Remembers which assertions were used.
public interface SamlReplay {
  /// Records the use of an assertion if it is the first. Check and record are one atomic step of
  /// the caller's transaction: of several on all nodes that commit exactly one gets `true`.
  ///
  /// @param issuer the entity id of the provider: the same id of another one is another assertion
  /// @param forgetAfter from when on the assertion would be refused for its age, clock skew
  ///   included
  boolean first(Connection connection, String issuer, String id, Instant forgetAfter)
      throws SQLException;
}
