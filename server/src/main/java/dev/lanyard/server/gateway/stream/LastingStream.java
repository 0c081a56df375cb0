package dev.lanyard.server.gateway.stream;

import dev.lanyard.server.gateway.admission.Incoming.Attempt;
import dev.lanyard.server.http.BodySource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one connector of several says by itself, for as long as somebody listens: servers restart,
/// and proxies end streams on which nothing is said, while the client's stream goes on with the
/// others. A stream that ends or breaks off is opened again, after a pause that grows as long as
/// that does not last. What may have been missed meanwhile is said first.
///
/// One that is cut off, because the access to it has ended, is not opened again.
public final class LastingStream implements BodySource {
  private static final Logger LOG = LoggerFactory.getLogger(LastingStream.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /// A stream that has gone on for so long worked.
  private static final Duration LASTED = Duration.ofSeconds(30);

  private final Opening opening;
  private final CountDownLatch over = new CountDownLatch(1);

  /// Of the thread that reads.
  private final Deque<byte[]> missed = new ArrayDeque<>();

  private final Duration firstPause;
  private Duration pause;
  private long since = System.nanoTime();
  private final KeepAlive keepAlive = new KeepAlive();

  private volatile @Nullable Listener listener;

  /// Taken away, under the lock, by whoever closes it; this and the next.
  private volatile Optional<BodySource> flowing;

  /// What the thread that opens has found, until the one that reads takes it.
  private Optional<Opened> found = Optional.empty();

  /// Of the thread that opens; this and the next.
  private volatile Attempt after;

  /// Whether there was one.
  private volatile boolean flowed;

  private LastingStream(Optional<BodySource> first, Opening opening, Duration firstPause) {
    this.firstPause = firstPause;
    this.pause = firstPause;
    this.flowing = first;
    this.after = first.isPresent() ? Attempt.ENDED : Attempt.FAILED;
    this.flowed = first.isPresent();
    this.opening = opening;
  }

  /// One that goes on from this; empty if there is none.
  public static Optional<LastingStream> of(Opened first, Opening opening) {
    return of(first, opening, FIRST_PAUSE);
  }

  /// @param firstPause before it is opened again for the first time; a half to all of it
  static Optional<LastingStream> of(Opened first, Opening opening, Duration firstPause) {
    return switch (first) {
      case Opened.Flowing(var stream, _) ->
          Optional.of(new LastingStream(Optional.of(stream), opening, firstPause));
      case Opened.NotNow() -> Optional.of(new LastingStream(Optional.empty(), opening, firstPause));
      case Opened.Unknown(), Opened.Never() -> Optional.empty();
    };
  }

  /// Opens one again; may wait.
  @FunctionalInterface
  public interface Opening {
    /// @param attempt whether it has ended, or was not there the last time
    Opened after(Attempt attempt);
  }

  /// What comes of opening one.
  public sealed interface Opened {
    /// @param missed events that say what may have changed while nobody listened; may be none
    record Flowing(BodySource stream, String missed) implements Opened {}

    /// It may be there later.
    record NotNow() implements Opened {}

    /// Nobody knows it. Where there was one, it may be there later: what stands before a server
    /// says so for it while it is restarted.
    record Unknown() implements Opened {}

    /// There is none.
    record Never() implements Opened {}
  }

  @Override
  public void opened(Listener reader) {
    listener = reader;
    flowing.ifPresentOrElse(stream -> stream.opened(reader), this::reopen);
  }

  @Override
  public Piece next() {
    if (flowing.isEmpty()) {
      switch (taken()) {
        case Opened.Flowing(var stream, var events) -> begun(stream, events);
        case Opened.Unknown(), Opened.Never() -> {
          return new Piece.End();
        }
        case Opened.NotNow() -> {
          return keepAlive.nothing();
        }
      }
    }
    if (!missed.isEmpty()) {
      return keepAlive.some(missed.remove());
    }
    var stream = flowing;
    return stream.isEmpty() ? keepAlive.nothing() : next(stream.get());
  }

  private Piece next(BodySource stream) {
    return switch (stream.next()) {
      case Piece.Some some -> {
        keepAlive.reset();
        yield some;
      }
      case Piece.NothingYet nothing -> nothing;
      case Piece.End _, Piece.Broken _ -> {
        ended(stream);
        yield keepAlive.nothing();
      }
    };
  }

  private synchronized Opened taken() {
    var now = found;
    found = Optional.empty();
    return now.orElseGet(Opened.NotNow::new);
  }

  private void begun(BodySource stream, String events) {
    since = System.nanoTime();
    if (!events.isEmpty()) {
      missed.add(events.getBytes(StandardCharsets.UTF_8));
    }
    stream.opened(reader());
    synchronized (this) {
      if (over.getCount() > 0) {
        flowing = Optional.of(stream);
        return;
      }
    }
    stream.closed();
  }

  private void ended(BodySource stream) {
    if (!isTaken()) {
      return;
    }
    stream.closed();
    if (System.nanoTime() - since > LASTED.toNanos()) {
      pause = firstPause;
    }
    reopen();
  }

  /// Whether it is the caller's to close what flows.
  private synchronized boolean isTaken() {
    boolean was = flowing.isPresent();
    flowing = Optional.empty();
    return was;
  }

  private Listener reader() {
    var reader = listener;
    if (reader == null) {
      throw new IllegalStateException("nobody reads yet");
    }
    return reader;
  }

  private void reopen() {
    Thread.ofVirtual().name("reopen").start(this::reopened);
  }

  private void reopened() {
    try {
      while (!over.await(pause(), TimeUnit.MILLISECONDS)) {
        var now = tried();
        if (!(now instanceof Opened.NotNow)) {
          handOver(now);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The next pause, in milliseconds: not the same for all that have lost the same server.
  private long pause() {
    long most = pause.toMillis();
    var twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    return ThreadLocalRandom.current().nextLong(most / 2, most + 1);
  }

  private Opened tried() {
    try {
      var now = opening.after(after);
      if (flowed && now instanceof Opened.Unknown) {
        now = new Opened.NotNow();
      }
      flowed |= now instanceof Opened.Flowing;
      after = now instanceof Opened.NotNow ? Attempt.FAILED : Attempt.ENDED;
      return now;
    } catch (RuntimeException e) {
      LOG.error("a stream of a connector could not be opened again", e);
      return new Opened.NotNow();
    }
  }

  private void handOver(Opened now) {
    if (isHandedOver(now)) {
      reader().wake();
    } else if (now instanceof Opened.Flowing(var stream, _)) {
      stream.closed();
    }
  }

  private synchronized boolean isHandedOver(Opened now) {
    boolean isRead = over.getCount() > 0;
    found = isRead ? Optional.of(now) : found;
    return isRead;
  }

  @Override
  public void closed() {
    Optional<Opened> unread;
    Optional<BodySource> read;
    synchronized (this) {
      over.countDown();
      unread = found;
      found = Optional.empty();
      read = flowing;
      flowing = Optional.empty();
    }
    read.ifPresent(BodySource::closed);
    if (unread.isPresent() && unread.get() instanceof Opened.Flowing(var stream, _)) {
      stream.closed();
    }
  }
}
