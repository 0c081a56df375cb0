package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.ApprovedClient;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Decision.Permit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Day one: what the members of groups have, asked of the decisions that will be enforced.
public final class Inheritance {
  /// Stands for a client that no role and no client list names.
  private static final ClientId ANY = new ClientId("any client");

  private final PolicyLibrary policy;
  private final Library library;
  private final Instant at;

  private Inheritance(PolicyLibrary policy, Instant at) {
    this.policy = policy;
    this.library = policy.source();
    this.at = at;
  }

  /// Every connector that one of these groups has something to do with, in the order of the ids.
  ///
  /// Nothing is known of the person but their groups, and nothing of their sign-in: what depends on
  /// that is told as a step-up or as a refusal with its conditions.
  public static List<Inherited> of(PolicyLibrary policy, Set<String> groups, Instant at) {
    var inheritance = new Inheritance(policy, at);
    return policy.source().connectors().stream()
        .map(connector -> inheritance.at(connector, Member.of(groups)))
        .filter(one -> !one.decision().rules().isEmpty())
        .toList();
  }

  private Inherited at(Connector connector, Member member) {
    var byClient = new LinkedHashMap<ClientId, Decision>();
    for (var client : clients()) {
      byClient.put(client, decide(connector, member, client));
    }
    var best =
        byClient.values().stream()
            .min((one, other) -> Integer.compare(rank(one), rank(other)))
            .orElseThrow();
    var through = new ArrayList<ClientId>();
    byClient.forEach((client, decision) -> {
      if (rank(decision) == rank(best)) {
        through.add(client);
      }
    });
    var tools = new LinkedHashMap<String, ToolDecision>();
    for (var tool : connector.tools().all()) {
      tools.put(
          tool.name(),
          policy.decideTool(
              new ToolRequest(
                  member,
                  through.getFirst(),
                  connector.id(),
                  tool.name(),
                  AuthenticationContext.UNKNOWN,
                  at)));
    }
    return new Inherited(connector, best, through.contains(ANY) ? List.of() : through, tools);
  }

  private Decision decide(Connector connector, Member member, ClientId client) {
    return policy.decide(
        AccessRequest.forAllOf(connector, member, client, AuthenticationContext.UNKNOWN, at));
  }

  private static int rank(Decision decision) {
    return switch (decision) {
      case Permit _ -> 0;
      case Decision.StepUp _ -> 1;
      case Deny _ -> 2;
    };
  }

  private Set<ClientId> clients() {
    var clients = new LinkedHashSet<ClientId>();
    if (library.clients().isEmpty()) {
      clients.add(ANY);
      library.roles().forEach(role -> clients.addAll(role.clients()));
    } else {
      library.clients().stream().map(ApprovedClient::id).forEach(clients::add);
    }
    return clients;
  }
}
