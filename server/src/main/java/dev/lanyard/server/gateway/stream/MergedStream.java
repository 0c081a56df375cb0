package dev.lanyard.server.gateway.stream;

import dev.lanyard.server.http.BodySource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Several streams of events as one. Each gives whole events, so they can be taken in turn; one
/// that ends, breaks or is cut off leaves the others.
public final class MergedStream implements BodySource {
  private final List<Arm> arms;
  private Optional<byte[]> first;
  private Optional<byte[]> last;
  private int next;
  private Optional<Piece> broken = Optional.empty();

  /// @param first what is said before them
  /// @param last what is said when all of them have ended as they meant to
  public MergedStream(Optional<byte[]> first, List<BodySource> streams, Optional<byte[]> last) {
    this.arms = new CopyOnWriteArrayList<>(streams.stream().map(Arm::new).toList());
    this.first = first;
    this.last = last;
  }

  /// One of them.
  private static final class Arm {
    private final BodySource stream;
    private volatile Optional<Piece> cut = Optional.empty();

    Arm(BodySource stream) {
      this.stream = stream;
    }

    void opened(Listener all) {
      stream.opened(
          new Listener() {
            @Override
            public void wake() {
              all.wake();
            }

            @Override
            public void cut(String why) {
              cut = Optional.of(new Piece.Broken(why));
              all.wake();
            }
          });
    }

    Piece next() {
      return cut.orElseGet(stream::next);
    }
  }

  @Override
  public void opened(Listener listener) {
    arms.forEach(arm -> arm.opened(listener));
  }

  @Override
  public Piece next() {
    if (first.isPresent()) {
      var said = first.get();
      first = Optional.empty();
      return new Piece.Some(ByteBuffer.wrap(said));
    }
    for (int looked = 0; looked < arms.size(); ) {
      next = next % arms.size();
      var arm = arms.get(next);
      switch (arm.next()) {
        case Piece.Some some -> {
          next++;
          return some;
        }
        case Piece.NothingYet() -> {
          next++;
          looked++;
        }
        case Piece.End() -> left(arm);
        case Piece.Broken why -> {
          broken = Optional.of(why);
          left(arm);
        }
      }
    }
    if (!arms.isEmpty()) {
      return new Piece.NothingYet();
    }
    if (broken.isEmpty() && last.isPresent()) {
      var said = last.get();
      last = Optional.empty();
      return new Piece.Some(ByteBuffer.wrap(said));
    }
    // Where one has broken off, the end of the last is no end that was meant.
    return broken.orElseGet(Piece.End::new);
  }

  private void left(Arm arm) {
    arms.remove(arm);
    arm.stream.closed();
  }

  @Override
  public void closed() {
    arms.forEach(arm -> arm.stream.closed());
  }
}
