package dev.lanyard.server.gateway.stream;

import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.upstream.UpstreamAnswer;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Failed;
import dev.lanyard.server.http.upstream.UpstreamCall;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A stream whose server has not answered yet: comments until it does, then what it says. If it
/// answers with something else there is nothing to say, and the stream ends.
public final class LateStream implements BodySource {
  private final UpstreamCall call;
  private final Function<UpstreamAnswer, Optional<BodySource>> stream;
  private @Nullable Listener listener;
  private volatile @Nullable BodySource answer;
  private final KeepAlive keepAlive = new KeepAlive();
  private boolean over;

  /// @param stream is told once what came, and makes the stream of an answer, if it is one
  public LateStream(UpstreamCall call, Function<UpstreamAnswer, Optional<BodySource>> stream) {
    this.call = call;
    this.stream = stream;
  }

  @Override
  public void opened(Listener reader) {
    listener = reader;
    call.onAnswer(reader::wake);
  }

  @Override
  public Piece next() {
    var known = answer;
    if (known != null) {
      return known.next();
    }
    if (over) {
      return new Piece.End();
    }
    var now = call.peek(Duration.ZERO);
    if (now.isEmpty()) {
      return keepAlive.nothing();
    }
    return switch (now.get()) {
      case Failed failed -> {
        var _ = stream.apply(failed);
        yield new Piece.Broken(failed.why());
      }
      case Answered answered -> begun(answered);
    };
  }

  private Piece begun(Answered answered) {
    var made = stream.apply(answered);
    var reader = listener;
    if (made.isEmpty() || reader == null) {
      over = true;
      answered.body().closed();
      return new Piece.End();
    }
    answer = made.get();
    made.get().opened(reader);
    return made.get().next();
  }

  @Override
  public void closed() {
    var known = answer;
    if (known != null) {
      known.closed();
    } else {
      call.cut("nobody reads the stream any more");
    }
  }
}
