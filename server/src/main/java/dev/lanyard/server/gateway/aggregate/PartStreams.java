package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.Incoming;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.aggregate.PartSessions.PartSession;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Heard;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.MessageReader;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.stream.EventFilter;
import dev.lanyard.server.gateway.stream.EventFilter.Inspection;
import dev.lanyard.server.gateway.stream.LastingStream;
import dev.lanyard.server.gateway.stream.LastingStream.Opened;
import dev.lanyard.server.gateway.stream.MergedStream;
import dev.lanyard.server.gateway.stream.Ruling;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.WholeBody;
import dev.lanyard.server.stdio.StatelessTranslation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// What the connectors of an aggregate say on its way to the client: as their doors pass it on, but
/// what they ask goes with an id that brings the answer back to them, and nothing of their sessions
/// and of where their streams could be resumed.
public final class PartStreams {
  private final PartSessions sessions;
  private final AtomicLong last = new AtomicLong();
  private final PartTokens tokens = new PartTokens();
  private final PartLists lists;
  private final int messageBytes;
  private final Duration answerWithin;
  private final CallRecord record;

  public PartStreams(PartSessions sessions, GatewayLimits limits, CallRecord record) {
    this.sessions = sessions;
    this.lists = new PartLists(sessions, limits.sizes().message());
    this.messageBytes = limits.sizes().message();
    this.answerWithin = limits.patience().answer();
    this.record = record;
  }

  public PartLists lists() {
    return lists;
  }

  /// Tells a connector something to which nobody needs the answer.
  ///
  /// @return the status with which it has taken note
  int told(Admitted who, Part part, JsonObject message, PartSession at) {
    var response =
        part.door()
            .carried(who, at.carrying(who, back(part, message)), at.era(), sessions.patience());
    sessions.discard(response);
    return response.status();
  }

  /// A notification whose task nobody can read is told without saying of which it is.
  private static JsonObject back(Part part, JsonObject message) {
    try {
      return new PartTasks(part.connector()).back(message);
    } catch (MalformedException e) {
      return message.without("params");
    }
  }

  /// An answer of a connector's, to be passed on or discarded: it holds a place.
  ///
  /// @param translation of the request, if the server knows it by another id than the client
  /// @param token by which the client wants to hear of progress
  /// @param about what the answer may say of tasks
  record Carried(
      Response response,
      Optional<StatelessTranslation> translation,
      RpcId token,
      PartTasks.About about) {}

  /// Carries a message to a connector. All that a person asks through one client of 2026-07-28 goes
  /// to an older server in one session, from several windows with the same ids, and many servers
  /// keep by its id where a request is to be answered.
  ///
  /// @throws MalformedException if a request has parameters that are none
  Carried carried(Admitted who, Part part, JsonObject called, PartSession at)
      throws MalformedException {
    var message = new PartTasks(part.connector()).back(called);
    var about = PartTasks.About.of(Message.of(message), at.era());
    var token = PartTokens.of(message);
    if (who.era() != Era.STATELESS || at.era() == Era.STATELESS) {
      tokens.begun(who, part, token);
      return new Carried(sent(who, part, message, at), Optional.empty(), token, about);
    }
    var translation = StatelessTranslation.of(message, last.incrementAndGet(), true);
    return new Carried(
        sent(who, part, translation.asked(message), at), Optional.of(translation), token, about);
  }

  private static Response sent(Admitted who, Part part, JsonObject message, PartSession at) {
    return part.door().carried(who, at.carrying(who, message), at.era(), who.patience());
  }

  /// Passes an answer on, as that to the whole request.
  ///
  /// @param to the id of the request
  Response passed(Admitted who, Part part, Carried carried, PartSession at, RpcId to) {
    var response = carried.response();
    if (carried.translation().isPresent()) {
      var translation = carried.translation().get();
      return completed(who, part, response, text -> completed(text, part, at, translation), to);
    }
    var words = words(who, part, carried.token(), at).about(carried.about());
    if (response.body().length > 0) {
      return whole(who, part, response, words, to);
    }
    if (carried.about() != PartTasks.About.ANYTHING) {
      return completed(who, part, response, words::translated, to);
    }
    var own = response.withoutHeader(McpHeaders.SESSION);
    return isStream(response)
        ? own.withSource(body -> who.passage().stream(translated(body, words)))
        : own.withSource(body -> who.passage().stream(new PartBody(body, words, messageBytes)))
            .orIfBroken(() -> new Replies(part.front(), record).halfAnswered(who, to));
  }

