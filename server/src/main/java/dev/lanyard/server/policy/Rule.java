package dev.lanyard.server.policy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;

/// One rule that took part in a decision: a role gives a connector to the members of groups.
///
/// @param role the role
/// @param groups through which groups the person has the role, sorted
/// @param connector the connector it gives
/// @param scopes the scopes it gives there
/// @param effect whether it counted
public record Rule(
    String role, List<String> groups, String connector, Scopes scopes, Effect effect) {

  /// Whether a rule counted.
  public enum Effect {
    /// It gave its scopes.
    APPLIED,
    /// The role is restricted to other clients, so it gave nothing.
    OTHER_CLIENTS_ONLY
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("role", role)
        .put("groups", groups)
        .put("connector", connector)
        .put("scope", scopes.toString())
        .put("effect", effect == Effect.APPLIED ? "applied" : "other-clients-only")
        .build();
  }
}
