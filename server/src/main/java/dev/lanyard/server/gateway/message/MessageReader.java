package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds out what the messages in a JSON text are while it passes by, one message or an array of
/// them, and keeps no more of it than an id: results may be of any size.
///
/// What two readers could take for two different messages is refused: a member of the envelope that
/// is there twice or is spelled in other letters, a method beside a result, an id that is none. Not
/// thread-safe.
public final class MessageReader {
  private static final int MOST_MESSAGES = 100;

  /// A name that is longer cannot be one of the envelope, however it is escaped.
  private static final int LONGEST_NAME = 96;

  private static final int LONGEST_ID = 6 * RpcId.LONGEST + 2;

  /// A method that is longer is none that is looked for, however it is escaped.
  private static final int LONGEST_METHOD = 200;

  private final JsonGrammar grammar = new JsonGrammar();
  private final List<Heard> heard = new ArrayList<>();
  private final Set<String> members = new HashSet<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private RpcId id = new RpcId.None();
  private int level = 1;
  private int most;
  private boolean quoted;
  private Keeping keeping = Keeping.NOTHING;
  private String member = "";
  private String method = "";

  private enum Keeping {
    NOTHING,
    NAME,
    ID,
    METHOD
  }

  /// All messages of a text that is here as a whole.
  ///
  /// @throws MalformedException if it is not one message or an array of them
  public static List<Heard> all(byte[] text) throws MalformedException {
    return whole(text).heard();
  }

  /// The one message of such a text.
  ///
  /// @throws MalformedException if it is not one message, or it is one in an array
  public static Heard only(byte[] text) throws MalformedException {
    var reader = whole(text);
    if (reader.isArray()) {
      throw new MalformedException("an array of messages");
    }
    return reader.heard().getFirst();
  }

  private static MessageReader whole(byte[] text) throws MalformedException {
    var reader = new MessageReader();
    reader.read(ByteBuffer.wrap(text));
    if (!reader.isComplete()) {
      throw new MalformedException("the JSON text is not complete");
    }
    return reader;
  }

  /// Reads on.
  ///
  /// @throws MalformedException if what there is cannot become one message or an array of them
  public void read(ByteBuffer bytes) throws MalformedException {
    while (bytes.hasRemaining()) {
      take(bytes.get());
    }
  }

  /// Whether the text has ended: nothing but white space may follow.
  public boolean isComplete() {
    return grammar.isComplete();
  }

  /// Whether the text is, or begins, an array of messages.
  public boolean isArray() {
    return level == 2;
  }

  /// Whether the message that is being read has a result, as far as it has arrived.
  public boolean isResult() {
    return members.contains("result");
  }

  /// The messages that were complete since this was asked last.
  public List<Heard> heard() {
    var these = List.copyOf(heard);
    heard.clear();
    return these;
  }

  private void take(byte one) throws MalformedException {
    int before = grammar.depth();
    var token = grammar.take(one);
    if (keeping != Keeping.NOTHING) {
      keep(one);
    }
    switch (token) {
      case VALUE -> begun(one, before);
      case NAME -> {
        if (before == level) {
          keep(Keeping.NAME, LONGEST_NAME, one);
        }
      }
      case CLOSED -> {
        if (before == level && grammar.depth() == level - 1) {
          closed();
        }
      }
      case PART -> {}
    }
  }

  /// A value begins.
  private void begun(byte one, int depth) throws MalformedException {
    if (depth == 0 && one == '[') {
      level = 2;
    } else if (depth == level - 1) {
      if (one != '{') {
        throw new MalformedException("a message is no object");
      }
      members.clear();
      id = new RpcId.None();
      method = "";
    } else if (depth == level && member.equals("id")) {
      if (one == '{' || one == '[') {
        throw new MalformedException("an id that is none");
      }
      keep(Keeping.ID, LONGEST_ID, one);
    } else if (depth == level && member.equals("method") && one == '"') {
      keep(Keeping.METHOD, LONGEST_METHOD, one);
    }
  }

  private void keep(Keeping what, int longest, byte first) {
    keeping = what;
    most = longest;
    quoted = first == '"';
    kept.reset();
    kept.write(first);
  }

  /// A text ends with its quotation mark and a word with its last letter, a number with what
  /// follows.
  private void keep(byte one) throws MalformedException {
    boolean ends = !grammar.isWithin();
    if (!ends || quoted || Character.isLetter(one)) {
      kept.write(one);
    }
    if (kept.size() > most) {
      tooLong();
    } else if (ends) {
      var done = keeping;
      keeping = Keeping.NOTHING;
      var text = kept.toString(StandardCharsets.UTF_8);
      switch (done) {
        case NAME -> named(text);
        case ID -> id = RpcId.written(text);
        case METHOD -> method = JsonObject.parse("{\"m\":" + text + "}").string("m").orElseThrow();
        case NOTHING -> {}
      }
    }
  }

  private void tooLong() throws MalformedException {
    if (keeping == Keeping.ID) {
      throw new MalformedException("an id is longer than anybody's");
    }
    if (keeping == Keeping.NAME) {
      member = "";
    }
    keeping = Keeping.NOTHING;
  }

  private Heard ofItself() {
    if (method.equals(McpMethod.RESOURCE_UPDATED)) {
      return new Heard.OfResource();
    }
    return Heard.OfTask.isOne(method) ? new Heard.OfTask() : new Heard.OfItself();
  }

  private void named(String text) throws MalformedException {
    member = JsonObject.parse("{" + text + ":0}").names().iterator().next();
    Message.requireExact(member, Message.MEMBERS);
    if (Message.MEMBERS.contains(member) && !members.add(member)) {
      throw new MalformedException("a message names '" + member + "' twice");
    }
  }

  private void closed() throws MalformedException {
    boolean asks = members.contains("method");
    boolean succeeds = members.contains("result");
    boolean fails = members.contains("error");
    if ((asks && (succeeds || fails)) || (succeeds && fails)) {
      throw new MalformedException("a message that could be read in two ways");
    }
    if (heard.size() == MOST_MESSAGES) {
      throw new MalformedException("more than " + MOST_MESSAGES + " messages");
    }
    if (succeeds) {
      heard.add(new Heard.Result(id));
    } else {
      heard.add(fails ? new Heard.Failure(id) : ofItself());
    }
  }
}
