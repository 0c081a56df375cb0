package dev.lanyard.server.scim;

import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;

/// Whose a bearer token is: one that an administrator has made, or one that the OAuth client of a
/// connection got. A connection has one sort or the other (SCIM-14).
final class Bearers {
  private final ScimConfig config;
  private final ScimTokens made;
  private final ConnectionClients got;

  Bearers(ScimConfig config, ScimTokens made, ConnectionClients got) {
    this.config = config;
    this.made = made;
    this.got = got;
  }

  /// @throws ScimRefusal if it cannot be known now
  Optional<String> connectionOf(Secret secret) throws ScimRefusal {
    var byClient = got.connectionOf(secret);
    return byClient.isPresent()
        ? byClient
        : made.connectionOf(secret)
            // A token may outlive its connection in the configuration, or the choice of its sort.
            .flatMap(config::connection)
            .filter(connection -> !connection.hasClients())
            .map(ScimConnection::id);
  }
}
