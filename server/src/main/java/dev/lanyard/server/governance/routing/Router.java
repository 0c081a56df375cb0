package dev.lanyard.server.governance.routing;

import dev.lanyard.server.governance.coverage.CoverageMap;
import dev.lanyard.server.governance.coverage.CoverageMap.Reached;
import dev.lanyard.server.governance.routing.Offer.Kind;
import dev.lanyard.server.governance.routing.Workload.Needs;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Routes workloads: every way that could do is judged by every rule until one excludes it, and of
/// those that are left the cheapest is taken. What is not declared does not exist, and a workload
/// without a way goes nowhere. Thread-safe.
public final class Router {
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

  /// One whose cost nobody knows comes after those whose cost is known.
  private static final Comparator<Considered> BEST =
      Comparator.comparing(
              (Considered one) -> one.costPerDay().orElse(BigDecimal.valueOf(Long.MAX_VALUE)))
          .thenComparing(one -> one.offer().kind())
          .thenComparing(one -> one.offer().name());

  private final Supplier<Library> library;
  private final Supplier<Workloads> workloads;
  private final CoverageMap coverage;

  /// @param library the one in force
  public Router(Supplier<Library> library, Supplier<Workloads> workloads, CoverageMap coverage) {
    this.library = library;
    this.workloads = workloads;
    this.coverage = coverage;
  }

  /// Every declared workload with its way.
  public List<Answer> all() {
    var declared = workloads.get();
    return answers(declared, declared.all());
  }

  /// The way of one; empty if there is no such workload.
  public Optional<Answer> route(String name) {
    var declared = workloads.get();
    return declared.find(name).map(one -> answers(declared, List.of(one)).getFirst());
  }

  private List<Answer> answers(Workloads declared, List<Workload> asked) {
    var inForce = library.get();
    var reached = coverage.reached(inForce);
    return asked.stream().map(one -> answer(one, declared, inForce, reached)).toList();
  }

  private static Answer answer(
      Workload workload, Workloads declared, Library library, Map<String, Reached> reached) {
    var judgement = new RoutingJudgement(workload, declared, library, reached);
    var considered =
        offers(workload, declared, library).stream()
            .map(offer ->
                new Considered(offer, judgement.of(offer), cost(offer, workload.callsPerDay())))
            .sorted(Comparator.comparing(Considered::isPossible).reversed().thenComparing(BEST))
            .toList();
    var chosen = considered.stream().filter(Considered::isPossible).findFirst();
    return new Answer(workload, chosen, reason(chosen, considered), considered, library.version());
  }

  private static String reason(Optional<Considered> chosen, List<Considered> considered) {
    if (chosen.isEmpty()) {
      return considered.isEmpty()
          ? "nothing that is declared gets at it"
          : "every way is excluded by a rule; the reasons are with them";
    }
    long possible = considered.stream().filter(Considered::isPossible).count();
    if (possible == 1) {
      return "the only way that no rule excludes";
    }
    return chosen.get().costPerDay().isPresent()
        ? "the cheapest of %d ways that no rule excludes".formatted(possible)
        : "the first of %d ways that no rule excludes; nobody has said what they cost"
            .formatted(possible);
  }

  private static List<Offer> offers(Workload workload, Workloads declared, Library library) {
    var offers = new ArrayList<Offer>();
    var connectors = connectors(workload, library);
    connectors.forEach(one -> offers.add(Offer.connector(one.id(), declared.connectors())));
    if (connectors.isEmpty() && workload.needs() instanceof Needs.OfConnector(var id)) {
      offers.add(Offer.connector(id, declared.connectors()));
    }
    declared.offers().stream().filter(one -> gets(one, workload, connectors)).forEach(offers::add);
    return offers;
  }

  private static List<Connector> connectors(Workload workload, Library library) {
    return library.connectors().stream()
        .filter(one ->
            switch (workload.needs()) {
              case Needs.OfConnector(var id) -> one.id().equals(id);
              case Needs.OfCategory(var category) -> one.category().equals(category);
            })
        .toList();
  }

  private static boolean gets(Offer offer, Workload workload, List<Connector> connectors) {
    var named =
        switch (workload.needs()) {
          case Needs.OfConnector(var id) -> id;
          case Needs.OfCategory(var category) -> category;
        };
    return offer.holds().contains(named)
        || connectors.stream()
            .anyMatch(one ->
                offer.holds().contains(one.id())
                    || (offer.kind() == Kind.LOCAL && offer.holds().contains(one.category())));
  }

  private static Optional<BigDecimal> cost(Offer offer, long calls) {
    return offer
        .costPer1000()
        .map(cost ->
            cost.multiply(BigDecimal.valueOf(calls)).divide(THOUSAND, 2, RoundingMode.HALF_UP));
  }
}
