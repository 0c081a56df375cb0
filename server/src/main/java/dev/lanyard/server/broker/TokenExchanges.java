package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.AssertionExchangeRequest;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;

/// The exchanges of the broker, told apart by what is asked for (IDP-2).
///
/// @param idJags whatever is not another
/// @param refreshTokens a SAML assertion for a refresh token (IDP-40)
record TokenExchanges(Grant idJags, Grant refreshTokens) implements Grant {
  @Override
  public String event() {
    return idJags.event();
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    return AssertionExchangeRequest.isMeant(request.form())
        ? refreshTokens.decide(request)
        : idJags.decide(request);
  }
}
