package dev.lanyard.server.gateway;

import dev.lanyard.server.http.BodySource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Several streams of events as one. Each gives whole events, so they can be taken in turn; one
/// that ends, breaks or is cut off leaves the others.
final class Confluence implements BodySource {
  private final List<Arm> arms;
  private int next;
  private Optional<Piece> broken = Optional.empty();

  Confluence(List<BodySource> streams) {
    this.arms = new CopyOnWriteArrayList<>(streams.stream().map(Arm::new).toList());
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
    // Where one has broken off, the end of the last is no end that was meant.
    return arms.isEmpty() ? broken.orElseGet(Piece.End::new) : new Piece.NothingYet();
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
