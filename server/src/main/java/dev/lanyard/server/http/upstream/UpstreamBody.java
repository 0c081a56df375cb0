package dev.lanyard.server.http.upstream;

import dev.lanyard.server.http.BodySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// The body of an answer while it arrives. What is not asked for is not read from the connection.
final class UpstreamBody implements BodySource {
  private final Content.Source source;
  private final Consumer<Throwable> abort;
  private final AtomicBoolean demanded = new AtomicBoolean();
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

  @Override
  public Piece next() {
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
        return new Piece.Broken("the server upstream has broken off: " + cause);
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
