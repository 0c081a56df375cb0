package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.RpcCode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session with one process: what the client asks goes in line by line, what comes out is given
/// to who waits for it. Thread-safe.
final class Conversation {
  /// What a process hears that asks what nobody answers.
  static final JsonObject NOBODY =
      JsonObject.builder()
          .put(
              "error",
              JsonObject.builder()
                  .put("code", RpcCode.METHOD_NOT_FOUND)
                  .put("message", "Nobody answers")
                  .build())
          .build();

  private static final int MOST_UNREAD = 16;
  private static final int MOST_KEPT = 100;
  private static final int MOST_NONSENSE = 1_000;

  private final Process process;
  private final int messageBytes;
  private final Runnable onRest;
  private final Consumer<Optional<String>> onEnd;
  private final BlockingQueue<byte[]> input = new ArrayBlockingQueue<>(MOST_UNREAD);
  private final Map<String, StdioCall> asked = new LinkedHashMap<>();
  private final Map<String, String> progress = new LinkedHashMap<>();
  private final ArrayDeque<byte[]> kept = new ArrayDeque<>();
  private int keptBytes;
  private @Nullable StdioCall standing;
  private @Nullable String over;
  private @Nullable Consumer<JsonObject> strays;
  private volatile @Nullable Thread writer;

  /// @param onRest called when nobody waits for anything any more; returns at once
  /// @param onEnd called when nothing more is heard of the process, with the reason if it is ours
  Conversation(
      Process process, int messageBytes, Runnable onRest, Consumer<Optional<String>> onEnd) {
    this.process = process;
    this.messageBytes = messageBytes;
    this.onRest = onRest;
    this.onEnd = onEnd;
  }

  /// What the process says of no request goes there and to nobody who has asked something: they are
  /// several.
  synchronized void strayTo(Consumer<JsonObject> others) {
    strays = others;
  }

  void begin(String name) {
    var in = Thread.ofPlatform().daemon().name(name + " in").unstarted(this::write);
    writer = in;
    in.start();
    Thread.ofPlatform().daemon().name(name + " out").start(this::read);
  }

  /// Whether it took something in.
  enum Taking {
    TAKEN,
    /// The process does not read.
    FULL,
    /// The id is that of a request that is not answered yet.
    TAKEN_ID,
    ENDED
  }

  /// Something that is not answered.
  synchronized Taking tell(byte[] message) {
    if (over != null) {
      return Taking.ENDED;
    }
    return input.offer(line(message)) ? Taking.TAKEN : Taking.FULL;
  }

  /// Something that is.
  ///
  /// @param id as it is written
  synchronized Taking ask(String id, JsonObject message, byte[] text, StdioCall call) {
    if (over != null) {
      return Taking.ENDED;
    }
    if (asked.containsKey(id)) {
      return Taking.TAKEN_ID;
    }
    if (!input.offer(line(text))) {
      return Taking.FULL;
    }
    asked.put(id, call);
    token(message).ifPresent(token -> progress.put(token, id));
    return Taking.TAKEN;
  }

