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
import dev.lanyard.server.console.desk.DraftDesk.Saved;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.publication.Draft;
import java.util.List;
import java.util.TreeSet;

/// `/admin/api/library/draft`: the role library as whoever calls writes it, file by file, for
/// programs. It is the draft that the console shows them, and decides nothing.
final class DraftApi {
  static final String PATH = "/library/draft";
  private static final String FILE = PATH + "/files/{name}";
  private static final String NAME = "name";
  static final String REVISION = "revision";
  private static final String BASE = "base";
  private static final String TEXT = "text";
  static final String DIFFERENCE = "difference";

  /// JSON may write each byte in six.
  private static final int LARGEST = 6 * Draft.LONGEST_FILE + 16 * 1024;

  private final DraftDesk desk;

  DraftApi(DraftDesk desk) {
    this.desk = desk;
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
        api.post(FILE, save, this::save).bodyLimit(LARGEST));
  }

  static Schema draft() {
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

  /// The draft of whoever calls, as it is now.
  Response draft(Call call) {
    var by = Actor.by(call);
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

  static List<String> lines(List<Workbench.Difference> difference) {
    return difference.stream().map(Workbench.Difference::text).toList();
  }

  private Response file(Call call) {
    var name = call.path(NAME);
    var found = desk.bench(Actor.by(call));
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
    var by = Actor.by(call);
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
    return desk.bench(Actor.by(call))
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
}
