package dev.lanyard.server.credentials;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import java.util.Optional;

/// The tokens of a grant, as they are sealed.
///
/// @param access what is shown to the MCP server
/// @param refresh what it is renewed with; empty if the server gave none
/// @param client our secret at the server, so that the grant can be revoked after the configuration
///   has forgotten that server
record Tokens(Secret access, Optional<Secret> refresh, Optional<Secret> client) {

  /// What a server has answered. One that says nothing of a refresh token means the former one.
  static Tokens of(TokenResponse response, Optional<Secret> former, Optional<Secret> client) {
    return new Tokens(response.accessToken(), response.refreshToken().or(() -> former), client);
  }

  Secret toSecret() {
    return new Secret(
        JsonObject.builder()
            .put("access_token", access.reveal())
            .putIfPresent("refresh_token", refresh.map(Secret::reveal))
            .putIfPresent("client_secret", client.map(Secret::reveal))
            .build()
            .toJson());
  }

  static Tokens parse(Secret opened) {
    try {
      var json = JsonObject.parse(opened.reveal());
      return new Tokens(
          new Secret(json.nonEmptyString("access_token")),
          json.string("refresh_token").map(Secret::new),
          json.string("client_secret").map(Secret::new));
    } catch (MalformedException e) {
      throw new IllegalStateException("the tokens of a grant are not readable", e);
    }
  }
}
