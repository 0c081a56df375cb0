package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.Giving.Weighed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// How a person stands at one connector.
///
/// @param at the connector
/// @param weighed what became of every role and exception
/// @param withheld the separations of duty that take something away
/// @param allowed the scopes that they may have now; empty if they may not have the connector
/// @param reachable the scopes that they might have after a step-up; as `allowed` where no step-up
///   is missing
record Standing(
    ConnectorPolicy at,
    List<Weighed> weighed,
    List<Rule> withheld,
    Optional<Scopes> allowed,
    Optional<Scopes> reachable) {

  static Standing of(ConnectorPolicy at, Asking asking) {
    var weighed = at.weigh(asking);
    var withheld = weighed.isEmpty() ? List.<Rule>of() : at.withheld(asking);
    var allowed = scopes(at.connector(), weighed, withheld, Weighed::applies);
    boolean stepUp = false;
    for (var one : weighed) {
      stepUp |= one.needed().isPresent();
    }
    return new Standing(
        at,
        weighed,
        withheld,
        allowed,
        stepUp ? scopes(at.connector(), weighed, withheld, Weighed::appliesAfterStepUp) : allowed);
  }

  Connector connector() {
    return at.connector();
  }

  void tellRules(List<Rule> rules) {
    for (var one : weighed) {
      rules.add(one.rule());
    }
    rules.addAll(withheld);
  }

  private static Optional<Scopes> scopes(
      Connector connector, List<Weighed> weighed, List<Rule> withheld, Predicate<Weighed> counts) {
    Weighed only = null;
    int count = 0;
    for (var one : weighed) {
      if (counts.test(one)) {
        only = one;
        count++;
      }
    }
    if (only == null) {
      return Optional.empty();
    }
    var given = count == 1 ? only.giving().scopes() : union(connector, weighed, counts);
    return withheld.isEmpty() ? Optional.of(given) : without(given, withheld);
  }

  /// In the order in which the connector declares them.
  private static Scopes union(
      Connector connector, List<Weighed> weighed, Predicate<Weighed> counts) {
    var all = new LinkedHashSet<String>();
    for (var one : weighed) {
      if (counts.test(one)) {
        all.addAll(one.giving().scopes().values());
      }
    }
    return connector.scopes().intersect(new Scopes(all));
  }

  /// What separations of duty leave; empty if nothing.
  static Optional<Scopes> without(Scopes given, List<Rule> withheld) {
    var left = new ArrayList<>(given.values());
    withheld.forEach(rule -> left.removeAll(rule.scopes().values()));
    return left.isEmpty() ? Optional.empty() : Optional.of(Scopes.of(left));
  }
}
