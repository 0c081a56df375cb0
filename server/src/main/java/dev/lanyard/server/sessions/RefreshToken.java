package dev.lanyard.server.sessions;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a refresh token stands for.
///
/// @param family all tokens that descend from one sign-in; they die together (AC-17)
/// @param generation all tokens that were given for one predecessor: only one of them may have a
///   successor
/// @param client the only client that may use it
/// @param person whom it speaks for
/// @param session the session that it descends from; it may be over, but not have been ended
/// @param sessionEnded whether the record has that session ended: then the token is dead
/// @param resources what for; empty at a server that has only itself to offer
/// @param scopes what was granted; may only shrink
/// @param claims what the client asked to be told beside what scopes tell
/// @param keyThumbprint the only DPoP key that may use it (DPOP-5)
/// @param authentication when and how the person signed in, never newer than that (IDP-31)
/// @param issuedAt when this token was made
/// @param expiresAt the end of the whole family; rotating does not move it
public record RefreshToken(
    String family,
    String generation,
    ClientId client,
    String person,
    String session,
    boolean sessionEnded,
    List<ResourceIndicator> resources,
    Scopes scopes,
    RequestedClaims claims,
    Optional<String> keyThumbprint,
    AuthenticationContext authentication,
    Instant issuedAt,
    Instant expiresAt) {

  public RefreshToken {
    resources = List.copyOf(resources);
  }

  /// A successor in the same family.
  ///
  /// @param key the only one that may use it
  public RefreshToken rotated(String next, Optional<String> key, Instant at) {
    return new RefreshToken(
        family,
        next,
        client,
        person,
        session,
        sessionEnded,
        resources,
        scopes,
        claims,
        key,
        authentication,
        at,
        expiresAt);
  }
}
