package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Assurance;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.policy.Decision.StepUp;
import dev.lanyard.server.policy.Giving.Weighed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// What the rules come to for one request whose resources are known.
///
/// @param request the request
/// @param standings how the person stands at each connector that is asked for
/// @param rules every rule that took part
/// @param version the version of the library
record Judgement(
    AccessRequest request, List<Standing> standings, List<Rule> rules, String version) {

  static Judgement of(AccessRequest request, List<ConnectorPolicy> targets, String version) {
    var standings = new ArrayList<Standing>(targets.size());
    var rules = new ArrayList<Rule>(2);
    for (var target : targets) {
      var standing = Standing.of(target, Asking.of(request, target.connector().id()));
      standing.tellRules(rules);
      standings.add(standing);
    }
    return new Judgement(request, standings, List.copyOf(rules), version);
  }

  Decision decision() {
    var now = outcome(Standing::allowed, Weighed::applies);
    if (standings.stream().noneMatch(Judgement::needsStepUp)) {
      return now;
    }
    return outcome(Standing::reachable, Weighed::appliesAfterStepUp) instanceof Permit later
            && gains(now, later, request.scopes())
        ? new StepUp(needed(now, later), rules, version)
        : now;
  }

  private static boolean needsStepUp(Standing standing) {
    for (var weighed : standing.weighed()) {
      if (weighed.needed().isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// Whether a better sign-in brings something that was asked for by name. What was not asked for
  /// is left out in silence: nobody is sent to sign in for something that they do not want.
  private static boolean gains(Decision now, Permit later, Scopes asked) {
    if (!(now instanceof Permit permit)) {
      return true;
    }
    return !permit.connectors().containsAll(later.connectors())
        || (!asked.isEmpty() && !permit.scopes().containsAll(later.scopes()))
        || !permit.details().all().containsAll(later.details().all());
  }

  /// The sign-in that is good for every rule that brings something.
  private Assurance needed(Decision now, Permit later) {
    var had = now instanceof Permit permit ? permit.scopes() : Scopes.NONE;
    var connectors =
        now instanceof Permit permit ? new HashSet<>(permit.connectors()) : Set.<String>of();
    var all = Optional.<Assurance>empty();
    for (var standing : standings) {
      var id = standing.connector().id();
      for (var weighed : standing.weighed()) {
        boolean brings =
            (later.connectors().contains(id) && !connectors.contains(id))
                || givesDetails(weighed)
                || weighed.giving().scopes().values().stream()
                    .anyMatch(scope -> later.scopes().contains(scope) && !had.contains(scope));
        if (weighed.needed().isPresent() && brings) {
          var one = weighed.needed().get();
          all = all.map(before -> before.and(one)).or(() -> Optional.of(one));
        }
      }
    }
    return all.orElseThrow(() -> new IllegalStateException("a step-up that nothing asks for"));
  }

  private boolean givesDetails(Weighed weighed) {
    return !request.details().isEmpty()
        && request.details().types().stream()
            .anyMatch(type -> weighed.giving().details(type).isPresent());
  }

  private Decision outcome(Function<Standing, Optional<Scopes>> scopes, Predicate<Weighed> counts) {
    var byScopes =
        standings.size() == 1
            ? ofOne(standings.getFirst(), scopes.apply(standings.getFirst()))
            : ofSeveral(scopes);
    return request.details().isEmpty() || !(byScopes instanceof Permit permit)
        ? byScopes
        : withDetails(permit, counts);
  }

  private Decision withDetails(Permit permit, Predicate<Weighed> counts) {
    var reached =
        standings.stream()
            .filter(one -> permit.connectors().contains(one.connector().id()))
            .toList();
    return switch (new DetailJudgement(standings, reached, counts).of(request.details())) {
      case DetailJudgement.Result.Refused(var reason) -> deny(reason);
      case DetailJudgement.Result.Granted(var details) ->
          new Permit(
              permit.audience(),
              permit.connectors(),
              permit.resources(),
              permit.scopes(),
              details,
              permit.narrowed() || !details.equals(request.details()),
              rules,
              version);
    };
  }

  private Decision ofOne(Standing standing, Optional<Scopes> allowed) {
    if (allowed.isEmpty()) {
      return deny(Shortfall.of(standings, rules));
    }
    var given = allowed.get();
    var asked = request.scopes();
    var granted = asked.isEmpty() || asked.containsAll(given) ? given : given.intersect(asked);
    if (!isReached(standing, asked, granted)) {
      return deny(new DenyReason.NoScopeLeft(asked, given));
    }
    return new Permit(
        request.audience(),
        standing.at().id(),
        standing.at().resource(),
        granted,
        AuthorizationDetails.NONE,
        granted.values().size() < asked.values().size(),
        rules,
        version);
  }

  /// Several resources share one set of scopes: a scope is granted only if it is allowed at every
  /// granted resource that knows a scope of this name.
  private Decision ofSeveral(Function<Standing, Optional<Scopes>> scopes) {
    var given = standings.stream().filter(one -> scopes.apply(one).isPresent()).toList();
    if (given.isEmpty()) {
      return deny(Shortfall.of(standings, rules));
    }
    var asked = request.scopes();
    var granted = new LinkedHashSet<String>();
    for (var standing : given) {
      for (var scope : scopes.apply(standing).orElseThrow().values()) {
        if ((asked.isEmpty() || asked.contains(scope))
            && given.stream().allMatch(other -> allowsIfKnown(other, scope, scopes))) {
          granted.add(scope);
        }
      }
    }
    var reached = given.stream().filter(one -> isReached(one, asked, new Scopes(granted))).toList();
    if (reached.isEmpty()) {
      var all =
          given.stream()
              .map(one -> scopes.apply(one).orElseThrow())
              .reduce(Scopes.NONE, Scopes::union);
      return deny(new DenyReason.NoScopeLeft(asked, all));
    }
    return new Permit(
        request.audience(),
        reached.stream().map(one -> one.connector().id()).toList(),
        reached.stream().map(one -> one.connector().resource()).toList(),
        new Scopes(granted),
        AuthorizationDetails.NONE,
        granted.size() < asked.values().size() || reached.size() < request.resources().size(),
        rules,
        version);
  }

  private static boolean allowsIfKnown(
      Standing standing, String scope, Function<Standing, Optional<Scopes>> scopes) {
    return !standing.connector().scopes().contains(scope)
        || scopes.apply(standing).orElseThrow().contains(scope);
  }

  /// A resource is granted with at least one of its scopes; a resource that has none is granted
  /// when no scope was asked for.
  private static boolean isReached(Standing standing, Scopes asked, Scopes granted) {
    var known = standing.connector().scopes();
    if (known.isEmpty()) {
      return asked.isEmpty();
    }
    for (var scope : granted.values()) {
      if (known.contains(scope)) {
        return true;
      }
    }
    return false;
  }

  private Deny deny(DenyReason reason) {
    return new Deny(reason, rules, version);
  }
}
