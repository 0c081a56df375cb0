package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.TraceParent;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// One request from its first byte to its answer.
///
/// The body is read without a thread waiting for it, so that slow peers cost memory only; then the
/// handler runs, on a virtual thread if it may wait.
final class Exchange implements Invocable.Task {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final Logger ACCESS = LoggerFactory.getLogger("dev.lanyard.access");

  private final org.eclipse.jetty.server.Request in;
  private final org.eclipse.jetty.server.Response out;
  private final Callback callback;
  private final Serving serving;
  private final Dispatcher dispatcher;
  private final String correlationId = CorrelationId.next();
  private final AtomicBoolean answered = new AtomicBoolean();
  private Router.Match match = new Router.Match.Unknown();
  private @Nullable GatheredBody body;
  private Scheduler.@Nullable Task deadline;

  Exchange(
      org.eclipse.jetty.server.Request in,
      org.eclipse.jetty.server.Response out,
      Callback callback,
      Serving serving,
      Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
    this.in = in;
    this.out = out;
    this.callback = callback;
    this.serving = serving;
  }

  void start(Router router) {
    match = match(router);
    switch (match) {
      case Router.Match.Found found -> accept(found.route());
      case Router.Match.WrongMethod wrong when isPreflight(wrong) ->
          answer(
              Answer.preflight(
                  wrong, in.getHeaders().getCSV("Access-Control-Request-Headers", false)));
      case Router.Match.WrongMethod wrong ->
          answer(
              error(405, "invalid_request", "this method is not served here")
                  .withHeader("Allow", Answer.allow(wrong)));
      case Router.Match.Unknown _ -> answer(error(404, "not_found", "nothing is served here"));
    }
  }

  /// What follows a semicolon has no meaning here, but it has in front of some servers: a path with
  /// one may be another path for whoever filters before us.
  private Router.Match match(Router router) {
    var sent = in.getHttpURI().getPath();
    return sent == null || sent.indexOf(';') >= 0
        ? new Router.Match.Unknown()
        : router.find(Method.of(in.getMethod()), path());
  }

  /// CONNECT names a host and has none.
  private String path() {
    return in.getHttpURI().getPath() == null
        ? ""
        : org.eclipse.jetty.server.Request.getPathInContext(in);
  }

  /// HTTP/2 and HTTP/1.0 say otherwise where a body ends, and of the codings we know one. The web
  /// server lets these pass; a proxy in between may read them in another way.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc9112.html#section-6.1 RFC 9112 §6.1
  private boolean hasForeignEncoding() {
    var codings = in.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
    return !codings.isEmpty()
        && (in.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
            || codings.size() > 1
            || !codings.getFirst().equalsIgnoreCase("chunked"));
  }

  private boolean isPreflight(Router.Match.WrongMethod wrong) {
    return wrong.crossOrigin() == CrossOrigin.ALLOWED
        && in.getMethod().equals("OPTIONS")
        && in.getHeaders().contains(HttpHeader.ORIGIN);
  }

  private void accept(Route route) {
    var gathered = new GatheredBody(serving.bodies(), route.bodyLimit(), this::network);
    body = gathered;
    if (hasForeignEncoding()) {
      malformed("chunked in HTTP/1.1", "another transfer-encoding", "RFC 9112 §6.1");
    } else if (declared() > gathered.most()) {
      tooLarge(gathered);
    } else {
      run();
    }
  }

  private InetAddress network() {
    return Strangers.network(Request.source(in, serving.proxies()));
  }

  /// Takes what has arrived of the body; called again when more has.
  @Override
  public void run() {
    while (!answered.get()) {
      var chunk = in.read();
      if (chunk == null) {
        expectMoreInTime();
        in.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        gone(chunk.getFailure());
        return;
      }
      if (!kept(chunk)) {
        return;
      }
      if (chunk.isLast()) {
        ended();
        return;
      }
    }
  }

  private void ended() {
    if (declared() >= 0 && !body().isOf(declared())) {
      malformed("as long as announced", "another length", "RFC 9113 §8.1.1");
      return;
    }
    // What was ended meanwhile is answered already.
    body().whole().ifPresent(this::dispatch);
  }

  private Router.Match.Found found() {
    return (Router.Match.Found) match;
  }

  private boolean kept(Content.Chunk chunk) {
    var gathered = body();
    var kept = gathered.add(chunk.getByteBuffer(), declared(), chunk.isLast());
    chunk.release();
    switch (kept) {
      case KEPT -> {}
      case TOO_LARGE -> tooLarge(gathered);
      case NO_ROOM -> noRoom();
    }
    return kept == GatheredBody.Kept.KEPT;
  }

  /// The length that the peer has said; negative if it has said none.
  private long declared() {
    return in.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
  }

  private GatheredBody body() {
    return Objects.requireNonNull(body, "a route was found");
  }

