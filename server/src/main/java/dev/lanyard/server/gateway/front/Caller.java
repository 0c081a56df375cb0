package dev.lanyard.server.gateway.front;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.directory.Person;
import java.util.Optional;

/// Who calls through the gateway, as their token says and the directory knows them now. Made only
/// of a token that was verified.
///
/// @param subject `sub` of the token
/// @param person whose id that is; empty for a client that acts for itself
/// @param client the client's id at the resource authorization server
/// @param scopes of the token
/// @param authentication how the person signed in
/// @param transaction `txn`: ties the calls to the exchange that began it (AUD-2)
public record Caller(
    String subject,
    Optional<Person> person,
    ClientId client,
    Scopes scopes,
    AuthenticationContext authentication,
    Optional<String> transaction) {

  /// Only the subject and the client: everything else is personal.
  @Override
  public String toString() {
    return "Caller[" + subject + " through " + client + "]";
  }
}
