package dev.lanyard.client.code;

import dev.lanyard.client.Access;
import dev.lanyard.client.flow.AuthorizationRequest;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.client.flow.ResourceDiscovery;
import dev.lanyard.client.flow.Wanted;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The ordinary flow: finds the resource and an authorization server of it at which this client is
/// something or can become it, and asks for a token there.
final class CodeFlow {
  private final EgressClient egress;
  private final AuthorizationServers servers;
  private final Registrar registrar;
  private final CodeGrant.Means means;
  private final Map<Issuer, ReentrantLock> running = new ConcurrentHashMap<>();

  CodeFlow(
      EgressClient egress,
      AuthorizationServers servers,
      Registrar registrar,
      CodeGrant.Means means) {
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
          var obstacle = AuthorizationRequest.obstacleAt(server);
          if (obstacle.isPresent()) {
            obstacles.add(obstacle.get());
          } else if (registrar.standingAt(server) instanceof Registrar.Standing.Unknown(var why)) {
            obstacles.add(why);
          } else {
            return run(new CodeGrant(server, metadata, wanted, means), issuer);
          }
        }
      }
    }
    return new Access.Stopped(String.join("; ", obstacles));
  }

  /// One at a time at each server: of two that find no registration there, one registers.
  private Access run(CodeGrant grant, Issuer at) {
    var own = running.computeIfAbsent(at, absent -> new ReentrantLock());
    own.lock();
    try {
      return grant.run();
    } finally {
      own.unlock();
    }
  }
}
