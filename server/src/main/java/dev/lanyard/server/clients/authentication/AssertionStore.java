package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.oauth.ClientId;
import java.time.Instant;

/// Remembers which client assertions were used.
public interface AssertionStore {
  /// Records the use of an assertion if it is the first. Check and record are one atomic, durable
  /// step: of several concurrent calls with the same arguments, on all nodes, exactly one returns
  /// `true`.
  ///
  /// @param id the `jti` of the assertion
  /// @param forgetAfter when the entry may be dropped: `exp` plus the clock skew that is tolerated
  /// @throws dev.lanyard.server.database.DatabaseException if the use was not recorded; the caller
  ///   must refuse
  boolean recordFirst(ClientId client, String id, Instant forgetAfter);
}
