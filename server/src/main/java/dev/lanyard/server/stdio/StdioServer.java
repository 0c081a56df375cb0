package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A command as a server upstream that speaks Streamable HTTP with sessions: each session is a
/// process. Thread-safe.
///
/// **Does not check** whether a session is the caller's: the gateway has.
///
/// @param <O> for whom processes run
public final class StdioServer<O extends Owner> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StdioServer.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String SESSION = "Mcp-Session-Id";
  private static final String STATELESS = "2026-07-28";
  private static final byte[] NOTHING = new byte[0];

  private final StdioConfig config;
  private final Launcher launcher;
  private final Journal<O> journal;
  private final InstantSource clock;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Places places;
  private volatile boolean closed;

  /// @throws IllegalArgumentException if the command cannot be run within limits here
  public StdioServer(StdioConfig config, Journal<O> journal, InstantSource clock) {
    this.config = config;
    this.launcher = new Launcher(config);
    this.places = new Places(config.limits());
    this.journal = journal;
    this.clock = clock;
  }

  private final class Running {
    private final String name;
    private final Launcher.Launched launched;
    private final Conversation conversation;
    private final Instant startedAt;
    private volatile O owner;
    private volatile Instant heardAt;
    private boolean ended;

    Running(String name, O owner, Launcher.Launched launched) {
      this.name = name;
      this.owner = owner;
      this.launched = launched;
      this.startedAt = clock.instant();
      this.heardAt = startedAt;
      this.conversation =
          new Conversation(
              launched.process(),
              config.limits().messageBytes(),
              why -> end(why.orElseGet(() -> exit(this))));
    }

    void heard(O who) {
      owner = who;
      heardAt = clock.instant();
    }

    /// Once, whoever is first; when it returns, nothing is left of it.
    synchronized void end(String why) {
      if (ended) {
        return;
      }
      ended = true;
      conversation.over(why);
      Launcher.end(launched);
      running.remove(name);
      places.leave(owner.name());
      journal.ended(owner, launched.process().pid(), why);
    }

    Optional<String> fault(Instant now) {
      if (owner.isDead()) {
        return Optional.of("its person may not go on");
      }
      if (!now.isBefore(startedAt.plus(config.limits().life()))) {
        return Optional.of("it has run for too long");
      }
      return !conversation.isBusy() && !now.isBefore(heardAt.plus(config.limits().idle()))
          ? Optional.of("nobody used it")
          : Optional.empty();
    }
  }

  /// Does what a server would that is asked this over HTTP.
  public UpstreamCall begin(O owner, UpstreamRequest request) {
    var session = header(request, SESSION);
    var known = session.flatMap(name -> Optional.ofNullable(running.get(name)));
    known.ifPresent(one -> one.heard(owner));
    if (session.isPresent() && known.isEmpty()) {
      return refused(404, "null", -32001, "There is no such session.");
    }
    return switch (request.method()) {
      case "POST" -> message(owner, known, request);
      case "GET" -> known.map(this::stream).orElseGet(StdioServer::sessionless);
      case "DELETE" -> known.map(this::ended).orElseGet(StdioServer::sessionless);
      default -> StdioCall.answered(405, NOTHING);
    };
  }

  private static Optional<String> header(UpstreamRequest request, String name) {
    return request.headers().stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  private static UpstreamCall sessionless() {
    return refused(400, "null", -32600, "This needs a session.");
  }

  private static UpstreamCall refused(int status, String id, int code, String why) {
    var text =
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"%s\"}}"
            .formatted(id, code, why);
    return StdioCall.answered(status, text.getBytes(StandardCharsets.UTF_8));
  }

  private UpstreamCall message(O owner, Optional<Running> known, UpstreamRequest request) {
    var text = new byte[request.body().remaining()];
    request.body().slice().get(text);
    JsonObject message;
    try {
      message = JsonObject.parseLarge(text);
    } catch (MalformedException e) {
      return refused(400, "null", -32600, "This server takes one message at a time.");
    }
    var id = message.text("id").orElse("null");
    if (header(request, "MCP-Protocol-Version").filter(STATELESS::equals).isPresent()) {
      return refused(400, id, -32022, "This server speaks revisions with sessions only.");
    }
    if (known.isPresent()) {
      return message(known.get(), message, text, List.of());
    }
    return message.text("method").equals(Optional.of("\"initialize\"")) && message.has("id")
        ? opened(owner, message, text)
        : refused(400, id, -32600, "This needs a session.");
  }

  private UpstreamCall message(
      Running session, JsonObject message, byte[] text, List<Field> headers) {
    var id = message.text("id");
    if (id.isEmpty() || !message.has("method")) {
      return taken(session.conversation.tell(text), "null")
          .orElseGet(() -> StdioCall.answered(202, NOTHING));
    }
    var call =
        new StdioCall(
            headers, config.limits().messageBytes(), () -> session.conversation.givenUp(id.get()));
    return taken(session.conversation.ask(id.get(), message, text, call), id.get()).orElse(call);
  }

  private static Optional<UpstreamCall> taken(Conversation.Taking taking, String id) {
    return switch (taking) {
      case TAKEN -> Optional.empty();
      case FULL -> Optional.of(refused(503, id, -32000, "The server does not read."));
      case TAKEN_ID -> Optional.of(refused(400, id, -32600, "This id is in use."));
      case ENDED -> Optional.of(refused(404, id, -32001, "There is no such session."));
    };
  }

  private UpstreamCall opened(O owner, JsonObject message, byte[] text) {
    var id = message.text("id").orElseThrow();
    if (closed || !places.take(owner.name())) {
      return refused(503, id, -32000, "Too many sessions are open; end one, or try again later.");
    }
    Running session;
    try {
      session = new Running(name(), owner, launcher.start(name()));
    } catch (UncheckedIOException e) {
      places.leave(owner.name());
      LOG.error("{} does not start", config.command().getFirst(), e);
      return refused(503, id, -32000, "The server does not start.");
    }
    running.put(session.name, session);
    try {
      journal.started(owner, session.launched.process().pid());
    } catch (RuntimeException e) {
      session.end("it could not be recorded");
      throw e;
    }
    session.conversation.begin("stdio " + session.launched.process().pid());
    // Its children may hold its output open when it has gone.
    var _ = session.launched.process().onExit().thenAccept(_ -> session.end(exit(session)));
    if (closed) {
      session.end("this node stops");
    }
    return message(session, message, text, List.of(new Field(SESSION, session.name)));
  }

  private String exit(Running session) {
    try {
      return session.launched.process().waitFor(1, TimeUnit.SECONDS)
          ? "its process has ended with " + session.launched.process().exitValue()
          : "its process says no more";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "this node stops";
    }
  }

  private static String name() {
    var bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private UpstreamCall stream(Running session) {
    var holder = new StdioCall[1];
    var call =
        new StdioCall(
            List.of(),
            config.limits().messageBytes(),
            () -> session.conversation.standsNoMore(holder[0]));
    holder[0] = call;
    return session.conversation.stands(call)
        ? call
        : refused(409, "null", -32600, "There is a stream already.");
  }

  private UpstreamCall ended(Running session) {
    session.end("its session was ended");
    return StdioCall.answered(204, NOTHING);
  }

  /// Ends what should not go on; to be called when somebody may have been killed, and from time to
  /// time.
  public void look() {
    var now = clock.instant();
    // Whoever tells of a kill is not held up until it is carried out.
    running
        .values()
        .forEach(
            one -> one.fault(now).ifPresent(why -> Thread.ofVirtual().start(() -> one.end(why))));
  }

  /// How many processes there are.
  public int size() {
    return running.size();
  }

  @Override
  public void close() {
    closed = true;
    running.values().forEach(one -> one.end("this node stops"));
    launcher.close();
  }
}
