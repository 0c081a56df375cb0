package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The place of an access token in a status list, with everything that the token dies with.
///
/// @param list the list's name
/// @param index its place there; one list gives each place once
/// @param token its `jti`
/// @param grant its `grant_id`, if it has one
/// @param session its `sid`, if it has one
/// @param provider its `idp`, if it has one
/// @param issuedAt its `iat`
/// @param expiresAt its `exp`
public record StatusEntry(
    String list,
    int index,
    String token,
    Optional<String> grant,
    String person,
    ClientId client,
    List<ResourceIndicator> resources,
    Optional<String> session,
    Optional<String> provider,
    Instant issuedAt,
    Instant expiresAt) {

  public StatusEntry {
    resources = List.copyOf(resources);
  }
}
