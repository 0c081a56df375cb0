package dev.lanyard.server.gateway.upstream;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.Incoming;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.session.Expected;
import dev.lanyard.server.gateway.stream.LateStream;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamAnswer;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Failed;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.Step.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Sends what was judged to the server behind a front, with the gateway's own credentials.
///
/// Of headers only those go up that MCP needs: the caller's token, proof and cookies, and whatever
/// claims to be a header of our own, do not (RS-8, RS-22).
public final class Forwarding {
  /// How long somebody who opens a session waits for the end of another one.
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(2);

  /// What something before a server says that does not reach it.
  private static final Set<Integer> DOWN = Set.of(502, 503, 504);

  /// The same without what is said where nothing was for long.
  private static final Set<Integer> LATE_AND_DOWN = Set.of(502, 503);

  private final Front front;
  private final GatewayLimits.Patience patience;
  private final Way way;
  private final UpstreamCredentials credentials;
  private final Breaker breaker;
  private final Answering answering;
  private final Replies replies;

  public Forwarding(
      Front front,
      GatewayLimits.Patience patience,
      Way way,
      UpstreamCredentials credentials,
      Breaker breaker,
      Answering answering,
      Replies replies) {
    this.front = front;
    this.patience = patience;
    this.way = way;
    this.credentials = credentials;
    this.breaker = breaker;
    this.answering = answering;
    this.replies = replies;
  }

  /// How the server is reached.
  @FunctionalInterface
  public interface Way {
    /// @param who for whom; nothing of theirs is sent that is not in the request
    UpstreamCall begin(Admitted who, UpstreamRequest request);

    /// Which process of a command they ask; empty where a server is one for everybody.
    default String process(Admitted who) {
      return "";
    }
  }

  /// What goes up.
  ///
  /// @param method of HTTP
  /// @param body as the client has sent it
  /// @param id to whom an error about it is addressed
  /// @param asked the requests in it, and what their answers may hold
  /// @param recording records what is in it, directly before it is sent; what it returns is awaited
  ///   before anything of an answer leaves
  public record Parcel(
      String method,
      ByteBuffer body,
      RpcId id,
      Map<RpcId, Expected> asked,
      Supplier<CallRecord.Pending> recording) {
    /// Whether a server may answer it with a task.
    boolean mayBecomeTask() {
      return asked.values().stream().anyMatch(Expected.OrTask.class::isInstance);
    }

    /// The same, with what records that it is sent, and returns when that is durable.
    public Parcel recording(Runnable record) {
      return new Parcel(
          method,
          body,
          id,
          asked,
          () -> {
            record.run();
            return CallRecord.Pending.NONE;
          });
    }

    /// One without a body.
    public static Parcel without(String method) {
      return new Parcel(
          method,
          ByteBuffer.allocate(0),
          new RpcId.None(),
          Map.of(),
          () -> CallRecord.Pending.NONE);
    }
  }

  /// Whether the server is left alone now, and what to answer then.
  public Optional<Response> leftAlone(Admitted who, RpcId id) {
    return breaker.closed(person(who)).map(wait -> leftAlone(who, id, wait));
  }

  private Response leftAlone(Admitted who, RpcId id, Duration wait) {
    replies.note(who, new Evidence("server", "one that answers", "left alone", "limits"));
    var error = RpcError.of(RpcError.UNAVAILABLE, replies.notNow(who), who.correlationId());
    return Replies.error(503, error, id)
        .withHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
  }

  /// The credentials for a request, to be asked for before it is recorded as passed on.
  public UpstreamCredentials.Presented credentials(Admitted who) {
    return credentials.of(front.connector(), who.caller(), who.bearing());
  }

  public Response send(Admitted who, Parcel parcel, Presented.With shown) {
    shown.grant().ifPresent(grant -> watched(who, grant));
    // Its token may have died while the request was judged and recorded.
    if (who.passage().isCut()) {
      return replies.cut(who, parcel.id());
    }
    var wait = breaker.begins(person(who));
    if (wait.isPresent()) {
      return leftAlone(who, parcel.id(), wait.get());
    }
    return Span.of("gateway.forward", Kind.CLIENT, () -> forwarded(who, parcel, shown.headers()));
  }

