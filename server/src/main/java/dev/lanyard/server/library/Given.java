package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a role or an exception gives at one connector.
///
/// @param scopes the scopes
/// @param conditions all of them must hold, besides those of the role
/// @param details the types of authorization details, each with the values that it allows of a
///   field; a field that is not named is as the connector declares it
public record Given(
    Scopes scopes, List<Requirement> conditions, Map<String, Map<String, Set<String>>> details) {
  public Given {
    conditions = List.copyOf(conditions);
    details = Map.copyOf(details);
  }

  /// What is given without authorization details.
  public Given(Scopes scopes, List<Requirement> conditions) {
    this(scopes, conditions, Map.of());
  }

  /// Scopes without a condition.
  public static Given of(String... scopes) {
    return new Given(Scopes.of(scopes), List.of());
  }
}
