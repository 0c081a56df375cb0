package dev.lanyard.server.governance.contract;

import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
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
            Operation.of("contract", "The plan by the terms of the configuration.", Right.READ),
            this::handle));
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
