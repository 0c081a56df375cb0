package dev.lanyard.server.gateway;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.Calls.Verdict;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.Mirrored;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.admission.Replies.Fault;
import dev.lanyard.server.gateway.admission.Talk;
import dev.lanyard.server.gateway.admission.Withheld;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.gateway.message.Envelope;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.message.SpokenRevisions;
import dev.lanyard.server.gateway.session.Asking;
import dev.lanyard.server.gateway.session.Expected;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.gateway.upstream.Forwarding;
import dev.lanyard.server.gateway.upstream.Forwarding.Parcel;
import dev.lanyard.server.http.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// What somebody says who was let in: messages (POST), the wish for a stream (GET), the end of a
/// session (DELETE).
final class Conversation implements Talk {
  static final String STREAM = "gateway.stream";
  private static final RpcId NO_ID = new RpcId.None();

  private final Replies replies;
  private final Calls calls;
  private final Sessions sessions;
  private final Forwarding forwarding;
  private final SpokenRevisions spoken;
  private final Asking asking = new Asking();

  Conversation(
      Replies replies,
      Calls calls,
      Sessions sessions,
      Forwarding forwarding,
      SpokenRevisions spoken) {
    this.replies = replies;
    this.calls = calls;
    this.sessions = sessions;
    this.forwarding = forwarding;
    this.spoken = spoken;
  }

  @Override
  public List<String> revisions() {
    return spoken.all();
  }

  /// One message, or a batch of them.
  @Override
  public Response messages(Admitted who, Envelope envelope) {
    return disagreement(who, envelope)
        .or(() -> sessions.refusal(who, envelope.id()))
        .orElseGet(() -> {
          if (opensSession(who, envelope)) {
            makeRoom(who);
          }
          return judged(who, envelope);
        });
  }

  private static boolean opensSession(Admitted who, Envelope envelope) {
    return who.era() != Era.STATELESS
        && envelope.messages().stream()
            .anyMatch(one ->
                one instanceof Message.Request request
                    && request.method().equals(McpMethod.INITIALIZE));
  }

  /// Before the session is opened: one thing at a time is under way with a passage.
  private void makeRoom(Admitted who) {
    for (var session : sessions.makeRoom(who)) {
      forwarding.end(who, session);
      var why = JsonObject.builder().put("why", "too many sessions of one person").build();
      note(who, Sessions.ENDED, Outcome.SUCCESS, why);
    }
  }

  private Optional<Response> disagreement(Admitted who, Envelope envelope) {
    if (envelope.batch() && who.era() != Era.BATCHES) {
      return Optional.of(
          refused(who, "batches are no part of this revision", "batch", "one message", "several"));
    }
    if (who.era() != Era.STATELESS) {
      return Optional.empty();
    }
    return Mirrored.disagreement(who.request(), envelope.messages().getFirst(), calls::repeated)
        .map(fault -> {
          note(
              who, CallRecord.CALL, new Evidence("headers", "as the body", fault.words(), "RS-14"));
          return error(who, 400, fault.code(), fault.words(), envelope.id());
        });
  }

  /// One by one; all of a batch or nothing of it is passed on.
  private Response judged(Admitted who, Envelope envelope) {
    var refused = new ArrayList<Verdict.Refused>();
    var answers = new ArrayList<JsonObject>();
    var asked = new HashMap<RpcId, Expected>();
    var passed = new ArrayList<Calls.Noted>();
    if (isCalled()
        && !envelope.batch()
        && envelope.messages().getFirst() instanceof Message.Notification(var json, _)) {
      asking.heard(who, json);
    }
    var away = forwarding.leftAlone(who, envelope.id());
    if (away.isPresent()) {
      return away.get();
    }
    for (var message : envelope.messages()) {
      switch (calls.judge(who, message)) {
        case Verdict.Passed(var expected, var noted) -> {
          passed.addAll(noted);
          if (message instanceof Message.Request request) {
            asked.put(request.id(), expected);
          }
        }
        case Verdict.Refused no -> {
          refused.add(no);
          answers.add(no.error().answer(idOf(message)));
        }
      }
    }
    if (!refused.isEmpty()) {
      calls.withheld(who, passed, new Evidence("batch", "all of it allowed", "not", "RS-21"));
      return envelope.batch()
          ? batchRefused(who, envelope, answers)
          : refused(who, refused.getFirst(), envelope.id());
    }
    if (isCalled() && !envelope.batch()) {
      asking.begun(who, envelope.id());
    }
    var parcel =
        new Parcel(
            "POST",
            ByteBuffer.wrap(who.request().body()),
            envelope.id(),
            asked,
            () -> calls.sent(who, passed));
    return who.isAgain() && isLasting(envelope)
        ? listened(who, parcel, passed)
        : send(who, parcel, passed);
  }

  /// Listens again, by the gateway's own wish: nobody has called anything, so that is recorded when
  /// somebody answers.
  private Response listened(Admitted who, Parcel parcel, List<Calls.Noted> named) {
    var response = send(who, parcel.recording(() -> {}), named);
    if (isStream(response)) {
      calls.sent(who, named).await();
    }
    return response;
  }

