package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What people can reach under one library: decided by the very code that decides requests, asked
/// for each connector, tool and client once.
///
/// The sign-in is taken to be fresh and by no particular method. What needs a better one counts as
/// [#AFTER_STEP_UP].
final class Reach {
  /// Instead of the connector itself: it is given after a better sign-in.
  static final String AFTER_STEP_UP = "after a better sign-in";

  private final PolicyLibrary policy;
  private final List<ClientId> clients;
  private final Instant now;
  private final AuthenticationContext fresh;
  private final Map<String, Set<Connector>> byGroup = new HashMap<>();
  private final Map<String, Set<Connector>> byName = new HashMap<>();
  private final Map<ClientId, Set<Connector>> byAgent = new HashMap<>();

  Reach(Library library, Clients clients, Instant now) {
    this.policy = PolicyLibrary.compile(library);
    this.clients = clients.sorts();
    this.now = now;
    this.fresh = new AuthenticationContext(Optional.of(now), Optional.empty(), List.of());
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

  /// What this library says to a request of a person.
  Decision decide(Member member, Replay.Question question) {
    return policy.decide(
        new AccessRequest(
            member,
            question.client(),
            question.audience(),
            question.resources(),
            question.scopes(),
            fresh,
            now));
  }

  /// Everything that a person has.
  Set<Access> of(Member member) {
    // Only what some rule could give is asked for; the decision is the policy's all the same.
    var candidates = new LinkedHashSet<Connector>();
    member.groups().forEach(group -> candidates.addAll(byGroup.getOrDefault(group, Set.of())));
    member.names().forEach(name -> candidates.addAll(byName.getOrDefault(name, Set.of())));
    var reached = new LinkedHashSet<Access>();
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

  /// Everything that a client has for itself.
  Set<Access> of(ClientId agent) {
    var reached = new LinkedHashSet<Access>();
    for (var connector : byAgent.getOrDefault(agent, Set.of())) {
      add(reached, Member.agent(agent), agent, connector);
    }
    return reached;
  }

  private void add(Set<Access> reached, Member member, ClientId client, Connector connector) {
    var request = AccessRequest.forAllOf(connector, member, client, fresh, now);
    var id = connector.id();
    switch (policy.decide(request)) {
      case Decision.Permit permit -> {
        reached.add(new Access(client, id, Access.Kind.CONNECTOR, ""));
        for (var scope : permit.scopes().values()) {
          reached.add(new Access(client, id, Access.Kind.SCOPE, scope));
        }
      }
      case Decision.StepUp _ ->
          reached.add(new Access(client, id, Access.Kind.CONNECTOR, AFTER_STEP_UP));
      case Decision.Deny _ -> {
        // Without the connector there is no tool either.
        return;
      }
    }
    for (var tool : connector.tools().all()) {
      if (isAllowed(member, client, connector, tool)) {
        reached.add(new Access(client, id, Access.Kind.TOOL, tool.name()));
      }
    }
  }

  private boolean isAllowed(Member member, ClientId client, Connector connector, Tool tool) {
    var request = new ToolRequest(member, client, connector.id(), tool.name(), fresh, now);
    return policy.decideTool(request) instanceof ToolDecision.Allowed;
  }
}
