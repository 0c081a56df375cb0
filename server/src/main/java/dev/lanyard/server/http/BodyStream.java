package dev.lanyard.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/// Sends what a source has to one peer, without a thread that waits for either. Whoever does not
/// take what was written for as long as a connection may be idle is cut off by the server itself.
final class BodyStream extends IteratingCallback implements BodySource.Listener {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final BodySource source;
  private final org.eclipse.jetty.server.Response out;
  private final Completion completion;
  private BodySource.@Nullable Piece ahead;
  private volatile @Nullable String cut;
  private boolean begun;
  private boolean ended;

  BodyStream(BodySource source, org.eclipse.jetty.server.Response out, Callback callback) {
    this.source = source;
    this.out = out;
    this.completion =
        new Completion(callback, source::closed, "an answer ends before it is complete");
  }

  void start() {
    // A peer that goes away while nothing is written is known here at once where HTTP/2 says so.
    out.getRequest().addFailureListener(completion::fail);
    source.opened(this);
    iterate();
  }

  @Override
  public void wake() {
    iterate();
  }

  /// Before the head has left, a failure would be answered as a fault of ours: the head leaves
  /// first, and the peer is cut off behind it.
  @Override
  public void cut(String why) {
    if (out.isCommitted()) {
      broken(why);
    } else {
      cut = why;
      iterate();
    }
  }

  private void broken(String why) {
    completion.fail(new IOException(why));
  }

  @Override
  protected Action process() {
    if (completion.isOver()) {
      return Action.IDLE;
    }
    if (ended) {
      return Action.SUCCEEDED;
    }
    var why = cut;
    if (why != null && begun) {
      broken(why);
      return Action.IDLE;
    }
    if (why != null) {
      return written(false, NOTHING.slice());
    }
    var piece = ahead == null ? source.next() : ahead;
    ahead = null;
    return switch (piece) {
      case BodySource.Piece.Some(var bytes) -> written(isLast(), bytes);
      // The headers leave at once, however long the first piece takes.
      case BodySource.Piece.NothingYet() -> begun ? Action.IDLE : written(false, NOTHING.slice());
      case BodySource.Piece.End() -> written(true, NOTHING.slice());
      case BodySource.Piece.Broken(var what) -> {
        broken(what);
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
    completion.succeed();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    completion.fail(cause);
  }
}
