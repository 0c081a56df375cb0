package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.gateway.EventFilter.Inspection;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamAnswer;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Failed;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamClient;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Sends what was judged to the server behind a front, with the gateway's own credentials, and
/// passes its answer on.
///
/// Of headers only those go up, and come down, that MCP needs: the caller's token, proof and
/// cookies, and whatever claims to be a header of our own, do not (RS-8, RS-22).
final class Forwarding {
  static final String SESSION = "Mcp-Session-Id";
  static final String LAST_EVENT = "Last-Event-ID";
  private static final String PARAMETER = "mcp-param-";
  private static final Duration EARLY = Duration.ofSeconds(5);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Front front;
  private final GatewayLimits limits;
  private final UpstreamClient client;
  private final UpstreamCredentials credentials;
  private final Breaker breaker;
  private final Sessions sessions;
  private final Replies replies;

  Forwarding(
      Front front,
      GatewayLimits limits,
      UpstreamClient client,
      UpstreamCredentials credentials,
      Breaker breaker,
      Sessions sessions,
      Replies replies) {
    this.front = front;
    this.limits = limits;
    this.client = client;
    this.credentials = credentials;
    this.breaker = breaker;
    this.sessions = sessions;
    this.replies = replies;
  }

  /// What goes up.
  ///
  /// @param method of HTTP
  /// @param body as the client has sent it
  /// @param id to whom an error about it is addressed
  /// @param listing whether the answer may have a list
  record Parcel(String method, ByteBuffer body, RpcId id, boolean listing) {}

  /// Whether the server is left alone now, and what to answer then.
  Optional<Response> leftAlone(Admitted who, RpcId id) {
    return breaker.closed().map(wait -> leftAlone(who, id, wait));
  }

  private Response leftAlone(Admitted who, RpcId id, Duration wait) {
    var error =
        RpcError.of(
            RpcError.UNAVAILABLE,
            front.name() + " does not answer now; try again later.",
            who.correlationId());
    return Replies.error(503, error, id)
        .withHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
  }

  /// The credentials for a request, to be asked for before it is recorded as passed on.
  UpstreamCredentials.Presented credentials(Admitted who) {
    return credentials.of(front.connector(), who.caller(), who.correlationId());
  }

  Response send(Admitted who, Parcel parcel, List<UpstreamCredentials.Header> proofs) {
    // Its token may have died while the request was judged and recorded.
    if (who.passage().isCut()) {
      return replies.cut(who, parcel.id());
    }
    var request =
        new UpstreamRequest(
            parcel.method(), front.upstream(), headers(who, parcel, proofs), parcel.body());
    var wait = breaker.begins();
    if (wait.isPresent()) {
      return leftAlone(who, parcel.id(), wait.get());
    }
    var call = client.begin(request);
    who.passage().sent(call);
    if (parcel.method().equals("GET") && call.peek(EARLY).isEmpty()) {
      return late(who, call);
    }
    return switch (call.await(limits.answerWithin())) {
      case Failed failed -> failed(who, parcel, failed);
      case Answered answered -> {
        breaker.answered();
        yield answered(who, parcel, answered);
      }
    };
  }

  /// A server may say nothing, not even that there is a stream, before it has something to say. The
  /// client is told that there is one, or nobody would notice that it has gone.
  private Response late(Admitted who, UpstreamCall call) {
    var stream = new LateStream(call, answered -> opened(who, answered));
    return stream(200, who, stream);
  }

  /// What a late answer streams; empty if it is no stream, or not the caller's.
  private Optional<BodySource> opened(Admitted who, Answered answered) {
    boolean isStream =
        answered.status() == 200
            && faultOf(answered).isEmpty()
            && mediaType(answered).equals("text/event-stream")
            && answered.header(SESSION).equals(who.request().header(SESSION));
    return isStream
        ? Optional.of(filter(who, new Parcel("GET", NOTHING, new RpcId.None(), true), answered))
        : Optional.empty();
  }

  private List<Field> headers(
      Admitted who, Parcel parcel, List<UpstreamCredentials.Header> proofs) {
    var request = who.request();
    var headers = new ArrayList<Field>();
    if (parcel.body().hasRemaining()) {
      headers.add(new Field("Content-Type", "application/json"));
    }
    headers.add(
        new Field(
            "Accept", request.header("Accept").orElse("application/json, text/event-stream")));
    pass(request, Era.HEADER, headers);
    if (who.era() == Era.STATELESS) {
      request.headerNames().stream()
          .filter(Forwarding::mirrors)
          .forEach(name -> pass(request, name, headers));
    } else {
      pass(request, SESSION, headers);
      pass(request, LAST_EVENT, headers);
    }
    proofs.forEach(proof -> headers.add(new Field(proof.name(), proof.value().reveal())));
    return headers;
  }

  private static boolean mirrors(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("mcp-method") || lower.equals("mcp-name") || lower.startsWith(PARAMETER);
  }

