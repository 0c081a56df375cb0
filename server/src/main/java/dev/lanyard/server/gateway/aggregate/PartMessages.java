package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.server.gateway.aggregate.PartSessions.PartSession;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Heard;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.MessageReader;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.stream.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What a connector of an aggregate says by itself, as its client has to hear it: what it asks, and
/// what it takes back of that, by ids that no other connector has, resources and elicitations by
/// the names that they have here, and progress of its own calls only.
final class PartMessages {

  private static final String LOGGER = "logger";
  private static final List<String> LISTS = List.of("tools", "prompts", "resources");
  private static final String REQUEST_ID = "requestId";
  private static final String ELICITATION_ID = "elicitationId";
  private static final String ELICITATIONS = "elicitations";

  /// The members that are changed here: in other letters some clients would read them too.
  private static final Set<String> MEMBERS =
      Set.of(
          MetaKey.META,
          "uri",
          "message",
          LOGGER,
          REQUEST_ID,
          MetaKey.PROGRESS_TOKEN,
          ELICITATION_ID);

  /// Those on the way to what is changed in an error.
  private static final Set<String> OF_ERRORS = Set.of("code", "data", ELICITATIONS);

  private final Part part;
  private final PartSession at;
  private final Predicate<RpcId> ownCall;
  private final PartTasks tasks;
  private final PartTasks.About about;

  /// @param ownCall whether a call with this progress token is under way at the connector
  PartMessages(Part part, PartSession at, Predicate<RpcId> ownCall) {
    this(part, at, ownCall, PartTasks.About.ANYTHING);
  }

  private PartMessages(Part part, PartSession at, Predicate<RpcId> ownCall, PartTasks.About about) {
    this.part = part;
    this.at = at;
    this.ownCall = ownCall;
    this.tasks = new PartTasks(part.connector());
    this.about = about;
  }

  /// The same for the answer to a request that has to do with tasks.
  PartMessages about(PartTasks.About what) {
    return new PartMessages(part, at, ownCall, what);
  }

  /// Results are passed on as they are, but for ids of tasks in what may have them.
  ///
  /// @throws MalformedException if these are several: a question among them would go untranslated
  Ruling translated(byte[] text) throws MalformedException {
    return switch (MessageReader.only(text)) {
      case Heard.Result _ ->
          about == PartTasks.About.ANYTHING
              ? new Ruling.Passes()
              : new Ruling.Replaced(tasks.answered(JsonObject.parseLarge(text), about).toBytes());
      case Heard.Failure _ -> failed(JsonObject.parseLarge(text));
      case Heard.OfItself(), Heard.OfResource() -> ofItself(said(text));
      case Heard.OfTask() -> new Ruling.Replaced(tasks.told(said(text)).toBytes());
    };
  }

  /// What a connector says by itself, without what it says with `null`, as connectors pass that on.
  static JsonObject said(byte[] text) throws MalformedException {
    var message = Message.said(JsonObject.parseLarge(text), "id", "params");
    if (!Message.isObject(message, "params")) {
      return message;
    }
    var params = Message.said(message.object("params").orElseThrow(), MetaKey.META, ELICITATION_ID);
    return message.with(JsonObject.builder().put("params", params).build());
  }

  /// An answer in JSON as the client has to have it.
  ///
  /// @throws MalformedException if it is not one answer: a question among several messages, or in
  ///   place of an answer, would bring what the client answers to another server
  byte[] answer(byte[] text) throws MalformedException {
    if (MessageReader.only(text).isUnasked()) {
      throw new MalformedException("it is not one answer");
    }
    return translated(text) instanceof Ruling.Replaced(var by) ? by : text;
  }

  private Ruling ofItself(JsonObject said) throws MalformedException {
    var message = tasks.said(said);
    var ruling = judged(message);
    return ruling instanceof Ruling.Passes && message != said
        ? new Ruling.Replaced(message.toBytes())
        : ruling;
  }

  private Ruling judged(JsonObject message) throws MalformedException {
    if (message.has("id")) {
      // In the revision without sessions servers ask within results only.
      return at.era() == Era.STATELESS ? new Ruling.Stray() : asked(message);
    }
    return switch (message.string("method").orElse("")) {
      case McpMethod.CANCELLED -> cancelled(message);
      case McpMethod.RESOURCE_UPDATED -> updated(message);
      case McpMethod.PROGRESS ->
          ownCall.test(PartTokens.in(params(message))) ? new Ruling.Passes() : new Ruling.Stray();
      case McpMethod.ELICITED -> elicited(message);
      case McpMethod.LOGGED -> logged(message);
      // What is listened to the aggregate has said.
      case McpMethod.ACKNOWLEDGED -> new Ruling.Stray();
      default -> new Ruling.Passes();
    };
  }

  private Ruling asked(JsonObject message) throws MalformedException {
    var changed = JsonObject.builder().put("id", shown(message, "id"));
    if (message.has("params")) {
      var params = named(params(message));
      if (message.string("method").equals(Optional.of(McpMethod.ELICIT))) {
        params = signed(params);
      }
      var meta = params.object(MetaKey.META).orElse(JsonObject.EMPTY);
      Message.exactly(meta, MEMBERS);
      if (meta.has(MetaKey.PROGRESS_TOKEN)) {
        var token =
            JsonObject.builder()
                .put(MetaKey.PROGRESS_TOKEN, shown(meta, MetaKey.PROGRESS_TOKEN))
                .build();
        params = params.with(JsonObject.builder().put(MetaKey.META, meta.with(token)).build());
      }
      changed.put("params", params);
    }
    return replaced(message, changed.build());
  }

