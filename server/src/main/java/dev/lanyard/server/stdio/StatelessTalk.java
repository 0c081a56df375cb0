package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.http.BodySource.Piece;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// What is said in 2026-07-28 with one process, where each request stands alone. Several of them
/// may carry the same id, so the process sees numbers of ours.
///
/// It is asked once what it speaks. One that begins with `initialize` is greeted so, as by a client
/// that can do nothing for it, and its answers are told as the newer revision has them.
/// Thread-safe.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio MCP stdio
final class StatelessTalk {

  /// How long one may take to start, and to say that it knows what it is asked.
  private static final Duration PROBE = Duration.ofSeconds(20);

  /// How long one may take to begin.
  private static final Duration GREETING = Duration.ofSeconds(30);

  private static final JsonObject PONG =
      JsonObject.builder().put("result", JsonObject.EMPTY).build();

  private final Conversation process;
  private final int messageBytes;
  private final AtomicBoolean begins;
  private final AtomicLong last = new AtomicLong();
  private final CompletableFuture<Dialect> dialect = new CompletableFuture<>();

  /// @param begins whether the command is known to begin with `initialize`: asking it for another
  ///   way takes time, and some end when they are asked
  StatelessTalk(Conversation process, int messageBytes, AtomicBoolean begins) {
    this.process = process;
    this.messageBytes = messageBytes;
    this.begins = begins;
  }

  /// What a process speaks.
  private sealed interface Dialect {
    /// The revision itself.
    record Modern() implements Dialect {}

    /// An older one.
    ///
    /// @param says the result of `initialize`
    record Older(JsonObject says) implements Dialect {}

    /// None that is known here.
    record Unknown() implements Dialect {}
  }

  /// Finds out what the process speaks, while whoever asks it waits.
  void greet() {
    Thread.ofVirtual()
        .name("stdio greeting")
        .start(() -> {
          try {
            dialect.complete(greeted());
          } finally {
            // Whatever has gone wrong: nobody waits for ever.
            dialect.complete(new Dialect.Unknown());
          }
        });
  }

  private Dialect greeted() {
    if (!begins.get() && discovered().filter(StatelessTalk::knows).isPresent()) {
      return new Dialect.Modern();
    }
    var says = initialized();
    // One that has neither may be another the next time.
    begins.set(says.isPresent() || !begins.get());
    return says.<Dialect>map(Dialect.Older::new).orElseGet(Dialect.Unknown::new);
  }

  private Optional<JsonObject> discovered() {
    var meta = MetaKey.ofRequest(self(), JsonObject.EMPTY);
    return own(McpMethod.DISCOVER, JsonObject.builder().put(MetaKey.META, meta).build(), PROBE);
  }

  private static boolean knows(JsonObject result) {
    try {
      return result.strings("supportedVersions").orElse(List.of()).contains(McpRevision.STATELESS);
    } catch (MalformedException e) {
      return false;
    }
  }

  private Optional<JsonObject> initialized() {
    var params =
        JsonObject.builder()
            .put("protocolVersion", McpRevision.LAST_WITH_SESSIONS)
            .put("capabilities", JsonObject.EMPTY)
            .put("clientInfo", self())
            .build();
    var says = own(McpMethod.INITIALIZE, params, GREETING);
    var note =
        JsonObject.builder().put("jsonrpc", "2.0").put("method", McpMethod.INITIALIZED).build();
    return says.filter(_ -> process.tell(note.toBytes()) == Conversation.Taking.TAKEN);
  }

  private static JsonObject self() {
    return JsonObject.builder().put("name", "lanyard").put("version", "1").build();
  }

  /// The result of a request of our own; empty if there is none.
  private Optional<JsonObject> own(String method, JsonObject params, Duration atMost) {
    long number = last.incrementAndGet();
    var id = Long.toString(number);
    var message =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("id", number)
            .put("method", method)
            .put("params", params)
            .build();
    var call = new StdioCall(List.of(), messageBytes, () -> process.givenUp(id));
    return process.ask(id, message, message.toBytes(), call) == Conversation.Taking.TAKEN
            && call.await(atMost) instanceof Answered answered
            && answered.body().next() instanceof Piece.Some(var bytes)
        ? result(StandardCharsets.UTF_8.decode(bytes).toString())
        : Optional.empty();
  }

