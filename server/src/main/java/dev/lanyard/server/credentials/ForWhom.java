package dev.lanyard.server.credentials;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.Person;
import java.util.Optional;

/// Whose call it is that something is shown for. The call was judged.
///
/// @param person empty for a client that acts for itself
/// @param token with which they call; shown to our own broker and to nobody else
/// @param scopes of that token
/// @param session theirs at the provider that spoke for them
/// @param authentication how they signed in
/// @param correlationId of the call
public record ForWhom(
    Optional<Person> person,
    Secret token,
    Scopes scopes,
    Optional<String> session,
    AuthenticationContext authentication,
    String correlationId) {}
