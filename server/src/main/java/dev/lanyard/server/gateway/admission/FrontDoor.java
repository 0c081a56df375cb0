package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.resourceserver.Answer;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.OpenStreams;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.TokenStatus.Status;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.Admitted.Bearer;
import dev.lanyard.server.gateway.admission.CallLimits.Excess;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.message.Envelope;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Strangers;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The MCP endpoint of one connector: what every request goes through, whatever it asks for.
///
/// In this order: it is meant for us and no page of another site sends it (RS-14), its token counts
/// here and now (RS-1 to RS-13), its revision is known, its bearer has not had too much. There is
/// no session that would spare a request any of it.
public final class FrontDoor {
  public static final String CUT = "gateway.cut";
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
  private static final String JSON = "application/json";
  private static final RpcId NO_ID = new RpcId.None();

  /// To a request that its client has taken back: a stream that ends.
  private static final Response NO_ANSWER =
      Response.bytes(200, "text/event-stream", new byte[0]).noStore();

  /// No less than the limits say.
  private static final Duration FOREVER = Duration.ofDays(1);

  private final Front front;
  private final URI address;
  private final Guard guard;
  private final OpenStreams streams;
  private final LivingTokens living;
  private final CallLimits limits;
  private final Talk talk;
  private final Notes notes;
  private final Set<Passage> underWay = ConcurrentHashMap.newKeySet();

  public FrontDoor(
      Front front, Guard guard, LivingTokens living, CallLimits limits, Talk talk, Notes notes) {
    this.front = front;
    this.address = front.address();
    this.guard = guard;
    this.streams = new OpenStreams(guard);
    this.living = living;
    this.limits = limits;
    this.talk = talk;
    this.notes = notes;
  }

  /// Where refusals are written.
  ///
  /// @param strangers how many records somebody may cause who has proved nothing
  public record Notes(CallRecord record, Strangers strangers) {}

  public Response handle(Request request) {
    var strange = misdirection(request);
    return strange.isPresent()
        ? stranger(request, strange.get(), forbidden(request, "This is not the place to ask."))
        : admit(request);
  }

  /// By the name under which it is called, and the page that calls: a page that has made its own
  /// name point here is refused by both.
  private Optional<Evidence> misdirection(Request request) {
    var host = request.authority();
    if (host.filter(front::isOwnHost).isEmpty()) {
      return Optional.of(
          new Evidence("host", front.hosts().toString(), host.orElse("none"), "RS-14"));
    }
    var origins = request.headers("Origin");
    return origins.stream().allMatch(front::allowsOrigin)
        ? Optional.empty()
        : Optional.of(new Evidence("origin", "allowed", origins.toString(), "RS-14"));
  }

  private Response admit(Request request) {
    var guarded =
        new GuardedRequest(
            request.method().name(),
            address,
            Optional.of(request.query()).filter(query -> !query.isEmpty()),
            request.headers("Authorization"),
            request.headers("DPoP"));
    return switch (guard.judge(guarded, Requirement.VALID_TOKEN)) {
      case Verdict.Refused(var refusal) ->
          stranger(request, refusal.evidence(), response(guard.answer(refusal)));
      case Verdict.Unavailable _ -> response(guard.unavailable()).withHeader("Retry-After", "1");
      case Verdict.Admitted(var token) -> admitted(request, guarded, token);
    };
  }

  private Response admitted(Request request, GuardedRequest guarded, AccessToken token) {
    var incoming = Incoming.of(request);
    var bearer = new Bearer(token, guard, guarded);
    var caller = caller(token);
    if (request.method() == Method.POST && !request.contentType().equals(Optional.of(JSON))) {
      var type = request.contentType().map(CallRecord::excerpt).orElse("none");
      refused(incoming, caller, new Evidence("content type", JSON, type, "RS-14"));
      return Response.unsupportedMediaType(JSON, request);
    }
    var era = era(request);
    if (era.isEmpty()) {
      return unspoken(incoming, caller);
    }
    return passing(
        incoming,
        caller,
        passage -> new Admitted(incoming, bearer, caller, era.get(), passage, FOREVER),
        passage -> passage.watchedBy(streams.opened(token, guarded, passage)));
  }

