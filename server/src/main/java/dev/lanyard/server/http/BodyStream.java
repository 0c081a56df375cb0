package dev.lanyard.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/// Sends what a source has to one peer, without a thread that waits for either. Whoever does not
/// take what was written for as long as a connection may be idle is cut off by the server itself.
final class BodyStream extends IteratingCallback implements BodySource.Listener {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Response answer;
  private final BodySource source;
  private final Consumer<Response> head;
  private final org.eclipse.jetty.server.Response out;
  private final Completion completion;
  private BodySource.@Nullable Piece ahead;
  private volatile @Nullable String cut;
  private boolean begun;
  private boolean ended;

  /// @param answer has a source
  /// @param head sets the head of an answer, before anything of it is written
  BodyStream(
      Response answer,
      Consumer<Response> head,
      org.eclipse.jetty.server.Response out,
      Callback callback) {
    this.answer = answer;
    this.source = answer.source().orElseThrow();
    this.head = head;
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

  /// Before the head has left, a failure would be answered as a fault of ours: another answer takes
  /// its place, or the head leaves first, and the peer is cut off behind it.
  private Action unbegun(String why) {
    if (answer.instead().isPresent()) {
      var by = answer.instead().get().get();
      return written(by, true, ByteBuffer.wrap(by.body()));
    }
    cut = why;
    return written(false, NOTHING.slice());
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
      return unbegun(why);
    }
    var piece = ahead == null ? source.next() : ahead;
    ahead = null;
    return switch (piece) {
      case BodySource.Piece.Some(var bytes) -> written(isLast(), bytes);
      // The headers leave at once, however long the first piece takes; but not those that may turn
      // out to be the wrong ones.
      case BodySource.Piece.NothingYet() ->
          begun || answer.instead().isPresent() ? Action.IDLE : written(false, NOTHING.slice());
      case BodySource.Piece.End() -> written(true, NOTHING.slice());
      case BodySource.Piece.Broken(var what) when begun -> {
        broken(what);
        yield Action.IDLE;
      }
      case BodySource.Piece.Broken(var what) -> unbegun(what);
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
    return written(answer, last, bytes);
  }

  private Action written(Response of, boolean last, ByteBuffer bytes) {
    if (!begun) {
      head.accept(of);
    }
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