  private static Optional<JsonObject> result(String text) {
    try {
      return JsonObject.parseLarge(text.getBytes(StandardCharsets.UTF_8)).object("result");
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// Asks the process what a client asks.
  ///
  /// @return empty if the process has ended before it could be asked
  Optional<UpstreamCall> ask(JsonObject message) {
    try {
      var spoken = dialect.join();
      var asks =
          StatelessTranslation.of(message, last.incrementAndGet(), spoken instanceof Dialect.Older);
      // A process that knows both revisions would change its ways for everybody who shares it.
      if (McpMethod.OF_SESSIONS.contains(asks.method())) {
        return Optional.of(unknown(asks));
      }
      return switch (spoken) {
        case Dialect.Modern() -> sent(asks, message);
        case Dialect.Older(var says) ->
            switch (asks.method()) {
              case McpMethod.DISCOVER -> Optional.of(discovered(asks, says));
              // Nobody can tell it of which notifications to speak.
              case McpMethod.LISTEN -> Optional.of(unknown(asks));
              default -> sent(asks, message);
            };
        case Dialect.Unknown() ->
            process.isOver()
                ? Optional.empty()
                : Optional.of(
                    StdioServer.refused(
                        503,
                        asks.id(),
                        RpcCode.SERVER_ERROR,
                        "The server does not answer. Try again in a minute."));
      };
    } catch (MalformedException e) {
      return Optional.of(
          StdioServer.refused(
              400, "null", RpcCode.INVALID_REQUEST, "This is no request that can be read."));
    }
  }

  private static UpstreamCall unknown(StatelessTranslation asks) {
    return StdioServer.refused(404, asks.id(), RpcCode.METHOD_NOT_FOUND, "Method not found");
  }

  private Optional<UpstreamCall> sent(StatelessTranslation asks, JsonObject message)
      throws MalformedException {
    var id = Long.toString(asks.own());
    var call = new StdioCall(List.of(), messageBytes, asks, () -> process.givenUp(id));
    var changed = asks.asked(message);
    return switch (process.ask(id, changed, changed.toBytes(), call)) {
      case TAKEN -> Optional.of(call);
      case ENDED -> Optional.empty();
      case FULL, TAKEN_ID ->
          Optional.of(
              StdioServer.refused(
                  503, asks.id(), RpcCode.SERVER_ERROR, "The server does not read."));
    };
  }

  /// What an older server says of itself, as the newer revision has it; without what it could only
  /// tell on a stream of its own.
  private static UpstreamCall discovered(StatelessTranslation asks, JsonObject says)
      throws MalformedException {
    var can = JsonObject.builder();
    var said = says.object("capabilities").orElse(JsonObject.EMPTY);
    for (var name : List.of("tools", "resources", "prompts", "completions")) {
      if (said.has(name)) {
        can.put(name, JsonObject.EMPTY);
      }
    }
    var result = JsonObject.builder().put("supportedVersions", List.of(McpRevision.STATELESS));
    result
        .put("capabilities", can.build())
        .putIfPresent("instructions", says.string("instructions"));
    var info = says.object("serverInfo");
    if (info.isPresent()) {
      var meta = JsonObject.builder().put(MetaKey.SERVER_INFO, info.get()).build();
      result.put(MetaKey.META, meta);
    }
    var answer = JsonObject.builder().put("jsonrpc", "2.0").put("result", result.build()).build();
    return StdioCall.answered(200, asks.answered(answer.toBytes()));
  }

  /// What a process says of no request: it is told that nobody answers, if it asks; the end of a
  /// subscription is told to whoever has it. Nothing else has a reader.
  void stray(JsonObject message) {
    try {
      if (message.has("id")) {
        boolean isPing = message.string("method").orElse("").equals(McpMethod.PING);
        process.replied(message, isPing ? PONG : Conversation.NOBODY);
      } else if (message.string("method").orElse("").equals(McpMethod.CANCELLED)) {
        message
            .object("params")
            .orElse(JsonObject.EMPTY)
            .text("requestId")
            .ifPresent(process::subscriptionEnded);
      }
    } catch (MalformedException e) {
      // It is said to nobody.
    }
  }
}
