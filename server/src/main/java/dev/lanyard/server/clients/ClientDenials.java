package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.ClientId;
import java.time.Instant;

/// What was denied of the clients of one server, for what they hold for themselves. Answers from
/// memory.
public interface ClientDenials {
  /// The date of what a client is given now: now, or the next second if this one was denied.
  Instant issuable(ClientId id, Instant now);

  /// Whether what a client was given at this date is dead.
  boolean kill(ClientId id, Instant issuedAt);
}