  /// The idle timeout does not see a peer that sends a byte now and then.
  private void expectMoreInTime() {
    if (deadline == null) {
      deadline =
          in.getComponents()
              .getScheduler()
              .schedule(
                  this::tooSlow, serving.limits().request().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void tooSlow() {
    var most = serving.limits().request();
    turnedAway(
        error(408, "invalid_request", "the body did not arrive in time"),
        new Evidence("body", "whole within " + most, "not whole", "RFC 9110 §15.5.9"));
  }

  private void tooLarge(GatheredBody gathered) {
    var limit = gathered.most();
    turnedAway(
        error(413, "invalid_request", "the body is larger than " + limit + " bytes"),
        new Evidence("body", "at most " + limit + " bytes", "more", "RFC 9110 §15.5.14"));
  }

  private void malformed(String expected, String actual, String requirement) {
    turnedAway(
        error(400, "invalid_request", "the request is not well-formed HTTP"),
        new Evidence("request", expected, actual, requirement));
  }

  private void noRoom() {
    var bodies = serving.bodies();
    turnedAway(
        unavailable("too much is being sent to this server; try again later"),
        new Evidence(
            "body",
            "within its network's share of the memory for all bodies",
            bodies.used() + " of " + bodies.all() + " bytes are taken",
            "RFC 9110 §15.6.4"));
  }

  /// Answered once it is on record: whoever asks for it by its id must find it.
  private void turnedAway(Response response, Evidence failed) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    over();
    dispatcher.refused(
        new Refusals.Refusal(
            Optional.of(found().route().pattern()),
            correlationId,
            Request.source(in, serving.proxies()),
            failed),
        () -> write(closing(response)));
  }

  /// The rest of the body is not read, so the connection cannot serve another request.
  private static Response closing(Response response) {
    return response.withHeader("Connection", "close");
  }

  private void gone(Throwable cause) {
    if (answered.compareAndSet(false, true)) {
      over();
      LOG.debug("{} ended before its body did: {}", correlationId, cause.toString());
      callback.failed(cause);
    }
  }

  /// Nothing more is kept of the body.
  private void over() {
    body().release();
    withinTime();
  }

  private void withinTime() {
    if (deadline != null) {
      deadline.cancel();
    }
  }

  private void dispatch(byte[] whole) {
    withinTime();
    // Whoever waits for a handler, or for somebody that the handler waits for, is not idle.
    in.addIdleTimeoutListener(_ -> false);
    var connection = in.getConnectionMetaData().getConnection();
    if (!found().route().blocking() || ServerThreads.readsOn(connection)) {
      handle(whole, this::answer);
    } else {
      serving
          .handlers()
          .execute(() ->
              handle(
                  whole, response -> ServerThreads.answering(connection, () -> answer(response))));
    }
  }

  private void handle(byte[] whole, Consumer<Response> answer) {
    // Lines of the log about this request say so.
    try (var _ = MDC.putCloseable("correlation_id", correlationId)) {
      handled(whole, answer);
    } finally {
      body().release();
    }
  }

  private void handled(byte[] whole, Consumer<Response> answer) {
    var response = serving.tracer().request(this::caller, this::name, () -> respondAndTell(whole));
    boolean full = response.events().isPresent() && !serving.streams().hasRoom();
    answer.accept(full ? unavailable("there are too many streams; try again later") : response);
  }

  private Response unavailable(String why) {
    return error(503, "temporarily_unavailable", why).withHeader("Retry-After", "5");
  }

  /// Where the request belongs; whoever says it twice has said nothing.
  private Optional<String> caller() {
    var said = in.getHeaders().getValuesList(TraceParent.HEADER);
    return said.size() == 1 ? Optional.of(said.getFirst()) : Optional.empty();
  }

  private String name() {
    return in.getMethod() + " " + found().route().pattern();
  }

  private Response respondAndTell(byte[] whole) {
    var response = respond(whole);
    Span.tell("http.request.method", in.getMethod());
    Span.tell("http.route", found().route().pattern());
    Span.tell("http.response.status_code", Integer.toString(response.status()));
    Span.tell("lanyard.correlation_id", correlationId);
    if (response.status() >= 500) {
      Span.tell(Span.FAULT, Integer.toString(response.status()));
    }
    return response;
  }

  private Response respond(byte[] whole) {
    var method = Method.of(in.getMethod()).orElseThrow();
    var request =
        new Request(in, method, found().parameters(), whole, correlationId, serving.proxies());
    try {
      return found().route().handler().handle(request);
    } catch (UncheckedIOException e) {
      LOG.error("{} cannot be answered now", request, e);
      return unavailable("we cannot answer now; try again later");
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", request, e);
      return error(500, "server_error", "this is a fault of ours");
    }
  }

  private Response error(int status, String code, String description) {
    return Response.error(path(), status, code, description, correlationId);
  }

  private void answer(Response response) {
    if (!answered.compareAndSet(false, true)) {
      response.source().ifPresent(BodySource::closed);
      return;
    }
    write(response);
  }

  private void write(Response response) {
    ACCESS.info(
        "{} {} {} {} {} us",
        correlationId,
        in.getMethod(),
        path(),
        response.status(),
        (System.nanoTime() - in.getHeadersNanoTime()) / 1000);
    boolean headOnly = in.getMethod().equals("HEAD");
    if (headOnly) {
      response.source().ifPresent(BodySource::closed);
    }
    Consumer<Response> head = one -> Answer.begin(one, crossOrigin(), correlationId, out);
    if (response.events().isPresent() && !headOnly) {
      head.accept(response);
      serving.streams().start(response.events().get(), out, callback);
    } else if (response.source().isPresent() && !headOnly) {
      new BodyStream(response, head, out, callback).start();
    } else {
      Answer.write(response, crossOrigin(), correlationId, out, callback);
    }
  }

  private CrossOrigin crossOrigin() {
    return switch (match) {
      case Router.Match.Found found -> found.route().crossOrigin();
      case Router.Match.WrongMethod wrong -> wrong.crossOrigin();
      case Router.Match.Unknown _ -> CrossOrigin.REFUSED;
    };
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
