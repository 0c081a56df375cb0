package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.Map;

/// A provider upstream whose own ID Tokens may be exchanged, and for which of our clients (IDP-14).
///
/// @param upstream the id of a provider of `broker.sign_in.upstreams`
/// @param clients by the client there that a token was issued to, the client of ours that may
///   exchange it
public record UpstreamTokens(String upstream, Map<ClientId, ClientId> clients) {
  public UpstreamTokens {
    clients = Map.copyOf(clients);
    if (clients.isEmpty()) {
      throw new IllegalArgumentException(
          "broker.exchange.upstream_id_tokens maps no client of '" + upstream + "'");
    }
  }
}
