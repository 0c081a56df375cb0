package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Paging;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.ToolDesk;
import dev.lanyard.server.console.desk.ToolDesk.Judging;
import dev.lanyard.server.console.desk.ToolDesk.Known;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.tools.Acceptance;
import dev.lanyard.server.tools.Judgement.Despite;
import dev.lanyard.server.tools.KnownTool;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// `/admin/api/connectors/{connector}/tools`: what a server says of its tools, and the judgement on
/// that, for programs. What is accepted is exactly the text with the hash that is sent.
final class ToolApi {
  private static final String CONNECTOR = "connector";
  private static final String TOOL = "tool";
  private static final String TOOLS = "/connectors/{" + CONNECTOR + "}/tools";
  private static final String ONE = TOOLS + "/{" + TOOL + "}";

  private final Supplier<Library> library;
  private final ToolDesk desk;

  /// @param library the one in force
  ToolApi(Supplier<Library> library, ToolDesk desk) {
    this.library = library;
    this.desk = desk;
  }

  List<ApiRoute> routes(Api api) {
    var tools =
        Operation.of(
                "tools",
                "What a server says of its tools, and how each stands.",
                Right.READ,
                Paging.of("tools", tool().build()))
            .path(CONNECTOR, "The id of a connector.");
    var one = named("tool", "One tool, with what changed since it was accepted.", Right.READ);
    var withdraw =
        named("withdraw_tool", "Takes an acceptance back: the tool is hidden.", Right.CHANGE)
            .reads(Schema.object().has("reason", Schema.text()).build());
    return List.of(
        api.get(TOOLS, Paging.paged(tools), this::tools),
        api.get(ONE, one, this::one),
        api.post(ONE + "/accept", acceptance(), this::accept),
        api.post(ONE + "/withdraw", withdraw, this::withdraw));
  }

  private static Operation acceptance() {
    return named(
            "accept_tool", "Accepts a tool as it is, with the grade of the library.", Right.CHANGE)
        .reads(
            Schema.object()
                .has("hash", Schema.text().says("Of the definition that was read."))
                .may(
                    "despite_suspicions", Schema.flag().says("What looks like an attack was read."))
                .may(
                    "despite_withdrawal",
                    Schema.flag()
                        .says(
                            "An administrator has taken it out of use, and it may be used"
                                + " again."))
                .build());
  }

  private static Operation named(String id, String summary, Right right) {
    return Operation.of(id, summary, right, whole())
        .path(CONNECTOR, "The id of a connector.")
        .path(TOOL, "The name of a tool.");
  }

  private static Schema.Members tool() {
    return Schema.object()
        .has("name", Schema.text())
        .has("state", Schema.text())
        .has("since", Schema.time())
        .has("waits", Schema.flag().says("Whether somebody has to judge it."))
        .may("grade", Schema.text().says("In the role library; without one it is hidden."));
  }

  private static Schema whole() {
    var accepted =
        Schema.object()
            .has("hash", Schema.text())
            .has("grade", Schema.text())
            .has("by", Schema.text())
            .has("at", Schema.time())
            .build();
    var change =
        Schema.object()
            .has("where", Schema.text())
            .has("before", Schema.text())
            .has("after", Schema.text())
            .build();
    return tool()
        .may("hash", Schema.text().says("Of what the server says; not there if it has it no more."))
        .may("definition", Schema.anything().says("What the server says."))
        .may("accepted", accepted)
        .has("changes", Schema.list(change))
        .has("suspicions", Schema.list(Schema.text()).says("What looks like an attack."))
        .build();
  }

  private static Response nothing(Call call) {
    return call.problem(
        Kind.NOT_FOUND,
        "There is no such connector or tool. What there is comes from the role library and from"
            + " what servers say.");
  }

  private Response tools(Call call) throws MalformedException {
    var connector = library.get().connector(call.path(CONNECTOR));
    return connector.isEmpty()
        ? nothing(call)
        : Paging.of(call)
            .page(
                call,
                "tools",
                desk.of(connector.get()).stream(),
                KnownTool::name,
                tool -> json(new Known(connector.get(), tool)).build());
  }

  private static JsonObject.Builder json(Known known) {
    var tool = known.tool();
    return JsonObject.builder()
        .put("name", tool.name())
        .put("state", tool.state().value())
        .put("since", tool.since().toString())
        .put("waits", tool.waits())
        .putIfPresent("grade", known.grade());
  }

  private Optional<Known> known(Call call) {
    return desk.find(call.path(CONNECTOR), call.path(TOOL));
  }

  private Response one(Call call) {
    return known(call).map(this::shown).orElseGet(() -> nothing(call));
  }

  private Response shown(Known known) {
    var tool = known.tool();
    var look = desk.look(tool);
    var json = json(known);
    look.now()
        .ifPresent(version ->
            json.put("hash", version.hash())
                .put("definition", version.definition())
                .put("suspicions", look.suspicions()));
    tool.accepted()
        .ifPresent(one ->
            json.put(
                "accepted",
                JsonObject.builder()
                    .put("hash", one.hash())
                    .put("grade", one.grade())
                    .put("by", one.by())
                    .put("at", one.at().toString())
                    .build()));
    return Response.json(
        200, json.put("changes", look.changes().stream().map(ToolApi::json).toList()).build());
  }

  private static JsonObject json(ToolDesk.Change change) {
    return JsonObject.builder()
        .put("where", change.where())
        .put("before", change.before())
        .put("after", change.after())
        .build();
  }

  private Response accept(Call call) throws MalformedException {
    var json = call.json();
    var hash = json.nonEmptyString("hash");
    var despite = despite(json);
    var known = known(call);
    if (known.isEmpty()) {
      return nothing(call);
    }
    var judging =
        desk.accept(known.get(), hash, despite, call.caller().name(), call.correlationId());
    return switch (judging) {
      case Judging.Judged(Acceptance.Accepted()) -> one(call);
      case Judging.Judged(Acceptance.Unknown()) -> nothing(call);
      case Judging.Judged(Acceptance.Withdrawn()) ->
          call.problem(
              Kind.CONFLICT,
              "An administrator has taken it out of use. Say despite_withdrawal if it may be used"
                  + " again.");
      case Judging.Judged(Acceptance.Suspicious _) ->
          call.problem(
              Kind.CONFLICT,
              "It looks like an attack. Read 'suspicions', and say despite_suspicions if you"
                  + " have.");
      case Judging.Judged(Acceptance.NotBeside(var why)) -> call.problem(Kind.CONFLICT, why + ".");
      case Judging.Judged(Acceptance.Overtaken _) ->
          call.problem(
              Kind.CONFLICT,
              "The server says something else by now, or somebody else has judged. Read it again.");
      case Judging.Ungraded() ->
          call.problem(Kind.CONFLICT, "The role library has no grade for it. Grade it first.");
    };
  }

  private static Set<Despite> despite(JsonObject json) throws MalformedException {
    var despite = EnumSet.noneOf(Despite.class);
    if (json.bool("despite_suspicions").orElse(false)) {
      despite.add(Despite.SUSPICIONS);
    }
    if (json.bool("despite_withdrawal").orElse(false)) {
      despite.add(Despite.WITHDRAWAL);
    }
    return despite;
  }

  private Response withdraw(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString("reason");
    var known = known(call);
    if (known.isEmpty()) {
      return nothing(call);
    }
    boolean done = desk.withdraw(known.get(), call.caller().name(), reason, call.correlationId());
    return done
        ? one(call)
        : call.problem(Kind.CONFLICT, "It is not accepted, so there is nothing to take back.");
  }
}
