package dev.lanyard.server.diagnosis;

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

/// `GET /admin/api/diagnosis/{id}`: why, for programs. Whoever may not ask learns nothing, not even
/// whether there is such an id.
public final class DiagnosisEndpoint {
  private final Diagnostics diagnostics;
  private final Api api;

  public DiagnosisEndpoint(Diagnostics diagnostics, Api api) {
    this.diagnostics = diagnostics;
    this.api = api;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/diagnosis/{id}",
            Operation.of(
                    "diagnosis",
                    "Why a request was refused, by its correlation id or the beginning of it.",
                    Right.HELP,
                    diagnosis())
                .path("id", "A correlation id, or four characters of its beginning at least.")
                .answers(
                    300,
                    Schema.object()
                        .has(
                            "correlation_ids",
                            Schema.list(Schema.text()).says("Some of those that begin like it."))
                        .build()),
            this::handle));
  }

  private static Schema diagnosis() {
    var cause =
        Schema.object()
            .has("event", Schema.text())
            .may("check", Schema.text())
            .may("expected", Schema.text())
            .may("actual", Schema.text())
            .may("requirement", Schema.text())
            .may("section", Schema.text())
            .may("detail", Schema.text())
            .may("says", Schema.text())
            .may("remedy", Schema.text().says("What to do."))
            .build();
    return Schema.object()
        .has("correlation_id", Schema.text())
        .may("person", Schema.text())
        .may("client", Schema.text())
        .may("target", Schema.text())
        .has("causes", Schema.list(cause))
        .has("records", Schema.list(Schema.auditRecord()))
        .has("related", Schema.list(Schema.auditRecord()))
        .build();
  }

  private Response handle(Call call) {
    return switch (diagnostics.find(call.path("id"))) {
      case Diagnostics.Found.One(var diagnosis) -> Response.json(200, diagnosis.toJson());
      case Diagnostics.Found.Several(var ids) ->
          Response.json(300, JsonObject.builder().put("correlation_ids", ids).build());
      case Diagnostics.Found.Nothing _ ->
          call.problem(
              Problem.Kind.NOT_FOUND, "Nothing is recorded under it. Check it letter by letter.");
      case Diagnostics.Found.TooShort(int shortest) ->
          call.problem(
              Problem.Kind.INVALID_REQUEST, "It takes %d characters at least.".formatted(shortest));
    };
  }
}
