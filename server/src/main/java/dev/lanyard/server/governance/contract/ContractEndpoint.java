package dev.lanyard.server.governance.contract;

import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
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
  private final AdminBearers bearers;

  public ContractEndpoint(Supplier<Planner> planner, Optional<Path> terms, AdminBearers bearers) {
    this.planner = planner;
    this.terms = terms;
    this.bearers = bearers;
  }

  public List<Route> routes() {
    return List.of(bearers.get("/admin/api/contract", this::handle));
  }

  private Response handle(Request request) {
    if (terms.isEmpty()) {
      return Response.error(
          404,
          "no_terms",
          "the configuration names no terms (contract.terms)",
          request.correlationId());
    }
    try {
      var now = planner.get();
      var plan = now.plan("as configured", TermsFile.read(terms.get(), now.configuredLife()));
      return Response.json(200, plan.toJson());
    } catch (FaultyFileException e) {
      return Response.error(409, "faulty_terms", told(e), request.correlationId());
    }
  }

  /// Whoever asks from outside need not know in which folder the file is.
  private static String told(FaultyFileException faulty) {
    return faulty.faults().stream()
        .map(one -> "%s:%d: %s".formatted(one.file().getFileName(), one.line(), one.message()))
        .collect(Collectors.joining("; "));
  }
}
