package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.authorization.upstream.ClaimNames;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import java.util.Optional;

/// An OpenID Provider upstream that may tell us of logouts.
///
/// @param organisation whose people sign in there
/// @param namesPeople whether its `sub` means a person here; if another claim does, it means only
///   whoever signed in with it
public record LogoutProvider(
    String name, String organisation, Signer signer, ClientId clientId, boolean namesPeople) {
  /// One at which people sign in.
  public static LogoutProvider of(UpstreamConfig upstream, String organisation) {
    return new LogoutProvider(
        upstream.id(),
        organisation,
        new Signer(upstream.issuer(), Optional.empty(), upstream.algorithms()),
        upstream.clientId(),
        upstream.claims().subject().equals(ClaimNames.SUB));
  }
}