  private static Optional<String> token(JsonObject message) {
    try {
      var params = message.object("params");
      var meta =
          params.isPresent() ? params.get().object(MetaKey.META) : Optional.<JsonObject>empty();
      return meta.flatMap(one -> one.text(MetaKey.PROGRESS_TOKEN));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// Of JSON only blank space is a line break: nothing of the message changes.
  private static byte[] line(byte[] message) {
    var line = new byte[message.length + 1];
    for (int i = 0; i < message.length; i++) {
      line[i] = message[i] == '\n' || message[i] == '\r' ? (byte) ' ' : message[i];
    }
    line[message.length] = '\n';
    return line;
  }

  /// The client has taken back what it has asked. Processes that are told so do not answer it, so
  /// nobody waits for that.
  ///
  /// @param id of the request, as it is written
  /// @param message that says so
  Taking cancelled(String id, byte[] message) {
    var call = taken(id);
    if (call != null) {
      call.cancelled();
    }
    return tell(message);
  }

  /// Nobody waits for this answer any more.
  void givenUp(String id) {
    if (taken(id) != null) {
      var cancelled =
          "{\"jsonrpc\":\"2.0\",\"method\":\""
              + McpMethod.CANCELLED
              + "\",\"params\":{\"requestId\":"
              + id
              + "}}";
      // If it does not read, it does not read this either.
      var _ = tell(cancelled.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// What the process says by itself goes there from now on.
  ///
  /// @return whether nothing else stands there
  synchronized boolean stands(StdioCall call) {
    if (standing != null || over != null) {
      return false;
    }
    standing = call;
    call.open();
    for (byte[] early = kept.poll(); early != null; early = kept.poll()) {
      call.event(early);
    }
    keptBytes = 0;
    return true;
  }

  synchronized void standsNoMore(StdioCall call) {
    if (standing == call) {
      standing = null;
      rests();
    }
  }

  /// Whoever waits for the answer to this, who waits no more.
  private synchronized @Nullable StdioCall taken(String id) {
    var call = asked.remove(id);
    progress.values().remove(id);
    // A process that answers what nobody has asked does not keep itself in use by it.
    if (call != null) {
      rests();
    }
    return call;
  }

  private synchronized void rests() {
    if (!isBusy()) {
      onRest.run();
    }
  }

  /// Whether anybody waits for something.
  synchronized boolean isBusy() {
    return !asked.isEmpty() || standing != null;
  }

  synchronized boolean isOver() {
    return over != null;
  }

  private void write() {
    try (var to = process.getOutputStream()) {
      while (!isOver()) {
        to.write(input.take());
        to.flush();
      }
    } catch (IOException e) {
      // It does not read any more: that it has ended is heard where it is read.
    } catch (InterruptedException e) {
      // It is over.
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    var why = Optional.<String>empty();
    int nonsense = 0;
    try (var from = new BufferedInputStream(process.getInputStream())) {
      var line = new ByteArrayOutputStream();
      for (int one = from.read(); one >= 0 && why.isEmpty(); one = from.read()) {
        if (one == '\n') {
          nonsense += said(line.toByteArray()) ? 0 : 1;
          line.reset();
        } else if (one != '\r') {
          line.write(one);
        }
        if (line.size() > messageBytes || nonsense > MOST_NONSENSE) {
          why = Optional.of("it has written what nobody reads");
          onEnd.accept(why);
        }
      }
    } catch (IOException e) {
      // As if it had said no more.
    }
    onEnd.accept(why);
  }

  /// @return whether it was a message
  private boolean said(byte[] line) {
    JsonObject message;
    try {
      message = JsonObject.parseLarge(line);
    } catch (MalformedException e) {
      return line.length == 0;
    }
    var id = message.text("id");
    boolean isAnswer = id.isPresent() && !message.has("method");
    if (isAnswer) {
      answered(id.get(), line);
    } else {
      said(message, line);
    }
    return true;
  }

  private void answered(String id, byte[] line) {
    var call = taken(id);
    // An answer to what nobody asks, or has given up, is nobody's.
    if (call != null) {
      call.finish(line);
    }
  }

  /// A request or a notification of the process's.
  private synchronized void said(JsonObject message, byte[] line) {
    if (Roots.isQuestion(message)) {
      replied(message, NOBODY);
      return;
    }
    var about = about(message);
    if (about.isEmpty() && strays != null) {
      strays.accept(message);
      return;
    }
    var to =
        about.isPresent()
            ? asked.get(about.get())
            : standing != null ? standing : asked.isEmpty() ? null : last();
    if (to != null) {
      to.event(line);
    } else if (kept.size() < MOST_KEPT && keptBytes + line.length <= messageBytes) {
      kept.add(line);
      keptBytes += line.length;
    }
  }

  /// Answers what the process asks. If it does not read, it does not read this either.
  void replied(JsonObject question, JsonObject answer) {
    var _ = tell(answer.with(question.without("method").without("params")).toBytes());
  }

  private Optional<String> about(JsonObject message) {
    try {
      var params = message.object("params").orElse(JsonObject.EMPTY);
      var meta = params.object(MetaKey.META).orElse(JsonObject.EMPTY);
      return params
          .text(MetaKey.PROGRESS_TOKEN)
          .flatMap(token -> Optional.ofNullable(progress.get(token)))
          .or(() -> meta.text(MetaKey.SUBSCRIPTION))
          .filter(id -> !message.has("id") && asked.containsKey(id));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// The process ends a subscription by itself.
  void subscriptionEnded(String id) {
    if (id.matches("[0-9]{1,19}")) {
      var end =
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"resultType\":\"complete\",\"_meta\":{\"%s\":%s}}}";
      answered(id, end.formatted(id, MetaKey.SUBSCRIPTION, id).getBytes(StandardCharsets.UTF_8));
    }
  }

  private StdioCall last() {
    @Nullable StdioCall last = null;
    for (var call : asked.values()) {
      last = call;
    }
    return Objects.requireNonNull(last);
  }

  /// It is over: whoever waits is told.
  void over(String why) {
    Map<String, StdioCall> waiting;
    @Nullable StdioCall stream;
    synchronized (this) {
      if (over != null) {
        return;
      }
      over = why;
      waiting = Map.copyOf(asked);
      asked.clear();
      stream = standing;
    }
    var in = writer;
    if (in != null) {
      in.interrupt();
    }
    waiting.forEach((id, call) -> call.finish(ended(id, why)));
    if (stream != null) {
      stream.end();
    }
  }

  static byte[] ended(String id, String why) {
    return ("{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"error\":{\"code\":"
            + RpcCode.INTERNAL_ERROR
            + ",\"message\":\"The server of this session has ended: "
            + why
            + ".\"}}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
