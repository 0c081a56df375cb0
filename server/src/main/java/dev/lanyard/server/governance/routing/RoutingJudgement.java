package dev.lanyard.server.governance.routing;

import dev.lanyard.server.governance.coverage.CoverageMap.Reached;
import dev.lanyard.server.governance.coverage.Way;
import dev.lanyard.server.governance.routing.Considered.Remark;
import dev.lanyard.server.governance.routing.Offer.Kind;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.yaml.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Asks the rules about the ways of one workload.
final class RoutingJudgement {
  private final Workload workload;
  private final Workloads declared;
  private final Library library;
  private final Map<String, Reached> reached;
  private final Optional<DataClass> dataClass;

  RoutingJudgement(
      Workload workload, Workloads declared, Library library, Map<String, Reached> reached) {
    this.workload = workload;
    this.declared = declared;
    this.library = library;
    this.reached = reached;
    this.dataClass = library.dataClasses().find(workload.dataClass());
  }

  /// The remarks of the rules, up to the first that excludes the way.
  List<Remark> of(Offer offer) {
    var remarks = new ArrayList<Remark>();
    for (var rule : RoutingRule.values()) {
      var remark = remark(rule, offer);
      remarks.add(remark);
      if (!remark.passed()) {
        break;
      }
    }
    return remarks;
  }

  private Remark remark(RoutingRule rule, Offer offer) {
    return switch (rule) {
      case EXISTS -> exists(offer);
      case WRITES -> writes(offer);
      case FRESHNESS -> freshness(offer);
      case GIVEN -> given(offer);
      case GRADE -> grade(offer);
      case COVERAGE -> coverage(offer);
      case RESIDUAL -> residual(offer);
      case VOLUME -> volume(offer);
    };
  }

  private static Remark pass(RoutingRule rule, String reason) {
    return new Remark(rule, true, reason);
  }

  private static Remark exclude(RoutingRule rule, String reason) {
    return new Remark(rule, false, reason);
  }

  private Optional<Connector> connector(Offer offer) {
    return library.connectors().stream().filter(one -> one.id().equals(offer.name())).findFirst();
  }

  private Remark exists(Offer offer) {
    if (dataClass.isEmpty()) {
      return exclude(
          RoutingRule.EXISTS,
          "the role library has no data class '%s'; it has %s"
              .formatted(workload.dataClass(), library.dataClasses().names()));
    }
    if (offer.kind() != Kind.CONNECTOR) {
      return pass(RoutingRule.EXISTS, "declared");
    }
    return connector(offer).isPresent()
        ? pass(RoutingRule.EXISTS, "in the role library")
        : exclude(RoutingRule.EXISTS, "the role library has no connector '" + offer.name() + "'");
  }

  private Remark writes(Offer offer) {
    if (!workload.writes()) {
      return pass(RoutingRule.WRITES, "it only reads");
    }
    return offer.kind() == Kind.LOCAL
        ? exclude(RoutingRule.WRITES, "it writes, and a copy cannot be written to")
        : pass(RoutingRule.WRITES, "it writes to the system itself");
  }

  private Remark freshness(Offer offer) {
    if (offer.refreshed().isEmpty()) {
      return pass(RoutingRule.FRESHNESS, "the data of now");
    }
    var age = offer.refreshed().get();
    return workload.freshness().filter(wanted -> wanted.compareTo(age) < 0).isPresent()
        ? exclude(
            RoutingRule.FRESHNESS,
            "the copy is up to %s old, and the work wants %s"
                .formatted(Durations.told(age), Durations.told(workload.freshness().get())))
        : pass(RoutingRule.FRESHNESS, "the copy is up to %s old".formatted(Durations.told(age)));
  }

  /// Whether somebody has it is for the connector only: the others bring a credential of their own.
  private Remark given(Offer offer) {
    if (offer.kind() != Kind.CONNECTOR) {
      return pass(RoutingRule.GIVEN, "with a credential of the application's own");
    }
    var roles = roles(offer).map(Role::name).toList();
    var whom = workload.agent().map(agent -> "agent " + agent.value()).orElse("people");
    return roles.isEmpty()
        ? exclude(RoutingRule.GIVEN, "no role gives it to " + whom)
        : pass(
            RoutingRule.GIVEN,
            "role%s %s give%s it to %s"
                .formatted(
                    roles.size() == 1 ? "" : "s",
                    String.join(", ", roles),
                    roles.size() == 1 ? "s" : "",
                    whom));
  }

