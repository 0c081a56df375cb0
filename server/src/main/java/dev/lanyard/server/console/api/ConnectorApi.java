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
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.ToolFacts;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.tools.Acceptance;
import dev.lanyard.server.tools.Judgement;
import dev.lanyard.server.tools.Judgement.Despite;
import dev.lanyard.server.tools.KnownTool;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// `/admin/api/connectors`: the MCP servers that people can be given, what each says of its tools,
/// and the judgement on that, for programs. What is accepted is exactly the text with the hash that
/// is sent.
final class ConnectorApi {
  private static final String CONNECTOR = "connector";
  private static final String TOOL = "tool";
  private static final String TOOLS = "/connectors/{" + CONNECTOR + "}/tools";
  private static final String ONE = TOOLS + "/{" + TOOL + "}";

  private final Parts parts;
  private final Ledgers ledgers;

  ConnectorApi(Parts parts, Ledgers ledgers) {
    this.parts = parts;
    this.ledgers = ledgers;
  }

  List<ApiRoute> routes(Api api) {
    var connectors =
        Operation.of(
            "connectors",
            "The connectors of the role library in force.",
            Right.READ,
            Paging.of("connectors", connector()));
    var tools =
        Operation.of(
                "tools",
                "What a server says of its tools, and how each stands.",
                Right.READ,
                Paging.of("tools", tool().build()))
            .path(CONNECTOR, "The id of a connector.");
    var one = named("tool", "One tool, with what changed since it was accepted.", Right.READ);
    var accept =
        named(
                "accept_tool",
                "Accepts a tool as it is, with the grade of the library.",
                Right.CHANGE)
            .reads(
                Schema.object()
                    .has("hash", Schema.text().says("Of the definition that was read."))
                    .may(
                        "despite_suspicions",
                        Schema.flag().says("What looks like an attack was read."))
                    .may(
                        "despite_withdrawal",
                        Schema.flag()
                            .says(
                                "An administrator has taken it out of use, and it may be used"
                                    + " again."))
                    .build());
    var withdraw =
        named("withdraw_tool", "Takes an acceptance back: the tool is hidden.", Right.CHANGE)
            .reads(Schema.object().has("reason", Schema.text()).build());
    return List.of(
        api.get("/connectors", Paging.paged(connectors), this::connectors),
        api.get(TOOLS, Paging.paged(tools), this::tools),
        api.get(ONE, one, this::one),
        api.post(ONE + "/accept", accept, this::accept),
        api.post(ONE + "/withdraw", withdraw, this::withdraw));
  }

  private static Operation named(String id, String summary, Right right) {
    return Operation.of(id, summary, right, whole())
        .path(CONNECTOR, "The id of a connector.")
        .path(TOOL, "The name of a tool.");
  }

