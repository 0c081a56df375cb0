package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.audit.Alarms.Standing;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.AlarmDesk;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.List;

/// `/admin/api/alarms`: what needs somebody, and that somebody has dealt with it, for programs.
final class AlarmApi {
  private static final String KIND = "kind";
  private static final String SUBJECT = "subject";
  private static final String TIMES = "times";

  private static final Schema ALARM =
      Schema.object()
          .has(KIND, Schema.text())
          .has(SUBJECT, Schema.text())
          .has("detail", Schema.text())
          .has("at", Schema.time())
          .has("since", Schema.time())
          .has(TIMES, Schema.integer().says("How often it was raised."))
          .build();

  private static final Listing<Standing> LISTING =
      new Listing<>(
          "alarms", ALARM, one -> one.alarm().kind() + " " + one.alarm().subject(), AlarmApi::json);

  private final AlarmDesk desk;

  AlarmApi(AlarmDesk desk) {
    this.desk = desk;
  }

  List<ApiRoute> routes(Api api) {
    var resolve =
        Operation.of(
                "resolve_alarm",
                "Says that somebody has dealt with an alarm. It is raised again if its reason is"
                    + " still there.",
                Right.CHANGE,
                Schema.object().has("resolved", ALARM).build())
            .reads(
                Schema.object()
                    .has(KIND, Schema.text())
                    .has(SUBJECT, Schema.text())
                    .has(TIMES, Schema.integer().says("As it was read: 409 if it is another."))
                    .has("reason", Schema.text().says("What was done; recorded."))
                    .build());
    return List.of(
        api.get(
            "/alarms",
            LISTING.operation("alarms", "What needs somebody.", Right.READ),
            call -> LISTING.page(call, desk.standing().stream())),
        api.post("/alarms/resolve", resolve, this::resolve));
  }

  private static JsonObject json(Standing one) {
    return JsonObject.builder()
        .put(KIND, one.alarm().kind())
        .put(SUBJECT, one.alarm().subject())
        .put("detail", one.alarm().detail())
        .put("at", one.alarm().at().toString())
        .put("since", one.since().toString())
        .put(TIMES, one.times())
        .build();
  }

  private Response resolve(Call call) throws MalformedException {
    var json = call.json();
    var kind = json.nonEmptyString(KIND);
    var subject = json.nonEmptyString(SUBJECT);
    var reason = json.nonEmptyString("reason");
    long times = Numbers.of(json, TIMES);
    var standing = desk.standing(kind, subject);
    if (standing.isEmpty()) {
      return call.problem(
          Kind.CONFLICT, "It does not stand: somebody has dealt with it, or it never was raised.");
    }
    return standing.get().times() == times && desk.resolve(Actor.by(call), standing.get(), reason)
        ? Response.json(200, JsonObject.builder().put("resolved", json(standing.get())).build())
        : call.overtaken(
            "It was raised again meanwhile, perhaps for another reason. Read it again.",
            json(desk.standing(kind, subject).orElse(standing.get())));
  }
}
