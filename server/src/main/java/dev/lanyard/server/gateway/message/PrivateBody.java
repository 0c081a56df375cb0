package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.BodySource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// An answer in JSON on its way to a client, of any size, as [CacheHints] has results: for nobody
/// else to keep. Of a message that is no answer nothing is changed.
public final class PrivateBody implements BodySource {
  /// A name that is longer cannot be one that is looked for, however it is escaped.
  private static final int LONGEST_NAME = 96;

  private static final byte[] PRIVATE = bytes("\"private\"");
  private static final byte[] MEMBER = bytes(",\"" + CacheHints.SCOPE + "\":\"private\"");

  private final BodySource upstream;
  private final JsonGrammar grammar = new JsonGrammar();
  private final ByteArrayOutputStream name = new ByteArrayOutputStream();
  private boolean naming;
  private boolean inResult;
  private boolean dropping;
  private byte dropped;
  private boolean hasScope;
  private boolean hasLife;
  private String member = "";

  public PrivateBody(BodySource upstream) {
    this.upstream = upstream;
  }

  @Override
  public void opened(Listener listener) {
    upstream.opened(listener);
  }

  @Override
  public Piece next() {
    while (true) {
      var piece = upstream.next();
      if (!(piece instanceof Piece.Some(var bytes))) {
        return piece;
      }
      var left = new ByteArrayOutputStream(bytes.remaining() + MEMBER.length);
      try {
        while (bytes.hasRemaining()) {
          take(bytes.get(), left);
        }
      } catch (MalformedException e) {
        return new Piece.Broken("an answer upstream cannot be judged: " + e.getMessage());
      }
      // A piece of nothing but what is left out.
      if (left.size() > 0) {
        return new Piece.Some(ByteBuffer.wrap(left.toByteArray()));
      }
    }
  }

  private void take(byte one, ByteArrayOutputStream left) throws MalformedException {
    int before = grammar.depth();
    var token = grammar.take(one);
    if (dropping && isDropped()) {
      return;
    }
    if (naming) {
      named(one);
    }
    switch (token) {
      case NAME -> {
        naming = before == 1 || (before == 2 && inResult);
        name.reset();
        name.write(one);
      }
      case VALUE -> {
        if (before == 0 && one == '[') {
          throw new MalformedException("several messages");
        }
        if (before == 1) {
          inResult = one == '{' && member.equals("result");
        } else if (before == 2 && inResult && begun(one, left)) {
          return;
        }
      }
      case CLOSED -> {
        if (before == 2 && inResult) {
          closed(left);
        }
      }
      case PART -> {}
    }
    left.write(one);
  }

  /// Whether a byte still belongs to the value that is left out: a bracket or brace that closes it
  /// does, and what follows a number does not.
  private boolean isDropped() {
    boolean nests = dropped == '{' || dropped == '[';
    boolean ends = nests ? grammar.depth() == 2 : !grammar.isWithin();
    dropping = !ends;
    return !ends || (dropped != '-' && !Character.isDigit(dropped));
  }

  private void named(byte one) throws MalformedException {
    name.write(one);
    if (name.size() > LONGEST_NAME) {
      naming = false;
      member = "";
    } else if (!grammar.isWithin()) {
      naming = false;
      var text = "{" + name.toString(StandardCharsets.UTF_8) + ":0}";
      member = JsonObject.parse(text).names().iterator().next();
      if (inResult && grammar.depth() == 2) {
        Message.requireExact(member, CacheHints.MEMBERS);
      }
    }
  }

  /// Whether the value that begins is left out, because another is put in its place.
  private boolean begun(byte one, ByteArrayOutputStream left) throws MalformedException {
    hasLife |= member.equals(CacheHints.LIFE);
    if (!member.equals(CacheHints.SCOPE)) {
      return false;
    }
    if (hasScope) {
      throw new MalformedException("'" + CacheHints.SCOPE + "' is there twice");
    }
    hasScope = true;
    dropping = true;
    dropped = one;
    left.writeBytes(PRIVATE);
    return true;
  }

  private void closed(ByteArrayOutputStream left) {
    if (hasLife && !hasScope) {
      left.writeBytes(MEMBER);
    }
    inResult = false;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void closed() {
    upstream.closed();
  }
}