  private static Schema connector() {
    return Schema.object()
        .has("id", Schema.text())
        .has("name", Schema.text())
        .has("resource", Schema.text())
        .has("authorization_server", Schema.text())
        .has("graded_tools", Schema.integer())
        .has("tools_to_judge", Schema.integer())
        .build();
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

  private Response connectors(Call call) throws MalformedException {
    return Paging.of(call)
        .page(
            call,
            "connectors",
            parts.library().get().connectors().stream(),
            Connector::id,
            this::json);
  }

  private JsonObject json(Connector one) {
    long waiting = ledgers.tools().of(one.id()).stream().filter(KnownTool::waits).count();
    return JsonObject.builder()
        .put("id", one.id())
        .put("name", one.name())
        .put("resource", one.resource().value())
        .put("authorization_server", one.authorizationServer().value())
        .put("graded_tools", one.tools().byName().size())
        .put("tools_to_judge", waiting)
        .build();
  }

  private Optional<Connector> connector(Call call) {
    return parts.library().get().connector(call.path(CONNECTOR));
  }

  private static Response nothing(Call call) {
    return call.problem(
        Kind.NOT_FOUND,
        "There is no such connector or tool. What there is comes from the role library and from"
            + " what servers say.");
  }

  private Response tools(Call call) throws MalformedException {
    var connector = connector(call);
    return connector.isEmpty()
        ? nothing(call)
        : Paging.of(call)
            .page(
                call,
                "tools",
                ledgers.tools().of(connector.get().id()).stream(),
                KnownTool::name,
                tool -> json(connector.get(), tool).build());
  }

  private static JsonObject.Builder json(Connector connector, KnownTool tool) {
    return JsonObject.builder()
        .put("name", tool.name())
        .put("state", tool.state().value())
        .put("since", tool.since().toString())
        .put("waits", tool.waits())
        .putIfPresent("grade", ToolFacts.grade(connector, tool.name()));
  }

  /// A tool that a server has said, of a connector of the library.
  private record Known(Connector connector, KnownTool tool) {}

  private Optional<Known> known(Call call) {
    return connector(call)
        .flatMap(connector ->
            ledgers
                .tools()
                .find(connector.id(), call.path(TOOL))
                .map(tool -> new Known(connector, tool)));
  }

  private Response one(Call call) {
    return known(call).map(this::shown).orElseGet(() -> nothing(call));
  }

  private Response shown(Known known) {
    var tool = known.tool();
    var versions = ledgers.tools().versions(tool.connector(), tool.name());
    var now = ToolFacts.version(versions, tool.current());
    var accepted = ToolFacts.version(versions, tool.accepted().map(KnownTool.Accepted::hash));
    var json = json(known.connector(), tool);
    now.ifPresent(version ->
        json.put("hash", version.hash())
            .put("definition", version.definition())
            .put("suspicions", ToolFacts.suspicions(version, tool.name())));
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
    var changes =
        now.flatMap(young -> accepted.map(old -> ToolFacts.changes(old, young))).orElse(List.of());
    return Response.json(
        200, json.put("changes", changes.stream().map(ConnectorApi::json).toList()).build());
  }

  private static JsonObject json(ToolFacts.Change change) {
    return JsonObject.builder()
        .put("where", change.where())
        .put("before", change.before())
        .put("after", change.after())
        .build();
  }

  private Response accept(Call call) throws MalformedException {
    var json = call.json();
    var hash = json.nonEmptyString("hash");
    var despite = EnumSet.noneOf(Despite.class);
    if (json.bool("despite_suspicions").orElse(false)) {
      despite.add(Despite.SUSPICIONS);
    }
    if (json.bool("despite_withdrawal").orElse(false)) {
      despite.add(Despite.WITHDRAWAL);
    }
    var known = known(call);
    if (known.isEmpty()) {
      return nothing(call);
    }
    var tool = known.get().tool();
    var grade = ToolFacts.grade(known.get().connector(), tool.name());
    if (grade.isEmpty()) {
      return call.problem(Kind.CONFLICT, "The role library has no grade for it. Grade it first.");
    }
    var judgement =
        new Judgement(
            tool.connector(),
            tool.name(),
            hash,
            grade.get(),
            despite,
            call.caller().name(),
            call.correlationId());
    return switch (ledgers.tools().accept(judgement)) {
      case Acceptance.Accepted() -> one(call);
      case Acceptance.Unknown() -> nothing(call);
      case Acceptance.Withdrawn() ->
          call.problem(
              Kind.CONFLICT,
              "An administrator has taken it out of use. Say despite_withdrawal if it may be used"
                  + " again.");
      case Acceptance.Suspicious _ ->
          call.problem(
              Kind.CONFLICT,
              "It looks like an attack. Read 'suspicions', and say despite_suspicions if you"
                  + " have.");
      case Acceptance.Overtaken _ ->
          call.problem(
              Kind.CONFLICT,
              "The server says something else by now, or somebody else has judged. Read it again.");
    };
  }

  private Response withdraw(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString("reason");
    var known = known(call);
    if (known.isEmpty()) {
      return nothing(call);
    }
    var tool = known.get().tool();
    boolean done =
        ledgers
            .tools()
            .withdraw(
                tool.connector(), tool.name(), call.caller().name(), reason, call.correlationId());
    return done
        ? one(call)
        : call.problem(Kind.CONFLICT, "It is not accepted, so there is nothing to take back.");
  }
}