  /// What an aggregate asks of this connector for somebody whom it has let in: from here on as if
  /// they had come themselves. It ends with the request that it is a part of.
  ///
  /// @param era by which this connector is spoken to
  /// @param patience how long its server may take
  public Response carried(Admitted whole, Incoming part, Era era, Duration patience) {
    var bearer = whole.bearer();
    var request = part.after(whole.request().attempt());
    return switch (living.of(bearer.token())) {
      case Status.Unknown _ -> response(guard.unavailable()).withHeader("Retry-After", "1");
      case Status.Revoked() -> stopped(request, whole.caller());
      case Status.Active() ->
          passing(
              request,
              whole.caller(),
              passage -> new Admitted(request, bearer, whole.caller(), era, passage, patience),
              passage -> {
                whole.passage().carries(passage);
                passage.watchedBy(streams.openedWithin(bearer.token(), bearer.guarded(), passage));
              });
    };
  }

  /// The token counts at the aggregate, and no longer at this connector.
  private Response stopped(Incoming request, Caller caller) {
    refused(request, caller, new Evidence("status", "active", "revoked", "RS-13"));
    var sentence =
        front.name()
            + " has been stopped by an administrator, so nobody can use it now. Ask them when it"
            + " is back.";
    return Replies.error(
        403, RpcError.of(RpcError.DENIED, sentence, request.correlationId()), NO_ID);
  }

  private Response passing(
      Incoming request,
      Caller caller,
      Function<Passage, Admitted> admitting,
      Consumer<Passage> watching) {
    var place = limits.place(caller);
    var excess = limits.messages(caller, 1).or(() -> place.takes(1));
    if (excess.isPresent()) {
      return tooMany(request, caller, excess.get());
    }
    var passage =
        new Passage(place, one -> ended(request, caller, one), why -> broken(request, caller, why));
    underWay.add(passage);
    try {
      watching.accept(passage);
      var response = answered(admitting.apply(passage), place);
      passage.answered();
      return passage.isCancelled() && response.source().isEmpty() ? NO_ANSWER : response;
    } catch (RuntimeException | Error e) {
      passage.abandoned();
      throw e;
    }
  }

  private Response answered(Admitted who, CallLimits.Place place) {
    return switch (who.request().method()) {
      case POST -> said(who, place);
      case GET -> without(who).orElseGet(() -> talk.stream(who));
      case DELETE -> without(who).orElseGet(() -> talk.end(who));
      case PUT, PATCH, OPTIONS -> throw new IllegalStateException("no route leads here");
    };
  }

  /// Reads what a `POST` has, strictly.
  private Response said(Admitted who, CallLimits.Place place) {
    Envelope envelope;
    try {
      envelope = Envelope.read(who.request().body());
    } catch (MalformedException e) {
      var why = new Evidence("body", "messages that read in one way only", e.getMessage(), "RS-15");
      refused(who.request(), who.caller(), why);
      return Replies.error(
          400, RpcError.of(RpcCode.PARSE_ERROR, e.getMessage(), who.correlationId()), NO_ID);
    }
    return excess(who, envelope, place)
        .map(limit -> tooMany(who.request(), who.caller(), limit))
        .orElseGet(() -> talk.messages(who, envelope));
  }

  /// Each message of a batch counts as if it had come by itself, of which one was counted.
  private Optional<Excess> excess(Admitted who, Envelope envelope, CallLimits.Place place) {
    int further = envelope.messages().size() - 1;
    int waiting = envelope.requests() - 1;
    return Optional.of(further)
        .filter(many -> many > 0)
        .flatMap(many -> limits.messages(who.caller(), many))
        .or(() -> waiting > 0 ? place.takes(waiting) : Optional.empty());
  }

  /// The newest revision has no streams and sessions of this sort.
  private Optional<Response> without(Admitted who) {
    if (who.era() != Era.STATELESS) {
      return Optional.empty();
    }
    var why = new Evidence("method", "POST", who.request().method().name(), "RS-14");
    refused(who.request(), who.caller(), why);
    return Optional.of(Response.empty(405).withHeader("Allow", "POST"));
  }

  private void refused(Incoming request, Caller caller, Evidence why) {
    if (request.attempt() == Incoming.Attempt.FAILED) {
      return;
    }
    notes.record().refused(event(CallRecord.REFUSED, request.correlationId()), caller, why);
  }

  /// Called where nothing may wait.
  private void broken(Incoming request, Caller caller, String what) {
    var why = new Evidence("upstream", "a whole answer", CallRecord.excerpt(what), "upstream");
    Thread.ofVirtual()
        .name("broken")
        .start(() ->
            notes.record().broken(event(CallRecord.BROKEN, request.correlationId()), caller, why));
  }

