package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a client has sent in one POST: one message, or a batch of them.
///
/// @param batch whether they came as an array, as only 2025-03-26 has it
public record Envelope(List<Message> messages, boolean batch) {
  private static final String BATCH = "batch";
  private static final int MOST_IN_A_BATCH = 100;

  public Envelope {
    messages = List.copyOf(messages);
  }

  /// Reads a body. What a lenient parser could read in another way is refused: the server upstream
  /// must not find another call in it than the one that was judged.
  ///
  /// @throws MalformedException if it is not one message or a batch
  public static Envelope read(byte[] body) throws MalformedException {
    return isArray(body)
        ? batch(body)
        : new Envelope(List.of(Message.of(JsonObject.parseLarge(body))), false);
  }

  private static boolean isArray(byte[] body) {
    for (byte one : body) {
      if (one != ' ' && one != '\t' && one != '\r' && one != '\n') {
        return one == '[';
      }
    }
    return false;
  }

  private static Envelope batch(byte[] body) throws MalformedException {
    var wrapped = JsonObject.parseLarge(around(body));
    if (!wrapped.names().equals(Set.of(BATCH))) {
      throw new MalformedException("text follows the array");
    }
    var elements = wrapped.objects(BATCH).orElseThrow();
    if (elements.isEmpty() || elements.size() > MOST_IN_A_BATCH) {
      throw new MalformedException("a batch has 1 to " + MOST_IN_A_BATCH + " messages");
    }
    var messages = new ArrayList<Message>();
    var ids = new HashSet<RpcId>();
    for (var element : elements) {
      var message = Message.of(element);
      if (message instanceof Message.Request request && !ids.add(request.id())) {
        throw new MalformedException("two requests of a batch have the same id");
      }
      messages.add(message);
    }
    return new Envelope(messages, true);
  }

  /// What is done with one message.
  @FunctionalInterface
  public interface Change {
    JsonObject apply(JsonObject message) throws MalformedException;
  }

  /// A text of one message or an array of them, with each of them changed.
  ///
  /// @throws MalformedException if it is neither
  public static byte[] rewritten(byte[] text, Change change) throws MalformedException {
    if (!isArray(text)) {
      return change.apply(JsonObject.parseLarge(text)).toBytes();
    }
    var messages = new ArrayList<String>();
    for (var message : JsonObject.parseLarge(around(text)).objects(BATCH).orElseThrow()) {
      messages.add(change.apply(message).toJson());
    }
    return ("[" + String.join(",", messages) + "]").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] around(byte[] body) {
    var head = ("{\"" + BATCH + "\":").getBytes(StandardCharsets.UTF_8);
    var all = new byte[head.length + body.length + 1];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    all[all.length - 1] = '}';
    return all;
  }

  /// How many of them ask for an answer.
  public int requests() {
    return (int) messages.stream().filter(Message.Request.class::isInstance).count();
  }

  /// To whom an error about the whole of it is addressed.
  public RpcId id() {
    return !batch && messages.getFirst() instanceof Message.Request request
        ? request.id()
        : new RpcId.None();
  }
}
