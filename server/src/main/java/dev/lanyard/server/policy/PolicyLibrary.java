package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.policy.Explanation.MissingRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A role library compiled for deciding: found by group and connector, never searched. What no role
/// gives is refused. Immutable, so thread-safe.
///
/// Several resources in one request share one set of scopes. A scope is therefore granted only if
/// it is allowed at every granted resource that knows a scope of this name: the grant for several
/// resources is never more than the grants for each of them alone.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8707.html#section-2 RFC 8707 §2 (IDP-3 to IDP-8, POL-1
///   to POL-3)
public final class PolicyLibrary {
  private final Library source;
  private final Map<Issuer, Map<ResourceIndicator, Connector>> governed = new HashMap<>();
  private final Map<String, Map<String, List<Role>>> rolesByGroupAndConnector = new HashMap<>();

  private PolicyLibrary(Library source) {
    this.source = source;
    for (var connector : source.connectors()) {
      governed
          .computeIfAbsent(connector.authorizationServer(), absent -> new LinkedHashMap<>())
          .put(connector.resource(), connector);
    }
    for (var role : source.roles()) {
      for (var group : role.groups()) {
        var byConnector =
            rolesByGroupAndConnector.computeIfAbsent(group, absent -> new HashMap<>());
        for (var connector : role.connectors().keySet()) {
          byConnector.computeIfAbsent(connector, absent -> new ArrayList<>(1)).add(role);
        }
      }
    }
  }

  /// Compiles a library.
  public static PolicyLibrary compile(Library library) {
    return new PolicyLibrary(library);
  }

  /// The content hash of the files, by which decisions name this version.
  public String version() {
    return source.version();
  }

  Library source() {
    return source;
  }

  /// Decides about a request; costs microseconds and has no effect.
  public Decision decide(AccessRequest request) {
    var governedHere = governed.getOrDefault(request.audience(), Map.of());
    return switch (targets(request, governedHere)) {
      case Targets.Found(var connectors) -> decide(request, connectors);
      case Targets.Refused(var reason) -> deny(reason, List.of());
    };
  }

  /// Decides, and says which further roles would have given something that was asked for.
  public Explanation explain(AccessRequest request) {
    var decision = decide(request);
    var governedHere = governed.getOrDefault(request.audience(), Map.of());
    var missing = new ArrayList<MissingRole>();
    if (targets(request, governedHere) instanceof Targets.Found(var connectors)) {
      for (var connector : connectors) {
        for (var role : source.roles()) {
          if (role.connectors().containsKey(connector.id())
              && role.groups().stream().noneMatch(request.groups()::contains)) {
            missing.add(new MissingRole(role.name(), role.groups(), connector.id()));
          }
        }
      }
    }
    return new Explanation(decision, List.copyOf(missing));
  }

  private sealed interface Targets {
    record Found(List<Connector> connectors) implements Targets {}

    record Refused(DenyReason reason) implements Targets {}
  }

  /// One resource outside the audience refuses the whole request: it is an attempt to pair an
  /// audience with the resource of another, or a mistake, and neither may end in a token (IDP-4,
  /// IDP-7).
  private static Targets targets(
      AccessRequest request, Map<ResourceIndicator, Connector> governedHere) {
    var audience = request.audience();
    if (governedHere.isEmpty()) {
      return new Targets.Refused(new DenyReason.UnknownAudience(audience));
    }
    if (request.resources().isEmpty()) {
      var all = List.copyOf(governedHere.values());
      // D-2: only where there is nothing to choose may the client leave the choice out.
      return all.size() == 1
          ? new Targets.Found(all)
          : new Targets.Refused(
              new DenyReason.ResourceRequired(audience, all.stream().map(Connector::id).toList()));
    }
    var connectors = new ArrayList<Connector>(request.resources().size());
    for (var resource : request.resources()) {
      var connector = governedHere.get(resource);
      if (connector == null) {
        return new Targets.Refused(new DenyReason.NotGoverned(audience, resource));
      }
      connectors.add(connector);
    }
    return new Targets.Found(connectors);
  }