  /// What a connector says on the answer to a request. Without a session it tells of that request
  /// there, and of no other.
  private PartMessages words(Admitted who, Part part, RpcId token, PartSession at) {
    return new PartMessages(
        part,
        at,
        who.era() == Era.STATELESS
            ? one -> !(one instanceof RpcId.None) && one.equals(token)
            : one -> tokens.isUnderWay(who, part, one));
  }

  private Response whole(Admitted who, Part part, Response response, PartMessages words, RpcId to) {
    try {
      return response.withoutHeader(McpHeaders.SESSION).withBody(words.answer(response.body()));
    } catch (MalformedException e) {
      return new Replies(part.front(), record)
          .broken(502, who, to, "answered what cannot be judged", e.getMessage());
    }
  }

  /// From a connector that begins with `initialize` to a client that does not: a result has to say
  /// that it is one, so it is read as a whole.
  private Response completed(
      Admitted who, Part part, Response response, EventFilter.Judge judge, RpcId to) {
    if (isStream(response)) {
      return response
          .withoutHeader(McpHeaders.SESSION)
          .withSource(body ->
              who.passage().stream(
                  new EventFilter(body, inspection(judge), messageBytes).notResumable()));
    }
    var whole =
        response
            .source()
            .map(body -> WholeBody.read(body, messageBytes, answerWithin))
            .orElseGet(() -> new WholeBody.Reading.Whole(response.body()));
    var replies = new Replies(part.front(), record);
    try {
      return switch (whole) {
        case WholeBody.Reading.Broken(var why) ->
            who.passage().isUnwanted()
                ? replies.cut(who, to)
                : replies.unfinished(502, who, to, "broke off", why);
        case WholeBody.Reading.Whole(var text) when text.length == 0 ->
            response.withoutHeader(McpHeaders.SESSION);
        case WholeBody.Reading.Whole(var text) ->
            switch (judge.of(text)) {
              case Ruling.Replaced(var by) ->
                  response.withoutHeader(McpHeaders.SESSION).withBody(by);
              case Ruling.Passes() -> response.withoutHeader(McpHeaders.SESSION).withBody(text);
              case Ruling.Stray(), Ruling.Pending(_) ->
                  throw new MalformedException("it is not one answer");
            };
      };
    } catch (MalformedException e) {
      return replies.broken(502, who, to, "answered what cannot be judged", e.getMessage());
    }
  }

  private static Ruling completed(
      byte[] text, Part part, PartSession at, StatelessTranslation translation)
      throws MalformedException {
    var heard = MessageReader.only(text);
    if (heard instanceof Heard.OfTask) {
      // The client has none at a server that begins with initialize.
      return new Ruling.Stray();
    }
    if (!heard.isUnasked()) {
      return new Ruling.Replaced(translation.answered(text));
    }
    var message = PartMessages.said(text);
    var params = message.object("params").orElse(JsonObject.EMPTY);
    var _ = params.object(MetaKey.META);
    var progress = params.text(MetaKey.PROGRESS_TOKEN);
    if (message.has("id")
        || PartMessages.takesBack(message)
        || progress.filter(one -> !one.equals(Long.toString(translation.own()))).isPresent()) {
      // There is nobody to whom it could be put, and no server that was told otherwise. And what
      // has become of another request is told to whoever has asked that.
      return new Ruling.Stray();
    }
    return progress.isPresent()
        ? new Ruling.Replaced(translation.said(message.toBytes()))
        : new PartMessages(part, at, _ -> false).translated(text);
  }

  /// The wish to listen to a connector.
  ///
  /// @param id of the client's request
  /// @param message for the connector
  /// @param missed what to say if it was not listened to for a while
  record Listening(RpcId id, JsonObject message, String missed) {}

  /// What a connector says to whoever listens to it.
  Opened listening(
      Admitted who, AggregateSession session, Part part, Listening wish, PartSession at) {
    var response =
        part.door().carried(who, at.carrying(who, wish.message()), at.era(), sessions.patience());
    if (response.status() == 400) {
      // It may have become an older one; the next time it is asked again what it speaks.
      sessions.forget(session, part, at);
    }
    return opened(response, inspection(text -> heard(text, part, at, wish.id())), wish.missed());
  }

