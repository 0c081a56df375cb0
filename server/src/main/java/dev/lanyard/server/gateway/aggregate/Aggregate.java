package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.admission.Replies.Fault;
import dev.lanyard.server.gateway.admission.Talk;
import dev.lanyard.server.gateway.aggregate.PartSessions.PartSession;
import dev.lanyard.server.gateway.message.Envelope;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.Optional;

/// One endpoint for several connectors: a person finds there what they may use of each of them.
///
/// It asks each connector through its own front door, as if the person had come there: grades, the
/// drift lock, credentials, limits, the record and the kill are those of that door, and there is no
/// second way to any of them. What is here is names, sessions and merging.
///
/// Here are the revisions that begin with `initialize`; the one without sessions is
/// [StatelessAggregate]'s.
public final class Aggregate implements Talk {
  /// Those of syslog (RFC 5424 §6.2.1), as MCP spells them.
  private static final List<String> LOG_LEVELS =
      List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

  private final Replies replies;
  private final List<Part> parts;
  private final PartCalls calls;
  private final Sessions sessions;
  private final PartSessions open;
  private final PartStreams streams;
  private final StatelessAggregate stateless;

  /// @param stateless for clients of 2026-07-28
  public Aggregate(
      Replies replies,
      List<Part> parts,
      PartCalls calls,
      Sessions sessions,
      PartSessions open,
      PartStreams streams,
      StatelessAggregate stateless) {
    this.replies = replies;
    this.parts = List.copyOf(parts);
    this.calls = calls;
    this.sessions = sessions;
    this.open = open;
    this.streams = streams;
    this.stateless = stateless;
  }

  @Override
  public Response messages(Admitted who, Envelope envelope) {
    if (who.era() == Era.STATELESS) {
      return stateless.messages(who, envelope);
    }
    if (envelope.batch()) {
      return refused(
          who,
          "batches are not taken here",
          envelope.id(),
          new Evidence("batch", "one message", "several", "RS-14"));
    }
    var message = envelope.messages().getFirst();
    if (message instanceof Message.Request request
        && request.method().equals(McpMethod.INITIALIZE)) {
      return initialized(who, request);
    }
    var response =
        inSession(
            who,
            envelope.id(),
            session ->
                switch (message) {
                  case Message.Request request -> requested(who, session, request);
                  case Message.Notification(var json, var method) ->
                      told(who, session, method, json);
                  case Message.Answer(var json) -> answered(who, json);
                });
    // What was merged before the token died is nobody's any more; a stream ends by itself.
    return who.passage().isCut() && response.source().isEmpty()
        ? replies.cut(who, envelope.id())
        : response;
  }

  /// What is done in a session.
  @FunctionalInterface
  private interface InSession {
    Response with(AggregateSession session);
  }

  private Response inSession(Admitted who, RpcId id, InSession then) {
    var named = who.request().header(McpHeaders.SESSION);
    if (named.isEmpty()) {
      return refused(
          who, "which session is not said", id, new Evidence("session", "one", "none", "RS-17"));
    }
    return sessions
        .refusal(who, id)
        .orElseGet(() -> then.with(AggregateSession.of(named.get()).orElseThrow()));
  }

  private List<Part> openTo(Admitted who) {
    return parts.stream().filter(part -> part.isOpenTo(who.caller())).toList();
  }

  private Response initialized(Admitted who, Message.Request request) {
    AggregateSession session;
    try {
      session =
          AggregateSession.opened(
              request.params().object("capabilities").orElse(JsonObject.EMPTY),
              request.params().string("protocolVersion").orElse(""));
    } catch (MalformedException e) {
      return replies.refused(who, request.id(), Fault.params(e));
    }
    if (!sessions.isOpenedFor(who, session.id())) {
      throw new IllegalStateException("a new session is somebody's");
    }
    var introduction = new Introduction(replies.front(), session.revision());
    PartLists.each(openTo(who), part -> open.introduced(who, session, part))
        .forEach(introduction::add);
    return Replies.result(request.id(), introduction.result())
        .withHeader(McpHeaders.SESSION, session.id());
  }

  private Response requested(Admitted who, AggregateSession session, Message.Request request) {
    try {
      return switch (request.method()) {
        case McpMethod.PING -> Replies.result(request.id(), JsonObject.EMPTY);
        case McpMethod.SET_LOG_LEVEL -> logging(who, session, request);
        case McpMethod.TOOLS_LIST,
            McpMethod.PROMPTS_LIST,
            McpMethod.RESOURCES_LIST,
            McpMethod.RESOURCE_TEMPLATES_LIST,
            McpMethod.TASKS_LIST ->
            Replies.result(
                request.id(), streams.lists().merged(who, session, openTo(who), request));
        case McpMethod.TOOLS_CALL,
            McpMethod.PROMPTS_GET,
            McpMethod.RESOURCES_READ,
            McpMethod.RESOURCES_SUBSCRIBE,
            McpMethod.RESOURCES_UNSUBSCRIBE,
            McpMethod.COMPLETE ->
            calls.owned(who, session, request);
        case McpMethod.TASKS_GET, McpMethod.TASKS_RESULT, McpMethod.TASKS_CANCEL ->
            calls.ofTask(who, session, request);
        default -> replies.refused(who, request.id(), Fault.unknownMethod(200, request.method()));
      };
    } catch (MalformedException e) {
      return replies.refused(who, request.id(), Fault.params(e));
    }
  }

