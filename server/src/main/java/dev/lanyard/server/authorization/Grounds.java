package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.sessions.RequestedClaims;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// For whom tokens are issued, and on what grounds.
///
/// @param person who agreed, as they are now
/// @param client to whom
/// @param session the sign-in that everything descends from
/// @param family everything that descends from one sign-in at one client
/// @param resources what for; empty at a server that has only itself to offer
/// @param scopes what was granted
/// @param claims what the client asked to be told beside what scopes tell
/// @param authentication when and how the person signed in
/// @param keyThumbprint the key that the tokens are bound to
/// @param since when the code or refresh token was issued on which the client comes
/// @param endsBy when the grounds end; nothing outlives them
public record Grounds(
    Person person,
    ClientId client,
    String session,
    String family,
    List<ResourceIndicator> resources,
    Scopes scopes,
    RequestedClaims claims,
    AuthenticationContext authentication,
    Optional<String> keyThumbprint,
    Instant since,
    Instant endsBy) {

  public Grounds {
    resources = List.copyOf(resources);
  }
}
