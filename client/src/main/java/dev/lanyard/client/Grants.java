package dev.lanyard.client;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The access tokens in memory, by person and MCP server. Identity provider and DPoP key are the
/// same for all, issuer, resource and scopes are in the grant (CLI-37). Thread-safe.
final class Grants {
  /// Given up before the server would refuse it.
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final Map<Key, AccessGrant> grants = new ConcurrentHashMap<>();
  private final InstantSource clock;

  Grants(InstantSource clock) {
    this.clock = clock;
  }

  Optional<AccessGrant> live(String user, ResourceIndicator server) {
    return Optional.ofNullable(grants.get(new Key(user, server)))
        .filter(grant -> clock.instant().isBefore(grant.expiresAt().minus(MARGIN)));
  }

  void put(String user, ResourceIndicator server, AccessGrant grant) {
    grants.put(new Key(user, server), grant);
  }

  /// Forgets the grant if it is still the one that was refused.
  void forget(String user, ResourceIndicator server, Secret token) {
    grants.computeIfPresent(
        new Key(user, server), (key, grant) -> grant.token().equals(token) ? null : grant);
  }

  Collection<AccessGrant> removeAll() {
    var all = List.copyOf(grants.values());
    grants.clear();
    return all;
  }

  private record Key(String user, ResourceIndicator server) {}
}
