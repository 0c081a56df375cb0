package dev.lanyard.server.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A connector of ours for which somebody held what a kill has ended.
///
/// @param connector its resource identifier
/// @param bound how it is known that its server hears of a kill; empty if only the server can tell,
///   by following what is denied
/// @param servers the ids of the clients that its server may be: under these it follows
/// @param until when the last ends of what was held there
public record Held(String connector, Optional<Bound> bound, Set<String> servers, Instant until) {
  public Held {
    servers = Set.copyOf(servers);
  }

  /// A server that cannot go on without hearing of a kill.
  ///
  /// @param within how long after all nodes refuse
  /// @param because why, for people
  public record Bound(Duration within, String because) {
    /// When it refuses, for people.
    public String told() {
      return within.isZero()
          ? "at once"
          : "within %d seconds, when %s".formatted(within.toSeconds(), because);
    }
  }

  /// The same, of a server of which another thing is known.
  public Held with(Optional<Bound> other) {
    return new Held(connector, other, servers, until);
  }
}