  private static boolean isStream(Response response) {
    return response.status() == 200 && response.source().isPresent();
  }

  /// Whether its server is called over HTTP: a command ends what is taken back itself.
  private boolean isCalled() {
    return replies.front().upstream().isPresent();
  }

  private static boolean isLasting(Envelope envelope) {
    return envelope.messages().stream()
        .allMatch(one -> one instanceof Message.Request request && Methods.isLasting(request));
  }

  private static RpcId idOf(Message message) {
    return message instanceof Message.Request request ? request.id() : new RpcId.None();
  }

  private static Response refused(Admitted who, Verdict.Refused refused, RpcId id) {
    return refused
        .challenge()
        .map(challenge -> Replies.challenged(who, challenge, refused.error(), id))
        .orElseGet(() -> {
          var response = Replies.error(refused.status(), refused.error(), id);
          return refused.status() == 429 ? response.withHeader("Retry-After", "10") : response;
        });
  }

  private static Response batchRefused(Admitted who, Envelope envelope, List<JsonObject> refused) {
    var all = new ArrayList<>(refused);
    var others =
        RpcError.of(
            RpcError.DENIED,
            "This was not carried out, because another message of its batch was refused.",
            who.correlationId());
    var told = refused.stream().flatMap(one -> one.text("id").stream()).toList();
    for (var message : envelope.messages()) {
      if (message instanceof Message.Request request
          && !told.contains(request.json().text("id").orElseThrow())) {
        all.add(others.answer(request.id()));
      }
    }
    var text = "[" + String.join(",", all.stream().map(JsonObject::toJson).toList()) + "]";
    return Response.bytes(200, "application/json", text.getBytes(StandardCharsets.UTF_8)).noStore();
  }

  /// A stream of what the server says by itself, or the rest of one that broke.
  @Override
  public Response stream(Admitted who) {
    var resumes = !who.request().headers(McpHeaders.LAST_EVENT).isEmpty();
    if (resumes && who.request().headers(McpHeaders.SESSION).isEmpty()) {
      // Without a session nobody could say whose events these are.
      return refused(who, "a stream is resumed in its session", "session", "the stream's", "none");
    }
    return sessions
        .refusal(who, NO_ID)
        .or(() ->
            asking.resumesNothing(who)
                ? Optional.of(Response.empty(405).withHeader("Allow", "POST, DELETE"))
                : Optional.empty())
        .or(() -> forwarding.leftAlone(who, NO_ID))
        .orElseGet(() -> {
          Runnable record = () -> note(who, STREAM, Outcome.SUCCESS, JsonObject.EMPTY);
          if (!who.isAgain()) {
            return send(who, Parcel.without("GET").recording(record), List.of());
          }
          var response = send(who, Parcel.without("GET"), List.of());
          if (isStream(response)) {
            record.run();
          }
          return response;
        });
  }

  @Override
  public Response end(Admitted who) {
    if (who.request().headers(McpHeaders.SESSION).isEmpty()) {
      return refused(who, "which session is not said", "session", "one to end", "none");
    }
    return sessions
        .refusal(who, NO_ID)
        .orElseGet(() -> {
          var response = send(who, Parcel.without("DELETE"), List.of());
          if (response.status() < 300) {
            sessions.ended(who);
            note(who, Sessions.ENDED, Outcome.SUCCESS, JsonObject.EMPTY);
          }
          return response;
        });
  }

  /// @param named the calls in it, as they are to be recorded
  private Response send(Admitted who, Parcel parcel, List<Calls.Noted> named) {
    var presented = forwarding.credentials(who);
    if (presented instanceof Presented.With shown) {
      return forwarding.send(who, parcel, shown);
    }
    var withheld = Withheld.of(replies.front(), presented).orElseThrow();
    withheld(who, named, withheld.why());
    // Only of a message is the answer read; what was to end or open has not.
    return withheld.answer(who, parcel.method().equals("POST") ? 200 : 403, parcel.id());
  }

  private void withheld(Admitted who, List<Calls.Noted> named, Evidence why) {
    if (who.hasFailed()) {
      return;
    }
    if (named.isEmpty()) {
      note(who, CallRecord.CALL, why);
    } else {
      calls.withheld(who, named, why);
    }
  }

  /// It is refused for its form.
  private Response refused(
      Admitted who, String words, String check, String expected, String actual) {
    var why = new Evidence(check, expected, actual, "RS-14");
    return replies.refused(who, NO_ID, new Fault(400, RpcCode.INVALID_REQUEST, words, why));
  }

  private void note(Admitted who, String type, Evidence why) {
    note(who, type, Outcome.REFUSED, CallRecord.failed(why).build());
  }

  private void note(Admitted who, String type, Outcome outcome, JsonObject evidence) {
    replies.record().write(type, replies.front(), who, outcome, evidence);
  }

  private static Response error(Admitted who, int status, int code, String message, RpcId to) {
    return Replies.error(status, RpcError.of(code, message, who.correlationId()), to);
  }
}
