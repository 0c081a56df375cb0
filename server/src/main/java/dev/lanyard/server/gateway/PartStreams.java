package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.gateway.Answers.Ruling;
import dev.lanyard.server.gateway.EventFilter.Inspection;
import dev.lanyard.server.gateway.PartSessions.PartSession;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What the connectors of an aggregate say on its way to the client: as their doors pass it on, but
/// what they ask goes with an id that brings the answer back to them, and nothing of their sessions
/// and of where their streams could be resumed.
final class PartStreams {
  private static final String UPDATED = "notifications/resources/updated";

  private final PartSessions sessions;
  private final PartLists lists;
  private final int messageBytes;

  PartStreams(PartSessions sessions, int messageBytes) {
    this.sessions = sessions;
    this.lists = new PartLists(sessions, messageBytes);
    this.messageBytes = messageBytes;
  }

  PartLists lists() {
    return lists;
  }

  /// Tells a connector something to which nobody needs the answer.
  ///
  /// @return the status with which it has taken note
  int told(Admitted who, Part part, JsonObject message, PartSession at) {
    var incoming = Incoming.Within.message(message, at.revision(), at.id(), who.correlationId());
    var response = part.door().carried(who, incoming, at.era(), PartSessions.PATIENCE);
    sessions.discard(response);
    return response.status();
  }

  /// Carries a message to a connector. Its answer is to be passed on or discarded: it holds a
  /// place.
  Response carried(Admitted who, Part part, JsonObject message, PartSession at) {
    var incoming = Incoming.Within.message(message, at.revision(), at.id(), who.correlationId());
    return part.door().carried(who, incoming, at.era(), who.patience());
  }

  /// Passes an answer on, as that to the whole request.
  ///
  /// @param to the id of the request
  Response passed(Admitted who, Part part, Response response, PartSession at, RpcId to) {
    if (response.body().length > 0 && !PartBody.isAnswer(response.body())) {
      return new Replies(part.front().name())
          .broken(502, who, to, "answered what cannot be judged", "it is not one answer");
    }
    return response
        .withoutHeader(Forwarding.SESSION)
        .withSource(body ->
            who.passage().stream(
                isStream(response) ? translated(body, part, at) : new PartBody(body)));
  }

  private static boolean isStream(Response response) {
    return response.header("Content-Type").filter("text/event-stream"::equals).isPresent();
  }

  private BodySource translated(BodySource body, Part part, PartSession at) {
    var inspection =
        new Inspection(text -> translated(text, part, at), Optional.empty(), Optional::empty);
    return new EventFilter(body, inspection, messageBytes).notResumable();
  }

  /// Answers are passed on as they are.
  ///
  /// @throws MalformedException if these are several: a question among them would go untranslated
  private static Ruling translated(byte[] text, Part part, PartSession at)
      throws MalformedException {
    if (!(MessageReader.only(text) instanceof Heard.OfItself)) {
      return new Ruling.Passes();
    }
    var message = JsonObject.parseLarge(text);
    if (message.has("id")) {
      var id = message.text("id").orElseThrow();
      var question = new PartQuestion(part.connector(), at.id(), at.revision(), id);
      return replaced(message, JsonObject.builder().put("id", question.toId()).build());
    }
    if (message.string("method").equals(Optional.of(UPDATED))) {
      var params = message.object("params").orElse(JsonObject.EMPTY);
      var uri = PartNames.shownUri(part.connector(), params.nonEmptyString("uri"));
      var changed = params.with(JsonObject.builder().put("uri", uri).build());
      return replaced(message, JsonObject.builder().put("params", changed).build());
    }
    return new Ruling.Passes();
  }

  private static Ruling replaced(JsonObject message, JsonObject by) {
    return new Ruling.Replaced(message.with(by).toBytes());
  }

  /// What the connectors say without being asked, as one stream. Where none of them has one there
  /// is none.
  Response merged(Admitted who, AggregateSession session, List<Part> parts) {
    var opened = new ConcurrentLinkedQueue<BodySource>();
    try {
      var _ =
          PartLists.each(parts, part -> stream(who, session, part).filter(opened::add).isPresent());
    } catch (RuntimeException e) {
      opened.forEach(BodySource::closed);
      throw e;
    }
    var streams = List.copyOf(opened);
    return streams.isEmpty()
        ? Response.empty(405).withHeader("Allow", "POST, DELETE")
        : Answering.stream(200, who, new Confluence(streams));
  }

  private Optional<BodySource> stream(Admitted who, AggregateSession session, Part part) {
    var at = sessions.of(who, session, part);
    if (at.isEmpty()) {
      return Optional.empty();
    }
    var incoming =
        Incoming.Within.bodiless(
            Method.GET, at.get().revision(), at.get().id(), who.correlationId());
    var response = part.door().carried(who, incoming, at.get().era(), who.patience());
    if (response.status() == 200 && isStream(response)) {
      return response.source().map(body -> translated(body, part, at.get()));
    }
    sessions.discard(response);
    return Optional.empty();
  }
}
