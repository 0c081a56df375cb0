package dev.lanyard.client.flow;

import dev.lanyard.client.HeldToken;
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
/// same for all, issuer, resource and scopes are in the token (CLI-37). Thread-safe.
final class HeldTokens {
  /// Given up before the server would refuse it; of a short life a part, as for its renewal.
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /// Replaced while it still serves: time for a slow server and for another try.
  private static final Duration MOST_AHEAD = Duration.ofMinutes(2);

  private static final int PART_OF_LIFE = 4;

  private final Map<Key, Held> tokens = new ConcurrentHashMap<>();
  private final InstantSource clock;

  HeldTokens(InstantSource clock) {
    this.clock = clock;
  }

  Optional<HeldToken> live(String user, ResourceIndicator server) {
    return Optional.ofNullable(tokens.get(new Key(user, server)))
        .filter(held -> clock.instant().isBefore(held.until))
        .map(Held::token);
  }

  void put(String user, ResourceIndicator server, HeldToken token) {
    var part = Duration.between(clock.instant(), token.expiresAt()).dividedBy(PART_OF_LIFE);
    tokens.put(
        new Key(user, server),
        new Held(token, before(token, part, MOST_AHEAD), before(token, part, MARGIN)));
  }

  /// So long before its end, and at most this part of its life.
  private static Instant before(HeldToken token, Duration part, Duration most) {
    return token.expiresAt().minus(part.compareTo(most) < 0 ? part : most);
  }

  /// Whether the token is to be renewed now; of several who ask, one is told so, and after a while,
  /// if it is still the same token, one more.
  boolean takeRenewal(String user, ResourceIndicator server) {
    var key = new Key(user, server);
    var held = tokens.get(key);
    var now = clock.instant();
    return held != null
        && !now.isBefore(held.renewFrom)
        && tokens.replace(key, held, new Held(held.token, now.plus(MARGIN), held.until));
  }

  /// Forgets the token if it is still the one that was refused.
  void forget(String user, ResourceIndicator server, Secret token) {
    tokens.computeIfPresent(
        new Key(user, server), (key, held) -> held.token.value().equals(token) ? null : held);
  }

  Collection<HeldToken> removeAll() {
    var all = List.copyOf(tokens.values());
    tokens.clear();
    return all.stream().map(Held::token).toList();
  }

  private record Key(String user, ResourceIndicator server) {}

  /// @param until when it is sent no more
  private record Held(HeldToken token, Instant renewFrom, Instant until) {}
}
