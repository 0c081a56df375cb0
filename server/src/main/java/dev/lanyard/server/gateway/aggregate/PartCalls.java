package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.aggregate.PartNames.Owned;
import dev.lanyard.server.gateway.aggregate.PartSessions.PartSession;
import dev.lanyard.server.gateway.aggregate.PartStreams.Carried;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Heard;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.MessageReader;
import dev.lanyard.server.gateway.message.Repeated;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.gateway.task.AboutTasks;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.Optional;

/// Carries calls of an aggregate to the connectors whose things they name, whatever the client
/// speaks.
public final class PartCalls {
  private final Replies replies;
  private final PartNames names;
  private final Sessions sessions;
  private final PartSessions open;
  private final PartStreams streams;

  /// @param sessions of clients at the aggregate
  public PartCalls(
      Replies replies, PartNames names, Sessions sessions, PartSessions open, PartStreams streams) {
    this.replies = replies;
    this.names = names;
    this.sessions = sessions;
    this.open = open;
    this.streams = streams;
  }

  /// What a tool wants repeated in headers.
  List<Repeated> repeated(String shown) {
    return names
        .named(shown)
        .map(owned -> owned.part().judge().repeated(owned.name()))
        .orElse(List.of());
  }

  /// Carries what names a thing to the connector whose it is, by the name that it has there.
  ///
  /// @throws MalformedException if it names nothing
  Response owned(Admitted who, AggregateSession session, Message.Request request)
      throws MalformedException {
    var params = request.params();
    if (session.isStateless() && params.has("task")) {
      // A server that begins with initialize would make one of which this client cannot ask.
      throw new MalformedException("'task' is no part of this revision");
    }
    boolean refers = request.method().equals(McpMethod.COMPLETE);
    var within = refers ? params.object("ref").orElse(JsonObject.EMPTY) : params;
    var member =
        request.method().startsWith("resources/") || (refers && within.has("uri")) ? "uri" : "name";
    var shown = within.nonEmptyString(member);
    var owned = member.equals("uri") ? names.located(shown) : names.named(shown);
    if (owned.isEmpty()
        // Nothing judges this one by what it names.
        || (request.method().equals(McpMethod.RESOURCES_UNSUBSCRIBE)
            && !owned.get().part().isOpenTo(who.caller()))) {
      return unknown(who, request, shown);
    }
    var renamed = within.with(JsonObject.builder().put(member, owned.get().name()).build());
    var changed = refers ? params.with(JsonObject.builder().put("ref", renamed).build()) : renamed;
    var message = request.json().with(JsonObject.builder().put("params", changed).build());
    return switch (request.method()) {
      case McpMethod.RESOURCES_SUBSCRIBE ->
          subscribed(who, session, owned.get(), message, request.id());
      case McpMethod.RESOURCES_UNSUBSCRIBE -> {
        sessions.unsubscribe(session.id(), owned.get().part().connector(), owned.get().name());
        yield asked(who, session, owned.get(), message, request.id());
      }
      default -> asked(who, session, owned.get(), message, request.id());
    };
  }

  /// Kept before the server is told: if its session is opened anew meanwhile, it is told again.
  private Response subscribed(
      Admitted who, AggregateSession session, Owned owned, JsonObject message, RpcId id)
      throws MalformedException {
    var part = owned.part().connector();
    boolean isNew = sessions.subscribe(session.id(), part, owned.name());
    var response = asked(who, session, owned, message, id);
    if (isNew && (response.status() != 200 || isFailure(response))) {
      sessions.unsubscribe(session.id(), part, owned.name());
    }
    return response;
  }

  /// As far as that is known already: what its server says is still on its way.
  private static boolean isFailure(Response response) throws MalformedException {
    return response.body().length > 0
        && MessageReader.only(response.body()) instanceof Heard.Failure;
  }

