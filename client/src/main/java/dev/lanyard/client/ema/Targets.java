package dev.lanyard.client.ema;

import dev.lanyard.client.Access;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.flow.AuthorizationServer;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.client.flow.ResourceDiscovery;
import dev.lanyard.client.flow.Wanted;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.ArrayList;
import java.util.Optional;

/// From the URL of an MCP server to the authorization server to ask, the resource and the scopes to
/// ask for. Thread-safe.
final class Targets {
  private final EmaConfig config;
  private final EgressClient egress;
  private final AuthorizationServers servers;

  Targets(EmaConfig config, EgressClient egress, AuthorizationServers servers) {
    this.config = config;
    this.egress = egress;
    this.servers = servers;
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

  Search find(Wanted wanted) {
    var challenged = wanted.hint().resourceMetadata();
    return switch (new ResourceDiscovery(egress).find(wanted.server(), challenged)) {
      case ResourceDiscovery.Discovery.Stopped(var why) ->
          new Search.Ended(new Access.Stopped(why));
      case ResourceDiscovery.Discovery.Unavailable(var why) ->
          new Search.Ended(new Access.Unavailable(why));
      case ResourceDiscovery.Discovery.Found(var metadata) ->
          find(metadata, wanted.scopes(metadata));
    };
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
    return switch (servers.discover(issuer)) {
      case IssuerDiscovery.Discovery.Unavailable(var why) -> new Party.Missing(why);
      case IssuerDiscovery.Discovery.Found(var metadata) ->
          new Party.Found(servers.talkTo(metadata, registration));
    };
  }
}
