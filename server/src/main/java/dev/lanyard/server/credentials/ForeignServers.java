package dev.lanyard.server.credentials;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The authorization servers of others that the configuration or a grant names. Thread-safe.
final class ForeignServers {
  private final EgressClient egress;
  private final InstantSource clock;
  private final ConcurrentMap<Issuer, ForeignServer> servers = new ConcurrentHashMap<>();

  ForeignServers(EgressClient egress, InstantSource clock) {
    this.egress = egress;
    this.clock = clock;
  }

  ForeignServer at(Issuer issuer) {
    return servers.computeIfAbsent(
        issuer,
        one -> new ForeignServer(new IssuerDiscovery(egress, one, Refresh.DEFAULT, clock), egress));
  }
}