  /// Of a stream that a connector has been asked for.
  private Opened opened(Response response, Inspection inspection, String missed) {
    var source = response.source();
    if (response.status() == 200 && isStream(response) && source.isPresent()) {
      var events = new EventFilter(source.get(), inspection, messageBytes).notResumable();
      return new Opened.Flowing(events, missed);
    }
    sessions.discard(response);
    return switch (response.status()) {
      // It has none, or it is none of the caller's any more.
      case 401, 403, 405 -> new Opened.Never();
      case 404 -> new Opened.Unknown();
      default -> new Opened.NotNow();
    };
  }

  /// That it is heard, and when it ends, the client is told for all of them.
  ///
  /// @param subscription to which belongs whatever a connector says here
  private static Ruling heard(byte[] text, Part part, PartSession at, RpcId subscription)
      throws MalformedException {
    if (!MessageReader.only(text).isUnasked()) {
      return new Ruling.Stray();
    }
    var told = PartSubscriptions.told(PartMessages.said(text), subscription).toBytes();
    var ruling = new PartMessages(part, at, _ -> false).translated(told);
    return ruling instanceof Ruling.Passes ? new Ruling.Replaced(told) : ruling;
  }

  private static Inspection inspection(EventFilter.Judge judge) {
    return new Inspection(judge, Optional.empty(), _ -> {}, _ -> Optional.empty());
  }

  private static boolean isStream(Response response) {
    return response.header("Content-Type").filter("text/event-stream"::equals).isPresent();
  }

  private BodySource translated(BodySource body, PartMessages words) {
    return new EventFilter(body, inspection(words::translated), messageBytes).notResumable();
  }

  /// What the connectors say without being asked, as one stream. Where none of them has one there
  /// is none.
  ///
  /// @param living whether the client has not ended the session
  Response merged(
      Admitted who, AggregateSession session, List<Part> parts, BooleanSupplier living) {
    var lasting = new ConcurrentLinkedQueue<LastingStream>();
    try {
      var _ =
          PartLists.each(
              parts, part -> lasting(who, session, part, living).filter(lasting::add).isPresent());
    } catch (RuntimeException e) {
      lasting.forEach(LastingStream::closed);
      throw e;
    }
    var streams = List.<BodySource>copyOf(lasting);
    return streams.isEmpty()
        ? Response.empty(405).withHeader("Allow", "POST, DELETE")
        : Replies.stream(200, who, new MergedStream(Optional.empty(), streams, Optional.empty()));
  }

  private Optional<LastingStream> lasting(
      Admitted who, AggregateSession session, Part part, BooleanSupplier living) {
    return LastingStream.of(
        stream(who, session, part),
        after -> {
          if (!living.getAsBoolean()) {
            // What would be opened at the server for it nobody would end.
            return new Opened.Never();
          }
          return part.isOpenTo(who.caller())
              ? stream(who.after(after), session, part)
              : new Opened.NotNow();
        });
  }

  private Opened stream(Admitted who, AggregateSession session, Part part) {
    var at = sessions.of(who, session, part);
    if (at.isEmpty()) {
      return new Opened.NotNow();
    }
    var one = at.get();
    var incoming = Incoming.Within.bodiless(who.request(), Method.GET, one.revision(), one.id());
    var response = part.door().carried(who, incoming, one.era(), who.patience());
    if (one.id().isPresent() && PartSessions.isUnknown(response.status())) {
      sessions.discard(response);
      return asked(who, session, part, one);
    }
    var words = new PartMessages(part, one, token -> tokens.isUnderWay(who, part, token));
    return opened(response, inspection(words::translated), missed(session, part, one));
  }

  /// What may have changed while nobody listened.
  private String missed(AggregateSession session, Part part, PartSession at) {
    var events = new StringBuilder(PartMessages.changed(at));
    for (var uri : sessions.subscriptions(session, part, at)) {
      var here = PartNames.shownUri(part.connector(), uri);
      events.append(PartMessages.event(PartMessages.updated(here, JsonObject.EMPTY)));
    }
    return events.toString();
  }

  /// Asks a server that gives no stream in a session whether it does not know the session any more.
  /// Many say so with 400 and not with 404, and some say either where they have no streams.
  private Opened asked(Admitted who, AggregateSession session, Part part, PartSession at) {
    int status = sessions.pinged(who, part, at);
    if (status == 200) {
      return new Opened.Unknown();
    }
    if (PartSessions.isUnknown(status)) {
      sessions.forget(session, part, at);
    }
    return new Opened.NotNow();
  }
}
