package dev.lanyard.server.policy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Assurance;
import java.util.List;

/// What policy says to an [AccessRequest], with every rule that took part. Immutable.
public sealed interface Decision {
  /// The content hash of the library that decided (POL-3).
  String policyVersion();

  /// Every rule that took part, in the order of connector and role.
  List<Rule> rules();

  /// What the audit record says about the decision.
  JsonObject evidence();

  /// Access is given.
  ///
  /// @param audience the issuer to write into `aud`
  /// @param connectors the names of the connectors that may be reached
  /// @param resources their resource identifiers: what was asked for, or less
  /// @param scopes what was asked for, or less; everything allowed if nothing was asked for
  /// @param details the authorization details that were asked for, or less
  /// @param narrowed whether a resource, scope or authorization detail that was asked for is not
  ///   among them
  record Permit(
      Issuer audience,
      List<String> connectors,
      List<ResourceIndicator> resources,
      Scopes scopes,
      AuthorizationDetails details,
      boolean narrowed,
      List<Rule> rules,
      String policyVersion)
      implements Decision {

    @Override
    public JsonObject evidence() {
      return JsonObject.builder()
          .put("decision", narrowed ? "narrow" : "allow")
          .put("policy_version", policyVersion)
          .put("connectors", connectors)
          .put("granted_scope", scopes.toString())
          .put("granted_authorization_details", details.all())
          .put("rules", rules.stream().map(Rule::toJson).toList())
          .build();
    }
  }

  /// Access is refused.
  record Deny(DenyReason reason, List<Rule> rules, String policyVersion) implements Decision {

    @Override
    public JsonObject evidence() {
      return JsonObject.builder()
          .put("decision", "deny")
          .put("policy_version", policyVersion)
          .put("reason", reason.code())
          .put("detail", reason.detail())
          .put("rules", rules.stream().map(Rule::toJson).toList())
          .build();
    }
  }

  /// Access is given after a better sign-in only.
  ///
  /// @param needed the sign-in that is good for all that was asked for
  record StepUp(Assurance needed, List<Rule> rules, String policyVersion) implements Decision {

    @Override
    public JsonObject evidence() {
      var json =
          JsonObject.builder().put("decision", "step-up").put("policy_version", policyVersion);
      needed.maxAge().ifPresent(age -> json.put("max_age", age.toSeconds()));
      return json.put("acr_values", needed.acrValues())
          .put("rules", rules.stream().map(Rule::toJson).toList())
          .build();
    }
  }
}
