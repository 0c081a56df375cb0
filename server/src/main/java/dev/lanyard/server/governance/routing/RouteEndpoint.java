package dev.lanyard.server.governance.routing;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;

/// `GET /admin/api/route` and `GET /admin/api/route/{workload}`: where a workload goes, for agents
/// that ask before they work.
public final class RouteEndpoint {
  private final Router router;
  private final AdminBearers bearers;

  public RouteEndpoint(Router router, AdminBearers bearers) {
    this.router = router;
    this.bearers = bearers;
  }

  public List<Route> routes() {
    return List.of(
        bearers.get("/admin/api/route", _ -> all()),
        bearers.get("/admin/api/route/{workload}", this::one));
  }

  private Response all() {
    return Response.json(
        200,
        JsonObject.builder()
            .put("workloads", router.all().stream().map(Answer::toJson).toList())
            .build());
  }

  private Response one(Request request) {
    return router
        .route(request.pathParameter("workload"))
        .map(answer -> Response.json(200, answer.toJson()))
        .orElseGet(() ->
            Response.error(
                404, "unknown", "no such workload is declared", request.correlationId()));
  }
}
