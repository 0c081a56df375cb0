package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.resourceserver.Refusal;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the gateway answers itself, or makes of what a server has answered.
///
/// @param front of the connector that is asked
/// @param record where it is written what was wrong
public record Replies(Front front, CallRecord record) {
  /// What the gateway says of itself where it asks by itself.
  public static final JsonObject SELF =
      JsonObject.builder().put("name", "lanyard").put("version", "1").build();

  private static final String AGAIN = "Try again in a minute; if it stays so";
  private static final String LOOK_FIRST =
      "It may have done what you asked for: look before you try again. If it stays so";
  private static final String UNWANTED = "If it should not";

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  public static Response error(int status, RpcError error, RpcId to) {
    return Response.json(status, error.answer(to)).noStore();
  }

  /// An answer that has succeeded.
  public static Response result(RpcId to, JsonObject result) {
    return Response.json(
            200, to.on(JsonObject.builder().put("jsonrpc", "2.0")).put("result", result).build())
        .noStore();
  }

  /// The challenge lets a client get what is missing (RS-3, RS-11); the body says it in words.
  public static Response challenged(Admitted who, Refusal refusal, RpcError error, RpcId id) {
    var answer = who.guard().answer(refusal);
    var response = error(answer.status(), error, id);
    for (var challenge : answer.challenges()) {
      response = response.withAddedHeader("WWW-Authenticate", challenge.toHeader());
    }
    return response;
  }

  /// A request of the gateway's own.
  public static JsonObject request(RpcId id, String method, JsonObject params) {
    return id.on(JsonObject.builder().put("jsonrpc", "2.0"))
        .put("method", method)
        .put("params", params)
        .build();
  }

  /// What is wrong with a request of somebody who was let in.
  ///
  /// @param status of the HTTP answer
  /// @param code of the error in it
  /// @param words for whoever has made the client
  /// @param why for the record; nothing of arguments in it
  public record Fault(int status, int code, String words, Evidence why) {
    /// The parameters cannot be read.
    public static Fault params(MalformedException e) {
      return new Fault(
          200,
          RpcCode.INVALID_PARAMS,
          "params: " + e.getMessage(),
          new Evidence("params", "what is asked for", e.getMessage(), "RS-15"));
    }

    /// Nobody here knows the method.
    ///
    /// @param status as the revision has it
    public static Fault unknownMethod(int status, String method) {
      return new Fault(
          status,
          RpcCode.METHOD_NOT_FOUND,
          "the gateway does not pass on '" + method + "' here",
          new Evidence("method", "one that is known", CallRecord.excerpt(method), "RS-21"));
    }
  }

  /// It is refused for its form, and that is recorded.
  ///
  /// @throws java.io.UncheckedIOException if it cannot be recorded
  public Response refused(Admitted who, RpcId to, Fault fault) {
    note(who, fault.why());
    return error(fault.status(), RpcError.of(fault.code(), fault.words(), who.correlationId()), to);
  }

  /// Records why a request is refused for its form.
  public void note(Admitted who, Evidence why) {
    if (who.hasFailed()) {
      return;
    }
    record.refused(front, who, why);
  }

  /// The server has failed; what exactly is for the operator.
  ///
  /// @param what it did, to follow the name of the connector
  public Response broken(int status, Admitted who, RpcId to, String what, String detail) {
    if (status >= 500) {
      brokenRecord(who, what, detail);
    }
    LOG.warn("{}: {} {}: {}", who.correlationId(), front.name(), what, detail);
    return advised(status, who, to, what, status < 500 ? UNWANTED : AGAIN);
  }

  /// The same of a server that has, or may have, what it was sent: nobody is told simply to send it
  /// again.
  public Response unfinished(int status, Admitted who, RpcId to, String what, String detail) {
    brokenRecord(who, what, detail);
    LOG.warn("{}: {} {}: {}", who.correlationId(), front.name(), what, detail);
    return advised(status, who, to, what, LOOK_FIRST);
  }

  private Response advised(int status, Admitted who, RpcId to, String what, String advice) {
    int code = status == 503 ? RpcError.UNAVAILABLE : RpcError.UPSTREAM_BROKEN;
    return error(status, RpcError.of(code, sentence(who, what, advice), who.correlationId()), to);
  }

  private String sentence(Admitted who, String what, String advice) {
    return "%s %s. %s, tell your administrator and quote %s."
        .formatted(front.name(), what, advice, who.correlationId());
  }

  /// What is said of a server that cannot be asked now.
  public String notNow(Admitted who) {
    return sentence(who, "does not answer now", AGAIN);
  }

  /// Records what a server has done wrong; may wait.
  ///
  /// @param what it did
  /// @param detail for an operator
  void brokenRecord(Admitted who, String what, String detail) {
    if (who.hasFailed()) {
      return;
    }
    var actual = CallRecord.excerpt(what + ": " + detail);
    record.broken(
        CallRecord.Event.of(CallRecord.BROKEN, front, who),
        who.caller(),
        new Evidence("upstream", "an answer that can be passed on", actual, "upstream"));
  }

  /// What is said on a stream that will not go on.
  public RpcError brokenOff(Admitted who) {
    return RpcError.of(
        RpcError.UPSTREAM_BROKEN,
        sentence(who, "broke off before it had answered", LOOK_FIRST),
        who.correlationId());
  }

  /// The same in place of an answer of which nothing has left.
  public Response halfAnswered(Admitted who, RpcId to) {
    return who.passage().isUnwanted() ? cut(who, to) : error(502, brokenOff(who), to);
  }

  /// The token has died while the request was under way, or the account upstream was taken back.
  public Response cut(Admitted who, RpcId to) {
    if (who.passage().isWithdrawn()) {
      var sentence =
          "Your account at %s was disconnected while this was under way, so it was stopped."
              + " Call again to be told where you connect it.";
      var error =
          RpcError.of(RpcError.DENIED, sentence.formatted(front.name()), who.correlationId());
      return error(who.request().method() == Method.POST ? 200 : 403, error, to);
    }
    var sentence =
        "Your access ended while this was under way, so it was stopped. Sign in again; if that"
            + " does not help, ask your administrator.";
    return error(401, RpcError.of(RpcError.DENIED, sentence, who.correlationId()), to);
  }

  public static Response stream(int status, Admitted who, BodySource events) {
    return Response.passing(status, "text/event-stream", who.passage().stream(events))
        .withHeader("X-Accel-Buffering", "no")
        .noStore();
  }

  public static Response withHeaders(Response response, Answered answered, String... names) {
    var with = response;
    for (var name : names) {
      var value = answered.header(name);
      if (value.isPresent()) {
        with = with.withHeader(name, value.get());
      }
    }
    return with;
  }
}
