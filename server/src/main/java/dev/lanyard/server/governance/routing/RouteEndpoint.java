package dev.lanyard.server.governance.routing;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Response;
import java.util.List;

/// `GET /admin/api/route` and `GET /admin/api/route/{workload}`: where a workload goes, for agents
/// that ask before they work.
public final class RouteEndpoint {
  private static final Schema ANSWER =
      Schema.object()
          .has("workload", Schema.text())
          .has("route", Schema.text().says("Which kind of way it goes, or none."))
          .may("through", Schema.text())
          .has("reason", Schema.text())
          .has(
              "considered",
              Schema.list(
                  Schema.object()
                      .has("way", Schema.text())
                      .has("name", Schema.text())
                      .has("possible", Schema.flag())
                      .may("cost_per_day", Schema.text())
                      .has(
                          "rules",
                          Schema.list(
                              Schema.object()
                                  .has("rule", Schema.text())
                                  .has("passed", Schema.flag())
                                  .has("reason", Schema.text())
                                  .build()))
                      .build()))
          .has("library_version", Schema.text())
          .build();

  private static final Listing<Answer> LISTING =
      new Listing<>("workloads", ANSWER, one -> one.workload().name(), Answer::toJson);

  private final Router router;
  private final Api api;

  public RouteEndpoint(Router router, Api api) {
    this.router = router;
    this.api = api;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/route",
            LISTING.operation("workloads", "Where every declared workload goes.", Right.READ),
            this::all),
        api.get(
            "/route/{workload}",
            Operation.of("workload", "Where one workload goes.", Right.READ, ANSWER)
                .path("workload", "The name of a declared workload."),
            this::one));
  }

  private Response all(Call call) throws MalformedException {
    return LISTING.page(call, router.all().stream());
  }

  private Response one(Call call) {
    return router
        .route(call.path("workload"))
        .map(answer -> Response.json(200, answer.toJson()))
        .orElseGet(() ->
            call.problem(
                Problem.Kind.NOT_FOUND,
                "No such workload is declared. The file of the configuration declares them"
                    + " (routing.workloads)."));
  }
}