  /// Ends a session of the caller's at the server that they have not ended themselves. It need not
  /// come about: a server drops in the end what nobody uses.
  public void end(Admitted who, String session) {
    var revision = who.request().header(McpHeaders.REVISION).orElse(McpRevision.WITH_BATCHES);
    var ending =
        who.asking(
            Incoming.Within.bodiless(who.request(), Method.DELETE, revision, Optional.of(session)),
            ENDED_WITHIN);
    if (breaker.closed(person(who)).isPresent()
        || !(credentials(who) instanceof Presented.With shown)
        || who.passage().isCut()) {
      return;
    }
    var parcel = Parcel.without("DELETE");
    var call =
        way.begin(
            ending,
            new UpstreamRequest(
                parcel.method(),
                front.serverName(),
                headers(ending, parcel, shown.headers()),
                parcel.body()));
    who.passage().sent(call::cut);
    if (call.await(ending.patience()) instanceof Answered answered) {
      answered.body().closed();
    }
  }

  private void watched(Admitted who, String grant) {
    who.passage().shows(grant);
    // Whoever tells of its end does so first here and then to passages.
    if (credentials.hasEnded(grant)) {
      who.passage().withdrawn();
    }
  }

  private Response forwarded(Admitted who, Parcel parcel, List<UpstreamCredentials.Header> proofs) {
    Span.tell("lanyard.connector", front.connector());
    var request =
        new UpstreamRequest(
            parcel.method(), front.serverName(), headers(who, parcel, proofs), parcel.body());
    var recorded = parcel.recording().get();
    var call = way.begin(who, request);
    if (front.upstream().isPresent() && parcel.mayBecomeTask()) {
      // The process of a command ends with whom it runs for.
      var answer = new OutlivedAnswer(call, who.era(), who.passage().outlived());
      who.passage().sent(why -> answer.replaced(replies.cut(who, parcel.id()), why));
      var response = answer.awaited(() -> answer(who, parcel, call), who.correlationId());
      try {
        recorded.await();
      } catch (RuntimeException | Error e) {
        // Nobody gets it, and giving the passage up does not end what has been answered.
        response.source().ifPresent(BodySource::closed);
        throw e;
      }
      return response;
    }
    who.passage().sent(call::cut);
    if (parcel.method().equals("GET") && call.peek(patience.stream()).isEmpty()) {
      return late(who, call);
    }
    var response = answer(who, parcel, call);
    recorded.await();
    return response;
  }

  private Response answer(Admitted who, Parcel parcel, UpstreamCall call) {
    return switch (call.await(who.within(patience.answer()))) {
      case Failed failed -> failed(who, parcel, failed);
      case Answered answered -> {
        if (Answering.isUnproved(answered)) {
          credentials.refused(front.connector(), who.caller(), who.bearing());
        }
        yield answering.answered(who, parcel, judged(who, parcel, answered));
      }
    };
  }

  /// Counts what an answer says of its server: that something before it cannot reach it, or that it
  /// answers, as far as it does not die meanwhile. A command says with 503 that this caller has too
  /// many processes; it has failed nobody.
  private Answered judged(Admitted who, Parcel parcel, Answered answered) {
    boolean isStream = isStream(who, parcel);
    if (front.upstream().isEmpty()) {
      breaker.answered();
    } else if (DOWN.contains(answered.status())) {
      blame(who);
    } else if (isStream || !parcel.method().equals("POST")) {
      // What a server says by itself ends as it likes, and proxies end it where nothing is said.
      breaker.answered();
    } else {
      breaker.begun();
      var body = new Ending(answered.body(), who);
      return new Answered(answered.status(), answered.headers(), body);
    }
    return answered;
  }

  /// What was taken back is owed no answer: it is read on only to learn of a task.
  private void blame(Admitted who) {
    if (!who.passage().isUnwanted()) {
      breaker.failed(person(who));
    }
  }

  private static String person(Admitted who) {
    return who.caller().subject();
  }

  /// Whether it only listens, in the way of 2026-07-28, where the header says what the body says.
  static boolean isStream(Admitted who, Parcel parcel) {
    return who.era() == Era.STATELESS
        && parcel.method().equals("POST")
        && who.request().header(MirroredHeaders.METHOD).equals(Optional.of(McpMethod.LISTEN));
  }

