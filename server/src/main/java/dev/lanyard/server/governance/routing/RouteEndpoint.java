package dev.lanyard.server.governance.routing;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
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
            Operation.of(
                "workloads",
                "Where every declared workload goes.",
                Right.READ,
                Schema.object().has("workloads", Schema.list(ANSWER)).build()),
            _ -> all()),
        api.get(
            "/route/{workload}",
            Operation.of("workload", "Where one workload goes.", Right.READ, ANSWER)
                .path("workload", "The name of a declared workload."),
            this::one));
  }

  private Response all() {
    return Response.json(
        200,
        JsonObject.builder()
            .put("workloads", router.all().stream().map(Answer::toJson).toList())
            .build());
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
