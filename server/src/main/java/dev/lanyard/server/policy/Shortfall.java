package dev.lanyard.server.policy;

import dev.lanyard.server.policy.Rule.Effect;
import java.util.List;

/// Why none of the connectors that were asked for is given.
final class Shortfall {
  private final List<Rule> rules;

  private Shortfall(List<Rule> rules) {
    this.rules = rules;
  }

  /// The reason that was nearest to being no reason: what an administrator would look at first.
  static DenyReason of(List<Standing> standings, List<Rule> rules) {
    var ids = standings.stream().map(one -> one.connector().id()).toList();
    return new Shortfall(rules).reason(ids);
  }

  private DenyReason reason(List<String> connectors) {
    if (has(Effect.WITHHELD)) {
      return new DenyReason.Separated(connectors, names(Effect.WITHHELD));
    }
    if (rules.stream().anyMatch(rule -> !rule.conditions().isEmpty())) {
      return new DenyReason.ConditionNotMet(connectors, conditions());
    }
    if (has(Effect.OTHER_CLIENTS_ONLY)) {
      return new DenyReason.ClientNotAllowed(connectors);
    }
    return has(Effect.ENDED)
        ? new DenyReason.ExceptionEnded(connectors, names(Effect.ENDED))
        : new DenyReason.NoRole(connectors);
  }

  private boolean has(Effect effect) {
    return rules.stream().anyMatch(rule -> rule.effect() == effect);
  }

  private List<String> names(Effect effect) {
    return rules.stream()
        .filter(rule -> rule.effect() == effect)
        .map(Rule::name)
        .distinct()
        .toList();
  }

  private List<String> conditions() {
    return rules.stream().flatMap(rule -> rule.conditions().stream()).distinct().toList();
  }
}
