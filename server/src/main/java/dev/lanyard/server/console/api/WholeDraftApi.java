package dev.lanyard.server.console.api;

import static dev.lanyard.server.console.api.DraftApi.DIFFERENCE;
import static dev.lanyard.server.console.api.DraftApi.PATH;
import static dev.lanyard.server.console.api.DraftApi.REVISION;
import static dev.lanyard.server.console.api.DraftApi.lines;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.DraftDesk;
import dev.lanyard.server.console.desk.DraftDesk.Effect;
import dev.lanyard.server.console.desk.DraftDesk.Handed;
import dev.lanyard.server.console.desk.DraftDesk.Restored;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Publication;
import java.util.List;

/// The draft of whoever calls as a whole, for programs: what it would change, how it is handed in
/// and taken back, and how a version that was in force is put into it.
final class WholeDraftApi {
  private static final String SEEN = "seen";
  private static final String DAYS = "days";

  private final DraftDesk desk;
  private final DraftApi drafts;
  private final History history;

  /// @param drafts shows what a draft has become
  WholeDraftApi(DraftDesk desk, DraftApi drafts, History history) {
    this.desk = desk;
    this.drafts = drafts;
    this.history = history;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        api.get(PATH + "/effect", effect(), this::effect),
        api.post(PATH + "/hand-in", handingIn(), this::handIn),
        api.post("/library/publications/{number}/restore", restoring(), this::restore),
        api.post("/library/drafts/{id}/withdraw", withdrawing(), this::withdraw));
  }

  private static Operation withdrawing() {
    return Operation.of(
            "withdraw_submission",
            "Takes back what whoever calls has handed in, before anybody has proposed it. What"
                + " people have asked for in it is open again.",
            Right.CHANGE,
            Schema.object().has("id", Schema.text()).build())
        .path("id", "The id of a draft that was handed in.");
  }

  private static Operation effect() {
    return Operation.of(
            "draft_effect",
            "What the draft would change, for everybody and for what was really asked for.",
            Right.DRAFT,
            Schema.object()
                .has(REVISION, Schema.integer())
                .has(SEEN, Schema.text().says("Names what this is the effect of."))
                .has("effect", Schema.anything())
                .has(DIFFERENCE, Schema.list(Schema.text()))
                .build())
        .query(
            DAYS,
            Schema.integer(),
            "How many days are replayed, 0 to %d; %d if left out."
                .formatted(DraftDesk.MOST_DAYS, DraftDesk.DAYS));
  }

  private static Operation handingIn() {
    return Operation.of(
            "hand_in_draft",
            "Hands the draft in, for somebody with a key to propose it.",
            Right.CHANGE,
            Schema.object().has("id", Schema.text()).has("version", Schema.text()).build())
        .reads(
            Schema.object()
                .has(REVISION, Schema.integer())
                .has(SEEN, Schema.text().says("Out of the effect: 409 if it is another by now."))
                .has("reason", Schema.text())
                .may(DAYS, Schema.integer())
                .build())
        .creates();
  }

  private static Operation restoring() {
    return Operation.of(
            "restore_publication",
            "Puts a version that was in force into the draft of whoever calls, byte for byte, if"
                + " there is nothing in it that would be lost.",
            Right.CHANGE,
            DraftApi.draft())
        .path("number", "Of a publication.")
        .reads(
            Schema.object()
                .has(REVISION, Schema.integer().says("Of the draft, as it was read."))
                .build());
  }

  private Response restore(Call call) throws MalformedException {
    long revision = Numbers.of(call.json(), REVISION);
    var publication = history.publication(Publication.number(call.path("number")));
    if (publication.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND,
          "There is no such publication. All are at /admin/api/library/publications.");
    }
    return switch (desk.restore(Actor.by(call), publication.get(), revision)) {
      case Restored.Done() -> drafts.draft(call);
      case Restored.Kept(var why) -> call.problem(Kind.CONFLICT, why);
      case Restored.NotYet() -> NotYet.answer(call);
    };
  }

  private Response withdraw(Call call) {
    var found = history.submission(call.path("id"));
    if (found.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND, "There is no such draft. All are at /admin/api/library/drafts.");
    }
    return desk.withdraw(Actor.by(call), found.get())
        ? Response.json(200, JsonObject.builder().put("id", found.get().id()).build())
        : call.problem(
            Kind.CONFLICT, "Nothing was taken back: it is not yours, or does not wait any more.");
  }

  private static int days(long days) throws MalformedException {
    if (days < 0 || days > DraftDesk.MOST_DAYS) {
      throw new MalformedException("'" + DAYS + "' is 0 to " + DraftDesk.MOST_DAYS);
    }
    return (int) days;
  }

  private Response effect(Call call) throws MalformedException {
    var asked = call.query(DAYS);
    var days =
        days(
            asked
                .map(text -> text.matches("\\d{1,3}") ? Long.parseLong(text) : -1L)
                .orElse((long) DraftDesk.DAYS));
    return switch (desk.effect(Actor.by(call), days)) {
      case Effect.Known(var bench, var plan, var seen) ->
          Response.json(
              200,
              JsonObject.builder()
                  .put(REVISION, bench.draft().revision())
                  .put(SEEN, seen)
                  .put("effect", plan.toJson())
                  .put(DIFFERENCE, lines(Workbench.difference(bench.inForce(), bench.files())))
                  .build());
      case Effect.Hindered(var why) -> call.problem(Kind.CONFLICT, why);
      case Effect.Busy() -> busy(call);
      case Effect.NotYet() -> NotYet.answer(call);
    };
  }

  private static Response busy(Call call) {
    return call.problem(
            Kind.UNAVAILABLE,
            "The effect is not known: somebody else's is being computed, or it takes more than a"
                + " minute. Try again with fewer days, or use lanyard library plan.")
        .withHeader("Retry-After", "30");
  }

  private Response handIn(Call call) throws MalformedException {
    var json = call.json();
    var handing =
        new DraftDesk.Handing(
            Numbers.of(json, REVISION),
            json.nonEmptyString(SEEN),
            json.nonEmptyString("reason"),
            days(json.integer(DAYS).orElse((long) DraftDesk.DAYS)));
    return switch (desk.handIn(Actor.by(call), handing)) {
      case Handed.In(var one) ->
          Response.json(
              201, JsonObject.builder().put("id", one.id()).put("version", one.version()).build());
      case Handed.Incomplete(var why) -> throw new MalformedException(why);
      case Handed.Overtaken() ->
          call.problem(
              Kind.CONFLICT,
              "Nothing was handed in: this is no more what you looked at. It was handed in before,"
                  + " your draft was changed, or something else is in force by now.");
      case Handed.Hindered(var why) -> call.problem(Kind.CONFLICT, why);
      case Handed.Busy() -> busy(call);
      case Handed.NotYet() -> NotYet.answer(call);
    };
  }
}
