package dev.lanyard.server.credentials;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import java.util.List;
import java.util.Optional;

/// The tokens of a grant, as they are sealed.
///
/// @param access what is shown to the MCP server
/// @param refresh what it is renewed with; empty if the server gave none
/// @param client our secret at the server, so that the grant can be revoked after the configuration
///   has forgotten that server
record Tokens(Secret access, Optional<Secret> refresh, Optional<Secret> client) {

  /// Why what a server has given is not what was asked for, and must not be used: it would be shown
  /// as a bearer token, for what the administrator has named. Empty if it is.
  ///
  /// @param asked the scopes; none if the server was left to choose
  static Optional<String> unwanted(TokenResponse given, Scopes asked) {
    if (given.type() != AccessTokenType.BEARER) {
      return Optional.of("a token that is bound to a key");
    }
    return asked.isEmpty() || asked.containsAll(scopes(given, asked))
        ? Optional.empty()
        : Optional.of("more scopes than asked for");
  }

  /// What a server says that it has granted; what was asked for, if it says nothing.
  ///
  /// GitHub and others write `repo,read:org` for two scopes. To RFC 6749 §3.3 that is one, with a
  /// comma in its name: so it is read, if a scope with a comma was asked for.
  static Scopes scopes(TokenResponse given, Scopes asked) {
    return given.scopes().map(said -> separated(said, asked)).orElse(asked);
  }

  private static Scopes separated(Scopes said, Scopes asked) {
    if (said.values().size() != 1 || asked.toString().contains(",")) {
      return said;
    }
    var parts = List.of(said.toString().split(",", -1));
    return parts.contains("") ? said : Scopes.of(parts);
  }

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