  private Decision decide(AccessRequest request, List<Connector> connectors) {
    var rules = new ArrayList<Rule>();
    var allowed = new LinkedHashMap<Connector, Set<String>>();
    for (var connector : connectors) {
      allowedAt(connector, request, rules).ifPresent(scopes -> allowed.put(connector, scopes));
    }
    if (allowed.isEmpty()) {
      var ids = connectors.stream().map(Connector::id).toList();
      return deny(
          rules.isEmpty() ? new DenyReason.NoRole(ids) : new DenyReason.ClientNotAllowed(ids),
          rules);
    }
    return grant(request, allowed, rules);
  }

  /// The scopes that roles of the person give at a connector; empty if no role gives the connector.
  private Optional<Set<String>> allowedAt(
      Connector connector, AccessRequest request, List<Rule> rules) {
    var through = new TreeMap<String, RoleThrough>();
    for (var group : request.groups()) {
      var byConnector = rolesByGroupAndConnector.get(group);
      if (byConnector != null) {
        for (var role : byConnector.getOrDefault(connector.id(), List.of())) {
          through
              .computeIfAbsent(role.name(), absent -> new RoleThrough(role, new ArrayList<>(1)))
              .groups
              .add(group);
        }
      }
    }
    var scopes = new LinkedHashSet<String>();
    boolean given = false;
    for (var one : through.values()) {
      var rule = one.rule(connector, request);
      rules.add(rule);
      if (rule.effect() == Rule.Effect.APPLIED) {
        given = true;
        scopes.addAll(rule.scopes().values());
      }
    }
    return given ? Optional.of(scopes) : Optional.empty();
  }

  private record RoleThrough(Role role, List<String> groups) {
    Rule rule(Connector connector, AccessRequest request) {
      groups.sort(null);
      var effect =
          role.worksThrough(request.client())
              ? Rule.Effect.APPLIED
              : Rule.Effect.OTHER_CLIENTS_ONLY;
      return new Rule(
          role.name(),
          List.copyOf(groups),
          connector.id(),
          role.connectors().getOrDefault(connector.id(), Scopes.NONE),
          effect);
    }
  }

  private Decision grant(
      AccessRequest request, Map<Connector, Set<String>> allowed, List<Rule> rules) {
    var asked = request.scopes().values();
    var granted = new LinkedHashSet<String>();
    for (var entry : allowed.entrySet()) {
      // In the order in which the connector declares them, so that no order of files shows.
      for (var scope : entry.getKey().scopes().values()) {
        if (entry.getValue().contains(scope)
            && (asked.isEmpty() || asked.contains(scope))
            && isAllowedWhereverKnown(scope, allowed)) {
          granted.add(scope);
        }
      }
    }
    var reached =
        allowed.keySet().stream()
            .filter(connector -> isReached(connector, asked, granted))
            .toList();
    if (reached.isEmpty()) {
      var all = new LinkedHashSet<String>();
      allowed.values().forEach(all::addAll);
      return deny(new DenyReason.NoScopeLeft(request.scopes(), Scopes.of(all)), rules);
    }
    boolean narrowed = !granted.containsAll(asked) || (reached.size() < request.resources().size());
    return new Permit(
        request.audience(),
        reached.stream().map(Connector::id).toList(),
        reached.stream().map(Connector::resource).toList(),
        Scopes.of(granted),
        narrowed,
        List.copyOf(rules),
        version());
  }

  private static boolean isAllowedWhereverKnown(String scope, Map<Connector, Set<String>> allowed) {
    for (var entry : allowed.entrySet()) {
      if (entry.getKey().scopes().contains(scope) && !entry.getValue().contains(scope)) {
        return false;
      }
    }
    return true;
  }

  /// A resource is granted with at least one of its scopes; a resource that has none is granted
  /// when no scope was asked for.
  private static boolean isReached(Connector connector, Set<String> asked, Set<String> granted) {
    return connector.scopes().isEmpty()
        ? asked.isEmpty()
        : connector.scopes().values().stream().anyMatch(granted::contains);
  }

  private Deny deny(DenyReason reason, List<Rule> rules) {
    return new Deny(reason, List.copyOf(rules), version());
  }
}
