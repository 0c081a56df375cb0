package dev.lanyard.server.gateway.upstream;

import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.WholeBody;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A stream of events on which a server may still tell of a task. If its client goes first, or is
/// cut off, it is read on: what is told there is judged as before, and nobody gets it.
final class ReadOn implements BodySource {
  private final BodySource stream;
  private final BooleanSupplier awaited;
  private final int most;
  private final Duration within;
  private final Supplier<Runnable> outlived;
  private volatile Listener listener = Listener.NOBODY;
  private boolean opened;
  private boolean left;

  /// @param awaited whether a task may still be told of
  /// @param most bytes that are read on
  /// @param within how long it is read on
  /// @param outlived asked when it begins to be read on; what it gives is run when that has ended
  ReadOn(
      BodySource stream,
      BooleanSupplier awaited,
      int most,
      Duration within,
      Supplier<Runnable> outlived) {
    this.stream = stream;
    this.awaited = awaited;
    this.most = most;
    this.within = within;
    this.outlived = outlived;
  }

  /// Whoever reads now.
  private final class Reader implements Listener {
    @Override
    public void wake() {
      listener.wake();
    }

    @Override
    public void cut(String why) {
      listener.cut(why);
    }
  }

  @Override
  public void opened(Listener reader) {
    listener = reader;
    if (!opened) {
      opened = true;
      stream.opened(new Reader());
    }
  }

  @Override
  public synchronized Piece next() {
    return left ? new Piece.End() : stream.next();
  }

  @Override
  public void closed() {
    // Whoever cuts the client off may do so while the next piece is asked for.
    synchronized (this) {
      left = true;
    }
    if (awaited.getAsBoolean()) {
      var onEnd = outlived.get();
      Thread.ofVirtual()
          .name("read-on")
          .start(() -> {
            try {
              var _ = WholeBody.read(new Rest(), most, within);
            } finally {
              onEnd.run();
            }
          });
    } else {
      stream.closed();
    }
  }

  /// What nobody waits for.
  private final class Rest implements BodySource {
    @Override
    public void opened(Listener reader) {
      ReadOn.this.opened(reader);
    }

    @Override
    public Piece next() {
      return stream.next();
    }

    @Override
    public void closed() {
      stream.closed();
    }
  }
}
