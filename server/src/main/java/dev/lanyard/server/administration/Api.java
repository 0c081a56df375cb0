package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Handler;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the routes of the JSON API, so that none can forget what all have in common: who may call;
/// a query without what nobody reads; a body of the kind that is read; problems as RFC 9457 has
/// them; and answers that nobody keeps.
public final class Api {
  /// Below this everything is.
  public static final String PATH = "/admin/api";

  private static final String JSON = "application/json";

  private final Callers callers;
  private final Cursors cursors;
  private final Optional<OnlyOnce> onlyOnce;
  private final InstantSource clock;

  private Api(Callers callers, Cursors cursors, Optional<OnlyOnce> onlyOnce, InstantSource clock) {
    this.callers = callers;
    this.cursors = cursors;
    this.onlyOnce = onlyOnce;
    this.clock = clock;
  }

  /// For programs that only read, with tokens of the configuration.
  public Api(AdminBearers bearers, Cursors cursors, InstantSource clock) {
    this(bearers, cursors, Optional.empty(), clock);
  }

  /// For programs with tokens of the configuration.
  ///
  /// @param database where it is kept what has been done once
  public Api(AdminBearers bearers, Cursors cursors, Database database, InstantSource clock) {
    this(bearers, cursors, Optional.of(new OnlyOnce(new Repeats(database, clock))), clock);
  }

  /// Also for people, with access tokens of the broker.
  ///
  /// @param database where it is kept what has been done once
  public Api(AccessTokens tokens, Cursors cursors, Database database, InstantSource clock) {
    this(tokens, cursors, Optional.of(new OnlyOnce(new Repeats(database, clock))), clock);
  }

  /// Does what a call asks for.
  public interface Action {
    /// @throws MalformedException if the call says something that cannot be understood: answered
    ///   with 400 and the message
    Response answer(Call call) throws MalformedException;
  }

  /// @param path below [#PATH]
  public ApiRoute get(String path, Operation operation, Action action) {
    return new ApiRoute(
        Route.get(PATH + path, Access.ADMIN, guarded(operation, action)), operation);
  }

  /// What changes something is done once for each `Idempotency-Key`.
  public ApiRoute post(String path, Operation operation, Action action) {
    var once = operation.isRepeatable() ? once(action) : action;
    return new ApiRoute(Route.post(PATH + path, Access.ADMIN, guarded(operation, once)), operation);
  }

  private Action once(Action action) {
    return onlyOnce.<Action>map(one -> call -> one.answer(call, action)).orElse(action);
  }

  public ApiRoute put(String path, Operation operation, Action action) {
    return new ApiRoute(
        Route.put(PATH + path, Access.ADMIN, guarded(operation, action)), operation);
  }

  public ApiRoute delete(String path, Operation operation, Action action) {
    return new ApiRoute(
        Route.delete(PATH + path, Access.ADMIN, guarded(operation, action)), operation);
  }

  private Handler guarded(Operation operation, Action action) {
    return request ->
        switch (callers.admit(request, operation)) {
          case Admission.Admitted(var caller) -> answer(request, caller, operation, action);
          case Admission.TurnedAway(var answer) -> answer;
        };
  }

  private Response answer(Request request, Caller caller, Operation operation, Action action) {
    if (operation.body() instanceof Operation.Body.Json
        && !request.contentType().equals(Optional.of(JSON))) {
      return problem(
          request,
          Problem.Kind.UNSUPPORTED_MEDIA_TYPE,
          "Send the body with Content-Type: " + JSON + ".");
    }
    if (!operation.isRepeatable() && !request.headers(OnlyOnce.HEADER).isEmpty()) {
      return problem(
          request,
          Problem.Kind.INVALID_REQUEST,
          "This call takes no " + OnlyOnce.HEADER + ": repeat it without, or look first.");
    }
    try {
      var query = Form.parse(request.query(), Set.of());
      refuseUnknown(query, operation);
      return action.answer(new Call(request, caller, query, cursors, clock.instant())).noStore();
    } catch (MalformedException e) {
      return problem(request, Problem.Kind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  /// Whoever misspells a filter would be shown everything.
  private static void refuseUnknown(Form query, Operation operation) throws MalformedException {
    var known = operation.query();
    if (!known.keySet().containsAll(query.names())) {
      var names = String.join(", ", known.keySet().stream().sorted().toList());
      throw new MalformedException(
          known.isEmpty()
              ? "this takes no parameters in the query"
              : "there is a parameter that is not known here; known are: " + names);
    }
    for (var parameter : known.entrySet()) {
      if (parameter.getValue().isRequired()) {
        var _ = query.required(parameter.getKey());
      }
    }
  }

  private static Response problem(Request request, Problem.Kind kind, String detail) {
    return Problem.of(kind, detail).answer(request.correlationId());
  }

  /// The rows of the route table.
  public static List<Route> routes(List<ApiRoute> all) {
    return all.stream().map(ApiRoute::route).toList();
  }
}