  /// Kept before servers are told: one whose session is opened meanwhile is told what is kept.
  private Response logging(Admitted who, AggregateSession session, Message.Request request)
      throws MalformedException {
    var level = request.params().nonEmptyString("level");
    if (!LOG_LEVELS.contains(level)) {
      throw new MalformedException("'level' is none of " + String.join(", ", LOG_LEVELS));
    }
    sessions.setLogLevel(session.id(), level);
    everybody(who, session, request.json());
    return Replies.result(request.id(), JsonObject.EMPTY);
  }

  private void everybody(Admitted who, AggregateSession session, JsonObject message) {
    var _ =
        PartLists.each(
            openTo(who),
            part ->
                open.known(session, part)
                    .map(at -> streams.told(who, part, message, at))
                    .isPresent());
  }

  private Response told(Admitted who, AggregateSession session, String method, JsonObject json) {
    switch (method) {
      case McpMethod.INITIALIZED -> {
        // Each server is told when its session is opened.
      }
      case McpMethod.PROGRESS -> progressed(who, json);
      default -> everybody(who, session, json);
    }
    return Response.empty(202);
  }

  /// How far the client is with what a server has asked: for that server only. By a token that is
  /// none of ours nobody has asked for it.
  private void progressed(Admitted who, JsonObject json) {
    try {
      var params = json.object("params").orElse(JsonObject.EMPTY);
      var asker = PartQuestion.of(params, MetaKey.PROGRESS_TOKEN).flatMap(one -> asker(who, one));
      if (asker.isPresent()) {
        var own = asker.get().question().back(params, MetaKey.PROGRESS_TOKEN);
        var message = json.with(JsonObject.builder().put("params", own).build());
        var _ = streams.told(who, asker.get().part(), message, asker.get().at());
      }
    } catch (MalformedException e) {
      replies.note(
          who, new Evidence("params", "what is told", CallRecord.excerpt(e.getMessage()), "RS-15"));
    }
  }

  /// Where something goes back to.
  private record Asker(Part part, PartQuestion question) {
    PartSession at() {
      return new PartSession(question.session(), question.revision(), JsonObject.EMPTY);
    }
  }

  private Optional<Asker> asker(Admitted who, PartQuestion question) {
    return parts.stream()
        .filter(part -> Era.hasSessions(question.revision()))
        .filter(part -> part.connector().equals(question.connector()))
        .filter(part -> part.isOpenTo(who.caller()))
        .findFirst()
        .map(part -> new Asker(part, question));
  }

  /// What a server has asked goes back to it, and to no other.
  private Response answered(Admitted who, JsonObject json) {
    var asker = PartQuestion.of(json, "id").flatMap(one -> asker(who, one));
    if (asker.isEmpty()) {
      return unasked(who);
    }
    try {
      var one = asker.get();
      var answer = one.question().back(json, "id");
      var carried = streams.carried(who, one.part(), answer, one.at());
      return streams.passed(who, one.part(), carried, one.at(), new RpcId.None());
    } catch (MalformedException e) {
      return unasked(who);
    }
  }

  @Override
  public Response stream(Admitted who) {
    // It is for long, so this node does not go by what it remembers.
    var _ = who.request().header(McpHeaders.SESSION).filter(sessions::isLiving);
    return inSession(
        who,
        new RpcId.None(),
        session ->
            streams.merged(who, session, openTo(who), () -> sessions.isLiving(session.id())));
  }

  @Override
  public Response end(Admitted who) {
    return inSession(
        who,
        new RpcId.None(),
        session -> {
          // First, so that no stream of it opens again what is ended at the servers.
          sessions.ended(who);
          var _ =
              PartLists.each(
                  parts,
                  part -> {
                    open.end(who, session, part);
                    return true;
                  });
          return Response.empty(204);
        });
  }

  private Response unasked(Admitted who) {
    return refused(
        who,
        "nobody has asked this",
        new RpcId.None(),
        new Evidence("answer", "to what a server has asked", "to nothing", "RS-17"));
  }

  private Response refused(Admitted who, String words, RpcId to, Evidence why) {
    return replies.refused(who, to, new Fault(400, RpcCode.INVALID_REQUEST, words, why));
  }
}
