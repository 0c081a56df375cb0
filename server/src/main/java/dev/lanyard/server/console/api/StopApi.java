package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.ResumptionDesk.Resuming;
import dev.lanyard.server.console.desk.StopDesk;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Subject;
import java.util.List;

/// Breaks the glass, for programs: a connector, or everything. What is stopped is said twice, so
/// that nobody stops anything by mistake, and goes on by two.
final class StopApi {
  private static final String CONFIRM = "confirm";

  private final Parts parts;
  private final Desks desks;

  StopApi(Parts parts, Desks desks) {
    this.parts = parts;
    this.desks = desks;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        api.post(
            "/stop",
            stopping(
                "stop_everything",
                "Stops everybody and everything, whoever asks too: the token of this call is dead"
                    + " with it, so that a repetition gets 401. It goes on by two in the console,"
                    + " or at the command line.",
                "The word " + StopDesk.EVERYTHING + "."),
            this::everything),
        api.post(
            "/connectors/{connector}/stop",
            stopping(
                    "stop_connector",
                    "Stops a connector for everybody, until two let it go on.",
                    "The id once more.")
                .path("connector", "The id of a connector."),
            this::connector),
        api.post(
            "/connectors/{connector}/resume",
            Operation.of(
                    "resume_connector",
                    "Asks for a connector that was stopped to go on. What was issued before stays"
                        + " dead.",
                    Right.CHANGE,
                    Motioned.MOTION)
                .path("connector", "The id of a connector.")
                .reads(
                    Schema.object()
                        .has("reason", Schema.text().says("Why; recorded with who did it."))
                        .build())
                .creates(),
            this::resume));
  }

  private static Operation stopping(String id, String summary, String confirm) {
    return Operation.of(
            id,
            summary,
            Right.CHANGE,
            Schema.object()
                .has("incident", Schema.text().says("Names it in the record, for the receipt."))
                .build())
        .reads(
            Schema.object()
                .has(CONFIRM, Schema.text().says(confirm))
                .has("reason", Schema.text().says("Why; recorded with who did it."))
                .build());
  }

  private Response everything(Call call) throws MalformedException {
    return stopped(call, StopDesk.EVERYTHING, new Subject.Everything());
  }

  private Response connector(Call call) throws MalformedException {
    var id = call.path("connector");
    var found = parts.library().get().connector(id);
    return found.isPresent()
        ? stopped(call, id, new Subject.Connector(found.get().resource()))
        : nowhere(call);
  }

  private static Response nowhere(Call call) {
    return call.problem(
        Kind.NOT_FOUND, "There is no such connector. All are at /admin/api/connectors.");
  }

  private Response resume(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString("reason");
    var by = Actor.by(call);
    return parts
        .library()
        .get()
        .connector(call.path("connector"))
        .map(one ->
            switch (desks.resumptions().resume(by, one, reason, desks.motions())) {
              case Resuming.ForTwo(var asking) -> Motioned.asked(call, desks.motions(), asking);
              case Resuming.GoesOn() -> call.problem(Kind.CONFLICT, "It is not stopped.");
            })
        .orElseGet(() -> nowhere(call));
  }

  private Response stopped(Call call, String name, Subject what) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString("reason");
    if (!json.nonEmptyString(CONFIRM).equals(name)) {
      throw new MalformedException("nothing was stopped: '" + CONFIRM + "' is not '" + name + "'");
    }
    return desks
        .stops()
        .stop(Actor.by(call), what, reason)
        .map(incident -> Response.json(200, JsonObject.builder().put("incident", incident).build()))
        .orElseGet(() -> call.problem(Kind.CONFLICT, "It is stopped already."));
  }
}
