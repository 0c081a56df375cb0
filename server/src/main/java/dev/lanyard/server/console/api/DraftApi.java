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
import dev.lanyard.server.console.desk.DraftDesk;
import dev.lanyard.server.console.desk.DraftDesk.Effect;
import dev.lanyard.server.console.desk.DraftDesk.Handed;
import dev.lanyard.server.console.desk.DraftDesk.Restored;
import dev.lanyard.server.console.desk.DraftDesk.Saved;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.publication.Draft;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Publication;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;

/// `/admin/api/library/draft`: the role library as whoever calls writes it, for programs: file by
/// file, what it would change, and how it is handed in. It is the draft that the console shows
/// them, and decides nothing.
final class DraftApi {
  private static final String PATH = "/library/draft";
  private static final String FILE = PATH + "/files/{name}";
  private static final String NAME = "name";
  private static final String REVISION = "revision";
  private static final String BASE = "base";
  private static final String TEXT = "text";
  private static final String DIFFERENCE = "difference";
  private static final String SEEN = "seen";
  private static final String DAYS = "days";

  /// JSON may write each byte in six.
  private static final int LARGEST = 6 * Draft.LONGEST_FILE + 16 * 1024;

  private final DraftDesk desk;
  private final History history;
  private final InstantSource clock;

  DraftApi(DraftDesk desk, History history, InstantSource clock) {
    this.desk = desk;
    this.history = history;
    this.clock = clock;
  }

  List<ApiRoute> routes(Api api) {
    var draft =
        Operation.of(
            "draft",
            "The draft of whoever calls: its files, and what the check says of it.",
            Right.DRAFT,
            draft());
    var file =
        Operation.of("draft_file", "One file as whoever calls has it.", Right.DRAFT, file())
            .path(NAME, "Of the file, such as roles.yaml.");
    var save =
        Operation.of(
                "save_draft_file",
                "Saves a file of the draft, if the draft is the one that it was made from.",
                Right.CHANGE,
                file())
            .path(NAME, "Of the file, such as roles.yaml.")
            .reads(
                Schema.object()
                    .may(TEXT, Schema.text().says("Empty if the file shall go."))
                    .has(BASE, Schema.text().says("The version that it was made from."))
                    .has(REVISION, Schema.integer().says("As it was read: 409 if it is another."))
                    .build());
    return List.of(
        api.get(PATH, draft, this::draft),
        api.get(FILE, file, this::file),
        api.post(FILE, save, this::save).bodyLimit(LARGEST),
        api.get(PATH + "/effect", effect(), this::effect),
        api.post(PATH + "/hand-in", handingIn(), this::handIn),
        api.post("/library/publications/{number}/restore", restoring(), this::restore),
        api.post(
            "/library/drafts/{id}/withdraw",
            Operation.of(
                    "withdraw_submission",
                    "Takes back what whoever calls has handed in, before anybody has proposed it."
                        + " What people have asked for in it is open again.",
                    Right.CHANGE,
                    Schema.object().has("id", Schema.text()).build())
                .path("id", "The id of a draft that was handed in."),
            this::withdraw));
  }

  private static Schema draft() {
    var one =
        Schema.object()
            .has(NAME, Schema.text())
            .has("state", state())
            .has("overtaken", Schema.flag().says("Somebody else has changed it meanwhile."))
            .build();
    return Schema.object()
        .has(BASE, Schema.text().says("The version in force."))
        .has(REVISION, Schema.integer())
        .has("files", Schema.list(one))
        .has("findings", Schema.list(finding()))
        .build();
  }

  private static Schema state() {
    return Schema.word("in_force", "changed", "removed", "new", "absent");
  }

  private static Schema finding() {
    return Schema.object()
        .has("severity", Schema.word("error", "warning"))
        .has("code", Schema.text())
        .has("file", Schema.text())
        .has("line", Schema.integer().says("0 for the file as a whole."))
        .has("reason", Schema.text())
        .has("remedy", Schema.text())
        .build();
  }

  private static Schema file() {
    return Schema.object()
        .has(NAME, Schema.text())
        .has(TEXT, Schema.text())
        .has(BASE, Schema.text().says("The version in force."))
        .has(REVISION, Schema.integer())
        .has("state", state())
        .has(DIFFERENCE, Schema.list(Schema.text()).says("To what is in force, line by line."))
        .has("others", Schema.list(Schema.text()).says("What somebody else has made of it since."))
        .build();
  }

