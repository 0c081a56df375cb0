package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.condition.Truth;
import dev.lanyard.server.library.ApprovedClient;
import dev.lanyard.server.library.Assurance;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.DataClasses;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Requirement;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.policy.Prospects.Outlook;
import dev.lanyard.server.policy.Rule.Effect;
import dev.lanyard.server.policy.Rule.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one role or exception gives at one connector, compiled: everything that can be known before
/// somebody asks.
final class Giving {
  private final Kind kind;
  private final String name;
  private final String connector;
  private final Scopes scopes;
  private final Map<String, Map<String, Set<String>>> details;
  private final List<Requirement> requirements;
  private final DataClass clearance;
  // Empty: every client.
  private final Optional<Set<ClientId>> clients;
  private final Instant until;

  private Giving(
      Kind kind,
      String name,
      Connector connector,
      Given given,
      List<Requirement> further,
      DataClass clearance,
      Reach reach) {
    this.kind = kind;
    this.name = name;
    this.connector = connector.id();
    // In the order in which the connector declares them, so that no order of files shows.
    this.scopes = connector.scopes().intersect(given.scopes());
    this.details = given.details();
    var all = new ArrayList<>(further);
    all.addAll(given.conditions());
    this.requirements = List.copyOf(all);
    this.clearance = clearance;
    this.clients = reach.clients;
    this.until = reach.until;
  }

  /// Through which clients, and until when.
  private record Reach(Optional<Set<ClientId>> clients, Instant until) {}

  static Giving of(Role role, Connector connector, Given given, Library library) {
    return new Giving(
        Kind.ROLE,
        role.name(),
        connector,
        given,
        role.conditions(),
        clearance(role.clearance(), library.dataClasses()),
        new Reach(clients(role, library.clients()), Instant.MAX));
  }

  /// What a role gives clients that act for themselves: those that it names, and through no other.
  static Giving toAgents(Role role, Connector connector, Given given, Library library) {
    return new Giving(
        Kind.ROLE,
        role.name(),
        connector,
        given,
        role.conditions(),
        clearance(role.clearance(), library.dataClasses()),
        new Reach(Optional.of(role.agents()), Instant.MAX));
  }

  static Giving of(Exemption exemption, Connector connector, Given given, Library library) {
    var approved = new HashSet<ClientId>();
    library.clients().forEach(client -> approved.add(client.id()));
    return new Giving(
        Kind.EXCEPTION,
        exemption.name(),
        connector,
        given,
        List.of(),
        clearance(exemption.clearance(), library.dataClasses()),
        new Reach(
            approved.isEmpty() ? Optional.empty() : Optional.of(approved), exemption.until()));
  }

  private static DataClass clearance(Optional<DataClass> written, DataClasses classes) {
    return written.orElseGet(classes::lowest);
  }

  /// The role may restrict its clients, and a client its roles.
  private static Optional<Set<ClientId>> clients(Role role, List<ApprovedClient> approved) {
    if (approved.isEmpty()) {
      return role.clients().isEmpty() ? Optional.empty() : Optional.of(role.clients());
    }
    var usable = new HashSet<ClientId>();
    for (var client : approved) {
      if (client.serves(role.name()) && role.worksThrough(client.id())) {
        usable.add(client.id());
      }
    }
    return Optional.of(usable);
  }

  Scopes scopes() {
    return scopes;
  }

  /// What it gives of a type of authorization details: the values that it allows of a field; empty
  /// if it gives nothing of it.
  Optional<Map<String, Set<String>>> details(String type) {
    return Optional.ofNullable(details.get(type));
  }

  DataClass clearance() {
    return clearance;
  }

  Instant until() {
    return until;
  }

  List<Requirement> requirements() {
    return requirements;
  }

  /// The rule as it stands if nothing prevents it.
  Rule applied(List<String> groups) {
    return rule(groups, Effect.APPLIED, List.of());
  }

  private Rule rule(List<String> groups, Effect effect, List<String> conditions) {
    return new Rule(kind, name, groups, connector, scopes, effect, conditions);
  }

  /// Whether it may apply at an instant through any client.
  boolean isUsable(Instant at) {
    return at.isBefore(until) && clients.map(one -> !one.isEmpty()).orElse(true);
  }

  /// Whether it may apply through this client now if its conditions were met.
  Outlook outlook(ClientId client, Instant now) {
    if (!now.isBefore(until)) {
      return Outlook.ENDED;
    }
    return clients.isEmpty() || clients.get().contains(client)
        ? Outlook.GIVEN
        : Outlook.OTHER_CLIENTS;
  }

  /// What becomes of it in a request.
  ///
  /// @param rule the rule as it stands if nothing prevents it
  Weighed weigh(Asking asking, Rule rule) {
    return switch (outlook(asking.clientId(), asking.at())) {
      case ENDED -> prevented(rule, Effect.ENDED, List.of());
      case OTHER_CLIENTS -> prevented(rule, Effect.OTHER_CLIENTS_ONLY, List.of());
      case GIVEN, NO_ROLE, SEPARATED ->
          requirements.isEmpty() ? new Weighed(this, rule, Optional.empty()) : meet(asking, rule);
    };
  }

  /// All conditions must hold. A step-up is asked for only if it is all that is missing: a better
  /// sign-in that changes nothing would be asked for in vain.
  private Weighed meet(Asking asking, Rule rule) {
    var failed = new ArrayList<String>();
    var unmet = new ArrayList<String>();
    var lacking = new ArrayList<String>();
    var needed = Optional.<Assurance>empty();
    for (var requirement : requirements) {
      switch (requirement.condition().in(asking)) {
        case Truth.Met() -> {}
        case Truth.Failed(_) -> failed.add(requirement.name());
        case Truth.NotMet() -> {
          var stepUp = requirement.stepUp();
          if (stepUp.isEmpty()) {
            unmet.add(requirement.name());
          } else {
            lacking.add(requirement.name());
            needed = needed.map(so -> so.and(stepUp.get())).or(() -> stepUp);
          }
        }
      }
    }
    if (!failed.isEmpty()) {
      return prevented(rule, Effect.CONDITION_FAILED, failed);
    }
    if (!unmet.isEmpty()) {
      return prevented(rule, Effect.CONDITION_NOT_MET, unmet);
    }
    return lacking.isEmpty()
        ? new Weighed(this, rule, Optional.empty())
        : new Weighed(
            this, rule(rule.groups(), Effect.NEEDS_STEP_UP, List.copyOf(lacking)), needed);
  }

  private Weighed prevented(Rule rule, Effect effect, List<String> conditions) {
    return new Weighed(
        this, rule(rule.groups(), effect, List.copyOf(conditions)), Optional.empty());
  }

  /// What became of a giving in a request.
  ///
  /// @param needed the sign-in after which it would apply; empty if it applies already, or never
  record Weighed(Giving giving, Rule rule, Optional<Assurance> needed) {
    boolean applies() {
      return rule.effect() == Effect.APPLIED;
    }

    boolean appliesAfterStepUp() {
      return applies() || rule.effect() == Effect.NEEDS_STEP_UP;
    }
  }
}
