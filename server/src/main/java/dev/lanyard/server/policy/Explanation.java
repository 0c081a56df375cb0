package dev.lanyard.server.policy;

import java.util.List;
import java.util.Set;

/// A decision, and which roles would have given what was asked for: what an administrator needs to
/// put it right. The decision is the one that would be enforced, not a second opinion.
///
/// @param decision what would be enforced
/// @param wouldGive the roles that give one of the connectors and that the person does not have
public record Explanation(Decision decision, List<MissingRole> wouldGive) {

  /// A role that the person does not have.
  ///
  /// @param role its name
  /// @param groups any of these groups would give it
  /// @param connector the connector that it gives
  public record MissingRole(String role, Set<String> groups, String connector) {}
}
