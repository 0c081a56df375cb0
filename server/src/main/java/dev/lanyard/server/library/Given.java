package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;

/// What a role or an exception gives at one connector.
///
/// @param scopes the scopes
/// @param conditions all of them must hold, besides those of the role
public record Given(Scopes scopes, List<Requirement> conditions) {
  public Given {
    conditions = List.copyOf(conditions);
  }

  /// Scopes without a condition.
  public static Given of(String... scopes) {
    return new Given(Scopes.of(scopes), List.of());
  }
}
