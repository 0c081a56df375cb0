package dev.lanyard.client.service;

import dev.lanyard.client.Access;
import dev.lanyard.client.AccessEvents;
import dev.lanyard.client.AccessSource;
import dev.lanyard.client.Hint;
import dev.lanyard.client.TokenResponses;
import dev.lanyard.client.TokenResult;
import dev.lanyard.client.flow.AuthorizationServer;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.client.flow.HeldAccess;
import dev.lanyard.client.flow.ResourceDiscovery;
import dev.lanyard.client.flow.TokenResponseValidator;
import dev.lanyard.client.flow.Wanted;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Access tokens for MCP servers without a person. No token is ever asked for at a server that is
/// not configured, whatever a resource says (CLI-14). Thread-safe.
///
/// A refusal ends the attempt: no other grant is tried, and a workload's JWT that was refused is
/// not sent again (CLI-43).
public final class ServiceClient implements AccessSource {
  private static final String NOBODY = "";

  private final Map<Issuer, Identity> identities;
  private final EgressClient egress;
  private final AuthorizationServers servers;
  private final TokenResponseValidator validator;
  private final RefusedAssertions refused = new RefusedAssertions();
  private final HeldAccess access;

  /// Bearer tokens, and nobody who listens.
  ///
  /// @param identities who this service is at each authorization server
  /// @param egress where it may go: MCP servers name URLs that nobody vouches for (CLI-16)
  public ServiceClient(
      Map<Issuer, Identity> identities,
      EgressClient egress,
      InstantSource clock,
      SecureRandom random) {
    this(identities, Optional.empty(), egress, AccessEvents.NONE, clock, random);
  }

  /// @param dpopKey to bind every token to
  /// @param events told of every trip to the servers
  public ServiceClient(
      Map<Issuer, Identity> identities,
      Optional<SigningKey> dpopKey,
      EgressClient egress,
      AccessEvents events,
      InstantSource clock,
      SecureRandom random) {
    this.identities = Map.copyOf(identities);
    this.egress = egress;
    var dpop = dpopKey.map(key -> new DpopSigner(key, clock, random));
    this.servers = new AuthorizationServers(egress, dpop, clock, random);
    this.validator = new TokenResponseValidator(dpop, clock);
    this.access = new HeldAccess(() -> NOBODY, this::obtain, dpop, events, clock);
  }

  @Override
  public Access accessTo(URI server, Hint hint) {
    return access.accessTo(server, hint);
  }

  @Override
  public Map<String, String> headersFor(URI server, String method, URI url) {
    return access.headersFor(server, method, url);
  }

  @Override
  public void useNonce(URI server, String nonce) {
    access.useNonce(server, nonce);
  }

  private Access obtain(Wanted wanted) {
    return new ResourceDiscovery(egress).then(wanted, metadata -> obtain(metadata, wanted));
  }

  private Access obtain(ProtectedResourceMetadata metadata, Wanted wanted) {
    for (var issuer : metadata.authorizationServers()) {
      var identity = Optional.ofNullable(identities.get(issuer));
      if (identity.isPresent()) {
        return switch (servers.discover(issuer)) {
          case IssuerDiscovery.Discovery.Unavailable(var why) -> new Access.Unavailable(why);
          case IssuerDiscovery.Discovery.Found(var server) ->
              obtain(
                  servers.talkTo(server, identity.get().registration()),
                  identity.get(),
                  metadata.resource(),
                  wanted.scopes(metadata));
        };
      }
    }
    return new Access.Stopped(
        "this service is known at none of " + metadata.authorizationServers());
  }

  private Access obtain(
      AuthorizationServer server, Identity identity, ResourceIndicator resource, Scopes scopes) {
    return switch (identity) {
      case Identity.Credentials own ->
          sent(
              server,
              () -> server.requests().clientCredentials(resource, scopes),
              resource,
              scopes);
      case Identity.Workload workload -> {
        var assertion = workload.token().get();
        var known = refused.find(server.issuer(), assertion);
        if (known.isPresent()) {
          yield known.get();
        }
        var asked = Optional.of(scopes).filter(some -> !some.isEmpty());
        var request = new JwtBearerRequest(assertion, List.of(resource), asked);
        var answer = sent(server, () -> server.requests().redeem(request), resource, scopes);
        if (answer instanceof Access.Denied denied) {
          refused.remember(server.issuer(), assertion, denied);
        }
        yield answer;
      }
    };
  }

  private Access sent(
      AuthorizationServer server,
      Supplier<EgressRequest> request,
      ResourceIndicator resource,
      Scopes scopes) {
    return switch (TokenResponses.token(server.send(request))) {
      case TokenResult.Failed(var why) -> new Access.Unavailable(server.issuer() + ": " + why);
      case TokenResult.Denied(var denial) -> new Access.Denied(server.issuer(), denial);
      case TokenResult.Granted(var response) ->
          validator.judge(response, server.issuer(), resource, scopes);
    };
  }
}
