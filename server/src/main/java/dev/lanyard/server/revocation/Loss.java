package dev.lanyard.server.revocation;

import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Instant;

/// A grant that is dead in consequence of something that happened before to its person, and whose
/// denial came later than that of the happening itself.
///
/// @param grant its id
/// @param cause what it is a consequence of
public record Loss(String grant, Cause cause) {
  /// What happened.
  ///
  /// @param incident names it in the record
  /// @param correlationId of the request that brought it
  public record Cause(String incident, String correlationId) {
    static Cause of(Incident incident) {
      return new Cause(incident.id(), incident.signal().correlationId());
    }
  }

  Signal signal(Source.Kind by, String reason, Instant at) {
    return new Signal(
        Source.of(by),
        OpaqueToken.identifier(),
        new Subject.Grant(grant),
        Happening.TOKENS_REVOKED,
        at,
        reason,
        cause.correlationId());
  }
}