  private static Operation restoring() {
    return Operation.of(
            "restore_publication",
            "Puts a version that was in force into the draft of whoever calls, byte for byte, if"
                + " there is nothing in it that would be lost.",
            Right.CHANGE,
            draft())
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
    return switch (desk.restore(Actor.by(call, clock), publication.get(), revision)) {
      case Restored.Done() -> draft(call);
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
    return desk.withdraw(Actor.by(call, clock), found.get())
        ? Response.json(200, JsonObject.builder().put("id", found.get().id()).build())
        : call.problem(
            Kind.CONFLICT, "Nothing was taken back: it is not yours, or does not wait any more.");
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

  private Response draft(Call call) {
    var by = Actor.by(call, clock);
    return desk.bench(by)
        .map(bench ->
            Response.json(
                200,
                JsonObject.builder()
                    .put(BASE, bench.inForce().version())
                    .put(REVISION, bench.draft().revision())
                    .put("files", files(bench))
                    .put(
                        "findings",
                        bench.findings(by.at()).stream().map(one -> one.toJson()).toList())
                    .build()))
        .orElseGet(() -> NotYet.answer(call));
  }

  private static List<JsonObject> files(Workbench bench) {
    var names = new TreeSet<>(bench.inForce().files().keySet());
    names.addAll(bench.draft().edits().keySet());
    var overtaken = bench.overtaken();
    return names.stream()
        .map(name ->
            JsonObject.builder()
                .put(NAME, name)
                .put("state", state(bench, name))
                .put("overtaken", overtaken.contains(name))
                .build())
        .toList();
  }

  private static String state(Workbench bench, String name) {
    boolean known = bench.inForce().files().containsKey(name);
    if (!bench.draft().edits().containsKey(name)) {
      return known ? "in_force" : "absent";
    }
    return bench.text(name).isEmpty() ? "removed" : known ? "changed" : "new";
  }

  private static JsonObject json(Workbench bench, String name) {
    boolean overtaken = bench.overtaken().contains(name);
    return JsonObject.builder()
        .put(NAME, name)
        .put(TEXT, bench.text(name))
        .put(BASE, bench.inForce().version())
        .put(REVISION, bench.draft().revision())
        .put("state", state(bench, name))
        .put(DIFFERENCE, lines(bench.own(name)))
        .put("others", overtaken ? lines(bench.others(name)) : List.of())
        .build();
  }

  private static List<String> lines(List<Workbench.Difference> difference) {
    return difference.stream().map(Workbench.Difference::text).toList();
  }

  private Response file(Call call) {
    var name = call.path(NAME);
    var found = desk.bench(Actor.by(call, clock));
    if (found.isEmpty()) {
      return NotYet.answer(call);
    }
    return state(found.get(), name).equals("absent")
        ? call.problem(
            Kind.NOT_FOUND, "There is no such file in force or in your draft. Save it to begin it.")
        : Response.json(200, json(found.get(), name));
  }

  private Response save(Call call) throws MalformedException {
    var json = JsonObject.parseLarge(call.request().body());
    var typed =
        new DraftDesk.Typed(
            call.path(NAME),
            json.string(TEXT).orElse(""),
            json.nonEmptyString(BASE),
            Numbers.of(json, REVISION));
    var by = Actor.by(call, clock);
    return switch (desk.save(by, typed)) {
      case Saved.Done() ->
          desk.bench(by)
              .map(bench -> Response.json(200, json(bench, typed.name())))
              .orElseGet(() -> NotYet.answer(call));
      case Saved.Faulty(_, var why) -> throw new MalformedException(why);
      case Saved.Overtaken() -> overtaken(call, typed);
      case Saved.NotYet() -> NotYet.answer(call);
    };
  }

  /// With how it would differ from what is there now.
  private Response overtaken(Call call, DraftDesk.Typed typed) {
    return desk.bench(Actor.by(call, clock))
        .map(bench -> {
          var now = json(bench, typed.name());
          var difference =
              Workbench.difference(typed.name(), bench.text(typed.name()), typed.text());
          return call.overtaken(
              "Nothing was saved: your draft was changed elsewhere, or handed in. 'now' is what is"
                  + " there, 'difference' what you would change.",
              now.with(JsonObject.builder().put(DIFFERENCE, lines(difference)).build()));
        })
        .orElseGet(() -> NotYet.answer(call));
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
    return switch (desk.effect(Actor.by(call, clock), days)) {
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
    return switch (desk.handIn(Actor.by(call, clock), handing)) {
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
