package dev.lanyard.server.scim;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.OpaqueClientTokens.Found;
import dev.lanyard.server.token.OpaqueTokenGrant;
import dev.lanyard.server.token.OpaqueTokenGrant.Standing;
import dev.lanyard.server.token.TokenResult;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The OAuth clients of SCIM connections: which may have an access token for SCIM, and whose a
/// token is (SCIM-14, SCIM-P2).
final class ConnectionClients {
  static final OpaqueClientTokens.Kind TOKENS =
      new OpaqueClientTokens.Kind("lanyard_scimat_", "scim_access_token", "connection", Map.of());

  private static final Scopes SCOPES = Scopes.of("scim");

  private final ScimConfig config;
  private final OpaqueClientTokens tokens;

  ConnectionClients(ScimConfig config, OpaqueClientTokens tokens) {
    this.config = config;
    this.tokens = tokens;
  }

  /// @param base the URL below which SCIM is served
  OpaqueTokenGrant grant(String base) {
    return new OpaqueTokenGrant(
        new OpaqueTokenGrant.Service(
            "scim.token.issued", base, "connection", "SCIM-14", this::standing),
        tokens);
  }

  private Standing standing(Client client) {
    var connection = config.connectionOf(client.id());
    if (connection.isEmpty()) {
      return refused(
          "no SCIM connection names this client",
          new Evidence("client", "named by a connection", client.id().value(), "SCIM-16"));
    }
    return isProvedAs(client, connection.get().compatibility())
        ? new Standing.Holder(connection.get().id(), SCOPES)
        : refused(
            "this profile takes clients that authenticate with private_key_jwt only",
            new Evidence(
                "authentication",
                AuthMethod.PRIVATE_KEY_JWT.value(),
                client.credentials().methods().toString(),
                "SCIM-P2"));
  }

  private static boolean isProvedAs(Client client, Compatibility compatibility) {
    return compatibility.demandsKeys()
        ? client.credentials().methods().equals(Set.of(AuthMethod.PRIVATE_KEY_JWT))
        : client.isConfidential();
  }

  private static Standing refused(String description, Evidence evidence) {
    return new Standing.NotOne(
        TokenResult.Refused.of(ErrorCode.UNAUTHORIZED_CLIENT, description, evidence));
  }

  /// Which connection a secret is a living token of: one that still names the client.
  ///
  /// @throws ScimRefusal if this node may have missed that the client was killed
  Optional<String> connectionOf(Secret secret) throws ScimRefusal {
    return switch (tokens.find(secret)) {
      case Found.Living(var holder, var client, _) ->
          config
              .connection(holder)
              .filter(one -> one.clients().contains(client))
              .map(ScimConnection::id);
      case Found.Nothing() -> Optional.empty();
      case Found.Undecided() ->
          throw ScimRefusal.of(503, "this server may not be up to date; try again");
    };
  }
}