  private static void pass(Request request, String name, List<Field> headers) {
    request.header(name).ifPresent(value -> headers.add(new Field(name, value)));
  }

  private Response failed(Admitted who, Parcel parcel, Failed failed) {
    if (failed.cause() == UpstreamAnswer.Cause.CUT) {
      return replies.cut(who, parcel.id());
    }
    if (failed.cause() == UpstreamAnswer.Cause.UNSENT) {
      // The server has no part in it, so it is not left alone for it.
      return replies.broken(502, who, parcel.id(), "could not be sent this", failed.why());
    }
    breaker.failed();
    return failed.cause() == UpstreamAnswer.Cause.SILENT
        ? replies.broken(504, who, parcel.id(), "did not answer in time", failed.why())
        : replies.broken(502, who, parcel.id(), "could not be reached", failed.why());
  }

  private Response answered(Admitted who, Parcel parcel, Answered answered) {
    int status = answered.status();
    var fault = faultOf(answered);
    if (fault.isPresent()) {
      answered.body().closed();
      if (status == 401) {
        credentials.refused(front.connector(), who.caller());
      }
      return replies.broken(502, who, parcel.id(), fault.get(), "status " + status);
    }
    // Theirs before they learn its name: a claim that cannot be written ends the request here.
    var session = who.era() == Era.STATELESS ? Optional.<String>empty() : answered.header(SESSION);
    if (session.isPresent() && !sessions.isOpenedFor(who, session.get())) {
      answered.body().closed();
      return replies.broken(502, who, parcel.id(), "opened a session that is not new", "session");
    }
    var response = typed(who, parcel, answered);
    response = Replies.withHeaders(response, answered, "Retry-After", "Allow");
    return session.isPresent() ? response.withHeader(SESSION, session.get()) : response;
  }

  private Response typed(Admitted who, Parcel parcel, Answered answered) {
    var type = mediaType(answered);
    return switch (type) {
      case "text/event-stream" -> events(who, parcel, answered);
      case "application/json" -> json(who, parcel, answered);
      default -> other(who, parcel, answered, type);
    };
  }

  /// Nothing, as it answers notifications and the end of a session; or something that is no MCP.
  private Response other(Admitted who, Parcel parcel, Answered answered, String type) {
    int status = answered.status();
    // Read to its end, or the connection could not be used again.
    var _ = WholeBody.read(answered.body(), limits.messageBytes(), limits.answerWithin());
    if (status >= 400) {
      return status == 405
          ? Response.empty(405)
          : replies.broken(status, who, parcel.id(), "refused this request", type);
    }
    return status == 202 || status == 204 || parcel.method().equals("DELETE")
        ? Response.empty(status)
        : replies.broken(502, who, parcel.id(), "answered with something else", type);
  }

  private static Optional<String> faultOf(Answered answered) {
    int status = answered.status();
    if (status >= 300 && status < 400) {
      // Never followed: where to is not the server's to say.
      return Optional.of("answered with a redirect");
    }
    if (status == 401 || status == 407) {
      return Optional.of("does not accept the gateway's credentials");
    }
    boolean encoded =
        answered.header("Content-Encoding").filter(one -> !one.equals("identity")).isPresent();
    return encoded ? Optional.of("answered in an encoding nobody asked for") : Optional.empty();
  }

  private static String mediaType(Answered answered) {
    return answered
        .header("Content-Type")
        .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private Response events(Admitted who, Parcel parcel, Answered answered) {
    return stream(answered.status(), who, filter(who, parcel, answered));
  }

  private static Response stream(int status, Admitted who, BodySource events) {
    return Response.passing(status, "text/event-stream", who.passage().stream(events))
        .withHeader("X-Accel-Buffering", "no")
        .noStore();
  }

  private EventFilter filter(Admitted who, Parcel parcel, Answered answered) {
    var inspection =
        new Inspection(
            parcel.listing()
                ? Optional.of(message -> replies.listings().filtered(message, who.caller()))
                : Optional.empty(),
            parcel.id() instanceof RpcId.None
                ? Optional.<JsonObject>empty()
                : Optional.of(replies.brokenOff(who).answer(parcel.id())));
    return new EventFilter(answered.body(), inspection, limits.messageBytes());
  }

  private Response json(Admitted who, Parcel parcel, Answered answered) {
    if (!parcel.listing() && answered.status() < 400) {
      return Response.passing(
              answered.status(),
              "application/json",
              who.passage().answer(answered.body(), limits.answerBytes(), limits.answerWithin()))
          .noStore();
    }
    return switch (WholeBody.read(answered.body(), limits.messageBytes(), limits.answerWithin())) {
      case WholeBody.Reading.Broken(var why) ->
          who.passage().isCut()
              ? replies.cut(who, parcel.id())
              : replies.broken(502, who, parcel.id(), "broke off", why);
      case WholeBody.Reading.Whole(var bytes) ->
          replies.filtered(answered.status(), who, parcel.id(), bytes);
    };
  }
}
