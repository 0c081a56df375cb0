package dev.lanyard.client.flow;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.TokenRequests;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The authorization servers that a client has met: their metadata, and the conversations with
/// them. Thread-safe.
public final class AuthorizationServers {
  private final EgressClient egress;
  private final Optional<DpopSigner> dpop;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<Issuer, IssuerDiscovery> discoveries = new ConcurrentHashMap<>();
  private final Map<Issuer, AuthorizationServer> conversations = new ConcurrentHashMap<>();

  /// @param dpop with the key that every token is bound to
  public AuthorizationServers(
      EgressClient egress, Optional<DpopSigner> dpop, InstantSource clock, SecureRandom random) {
    this.egress = egress;
    this.dpop = dpop;
    this.clock = clock;
    this.random = random;
  }

  /// The metadata of a server that has a token endpoint; may block for a fetch (CLI-3).
  public IssuerDiscovery.Discovery discover(Issuer issuer) {
    return switch (discovery(issuer).discover()) {
      case IssuerDiscovery.Discovery.Found(var metadata)
          when metadata.endpoint(Endpoint.TOKEN).isEmpty() ->
          new IssuerDiscovery.Discovery.Unavailable(issuer + " has no token endpoint");
      case IssuerDiscovery.Discovery result -> result;
    };
  }

  private IssuerDiscovery discovery(Issuer issuer) {
    return discoveries.computeIfAbsent(
        issuer, name -> new IssuerDiscovery(egress, name, Refresh.DEFAULT, clock));
  }

  /// The keys that a server signs with; finding one may block for a fetch.
  public KeySource keys(Issuer issuer) {
    return discovery(issuer).keys();
  }

  /// The conversation with a server as this client; the same one, with its nonce, as long as
  /// neither server nor client have changed.
  public AuthorizationServer talkTo(
      AuthorizationServerMetadata metadata, ClientRegistration registration) {
    return conversations.compute(
        metadata.issuer(),
        (issuer, known) ->
            known != null
                    && known.metadata().equals(metadata)
                    && known.requests().client().equals(registration)
                ? known
                : new AuthorizationServer(
                    metadata,
                    new TokenRequests(metadata, registration, clock, random),
                    egress,
                    dpop));
  }

  /// Ends a token before its time.
  ///
  /// @param hint `access_token` or `refresh_token`
  /// @return why it could not be revoked, for a person to read; empty if the token is dead
  /// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2
  public Optional<String> revoke(Issuer issuer, Secret token, String hint) {
    var request =
        Optional.ofNullable(conversations.get(issuer))
            .flatMap(server -> server.requests().revoke(token, hint));
    if (request.isEmpty()) {
      return Optional.of(issuer + " cannot revoke the " + hint);
    }
    return switch (egress.send(request.get())) {
      case EgressResult.Answered answer when answer.status() == 200 -> Optional.empty();
      case EgressResult.Answered answer ->
          Optional.of(issuer + " did not revoke the " + hint + ": status " + answer.status());
      case EgressResult.Unanswered none -> Optional.of(issuer + ": " + none.reason());
    };
  }
}
