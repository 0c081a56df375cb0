package dev.lanyard.server.governance.contract;

import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.yaml.FaultyFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `GET /admin/api/contract`: the plan by the terms of the configuration.
public final class ContractEndpoint {
  private final Supplier<Planner> planner;
  private final Optional<Path> terms;
  private final Api api;

  public ContractEndpoint(Supplier<Planner> planner, Optional<Path> terms, Api api) {
    this.planner = planner;
    this.terms = terms;
    this.api = api;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/contract",
            Operation.of(
                "contract", "The plan by the terms of the configuration.", Right.READ, plan()),
            this::handle));
  }

  private static Schema plan() {
    var money = Schema.object().has("amount", Schema.text()).has("currency", Schema.text()).build();
    var figures = spread(Schema.text());
    var costs = spread(money);
    var quarter =
        Schema.object()
            .has("quarter", Schema.text())
            .has("seats", figures)
            .has("launches", figures)
            .has("seat_cost", costs)
            .has("expansion_cost", costs)
            .has("review_cost", money)
            .has("spend", costs)
            .has("budget", money)
            .may("overrun_expected", Schema.text())
            .may("overrun_high", Schema.text())
            .build();
    var volume =
        Schema.object()
            .has("provider", Schema.text())
            .may("quota", Schema.integer())
            .has("heaviest", Schema.integer())
            .has("observed", Schema.integer())
            .has("fits", Schema.flag())
            .build();
    return Schema.object()
        .has("scenario", Schema.text())
        .has("policy_seats", Schema.map(Schema.integer()))
        .has("policy_seats_on_condition", Schema.map(Schema.integer()))
        .has("quarters", Schema.list(quarter))
        .has("spend", costs)
        .has("budget", money)
        .may("overrun_expected", Schema.text())
        .may("overrun_high", Schema.text())
        .has("id_jags", Schema.list(volume))
        .has(
            "observed",
            Schema.object()
                .has("month", Schema.text())
                .has("id_jags", Schema.integer())
                .has("most_of_a_person_and_connector", Schema.integer())
                .has("median_of_a_person_and_connector", Schema.integer())
                .build())
        .has(
            "unknown",
            Schema.list(
                Schema.object()
                    .has("connector", Schema.text())
                    .has("seats", Schema.integer())
                    .has("reason", Schema.text())
                    .build()))
        .has("warnings", Schema.list(Schema.text()))
        .has("assumptions", Schema.list(Schema.text()))
        .build();
  }

  private static Schema spread(Schema of) {
    return Schema.object().has("low", of).has("expected", of).has("high", of).build();
  }

  private Response handle(Call call) {
    if (terms.isEmpty()) {
      return call.problem(
          Problem.Kind.NOT_FOUND,
          "The configuration names no terms. Set contract.terms to a file with them.");
    }
    try {
      var now = planner.get();
      var plan = now.plan("as configured", TermsFile.read(terms.get(), now.configuredLife()));
      return Response.json(200, plan.toJson());
    } catch (FaultyFileException e) {
      return call.problem(Problem.Kind.CONFLICT, "The terms are broken. Mend them: " + told(e));
    }
  }

  /// Whoever asks from outside need not know in which folder the file is.
  private static String told(FaultyFileException faulty) {
    return faulty.faults().stream()
        .map(one -> "%s:%d: %s".formatted(one.file().getFileName(), one.line(), one.message()))
        .collect(Collectors.joining("; "));
  }
}
