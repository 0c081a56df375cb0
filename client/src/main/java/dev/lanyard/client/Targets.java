package dev.lanyard.client;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// From the URL of an MCP server to the authorization server to ask, the resource and the scopes to
/// ask for. Not thread-safe.
final class Targets {
  private final EmaConfig config;
  private final EgressClient egress;
  private final Optional<DpopSigner> dpop;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<Issuer, IssuerDiscovery> discoveries = new HashMap<>();
  private final Map<Issuer, AuthorizationServer> servers = new HashMap<>();

  Targets(
      EmaConfig config,
      EgressClient egress,
      Optional<DpopSigner> dpop,
      InstantSource clock,
      SecureRandom random) {
    this.config = config;
    this.egress = egress;
    this.dpop = dpop;
    this.clock = clock;
    this.random = random;
  }

  /// What there is to ask for.
  sealed interface Search {
    record Found(Target target) implements Search {}

    record Ended(Access access) implements Search {}
  }

  /// One party of the flow.
  sealed interface Party {
    record Found(AuthorizationServer server) implements Party {}

    record Missing(String why) implements Party {}
  }

  Party identityProvider() {
    return party(config.identityProvider(), config.atIdentityProvider());
  }

  /// @param granted what was granted before for this server: asking for more must not lose it
  ///   (CLI-10)
  Search find(ResourceIndicator server, Hint hint, Scopes granted) {
    return switch (new ResourceDiscovery(egress).find(server, hint.resourceMetadata())) {
      case ResourceDiscovery.Discovery.Stopped(var why) ->
          new Search.Ended(new Access.Stopped(why));
      case ResourceDiscovery.Discovery.Unavailable(var why) ->
          new Search.Ended(new Access.Unavailable(why));
      case ResourceDiscovery.Discovery.Found(var metadata) ->
          find(metadata, scopes(metadata, hint, granted));
    };
  }

  /// The challenge first, then what the resource publishes, else none: policy decides (CLI-9).
  private static Scopes scopes(ProtectedResourceMetadata metadata, Hint hint, Scopes granted) {
    if (!hint.needed().isEmpty()) {
      return granted.union(hint.needed());
    }
    return hint.suggested().isEmpty() ? metadata.scopes() : hint.suggested();
  }

  /// The first authorization server of the resource where we are registered and can redeem.
  private Search find(ProtectedResourceMetadata metadata, Scopes scopes) {
    var obstacles = new ArrayList<String>();
    for (var issuer : metadata.authorizationServers()) {
      var registration = Optional.ofNullable(config.atResourceServers().get(issuer));
      if (registration.isEmpty()) {
        obstacles.add("not registered at " + issuer);
        continue;
      }
      switch (party(issuer, registration.get())) {
        case Party.Missing(var why) -> {
          return new Search.Ended(new Access.Unavailable(why));
        }
        case Party.Found(var server) when redeems(server.metadata()) -> {
          return new Search.Found(new Target(server, metadata.resource(), scopes));
        }
        case Party.Found(var server) -> obstacles.add(issuer + " has no jwt-bearer grant");
      }
    }
    return new Search.Ended(new Access.Stopped(String.join("; ", obstacles)));
  }

  /// A list that is there must name the grant; its absence, like that of the id-jag profile, says
  /// nothing (CLI-41).
  private static boolean redeems(AuthorizationServerMetadata server) {
    var grants = server.supported(Supported.GRANT_TYPES);
    return grants.isEmpty() || grants.contains(GrantType.JWT_BEARER.value());
  }

  private Party party(Issuer issuer, ClientRegistration registration) {
    var discovery =
        discoveries.computeIfAbsent(
            issuer, name -> new IssuerDiscovery(egress, name, Refresh.DEFAULT, clock));
    return switch (discovery.discover()) {
      case IssuerDiscovery.Discovery.Unavailable(var why) -> new Party.Missing(why);
      case IssuerDiscovery.Discovery.Found(var metadata)
          when metadata.endpoint(Endpoint.TOKEN).isEmpty() ->
          new Party.Missing(issuer + " has no token endpoint");
      case IssuerDiscovery.Discovery.Found(var metadata) ->
          new Party.Found(server(metadata, registration));
    };
  }

  private AuthorizationServer server(
      AuthorizationServerMetadata metadata, ClientRegistration registration) {
    var known = Optional.ofNullable(servers.get(metadata.issuer()));
    if (known.isPresent() && known.get().metadata().equals(metadata)) {
      return known.get();
    }
    var requests = new TokenRequests(metadata, registration, clock, random);
    var server = new AuthorizationServer(metadata, requests, egress, dpop);
    servers.put(metadata.issuer(), server);
    return server;
  }

  /// A party that was talked to before.
  Optional<AuthorizationServer> known(Issuer issuer) {
    return Optional.ofNullable(servers.get(issuer));
  }
}