  /// Called once for each passage.
  private void ended(Incoming request, Caller caller, Passage passage) {
    underWay.remove(passage);
    if (passage.isCut()) {
      try {
        notes
            .record()
            .write(event(CUT, request.correlationId()), caller, Outcome.SUCCESS, why(passage));
      } catch (UncheckedIOException e) {
        // It has ended all the same: nothing was granted that would have to be recorded first.
        LOG.error("the end of {} is not recorded", request.correlationId(), e);
      }
    }
  }

  private static JsonObject why(Passage passage) {
    return passage.isWithdrawn()
        ? JsonObject.builder().put("reason", "account-taken-back").build()
        : JsonObject.EMPTY;
  }

  private Caller caller(AccessToken token) {
    return new Caller(
        token.subject(),
        living.person(token.subject()),
        token.client(),
        token.scopes(),
        token.authentication(),
        token.transaction());
  }

  /// Whoever names no revision speaks the oldest, by its own rule.
  private static Optional<Era> era(Request request) {
    return request.headers(McpHeaders.REVISION).isEmpty()
        ? Optional.of(Era.BATCHES)
        : request.header(McpHeaders.REVISION).flatMap(Era::of);
  }

  /// A revision that cannot be spoken. It counts as a message: to say whom the answer is for, it is
  /// read.
  private Response unspoken(Incoming request, Caller caller) {
    var excess = limits.messages(caller, 1);
    if (excess.isPresent()) {
      return tooMany(request, caller, excess.get());
    }
    var named = CallRecord.excerpt(String.join(", ", request.headers(McpHeaders.REVISION)));
    refused(request, caller, new Evidence("revision", McpRevision.ALL.toString(), named, "RS-14"));
    var data =
        JsonObject.builder()
            .put("supported", talk.revisions())
            .putIfPresent("requested", request.header(McpHeaders.REVISION))
            .build();
    var error = new RpcError(RpcCode.UNSUPPORTED_VERSION, "Unsupported protocol version", data);
    return Replies.error(400, error, id(request));
  }

  /// Whom an error is for; nobody in particular if what was sent cannot be read.
  private static RpcId id(Incoming request) {
    try {
      return Envelope.read(request.body()).id();
    } catch (MalformedException e) {
      return NO_ID;
    }
  }

  private Response tooMany(Incoming request, Caller caller, Excess what) {
    refused(request, caller, new Evidence(what.limit(), "fewer", "too many", "limits"));
    int code = what.status() == 503 ? RpcError.UNAVAILABLE : RpcError.TOO_MANY;
    var error = RpcError.of(code, what.words(front.name()), request.correlationId());
    return Replies.error(what.status(), error, NO_ID).withHeader("Retry-After", "10");
  }

  private Response stranger(Request request, Evidence why, Response response) {
    if (notes.strangers().mayRecord(request, CallRecord.REFUSED)) {
      notes.record().stranger(event(CallRecord.REFUSED, request.correlationId()), why);
    }
    return response.status() == 401 ? response.provedNothing() : response;
  }

  private CallRecord.Event event(String type, String correlationId) {
    return new CallRecord.Event(type, correlationId, front.connector());
  }

  private static Response forbidden(Request request, String why) {
    return Replies.error(403, RpcError.of(RpcError.DENIED, why, request.correlationId()), NO_ID);
  }

  private static Response response(Answer answer) {
    var response = Response.json(answer.status(), answer.body()).noStore();
    for (var challenge : answer.challenges()) {
      response = response.withAddedHeader("WWW-Authenticate", challenge.toHeader());
    }
    return response;
  }

  /// How many requests are under way.
  public int underWay() {
    return underWay.size();
  }

  /// Has what has shown one of these grants upstream cut off. Does not wait: each is cut by itself,
  /// since whoever tells of it is the one who tells of kills.
  public void withdrawn(Set<String> grants) {
    for (var passage : underWay) {
      if (passage.isShowing(grants)) {
        Thread.ofVirtual().name("cut").start(passage::withdrawn);
      }
    }
  }

  /// Has quiet streams looked at.
  public void tick() {
    underWay.forEach(Passage::tick);
  }

  /// Ends what is under way.
  public void close() {
    streams.close();
  }
}