  private Stream<Role> roles(Offer offer) {
    return library.roles().stream()
        .filter(role -> role.connectors().containsKey(offer.name()))
        .filter(role ->
            workload
                .agent()
                .map(agent -> role.agents().contains(agent))
                .orElse(!role.groups().isEmpty()));
  }

  private Remark grade(Offer offer) {
    var wanted = dataClass.orElseThrow();
    if (offer.kind() != Kind.CONNECTOR) {
      var most = offer.upTo().flatMap(library.dataClasses()::find);
      return most.filter(one -> one.covers(wanted)).isPresent()
          ? pass(RoutingRule.GRADE, "declared for data up to " + most.get())
          : exclude(
              RoutingRule.GRADE,
              "declared for data up to %s, and this is %s"
                  .formatted(offer.upTo().orElse("no class"), wanted));
    }
    var tools =
        connector(offer).orElseThrow().tools().all().stream()
            .filter(tool -> tool.grade().filter(one -> one.covers(wanted)).isPresent())
            .toList();
    if (tools.isEmpty()) {
      return exclude(RoutingRule.GRADE, "no tool of it is graded for data that is " + wanted);
    }
    long usable = tools.stream().filter(tool -> mayBeUsed(offer, tool)).count();
    return usable > 0
        ? pass(
            RoutingRule.GRADE,
            "%d of its tools are graded for data that is %s, and %d of them a role may use"
                .formatted(tools.size(), wanted, usable))
        : exclude(
            RoutingRule.GRADE,
            "no role that gives it may use a tool that is graded for data that is " + wanted);
  }

  /// As calls are judged: one role is cleared for the tool and gives its scopes.
  private boolean mayBeUsed(Offer offer, Tool tool) {
    var lowest = library.dataClasses().lowest();
    return roles(offer)
        .filter(role -> role.clearance().orElse(lowest).covers(tool.grade().orElseThrow()))
        .flatMap(role -> Optional.ofNullable(role.connectors().get(offer.name())).stream())
        .anyMatch(given -> given.scopes().containsAll(tool.scopes()));
  }

  private Remark coverage(Offer offer) {
    if (offer.kind() != Kind.CONNECTOR) {
      return pass(RoutingRule.COVERAGE, "nobody is asked for consent");
    }
    var at = reached(offer);
    var reason = "it is " + at.way().value() + ": " + at.rating().reason();
    boolean isEnough = workload.agent().isPresent() ? at.way() == Way.SILENT : at.way() != Way.NONE;
    return new Remark(RoutingRule.COVERAGE, isEnough, reason);
  }

  private Reached reached(Offer offer) {
    return Optional.ofNullable(reached.get(offer.name())).orElseThrow();
  }

  private Remark residual(Offer offer) {
    var limit = Optional.ofNullable(declared.residualAtMost().get(workload.dataClass()));
    var left = offer.kind() == Kind.CONNECTOR ? reached(offer).residual() : offer.residual();
    var open = left.map(one -> "after a kill %s stay open".formatted(Durations.told(one)));
    if (limit.isEmpty()) {
      return pass(
          RoutingRule.RESIDUAL,
          "no limit for data that is %s; %s"
              .formatted(workload.dataClass(), open.orElse("how long nobody knows")));
    }
    var most =
        "and data that is %s may for %s"
            .formatted(workload.dataClass(), Durations.told(limit.get()));
    if (left.isEmpty()) {
      return exclude(
          RoutingRule.RESIDUAL, "nobody knows how long it stays open after a kill, " + most);
    }
    return new Remark(
        RoutingRule.RESIDUAL,
        left.get().compareTo(limit.get()) <= 0,
        open.orElseThrow() + ", " + most);
  }

  private Remark volume(Offer offer) {
    if (offer.mostPerDay().isEmpty()) {
      return pass(RoutingRule.VOLUME, "no limit is declared");
    }
    return new Remark(
        RoutingRule.VOLUME,
        workload.callsPerDay() <= offer.mostPerDay().getAsLong(),
        "%,d calls a day, of %,d that it bears"
            .formatted(workload.callsPerDay(), offer.mostPerDay().getAsLong()));
  }
}
