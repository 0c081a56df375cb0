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
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.HoldDesk.Lifting;
import dev.lanyard.server.console.desk.HoldDesk.Placing;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.transparency.Holds.Hold;
import java.util.List;

/// `/admin/api/holds`: what may neither be removed nor erased, for programs.
final class HoldApi {
  private static final String HOLDS = "/holds";
  private static final String ID = "id";
  private static final String PERSON = "person";
  private static final String ORGANISATION = "organisation";
  private static final String REASON = "reason";

  private static final Schema HOLD =
      Schema.object()
          .has(ID, Schema.text())
          .may(PERSON, Schema.text().says("The id of a person."))
          .may(ORGANISATION, Schema.text().says("Of all its people; without both, of everybody."))
          .has(REASON, Schema.text())
          .has("by", Schema.text())
          .has("at", Schema.time())
          .build();

  private static final Listing<Hold> LISTING =
      new Listing<>("holds", HOLD, one -> one.at() + " " + one.id(), HoldApi::json);

  private final Desks desks;

  HoldApi(Desks desks) {
    this.desks = desks;
  }

  List<ApiRoute> routes(Api api) {
    var place =
        Operation.of(
                "place_hold",
                "Keeps what is recorded of a person or an organisation; with neither, everything.",
                Right.CHANGE,
                HOLD)
            .reads(
                Schema.object()
                    .may(PERSON, Schema.text().says("A person, by id or user name."))
                    .may(ORGANISATION, Schema.text())
                    .has(REASON, Schema.text().says("Why; recorded with who did it."))
                    .build())
            .creates();
    var lift =
        Operation.of(
                "lift_hold",
                "Asks for a hold to be lifted: its records can be removed and erased then.",
                Right.CHANGE,
                Motioned.MOTION)
            .path(ID, "The id of a hold.")
            .reads(
                Schema.object()
                    .has(REASON, Schema.text().says("Why; recorded with who did it."))
                    .build())
            .creates();
    return List.of(
        api.get(
            HOLDS,
            LISTING.operation("holds", "The legal holds that stand.", Right.READ),
            call -> LISTING.page(call, desks.holds().standing().stream())),
        api.post(HOLDS, place, this::place),
        api.post(HOLDS + "/{" + ID + "}/lift", lift, this::lift));
  }

  private static JsonObject json(Hold one) {
    return JsonObject.builder()
        .put(ID, one.id())
        .putIfPresent(PERSON, one.person())
        .putIfPresent(ORGANISATION, one.organisation())
        .put(REASON, one.reason())
        .put("by", one.by())
        .put("at", one.at().toString())
        .build();
  }

  private Response place(Call call) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString(REASON);
    var by = Actor.by(call);
    return switch (desks
        .holds()
        .place(by, json.string(PERSON), json.string(ORGANISATION), reason)) {
      case Placing.Placed(var hold) -> Response.json(201, json(hold));
      case Placing.Nobody(var why) -> call.problem(Kind.INVALID_REQUEST, why);
    };
  }

  private Response lift(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString(REASON);
    return switch (desks.holds().lift(Actor.by(call), call.path(ID), reason, desks.motions())) {
      case Lifting.ForTwo(var asking) -> Motioned.asked(call, desks.motions(), asking);
      case Lifting.Gone() ->
          call.problem(Kind.NOT_FOUND, "No such hold stands. All are at /admin/api/holds.");
    };
  }
}
