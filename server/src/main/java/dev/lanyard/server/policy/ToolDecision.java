package dev.lanyard.server.policy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.library.Assurance;
import dev.lanyard.server.library.DataClass;
import java.util.List;

/// What policy says to a [ToolRequest], with every rule that took part. Immutable.
///
/// A tool that is not [Allowed] is not to be called and, but for a step-up, not to be listed.
public sealed interface ToolDecision {
  /// The content hash of the library that decided (POL-3).
  String policyVersion();

  /// Every rule that took part.
  List<Rule> rules();

  /// What the audit record says about the decision.
  JsonObject evidence();

  /// The tool may be used.
  ///
  /// @param grade how sensitive it is
  record Allowed(DataClass grade, List<Rule> rules, String policyVersion) implements ToolDecision {
    @Override
    public JsonObject evidence() {
      return ToolDecision.evidence("allow", this).put("grade", grade.name()).build();
    }
  }

  /// The tool may not be used.
  record Refused(ToolRefusal reason, List<Rule> rules, String policyVersion)
      implements ToolDecision {
    @Override
    public JsonObject evidence() {
      return ToolDecision.evidence("deny", this)
          .put("reason", reason.code())
          .put("detail", reason.detail())
          .build();
    }
  }

  /// The tool may be used after a better sign-in only.
  record StepUp(Assurance needed, List<Rule> rules, String policyVersion) implements ToolDecision {
    @Override
    public JsonObject evidence() {
      var json = ToolDecision.evidence("step-up", this);
      needed.maxAge().ifPresent(age -> json.put("max_age", age.toSeconds()));
      return json.put("acr_values", needed.acrValues()).build();
    }
  }

  private static JsonObject.Builder evidence(String decision, ToolDecision of) {
    return JsonObject.builder()
        .put("decision", decision)
        .put("policy_version", of.policyVersion())
        .put("rules", of.rules().stream().map(Rule::toJson).toList());
  }
}
