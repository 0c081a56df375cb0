package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import dev.lanyard.server.token.InnerClient;
import dev.lanyard.server.token.TokenResult;

/// Exchanges tokens for ID-JAGs for a client that is a part of this process, such as the gateway:
/// decided, counted and recorded as for every client.
public final class InnerExchange {
  private final InnerClient door;
  private final TokenExchangeGrant grant;

  InnerExchange(InnerClient door, TokenExchangeGrant grant) {
    this.door = door;
    this.grant = grant;
  }

  /// @param client as it is registered here
  public TokenResult ask(ClientId client, TokenExchangeRequest request, String correlationId) {
    return door.ask(
        client, GrantType.TOKEN_EXCHANGE, grant, request.toForm().build(), correlationId);
  }
}
