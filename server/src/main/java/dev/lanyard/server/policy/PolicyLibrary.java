package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Explanation.MissingRole;
import dev.lanyard.server.policy.Prospects.Outlook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A role library compiled for deciding: found by group and connector, never searched. What no role
/// and no exception gives is refused. Immutable, so thread-safe.
///
/// Several resources in one request share one set of scopes. A scope is therefore granted only if
/// it is allowed at every granted resource that knows a scope of this name: the grant for several
/// resources is never more than the grants for each of them alone.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8707.html#section-2 RFC 8707 §2 (IDP-3 to IDP-8, POL-1
///   to POL-3)
public final class PolicyLibrary {
  private final Library source;
  private final Map<String, ConnectorPolicy> byId = new HashMap<>();
  private final Map<Issuer, Audience> audiences = new HashMap<>();

  /// What an authorization server governs.
  private record Audience(
      Map<ResourceIndicator, ConnectorPolicy> byResource, List<ConnectorPolicy> all) {

    void add(ConnectorPolicy policy) {
      byResource.put(policy.connector().resource(), policy);
      all.add(policy);
    }
  }

  private PolicyLibrary(Library source) {
    this.source = source;
    for (var connector : source.connectors()) {
      byId.put(connector.id(), new ConnectorPolicy(connector));
    }
    // Rules are told in this order: roles by name, then exceptions by name.
    for (var role : source.roles()) {
      role.connectors()
          .forEach((id, given) -> {
            var policy = at(id);
            policy.add(Giving.of(role, policy.connector(), given, source), role.groups(), Set.of());
            policy.isGivenBy(role);
            if (!role.agents().isEmpty()) {
              policy.addAgents(
                  Giving.toAgents(role, policy.connector(), given, source), role.agents());
            }
          });
    }
    for (var exemption : source.exemptions()) {
      exemption
          .connectors()
          .forEach((id, given) -> {
            var policy = at(id);
            policy.add(
                Giving.of(exemption, policy.connector(), given, source),
                exemption.groups(),
                exemption.people());
          });
    }
    for (var separation : source.separations()) {
      var parts = separation.neverTogether().keySet().stream().sorted().map(this::at).toList();
      var compiled = new SeparationOfDuty(separation, parts);
      parts.forEach(part -> part.add(compiled));
    }
    for (var connector : source.connectors()) {
      audiences
          .computeIfAbsent(
              connector.authorizationServer(),
              absent -> new Audience(new LinkedHashMap<>(), new ArrayList<>()))
          .add(at(connector.id()));
    }
  }

  private ConnectorPolicy at(String connector) {
    return Optional.ofNullable(byId.get(connector))
        .orElseThrow(
            () -> new IllegalArgumentException("the library has no connector '" + connector + "'"));
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
    return switch (targets(request)) {
      case Targets.Found(var found) -> Judgement.of(request, found, version()).decision();
      case Targets.Refused(var reason) -> new Deny(reason, List.of(), version());
    };
  }

  /// Decides about one tool of a connector.
  public ToolDecision decideTool(ToolRequest request) {
    return ToolJudgement.of(request, Optional.ofNullable(byId.get(request.connector())), version());
  }

  /// Which connectors a decision might give somebody through a client, now or after conditions and
  /// sign-in have changed.
  public Prospects prospects(Member member, ClientId client, Instant now) {
    var given = new ArrayList<Connector>();
    var outlook = Outlook.NO_ROLE;
    for (var connector : source.connectors()) {
      var asking =
          new Asking(
              member, client, connector.id(), Optional.empty(), AuthenticationContext.UNKNOWN, now);
      var here = at(connector.id()).outlook(asking);
      if (here == Outlook.GIVEN) {
        given.add(connector);
      }
      outlook = outlook.or(here);
    }
    return new Prospects(given, outlook, version());
  }

  /// Whom the rules of a connector of the library are about.
  public Concerned concerned(String connector) {
    return at(connector).concerned();
  }

  /// What people have at an instant, for counting very many of them.
  public Holdings holdings(Instant at) {
    return new Holdings(source.connectors().stream().map(Connector::id).map(this::at).toList(), at);
  }

  /// Decides, and says which further roles would have given something that was asked for.
  public Explanation explain(AccessRequest request) {
    var missing = new ArrayList<MissingRole>();
    if (targets(request) instanceof Targets.Found(var found)) {
      found.forEach(target -> missing.addAll(target.missing(request.member())));
    }
    return new Explanation(decide(request), List.copyOf(missing));
  }

  private sealed interface Targets {
    record Found(List<ConnectorPolicy> connectors) implements Targets {}

    record Refused(DenyReason reason) implements Targets {}
  }

  /// One resource outside the audience refuses the whole request: it is an attempt to pair an
  /// audience with the resource of another, or a mistake, and neither may end in a token (IDP-4,
  /// IDP-7).
  private Targets targets(AccessRequest request) {
    var audience = request.audience();
    var governed = audiences.get(audience);
    if (governed == null) {
      return new Targets.Refused(new DenyReason.UnknownAudience(audience));
    }
    if (request.resources().isEmpty()) {
      // D-2: only where there is nothing to choose may the client leave the choice out.
      return governed.all.size() == 1
          ? new Targets.Found(governed.all)
          : new Targets.Refused(
              new DenyReason.ResourceRequired(
                  audience,
                  governed.all.stream()
                      .map(ConnectorPolicy::connector)
                      .map(Connector::id)
                      .toList()));
    }
    var found = new ArrayList<ConnectorPolicy>(request.resources().size());
    for (var resource : request.resources()) {
      var connector = governed.byResource.get(resource);
      if (connector == null) {
        return new Targets.Refused(new DenyReason.NotGoverned(audience, resource));
      }
      found.add(connector);
    }
    return new Targets.Found(found);
  }
}
