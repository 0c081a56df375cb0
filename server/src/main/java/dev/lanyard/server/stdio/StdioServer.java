package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import dev.lanyard.server.stdio.Processes.Start;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A command as a server upstream that speaks Streamable HTTP: each session is a process, and where
/// there are no sessions (2026-07-28) each person has one through each client. Thread-safe.
///
/// **Does not check** whether a session is the caller's: the gateway has.
///
/// @param <O> for whom processes run
public final class StdioServer<O extends Owner> implements AutoCloseable {
  private static final byte[] NOTHING = new byte[0];

  private final StdioConfig config;
  private final Processes<O> processes;
  private final SharedProcesses<O> shared;

  /// @throws IllegalArgumentException if the command cannot be run within limits here
  public StdioServer(StdioConfig config, Journal<O> journal, InstantSource clock) {
    this.config = config;
    this.shared = new SharedProcesses<>(config.limits().messageBytes());
    this.processes = new Processes<>(config, journal, clock, shared::ended);
  }

  /// Does what a server would that is asked this over HTTP.
  public UpstreamCall begin(O owner, UpstreamRequest request) {
    if (header(request, McpHeaders.REVISION).filter(McpRevision.STATELESS::equals).isPresent()) {
      return stateless(owner, request);
    }
    var session = header(request, McpHeaders.SESSION);
    var known = session.flatMap(name -> processes.heard(name, owner));
    if (session.isPresent() && known.isEmpty()) {
      return refused(404, "null", RpcCode.NO_SESSION, "There is no such session.");
    }
    return switch (request.method()) {
      case "POST" -> message(owner, known, request);
      case "GET" -> known.map(this::stream).orElseGet(StdioServer::sessionless);
      case "DELETE" -> known.map(this::ended).orElseGet(StdioServer::sessionless);
      default -> StdioCall.answered(405, NOTHING);
    };
  }

  /// Which process would be asked without a session now; empty if one would be started.
  public Optional<String> shared(O owner) {
    return shared.of(owner);
  }

  private static Optional<String> header(UpstreamRequest request, String name) {
    return request.headers().stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  private static UpstreamCall sessionless() {
    return refused(400, "null", RpcCode.INVALID_REQUEST, "This needs a session.");
  }

  static UpstreamCall refused(int status, String id, int code, String why) {
    var text =
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"%s\"}}"
            .formatted(id, code, why);
    return StdioCall.answered(status, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] text(UpstreamRequest request) {
    var text = new byte[request.body().remaining()];
    request.body().slice().get(text);
    return text;
  }

  /// A request of 2026-07-28. Of notifications a process would not know whom they are about.
  private UpstreamCall stateless(O owner, UpstreamRequest request) {
    try {
      var message = Roots.without(JsonObject.parseLarge(text(request)));
      var id = message.text("id").filter(_ -> message.has("method"));
      return id.map(one -> shared.ask(owner, processes, one, message))
          .orElseGet(() -> StdioCall.answered(202, NOTHING));
    } catch (MalformedException e) {
      return refused(
          400, "null", RpcCode.INVALID_REQUEST, "This server takes one message at a time.");
    }
  }

  private UpstreamCall message(O owner, Optional<StdioProcess<O>> known, UpstreamRequest request) {
    var text = text(request);
    JsonObject message;
    try {
      var said = JsonObject.parseLarge(text);
      message = Roots.without(said);
      text = message.equals(said) ? text : message.toBytes();
    } catch (MalformedException e) {
      return refused(
          400, "null", RpcCode.INVALID_REQUEST, "This server takes one message at a time.");
    }
    var id = message.text("id").orElse("null");
    if (known.isPresent()) {
      return message(known.get(), message, text, List.of());
    }
    return message.text("method").equals(Optional.of("\"initialize\"")) && message.has("id")
        ? opened(owner, message, text)
        : refused(400, id, RpcCode.INVALID_REQUEST, "This needs a session.");
  }

  private UpstreamCall message(
      StdioProcess<O> session, JsonObject message, byte[] text, List<Field> headers) {
    var id = message.text("id");
    if (Roots.isChange(message)) {
      return StdioCall.answered(202, NOTHING);
    }
    if (id.isEmpty() || !message.has("method")) {
      var conversation = session.conversation();
      return taken(
              cancels(message)
                  .map(one -> conversation.cancelled(one, text))
                  .orElseGet(() -> conversation.tell(text)),
              "null")
          .orElseGet(() -> StdioCall.answered(202, NOTHING));
    }
    var call =
        new StdioCall(
            headers,
            config.limits().messageBytes(),
            () -> session.conversation().givenUp(id.get()));
    return taken(session.conversation().ask(id.get(), message, text, call), id.get()).orElse(call);
  }

  /// Which request a message takes back, as its id is written.
  private static Optional<String> cancels(JsonObject message) {
    try {
      return message.string("method").equals(Optional.of(McpMethod.CANCELLED))
          ? message.object("params").orElse(JsonObject.EMPTY).text("requestId")
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<UpstreamCall> taken(Conversation.Taking taking, String id) {
    return switch (taking) {
      case TAKEN -> Optional.empty();
      case FULL -> Optional.of(refused(503, id, RpcCode.SERVER_ERROR, "The server does not read."));
      case TAKEN_ID -> Optional.of(refused(400, id, RpcCode.INVALID_REQUEST, "This id is in use."));
      case ENDED -> Optional.of(refused(404, id, RpcCode.NO_SESSION, "There is no such session."));
    };
  }

  private UpstreamCall opened(O owner, JsonObject message, byte[] text) {
    return switch (processes.start(owner)) {
      case Start.Refused<O>(var why) ->
          refused(503, message.text("id").orElseThrow(), RpcCode.SERVER_ERROR, why);
      case Start.Begun<O>(var process) -> {
        process.begin();
        yield message(
            process, message, text, List.of(new Field(McpHeaders.SESSION, process.name())));
      }
    };
  }

  private UpstreamCall stream(StdioProcess<O> session) {
    var holder = new StdioCall[1];
    var call =
        new StdioCall(
            List.of(),
            config.limits().messageBytes(),
            () -> session.conversation().standsNoMore(holder[0]));
    holder[0] = call;
    return session.conversation().stands(call)
        ? call
        : refused(409, "null", RpcCode.INVALID_REQUEST, "There is a stream already.");
  }

  private UpstreamCall ended(StdioProcess<O> session) {
    session.end("its session was ended");
    return StdioCall.answered(204, NOTHING);
  }

  /// Ends what should not go on; to be called when anybody may have been killed, and from time to
  /// time.
  public void look() {
    processes.look();
  }

  /// The same where it is known who may have been killed.
  ///
  /// @param names of theirs, see [Owner#names]
  public void look(Set<String> names) {
    processes.look(names);
  }

  /// How many processes there are.
  public int size() {
    return processes.size();
  }

  @Override
  public void close() {
    processes.close();
  }
}