  /// The body of an answer, which tells how it ends.
  private final class Ending implements BodySource {
    private final BodySource body;
    private final Admitted who;
    private boolean told;

    Ending(BodySource body, Admitted who) {
      this.body = body;
      this.who = who;
    }

    @Override
    public void opened(Listener listener) {
      body.opened(listener);
    }

    @Override
    public Piece next() {
      var piece = body.next();
      if (!told && piece instanceof Piece.End) {
        told = true;
        breaker.answered();
      } else if (!told && piece instanceof Piece.Broken) {
        told = true;
        blame(who);
      }
      return piece;
    }

    @Override
    public void closed() {
      body.closed();
    }
  }

  /// A server may say nothing, not even that there is a stream, before it has something to say. The
  /// client is told that there is one, or nobody would notice that it has gone.
  private Response late(Admitted who, UpstreamCall call) {
    var stream = new LateStream(call, late -> opened(who, late));
    return Replies.stream(200, who, stream);
  }

  /// Called where nothing may wait.
  private Optional<BodySource> opened(Admitted who, UpstreamAnswer late) {
    return switch (late) {
      case Failed(var cause, _) -> {
        // A connection that ends where nothing was said is no sign of anything.
        if (cause == UpstreamAnswer.Cause.UNREACHABLE) {
          breaker.unreachable();
        }
        yield Optional.empty();
      }
      case Answered answered -> {
        if (Answering.isUnproved(answered)) {
          Thread.ofVirtual()
              .name("refused")
              .start(() -> credentials.refused(front.connector(), who.caller(), who.bearing()));
        }
        if (front.upstream().isPresent() && LATE_AND_DOWN.contains(answered.status())) {
          breaker.failed(person(who));
        } else {
          breaker.answered();
        }
        var stream = answering.opened(who, answered);
        if (stream.isEmpty() && Answering.isFault(answered)) {
          who.passage().broke("the wish for a stream was answered with " + answered.status());
        }
        yield stream;
      }
    };
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
    pass(request, McpHeaders.REVISION, headers);
    if (who.era() == Era.STATELESS) {
      request.headerNames().stream()
          .filter(Forwarding::mirrors)
          .forEach(name -> pass(request, name, headers));
    } else {
      pass(request, McpHeaders.SESSION, headers);
      pass(request, McpHeaders.LAST_EVENT, headers);
    }
    // Where the request belongs, if it is recorded; never what the caller has sent of it.
    Span.headers().forEach((name, value) -> headers.add(new Field(name, value)));
    proofs.forEach(proof -> headers.add(new Field(proof.name(), proof.value().reveal())));
    return headers;
  }

  private static boolean mirrors(String name) {
    return name.equalsIgnoreCase(MirroredHeaders.METHOD)
        || name.equalsIgnoreCase(MirroredHeaders.NAME)
        || MirroredHeaders.isParameter(name);
  }

  private static void pass(Incoming request, String name, List<Field> headers) {
    request.header(name).ifPresent(value -> headers.add(new Field(name, value)));
  }

  private Response failed(Admitted who, Parcel parcel, Failed failed) {
    if (failed.cause() == UpstreamAnswer.Cause.CUT || who.passage().isUnwanted()) {
      return replies.cut(who, parcel.id());
    }
    if (failed.cause() == UpstreamAnswer.Cause.UNSENT) {
      // The server has no part in it, so it is not left alone for it.
      return replies.broken(502, who, parcel.id(), "could not be sent this", failed.why());
    }
    boolean isSilent = failed.cause() == UpstreamAnswer.Cause.SILENT;
    if (failed.cause() == UpstreamAnswer.Cause.UNREACHABLE) {
      breaker.unreachable();
    } else if (!isSilent || !who.isHurried(patience.answer())) {
      breaker.failed(person(who));
    }
    return isSilent
        ? replies.unfinished(504, who, parcel.id(), "did not answer in time", failed.why())
        : replies.broken(502, who, parcel.id(), "could not be reached", failed.why());
  }
}
