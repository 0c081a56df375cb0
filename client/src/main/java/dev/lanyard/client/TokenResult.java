package dev.lanyard.client;

import dev.lanyard.protocol.oauth.TokenResponse;

/// What a token endpoint answered to a request for an access token.
public sealed interface TokenResult {
  /// An access token.
  record Granted(TokenResponse response) implements TokenResult {}

  /// No.
  record Denied(Denial denial) implements TokenResult {}

  /// Something that is no answer.
  record Failed(String why) implements TokenResult {}
}
