package dev.lanyard.server.http.upstream;

import dev.lanyard.server.http.BodySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// The body of an answer while it arrives. What is not asked for is not read from the connection,
/// but for what has come with the head.
final class UpstreamBody implements BodySource {
  private final Content.Source source;
  private final Consumer<Throwable> abort;
  private final AtomicBoolean demanded = new AtomicBoolean();
  private final Deque<Piece> early = new ArrayDeque<>(2);
  private volatile @Nullable Listener listener;
  private volatile boolean over;

  /// @param abort ends the exchange
  UpstreamBody(Content.Source source, Consumer<Throwable> abort) {
    this.source = source;
    this.abort = abort;
  }

  @Override
  public void opened(Listener reader) {
    listener = reader;
  }

  /// Takes what is there with the head of the answer: of a short answer all of it. To be called
  /// before anybody else knows of the body.
  void takeEarly() {
    var first = read();
    early.add(first);
    if (first instanceof Piece.Some) {
      early.add(read());
    }
    // Whoever asks first asks again: there may be more by then.
    early.removeIf(Piece.NothingYet.class::isInstance);
  }

  @Override
  public Piece next() {
    var taken = early.poll();
    return taken == null ? read() : taken;
  }

  private Piece read() {
    while (!over) {
      // Somebody else may ask before there is more. A read beside a demand would race with the
      // thread that meets it, and lose what has arrived.
      if (demanded.get()) {
        return new Piece.NothingYet();
      }
      var chunk = source.read();
      if (chunk == null) {
        demand();
        return new Piece.NothingYet();
      }
      if (Content.Chunk.isFailure(chunk)) {
        over = true;
        var cause = chunk.getFailure();
        abort.accept(cause);
        return new Piece.Broken("the server upstream has broken off: " + Mishap.brief(cause));
      }
      over = chunk.isLast();
      var bytes = copy(chunk);
      if (bytes.hasRemaining()) {
        return new Piece.Some(bytes);
      }
    }
    return new Piece.End();
  }

  private void demand() {
    if (demanded.compareAndSet(false, true)) {
      source.demand(() -> {
        demanded.set(false);
        var reader = listener;
        if (reader != null) {
          reader.wake();
        }
      });
    }
  }

  private static ByteBuffer copy(Content.Chunk chunk) {
    var from = chunk.getByteBuffer();
    var bytes = ByteBuffer.allocate(from.remaining()).put(from).flip();
    chunk.release();
    return bytes;
  }

  @Override
  public void closed() {
    if (!over) {
      over = true;
      abort.accept(new IOException("nobody reads the answer any more"));
    }
  }
}
