package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.revocation.Origins;
import java.time.Instant;
import java.util.Optional;

/// Somebody's session in the console.
///
/// @param id names it; may be seen
/// @param person whose
/// @param brokerSession the session at the broker that it stands on: it dies with it
/// @param family the id under which a kill knows the sign-in
/// @param authentication when and how they signed in
/// @param createdAt when it began
/// @param expiresAt when it ends by itself; exclusive
public record ConsoleSession(
    String id,
    String person,
    String brokerSession,
    String family,
    AuthenticationContext authentication,
    Instant createdAt,
    Instant expiresAt) {

  boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }

  /// What a kill needs to find it.
  Origins origins() {
    return Origins.signIn(person, createdAt)
        .session(Optional.of(brokerSession))
        .grant(Optional.of(family))
        .client(Actor.CONSOLE);
  }
}
