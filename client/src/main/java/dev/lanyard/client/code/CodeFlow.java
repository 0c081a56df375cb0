package dev.lanyard.client.code;

import dev.lanyard.client.Access;
import dev.lanyard.client.AuthorizationServers;
import dev.lanyard.client.CodeSignIn;
import dev.lanyard.client.ResourceDiscovery;
import dev.lanyard.client.Wanted;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import java.util.ArrayList;

/// The ordinary flow: finds the resource and an authorization server of it at which this client is
/// something or can become it, and sends an errand there.
final class CodeFlow {
  private final EgressClient egress;
  private final AuthorizationServers servers;
  private final Registrar registrar;
  private final Errand.Means means;

  CodeFlow(
      EgressClient egress, AuthorizationServers servers, Registrar registrar, Errand.Means means) {
    this.egress = egress;
    this.servers = servers;
    this.registrar = registrar;
    this.means = means;
  }

  Access obtain(Wanted wanted) {
    return new ResourceDiscovery(egress).then(wanted, metadata -> obtain(metadata, wanted));
  }

  private Access obtain(ProtectedResourceMetadata metadata, Wanted wanted) {
    var obstacles = new ArrayList<String>();
    for (var issuer : metadata.authorizationServers()) {
      switch (servers.discover(issuer)) {
        case IssuerDiscovery.Discovery.Unavailable(var why) -> {
          return new Access.Unavailable(why);
        }
        case IssuerDiscovery.Discovery.Found(var server) -> {
          var obstacle = CodeSignIn.obstacleAt(server);
          if (obstacle.isPresent()) {
            obstacles.add(obstacle.get());
          } else if (registrar.standingAt(server)
              instanceof Registrar.Standing.Unwelcome(var why)) {
            obstacles.add(why);
          } else {
            return new Errand(server, metadata, wanted, means).run();
          }
        }
      }
    }
    return new Access.Stopped(String.join("; ", obstacles));
  }
}
