package dev.lanyard.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what a source has to one peer, without a thread that waits for either. Whoever does not
/// take what was written for as long as a connection may be idle is cut off by the server itself.
final class BodyStream extends IteratingCallback implements BodySource.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final BodySource source;
  private final org.eclipse.jetty.server.Response out;
  private final Callback callback;
  private final AtomicBoolean finished = new AtomicBoolean();
  private BodySource.@Nullable Piece ahead;
  private boolean begun;
  private boolean ended;

  BodyStream(BodySource source, org.eclipse.jetty.server.Response out, Callback callback) {
    this.source = source;
    this.out = out;
    this.callback = callback;
  }

  void start() {
    // A peer that goes away while nothing is written is known here at once where HTTP/2 says so.
    out.getRequest().addFailureListener(this::fail);
    source.opened(this);
    iterate();
  }

  @Override
  public void wake() {
    iterate();
  }

  @Override
  public void cut(String why) {
    fail(new IOException(why));
  }

  @Override
  protected Action process() {
    if (finished.get()) {
      return Action.IDLE;
    }
    if (ended) {
      return Action.SUCCEEDED;
    }
    var piece = ahead == null ? source.next() : ahead;
    ahead = null;
    return switch (piece) {
      case BodySource.Piece.Some(var bytes) -> written(isLast(), bytes);
      // The headers leave at once, however long the first piece takes.
      case BodySource.Piece.NothingYet() -> begun ? Action.IDLE : written(false, NOTHING.slice());
      case BodySource.Piece.End() -> written(true, NOTHING.slice());
      case BodySource.Piece.Broken(var why) -> {
        cut(why);
        yield Action.IDLE;
      }
    };
  }

  /// Whether nothing follows. The last piece leaves with the end of the answer, and a short answer
  /// with its head, in one write.
  private boolean isLast() {
    var next = source.next();
    if (!(next instanceof BodySource.Piece.End) && !(next instanceof BodySource.Piece.NothingYet)) {
      ahead = next;
    }
    return next instanceof BodySource.Piece.End;
  }

  private Action written(boolean last, ByteBuffer bytes) {
    begun = true;
    ended = last;
    out.write(last, bytes, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    if (finish()) {
      callback.succeeded();
    }
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    fail(cause);
  }

  private void fail(Throwable cause) {
    if (finish()) {
      LOG.debug("an answer ends before it is complete: {}", cause.toString());
      callback.failed(cause);
    }
  }

  private boolean finish() {
    if (!finished.compareAndSet(false, true)) {
      return false;
    }
    source.closed();
    return true;
  }
}
