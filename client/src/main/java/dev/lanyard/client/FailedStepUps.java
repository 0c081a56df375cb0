package dev.lanyard.client;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which wider access was asked for in vain, so that an agent that tries an operation again and
/// again does not ask the identity provider again and again (CLI-10). The client cannot see
/// operations; the scopes that a server demands for one stand for it. Thread-safe.
final class FailedStepUps {
  /// An administrator who allows it is not made to wait longer.
  private static final Duration MEMORY = Duration.ofMinutes(5);

  /// A server chooses the scopes that it demands, and could demand others every time.
  private static final int MOST = 500;

  private final Map<Key, Failure> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failure> eldest) {
          return size() > MOST;
        }
      };

  private final InstantSource clock;

  FailedStepUps(InstantSource clock) {
    this.clock = clock;
  }

  private record Key(String user, ResourceIndicator server, Scopes needed) {}

  private record Failure(Access.Denied denied, Instant until) {}

  /// The refusal of a little while ago.
  synchronized Optional<Access.Denied> recent(
      String user, ResourceIndicator server, Scopes needed) {
    return Optional.ofNullable(failures.get(new Key(user, server, needed)))
        .filter(failure -> clock.instant().isBefore(failure.until()))
        .map(Failure::denied);
  }

  synchronized void remember(
      String user, ResourceIndicator server, Scopes needed, Access.Denied denied) {
    failures.put(new Key(user, server, needed), new Failure(denied, clock.instant().plus(MEMORY)));
  }

  synchronized void clear() {
    failures.clear();
  }
}
