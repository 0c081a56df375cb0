package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.time.Instant;
import java.util.Optional;

/// A call by somebody who may make it.
///
/// @param query nothing that the operation does not know
/// @param cursors of this API
/// @param at when it came
public record Call(Request request, Caller caller, Form query, Cursors cursors, Instant at) {
  public Optional<String> query(String name) {
    return query.one(name);
  }

  /// A parameter of the path.
  public String path(String name) {
    return request.pathParameter(name);
  }

  /// The body of an operation that takes JSON.
  public JsonObject json() throws MalformedException {
    return JsonObject.parse(request.body());
  }

  public String correlationId() {
    return request.correlationId();
  }

  /// Somebody was first: what there is now, so that whoever calls sees the difference.
  public Response overtaken(String detail, JsonObject now) {
    return Problem.of(Problem.Kind.CONFLICT, detail)
        .answer(correlationId(), JsonObject.builder().put("now", now).build());
  }

  /// It comes to nothing.
  public Response problem(Problem.Kind kind, String detail) {
    return Problem.of(kind, detail).answer(correlationId());
  }
}
