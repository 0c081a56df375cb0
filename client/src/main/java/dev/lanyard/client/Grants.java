package dev.lanyard.client;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
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

  /// Replaced while it still serves: time for a slow server and for another try.
  private static final Duration MOST_AHEAD = Duration.ofMinutes(2);

  private static final int PART_OF_LIFE = 4;

  private final Map<Key, Held> grants = new ConcurrentHashMap<>();
  private final InstantSource clock;

  Grants(InstantSource clock) {
    this.clock = clock;
  }

  Optional<AccessGrant> live(String user, ResourceIndicator server) {
    return Optional.ofNullable(grants.get(new Key(user, server)))
        .map(Held::grant)
        .filter(grant -> clock.instant().isBefore(grant.expiresAt().minus(MARGIN)));
  }

  void put(String user, ResourceIndicator server, AccessGrant grant) {
    grants.put(new Key(user, server), new Held(grant, renewFrom(grant)));
  }

  private Instant renewFrom(AccessGrant grant) {
    var part = Duration.between(clock.instant(), grant.expiresAt()).dividedBy(PART_OF_LIFE);
    return grant.expiresAt().minus(part.compareTo(MOST_AHEAD) < 0 ? part : MOST_AHEAD);
  }

  /// Whether the grant is to be renewed now; of several who ask, one is told so, and after a while,
  /// if it is still the same grant, one more.
  boolean takeRenewal(String user, ResourceIndicator server) {
    var key = new Key(user, server);
    var held = grants.get(key);
    var now = clock.instant();
    return held != null
        && !now.isBefore(held.renewFrom)
        && grants.replace(key, held, new Held(held.grant, now.plus(MARGIN)));
  }

  /// Forgets the grant if it is still the one that was refused.
  void forget(String user, ResourceIndicator server, Secret token) {
    grants.computeIfPresent(
        new Key(user, server), (key, held) -> held.grant.token().equals(token) ? null : held);
  }

  Collection<AccessGrant> removeAll() {
    var all = List.copyOf(grants.values());
    grants.clear();
    return all.stream().map(Held::grant).toList();
  }

  private record Key(String user, ResourceIndicator server) {}

  private record Held(AccessGrant grant, Instant renewFrom) {}
}
