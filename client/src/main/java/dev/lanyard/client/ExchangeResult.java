package dev.lanyard.client;

import dev.lanyard.protocol.oauth.TokenExchangeResponse;

/// What an identity provider answered to a token exchange.
public sealed interface ExchangeResult {
  /// An ID-JAG.
  record Granted(TokenExchangeResponse response) implements ExchangeResult {}

  /// No.
  record Denied(Denial denial) implements ExchangeResult {}

  /// Something that is no answer.
  record Failed(String why) implements ExchangeResult {}
}
