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
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.Motion;
import dev.lanyard.server.console.desk.MotionDesk;
import dev.lanyard.server.console.desk.MotionDesk.Answer;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.List;

/// `/admin/api/motions`: what one administrator has asked for and another one has to agree to, for
/// programs.
final class MotionApi {
  private static final String ALL = "/motions";
  private static final String ONE = ALL + "/{id}";

  private final MotionDesk desk;

  MotionApi(MotionDesk desk) {
    this.desk = desk;
  }

  List<ApiRoute> routes(Api api) {
    var open =
        new Listing<Motion>(
            "motions",
            Motioned.MOTION,
            one -> new Place(one.askedAt(), one.id()).text(),
            one -> Motioned.json(desk, one));
    return List.of(
        api.get(
            ALL,
            open.operation(
                "motions", "What waits for a second administrator, the oldest first.", Right.DRAFT),
            call -> open.page(call, desk.open(call.at()).stream())),
        api.get(
            ONE,
            Operation.of("motion", "One motion.", Right.DRAFT, Motioned.MOTION)
                .path("id", "The id of a motion."),
            call ->
                desk.find(call.path("id"))
                    .map(one -> Response.json(200, Motioned.json(desk, one)))
                    .orElseGet(() -> unknown(call))),
        api.post(ONE + "/agree", agreeing(), this::agree),
        api.post(
            ONE + "/decline",
            ending("decline_motion", "Says no to what somebody else has asked for.")
                .reads(
                    Schema.object()
                        .has("reason", Schema.text().says("Whoever asked reads it."))
                        .build()),
            this::decline),
        api.post(
            ONE + "/withdraw",
            ending("withdraw_motion", "Takes back what whoever calls has asked for."),
            call -> told(call, desk.withdraw(Actor.by(call), call.path("id")))));
  }

  private static Operation agreeing() {
    var secret =
        Schema.object()
            .has("name", Schema.text().says("By which it comes."))
            .has("secret", Schema.text().says("Told this once, to whoever has agreed."))
            .build();
    return Operation.of(
            "agree_to_motion",
            "Does what somebody else has asked for, if what stands is still what it was.",
            Right.CHANGE,
            Schema.object().has("motion", Motioned.MOTION).may("told", secret).build())
        .path("id", "The id of a motion.")
        .tellsSecret();
  }

  private static Operation ending(String id, String summary) {
    return Operation.of(
            id, summary, Right.CHANGE, Schema.object().has("motion", Motioned.MOTION).build())
        .path("id", "The id of a motion.");
  }

  private static Response unknown(Call call) {
    return call.problem(
        Kind.NOT_FOUND, "There is no such motion. Those that wait are at /admin/api/motions.");
  }

  private Response agree(Call call) {
    return told(call, desk.agree(Actor.by(call), call.path("id")));
  }

  private Response decline(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString("reason");
    return told(call, desk.decline(Actor.by(call), call.path("id"), reason));
  }

  private Response told(Call call, Answer answer) {
    return switch (answer) {
      case Answer.Done(var now, var told) -> {
        var json = JsonObject.builder().put("motion", Motioned.json(desk, now));
        told.ifPresent(one ->
            json.put(
                "told",
                JsonObject.builder()
                    .put("name", one.name())
                    .put("secret", one.secret().reveal())
                    .build()));
        yield Response.json(200, json.build());
      }
      case Answer.Refused(var now, var why) ->
          call.overtaken("Nothing was done: " + why + ".", Motioned.json(desk, now));
      case Answer.Unknown() -> unknown(call);
    };
  }
}
