package dev.lanyard.server.gateway.upstream;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.gateway.message.MessageReader;
import dev.lanyard.server.gateway.session.Awaited;
import dev.lanyard.server.http.BodySource;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// An answer in JSON on its way to a client, passed on while it arrives. Its last piece stays here
/// until it is known what it answers: of one that answers what nobody asked, the client has no
/// whole.
final class AnswerBody implements BodySource {
  /// White space behind the last bracket, of which nobody needs any.
  private static final int MOST_BEHIND = 64 * 1024;

  private final BodySource upstream;
  private final Awaited.Own awaited;
  private final Runnable onStray;
  private final MessageReader reader = new MessageReader();
  private final Deque<ByteBuffer> held = new ArrayDeque<>();
  private volatile @Nullable Listener listener;
  private volatile boolean stray;
  private volatile boolean recorded;
  private boolean begun;
  private boolean over;
  private int behind;

  /// @param onStray is told of an answer that nobody has asked for; may wait
  AnswerBody(BodySource upstream, Awaited.Own awaited, Runnable onStray) {
    this.upstream = upstream;
    this.awaited = awaited;
    this.onStray = onStray;
  }

  @Override
  public void opened(Listener reader) {
    listener = reader;
    upstream.opened(reader);
  }

  @Override
  public Piece next() {
    while (!stray) {
      if (over) {
        var last = held.poll();
        return last == null ? new Piece.End() : new Piece.Some(last);
      }
      switch (upstream.next()) {
        case Piece.Some(var bytes) -> {
          var piece = read(bytes);
          if (piece != null) {
            return piece;
          }
        }
        case Piece.End() -> {
          if (begun && !reader.isComplete()) {
            return new Piece.Broken("the answer ends within a message");
          }
          over = true;
        }
        case Piece.NothingYet nothing -> {
          return nothing;
        }
        case Piece.Broken broken -> {
          return broken;
        }
      }
    }
    return recorded ? new Piece.Broken("it answers what nobody has asked") : new Piece.NothingYet();
  }

  /// What to pass on of a piece; nothing yet if it may be the last.
  private @Nullable Piece read(ByteBuffer bytes) {
    begun = true;
    behind += reader.isComplete() ? bytes.remaining() : 0;
    try {
      reader.read(bytes.duplicate());
    } catch (MalformedException e) {
      return new Piece.Broken("an answer upstream cannot be judged: " + e.getMessage());
    }
    if (!Answers.areAwaited(reader.heard(), awaited)) {
      strayed();
      return null;
    }
    if (!reader.isComplete()) {
      return new Piece.Some(bytes);
    }
    held.add(bytes);
    return behind > MOST_BEHIND ? new Piece.Broken("the answer does not end") : null;
  }

  private void strayed() {
    stray = true;
    Thread.ofVirtual()
        .name("stray")
        .start(() -> {
          onStray.run();
          recorded = true;
          var reading = listener;
          if (reading != null) {
            reading.wake();
          }
        });
  }

  @Override
  public void closed() {
    upstream.closed();
  }
}
