package dev.lanyard.server.stdio;

import dev.lanyard.server.http.BodySource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What is to be said to a client, until it has read it. Whoever does not read loses the stream,
/// and holds up nobody. Thread-safe.
final class EventQueue implements BodySource {
  private final int most;
  private final Runnable onClose;
  private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean over;
  private @Nullable String broken;
  private @Nullable Listener listener;

  /// @param most bytes that may wait
  /// @param onClose called when nobody reads it any more
  EventQueue(int most, Runnable onClose) {
    this.most = most;
    this.onClose = onClose;
  }

  /// One that is complete.
  static EventQueue of(byte[] body) {
    var queue = new EventQueue(Integer.MAX_VALUE, () -> {});
    if (body.length > 0) {
      queue.add(body);
    }
    queue.end();
    return queue;
  }

  /// An event with a message.
  void event(byte[] message) {
    var event = ByteBuffer.allocate(message.length + 24);
    event.put("event: message\ndata: ".getBytes(StandardCharsets.US_ASCII));
    event.put(message).put((byte) '\n').put((byte) '\n').flip();
    var bytes = new byte[event.remaining()];
    event.get(bytes);
    add(bytes);
  }

  private void add(byte[] piece) {
    synchronized (this) {
      if (over || broken != null) {
        return;
      }
      if (bytes + (long) piece.length > most && !waiting.isEmpty()) {
        broken = "the client does not read";
      } else {
        waiting.add(ByteBuffer.wrap(piece));
        bytes += piece.length;
      }
    }
    wake();
  }

  void end() {
    synchronized (this) {
      over = true;
    }
    wake();
  }

  void breakOff(String why) {
    synchronized (this) {
      if (!over && broken == null) {
        broken = why;
      }
    }
    wake();
  }

  private void wake() {
    Listener reader;
    synchronized (this) {
      reader = listener;
    }
    if (reader != null) {
      reader.wake();
    }
  }

  @Override
  public synchronized void opened(Listener reader) {
    listener = reader;
  }

  @Override
  public synchronized Piece next() {
    var first = waiting.poll();
    if (first != null) {
      bytes -= first.remaining();
      return new Piece.Some(first);
    }
    if (broken != null) {
      return new Piece.Broken(broken);
    }
    return over ? new Piece.End() : new Piece.NothingYet();
  }

  @Override
  public void closed() {
    synchronized (this) {
      over = true;
      waiting.clear();
    }
    onClose.run();
  }
}
