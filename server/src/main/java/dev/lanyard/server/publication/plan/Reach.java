package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What people can reach under one library: decided by the very code that decides requests, asked
/// for each connector, tool and client once.
///
/// It is asked for each [Moment] that conditions can tell apart, whatever the clock says and
/// however people have signed in.
final class Reach {
  private final Library library;
  private final Moment.Moments moments;
  private final List<ClientId> clients;
  private final Instant now;
  private final Map<Moment, PolicyLibrary> policies = new HashMap<>();
  private final Map<String, Set<Connector>> byGroup = new HashMap<>();
  private final Map<String, Set<Connector>> byName = new HashMap<>();
  private final Map<ClientId, Set<Connector>> byAgent = new HashMap<>();

  Reach(Library library, Moment.Moments moments, Clients clients, Instant now) {
    this.library = library;
    this.moments = moments;
    this.clients = clients.sorts();
    this.now = now;
    var connectors = new HashMap<String, Connector>();
    library.connectors().forEach(connector -> connectors.put(connector.id(), connector));
    library
        .roles()
        .forEach(role -> {
          var given = role.connectors().keySet();
          role.groups().forEach(group -> add(byGroup, group, given, connectors));
          role.agents().forEach(agent -> add(byAgent, agent, given, connectors));
        });
    library
        .exemptions()
        .forEach(exemption -> {
          var given = exemption.connectors().keySet();
          exemption.groups().forEach(group -> add(byGroup, group, given, connectors));
          exemption.people().forEach(name -> add(byName, Member.key(name), given, connectors));
        });
  }

  private static <K> void add(
      Map<K, Set<Connector>> by, K key, Set<String> given, Map<String, Connector> connectors) {
    var reached = by.computeIfAbsent(key, _ -> new LinkedHashSet<>());
    given.forEach(id -> Optional.ofNullable(connectors.get(id)).ifPresent(reached::add));
  }

  private PolicyLibrary at(Moment moment) {
    return policies.computeIfAbsent(moment, one -> PolicyLibrary.compile(one.in(library)));
  }

  /// What this library says to a request of a person at the best moment.
  Decision decide(Member member, Replay.Question question) {
    return at(moments.best())
        .decide(
            new AccessRequest(
                member,
                question.client(),
                question.audience(),
                question.resources(),
                question.scopes(),
                AuthenticationContext.UNKNOWN,
                now));
  }

  /// Everything that a person has, and when.
  Map<Access, Set<Moment>> of(Member member) {
    // Only what some rule could give is asked for; the decision is the policy's all the same.
    var candidates = new LinkedHashSet<Connector>();
    member.groups().forEach(group -> candidates.addAll(byGroup.getOrDefault(group, Set.of())));
    member.names().forEach(name -> candidates.addAll(byName.getOrDefault(name, Set.of())));
    var reached = new LinkedHashMap<Access, Set<Moment>>();
    for (var client : clients) {
      for (var connector : candidates) {
        add(reached, member, client, connector);
      }
    }
    return reached;
  }

  /// The clients that have something for themselves.
  Set<ClientId> agents() {
    return byAgent.keySet();
  }

  /// Everything that a client has for itself, and when.
  Map<Access, Set<Moment>> of(ClientId agent) {
    var reached = new LinkedHashMap<Access, Set<Moment>>();
    for (var connector : byAgent.getOrDefault(agent, Set.of())) {
      add(reached, Member.agent(agent), agent, connector);
    }
    return reached;
  }

  private void add(
      Map<Access, Set<Moment>> reached, Member member, ClientId client, Connector connector) {
    for (var moment : moments.of(connector.id())) {
      for (var access : at(moment, member, client, connector)) {
        reached.computeIfAbsent(access, _ -> new LinkedHashSet<>()).add(moment);
      }
    }
  }

  private List<Access> at(Moment moment, Member member, ClientId client, Connector connector) {
    var policy = at(moment);
    var request =
        AccessRequest.forAllOf(connector, member, client, AuthenticationContext.UNKNOWN, now);
    if (!(policy.decide(request) instanceof Decision.Permit permit)) {
      // Without the connector there is no tool either.
      return List.of();
    }
    var id = connector.id();
    var reached = new ArrayList<Access>();
    reached.add(new Access(client, id, Access.Kind.CONNECTOR, ""));
    for (var scope : permit.scopes().values()) {
      reached.add(new Access(client, id, Access.Kind.SCOPE, scope));
    }
    for (var tool : connector.tools().all()) {
      var asked =
          new ToolRequest(member, client, id, tool.name(), AuthenticationContext.UNKNOWN, now);
      if (policy.decideTool(asked) instanceof ToolDecision.Allowed) {
        reached.add(new Access(client, id, Access.Kind.TOOL, tool.name()));
      }
    }
    return reached;
  }
}
