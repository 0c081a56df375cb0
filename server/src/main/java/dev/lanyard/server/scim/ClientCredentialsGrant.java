package dev.lanyard.server.scim;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Gives the OAuth client of a connection an access token for SCIM, and for nothing else (SCIM-14,
/// SCIM-P2).
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4
final class ClientCredentialsGrant implements Grant {
  static final String SCOPE = "scim";

  private final ScimConfig config;
  private final String base;
  private final ClientTokens tokens;

  /// @param base the URL below which SCIM is served
  ClientCredentialsGrant(ScimConfig config, String base, ClientTokens tokens) {
    this.config = config;
    this.base = base;
    this.tokens = tokens;
  }

  @Override
  public String event() {
    return "scim.token.issued";
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    var client = request.client();
    var connection = config.connectionOf(client.id());
    if (connection.isEmpty()) {
      return refused(
          ErrorCode.UNAUTHORIZED_CLIENT,
          "no SCIM connection names this client",
          new Evidence("client", "named by a connection", client.id().value(), "SCIM-16"));
    }
    return refusal(request, client, connection.get())
        .orElseGet(() -> issued(client, connection.get()));
  }

  private Optional<TokenResult> refusal(
      TokenRequest request, Client client, ScimConnection connection) {
    if (!isProvedAs(client, connection.compatibility())) {
      return Optional.of(
          refused(
              ErrorCode.UNAUTHORIZED_CLIENT,
              "this profile takes clients that authenticate with private_key_jwt only",
              new Evidence(
                  "authentication",
                  AuthMethod.PRIVATE_KEY_JWT.value(),
                  client.credentials().methods().toString(),
                  "SCIM-P2")));
    }
    if (client.dpopRequired() || request.proof().isPresent()) {
      return Optional.of(
          refused(
              ErrorCode.INVALID_REQUEST,
              "tokens for SCIM are bearer tokens, without DPoP",
              new Evidence("DPoP", "no proof", "one", "SCIM-14")));
    }
    var scope = request.form().one("scope");
    if (scope.filter(text -> !text.equals(SCOPE)).isPresent()) {
      return Optional.of(
          refused(
              ErrorCode.INVALID_SCOPE,
              "the only scope here is " + SCOPE,
              new Evidence("scope", SCOPE, scope.get(), "SCIM-14")));
    }
    var resources = request.form().all("resource");
    if (!resources.stream().allMatch(base::equals)) {
      return Optional.of(
          refused(
              ErrorCode.INVALID_TARGET,
              "the only resource here is SCIM",
              new Evidence("resource", base, resources.toString(), "SCIM-14")));
    }
    return Optional.empty();
  }

  private static boolean isProvedAs(Client client, Compatibility compatibility) {
    return compatibility.demandsKeys()
        ? client.credentials().methods().equals(Set.of(AuthMethod.PRIVATE_KEY_JWT))
        : client.isConfidential();
  }

  private TokenResult issued(Client client, ScimConnection connection) {
    var made = tokens.make(connection, client.id());
    var response =
        JsonObject.builder()
            .put("access_token", made.secret().reveal())
            .put("token_type", "Bearer")
            .put("expires_in", ClientTokens.LIFE.toSeconds())
            .put("scope", SCOPE)
            .build();
    var evidence = JsonObject.builder().put("connection", connection.id()).build();
    return TokenResult.Issued.of(response, List.of(made.row()), Findings.of(evidence));
  }

  private static TokenResult refused(ErrorCode code, String description, Evidence evidence) {
    return TokenResult.Refused.of(code, description, evidence);
  }
}