  /// A line of a log, by whom it is: `tracker/queue`.
  private Ruling logged(JsonObject message) throws MalformedException {
    var params = params(message);
    var own = Message.said(params, LOGGER).string(LOGGER);
    var logger = own.map(name -> part.connector() + "/" + name).orElseGet(part::connector);
    var changed = params.with(JsonObject.builder().put(LOGGER, logger).build());
    return replaced(message, JsonObject.builder().put("params", changed).build());
  }

  /// That somebody is through with what they were sent to elsewhere: with what this connector has
  /// sent them to.
  private Ruling elicited(JsonObject message) throws MalformedException {
    var params = params(message);
    if (at.era() == Era.STATELESS || !params.has(ELICITATION_ID)) {
      return new Ruling.Stray();
    }
    return replaced(message, JsonObject.builder().put("params", named(params)).build());
  }

  /// The same with the id of an elicitation, if it has one, as no other connector has it.
  private JsonObject named(JsonObject elicitation) throws MalformedException {
    var id = elicitation.string(ELICITATION_ID);
    return id.isEmpty()
        ? elicitation
        : elicitation.with(
            JsonObject.builder()
                .put(ELICITATION_ID, PartNames.shownId(part.connector(), id.get()))
                .build());
  }

  /// Somebody has to see who asks them: to the client it is always the aggregate.
  private JsonObject signed(JsonObject elicitation) throws MalformedException {
    var message = Message.said(elicitation, "message").string("message");
    return message.isEmpty()
        ? elicitation
        : elicitation.with(
            JsonObject.builder()
                .put("message", part.front().name() + " asks: " + message.get())
                .build());
  }

  /// An error may name elicitations that have to come first; others are passed on as they are.
  ///
  /// @spec https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation MCP
  ///   Elicitation, URL elicitation required error
  private Ruling failed(JsonObject message) throws MalformedException {
    if (!Message.isObject(message, "error")) {
      return new Ruling.Passes();
    }
    var error = message.object("error").orElseThrow();
    Message.exactly(error, OF_ERRORS);
    if (!Message.isObject(error, "data")) {
      return new Ruling.Passes();
    }
    var data = error.object("data").orElseThrow();
    Message.exactly(data, OF_ERRORS);
    if (!data.has(ELICITATIONS)) {
      return new Ruling.Passes();
    }
    var all = new ArrayList<JsonObject>();
    for (var one : data.objects(ELICITATIONS).orElseThrow()) {
      Message.exactly(one, MEMBERS);
      all.add(signed(named(Message.said(one, ELICITATION_ID))));
    }
    var named = data.with(JsonObject.builder().put(ELICITATIONS, all).build());
    var changed = error.with(JsonObject.builder().put("data", named).build());
    return replaced(message, JsonObject.builder().put("error", changed).build());
  }

  /// Of what it has asked itself: it can take back nothing else.
  private Ruling cancelled(JsonObject message) throws MalformedException {
    var params = params(message);
    if (at.era() == Era.STATELESS || !params.has(REQUEST_ID)) {
      return new Ruling.Stray();
    }
    var id = JsonObject.builder().put(REQUEST_ID, shown(params, REQUEST_ID)).build();
    return replaced(message, JsonObject.builder().put("params", params.with(id)).build());
  }

  private Ruling updated(JsonObject message) throws MalformedException {
    var params = params(message);
    var uri = PartNames.shownUri(part.connector(), params.nonEmptyString("uri"));
    var changed = params.with(JsonObject.builder().put("uri", uri).build());
    return replaced(message, JsonObject.builder().put("params", changed).build());
  }

  private static JsonObject params(JsonObject message) throws MalformedException {
    var params = message.object("params").orElse(JsonObject.EMPTY);
    Message.exactly(params, MEMBERS);
    return params;
  }

  /// The id in a member, as the client gets it.
  private String shown(JsonObject in, String member) throws MalformedException {
    var id = in.text(member).orElseThrow();
    if (!PartQuestion.isId(id)) {
      throw new MalformedException("'" + member + "' is neither a text nor a number");
    }
    return new PartQuestion(part.connector(), at.id(), at.revision(), id).toId();
  }

  private static Ruling replaced(JsonObject message, JsonObject by) {
    return new Ruling.Replaced(message.with(by).toBytes());
  }

  /// An event that says that the lists of a connector may have changed, as far as it tells of that.
  static String changed(PartSession at) {
    var events = new StringBuilder();
    for (var list : LISTS) {
      if (Introduction.tells(at.says(), list, "listChanged")) {
        events.append(event(changed(list, JsonObject.EMPTY)));
      }
    }
    return events.toString();
  }

  /// That a list may have changed.
  static JsonObject changed(String list, JsonObject params) {
    var message =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("method", McpMethod.NOTIFICATION + list + "/list_changed");
    return (params.isEmpty() ? message : message.put("params", params)).build();
  }

  /// That a resource may have changed.
  ///
  /// @param params without the URI
  /// @param uri as the client has it
  static JsonObject updated(String uri, JsonObject params) {
    return JsonObject.builder()
        .put("jsonrpc", "2.0")
        .put("method", McpMethod.RESOURCE_UPDATED)
        .put("params", params.with(JsonObject.builder().put("uri", uri).build()))
        .build();
  }

  /// A message as a stream has it.
  static String event(JsonObject message) {
    return "event: message\ndata: " + message.toJson() + "\n\n";
  }

  /// Whether it takes something back.
  static boolean takesBack(JsonObject message) throws MalformedException {
    return message.string("method").equals(Optional.of(McpMethod.CANCELLED));
  }
}