  /// Carries a question about a task to the connector before its id, whose door judges whose it is.
  ///
  /// @throws MalformedException if it names none
  Response ofTask(Admitted who, AggregateSession session, Message.Request request)
      throws MalformedException {
    var params = request.params();
    var owned = names.located(params.nonEmptyString(PartTasks.ID));
    if (owned.isEmpty() || !mayHaveTasks(who, session, owned.get().part())) {
      return replies.refused(
          who,
          request.id(),
          new Replies.Fault(
              200,
              RpcCode.INVALID_PARAMS,
              AboutTasks.UNKNOWN,
              new Evidence("task", "the caller's own", "nobody's", "RS-17")));
    }
    var own = JsonObject.builder().put(PartTasks.ID, owned.get().name()).build();
    var message = request.json().with(JsonObject.builder().put("params", params.with(own)).build());
    return asked(who, session, owned.get(), message, request.id());
  }

  /// Whoever has no sessions has no tasks at a server that has only these.
  private boolean mayHaveTasks(Admitted who, AggregateSession session, Part part) {
    return !session.isStateless()
        || !part.isOpenTo(who.caller())
        || open.of(who, session, part).filter(at -> at.era() != Era.STATELESS).isEmpty();
  }

  private Response unknown(Admitted who, Message.Request request, String shown) {
    var evidence =
        JsonObject.builder()
            .put("method", request.method())
            .put("name", CallRecord.shortened(shown))
            .put("check", "connector")
            .build();
    replies.record().write(CallRecord.CALL, replies.front(), who, Outcome.REFUSED, evidence);
    var words = "Nothing here is called so: names begin with that of a connector.";
    return error(who, 200, RpcCode.INVALID_PARAMS, words, request.id());
  }

  private Response asked(
      Admitted who, AggregateSession session, Owned owned, JsonObject message, RpcId id)
      throws MalformedException {
    var part = owned.part();
    if (!part.isOpenTo(who.caller())) {
      // Its door says why not and records it, so nothing goes up.
      var nowhere = new PartSession(Optional.empty(), session.revision(), JsonObject.EMPTY);
      return streams.passed(who, part, streams.carried(who, part, message, nowhere), nowhere, id);
    }
    var at = open.of(who, session, part);
    if (at.isEmpty()) {
      return unavailable(who, part, id);
    }
    var carried = streams.carried(who, part, message, at.get());
    int status = carried.response().status();
    if (status == 400 && at.get().era() == Era.STATELESS) {
      // It may have become an older one; the next request asks again what it speaks.
      open.forget(session, part, at.get());
    }
    if (status == 404 && at.get().id().isPresent()) {
      open.discard(carried.response());
      open.forget(session, part, at.get());
      return again(who, part, message, open.of(who, session, part), id);
    }
    var anew =
        status == 400 ? anew(who, session, part, carried, at.get()) : Optional.<PartSession>empty();
    if (anew.isEmpty()) {
      return streams.passed(who, part, carried, at.get(), id);
    }
    open.discard(carried.response());
    return again(who, part, message, anew, id);
  }

  /// Another session, if it was its session that a server has refused with 400. One that refuses
  /// every ping has said nothing of that, and may have done what it was asked.
  private Optional<PartSession> anew(
      Admitted who, AggregateSession session, Part part, Carried refused, PartSession at) {
    try {
      if (!open.hasForgotten(who, part, at, refused.response().status())) {
        return Optional.empty();
      }
      open.forget(session, part, at);
      return open.of(who, session, part).filter(one -> open.isAnswered(who, part, one));
    } catch (RuntimeException e) {
      open.discard(refused.response());
      throw e;
    }
  }

  private Response again(
      Admitted who, Part part, JsonObject message, Optional<PartSession> anew, RpcId id)
      throws MalformedException {
    if (anew.isEmpty()) {
      return unavailable(who, part, id);
    }
    var carried = streams.carried(who, part, message, anew.get());
    return streams.passed(who, part, carried, anew.get(), id);
  }

  /// No session was opened. Its door has recorded why.
  private Response unavailable(Admitted who, Part part, RpcId id) {
    return part.withheld(who)
        .map(withheld -> withheld.answer(who, 200, id))
        .orElseGet(() -> {
          var sentence = new Replies(part.front(), replies.record()).notNow(who);
          return error(who, 503, RpcError.UNAVAILABLE, sentence, id)
              .withHeader("Retry-After", "10");
        });
  }

  private static Response error(Admitted who, int status, int code, String message, RpcId to) {
    return Replies.error(status, RpcError.of(code, message, who.correlationId()), to);
  }
}
