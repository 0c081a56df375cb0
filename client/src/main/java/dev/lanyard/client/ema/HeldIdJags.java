package dev.lanyard.client.ema;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// ID-JAGs that may be submitted again, kept only for servers known to allow it. Not thread-safe.
final class HeldIdJags {
  private final Set<Issuer> resubmitAt;
  private final Map<Key, IdJag> held = new HashMap<>();

  HeldIdJags(Set<Issuer> resubmitAt) {
    this.resubmitAt = resubmitAt;
  }

  /// @param value opaque
  record IdJag(Secret value, Instant expiresAt) {}

  Optional<IdJag> live(String user, Target target, Instant now) {
    return Optional.ofNullable(held.get(key(user, target)))
        .filter(idJag -> now.isBefore(idJag.expiresAt()));
  }

  void keep(String user, Target target, IdJag idJag) {
    if (resubmitAt.contains(target.server().issuer())) {
      held.put(key(user, target), idJag);
    }
  }

  void forget(String user, Target target) {
    held.remove(key(user, target));
  }

  void clear() {
    held.clear();
  }

  private static Key key(String user, Target target) {
    return new Key(user, target.server().issuer(), target.resource(), target.scopes());
  }

  private record Key(String user, Issuer server, ResourceIndicator resource, Scopes scopes) {}
}
