package dev.lanyard.server.diagnosis;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;

/// `GET /admin/api/diagnosis/{id}`: why, for programs. Whoever may not ask learns nothing, not even
/// whether there is such an id.
public final class DiagnosisEndpoint {
  private final Diagnostics diagnostics;
  private final AdminBearers bearers;

  public DiagnosisEndpoint(Diagnostics diagnostics, AdminBearers bearers) {
    this.diagnostics = diagnostics;
    this.bearers = bearers;
  }

  public List<Route> routes() {
    return List.of(bearers.get("/admin/api/diagnosis/{id}", this::handle));
  }

  private Response handle(Request request) {
    return switch (diagnostics.find(request.pathParameter("id"))) {
      case Diagnostics.Found.One(var diagnosis) -> Response.json(200, diagnosis.toJson());
      case Diagnostics.Found.Several(var ids) ->
          Response.json(300, JsonObject.builder().put("correlation_ids", ids).build());
      case Diagnostics.Found.Nothing _ ->
          Response.error(404, "unknown", "nothing is recorded under it", request.correlationId());
      case Diagnostics.Found.TooShort(int shortest) ->
          Response.error(
              400,
              "too_short",
              "it takes %d characters at least".formatted(shortest),
              request.correlationId());
    };
  }
}
