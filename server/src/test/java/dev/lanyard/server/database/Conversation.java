package dev.lanyard.server.database;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What a node says to PostgreSQL over one connection, by round trips: after each Sync it waits.
/// Statements that the server has prepared are not among the texts.
///
/// @spec https://www.postgresql.org/docs/current/protocol-message-formats.html Message Formats
public final class Conversation {
  private static final int VERSION_3 = 3 << 16;

  private ByteBuffer unread = ByteBuffer.allocate(64 * 1024);
  private final List<List<String>> trips = new CopyOnWriteArrayList<>();
  private List<String> texts = new ArrayList<>();
  private boolean begun;

  Conversation() {}

  /// The texts of each round trip so far.
  public List<List<String>> trips() {
    return trips;
  }

  void hear(byte[] octets, int length) {
    if (unread.remaining() < length) {
      unread = ByteBuffer.allocate(2 * unread.capacity() + length).put(unread.flip());
    }
    unread.put(octets, 0, length).flip();
    while (hasMessage()) {
      char type = begun ? (char) unread.get() : ' ';
      var body = new byte[unread.getInt() - Integer.BYTES];
      unread.get(body);
      hear(type, ByteBuffer.wrap(body));
    }
    unread.compact();
  }

  private boolean hasMessage() {
    int head = begun ? 1 : 0;
    return unread.remaining() >= head + Integer.BYTES
        && unread.remaining() >= head + unread.getInt(unread.position() + head);
  }

  private void hear(char type, ByteBuffer body) {
    switch (type) {
      // Questions for encryption come before it.
      case ' ' -> begun = body.getInt() == VERSION_3;
      case 'P' -> {
        var _ = text(body);
        texts.add(text(body));
      }
      case 'Q' -> {
        texts.add(text(body));
        end();
      }
      case 'S' -> end();
      default -> {
        // Values, and what is done with them.
      }
    }
  }

  private void end() {
    trips.add(List.copyOf(texts));
    texts = new ArrayList<>();
  }

  private static String text(ByteBuffer body) {
    var text = new ByteArrayOutputStream();
    for (byte next = body.get(); next != 0; next = body.get()) {
      text.write(next);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
