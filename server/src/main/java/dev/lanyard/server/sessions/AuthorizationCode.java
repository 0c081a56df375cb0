package dev.lanyard.server.sessions;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an authorization code stands for.
///
/// @param family everything that is issued on it carries this name, and dies by it (AC-5)
/// @param client the only client that may redeem it
/// @param person who agreed
/// @param session the session they agreed in
/// @param redirectUri where it was sent
/// @param challenge what the client must prove to have made it for (AC-3)
/// @param resources what for; empty at a server that has only itself to offer
/// @param scopes what was granted
/// @param claims what the client asked to be told beside what scopes tell
/// @param nonce to be repeated in the ID token
/// @param keyThumbprint the only DPoP key that may redeem it (DPOP-4)
/// @param authentication when and how the person signed in
/// @param issuedAt when it was made
/// @param expiresAt from when on it is nothing; exclusive
/// @param endsBy when everything that is issued on it has to end, if the provider of the sign-in
///   said so
public record AuthorizationCode(
    String family,
    ClientId client,
    String person,
    String session,
    String redirectUri,
    Pkce.Challenge challenge,
    List<ResourceIndicator> resources,
    Scopes scopes,
    RequestedClaims claims,
    Optional<String> nonce,
    Optional<String> keyThumbprint,
    AuthenticationContext authentication,
    Instant issuedAt,
    Instant expiresAt,
    Optional<Instant> endsBy) {

  public AuthorizationCode {
    resources = List.copyOf(resources);
  }
}
