package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Assurance;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.policy.Giving.Weighed;
import dev.lanyard.server.policy.ToolDecision.Allowed;
import dev.lanyard.server.policy.ToolDecision.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the rules come to for one tool.
///
/// One and the same role must give the connector, be cleared for the grade and give the tool's
/// scopes, by name or by one that implies them: two roles together must not give what neither may.
///
/// @param standing how the person stands at the connector
/// @param rules every rule that took part
/// @param version the version of the library
record ToolJudgement(Standing standing, List<Rule> rules, String version) {

  static ToolDecision of(ToolRequest request, Optional<ConnectorPolicy> at, String version) {
    if (at.isEmpty()) {
      return new Refused(new ToolRefusal.UnknownConnector(request.connector()), List.of(), version);
    }
    var standing = Standing.of(at.get(), Asking.of(request));
    var rules = new ArrayList<Rule>(2);
    standing.tellRules(rules);
    return new ToolJudgement(standing, List.copyOf(rules), version).decide(request.tool());
  }

  private ToolDecision decide(String name) {
    var tool = standing.connector().tools().find(name);
    if (standing.reachable().isEmpty()) {
      return refused(new ToolRefusal.ConnectorNotGiven(Shortfall.of(List.of(standing), rules)));
    }
    if (tool.isEmpty()) {
      return refused(new ToolRefusal.UnknownTool(name));
    }
    var grade = tool.get().grade();
    return grade.isPresent()
        ? graded(tool.get(), grade.get())
        : refused(new ToolRefusal.Ungraded(name));
  }

  private ToolDecision graded(Tool tool, DataClass grade) {
    var withheld =
        standing.withheld().stream().map(Rule::scopes).reduce(Scopes.NONE, Scopes::union);
    boolean separated = tool.scopes().values().stream().anyMatch(withheld::contains);
    var cleared =
        standing.weighed().stream()
            .filter(Weighed::appliesAfterStepUp)
            .filter(one -> one.giving().clearance().covers(grade))
            .toList();
    if (cleared.isEmpty()) {
      return refused(new ToolRefusal.AboveClearance(grade, clearance()));
    }
    if (separated) {
      return refused(new ToolRefusal.ScopeWithheld(tool.scopes()));
    }
    var giving = cleared.stream().filter(one -> gives(one, tool.scopes(), withheld)).toList();
    if (giving.isEmpty()) {
      return refused(new ToolRefusal.ScopeMissing(tool.scopes()));
    }
    return giving.stream().anyMatch(Weighed::applies)
        ? new Allowed(grade, rules, version)
        : new ToolDecision.StepUp(needed(giving), rules, version);
  }

  /// Each of these, by a scope that is it or stands for it and is not withheld.
  private boolean gives(Weighed one, Scopes needed, Scopes withheld) {
    var implications = standing.connector().implications();
    var given = one.giving().scopes().values();
    return needed.values().stream()
        .allMatch(narrow ->
            given.stream()
                .anyMatch(
                    scope -> !withheld.contains(scope) && implications.covers(scope, narrow)));
  }

  private DataClass clearance() {
    return standing.weighed().stream()
        .filter(Weighed::appliesAfterStepUp)
        .map(one -> one.giving().clearance())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static Assurance needed(List<Weighed> giving) {
    return giving.stream()
        .flatMap(one -> one.needed().stream())
        .reduce(Assurance::and)
        .orElseThrow(() -> new IllegalStateException("a step-up that nothing asks for"));
  }

  private Refused refused(ToolRefusal reason) {
    return new Refused(reason, rules, version);
  }
}
