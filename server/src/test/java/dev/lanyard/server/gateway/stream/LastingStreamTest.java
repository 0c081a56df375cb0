package dev.lanyard.server.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.stream.LastingStream.Opened;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.pair.Soon;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A stream of a connector that is opened again")
class LastingStreamTest {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Reader reader = new Reader();
  private final AtomicInteger tries = new AtomicInteger();

  /// Says one thing and ends.
  private static final class Once implements BodySource {
    private final AtomicInteger closed = new AtomicInteger();
    private Optional<String> text;

    Once(String text) {
      this.text = Optional.of(text);
    }

    @Override
    public void opened(Listener listener) {}

    @Override
    public Piece next() {
      var piece =
          text.<Piece>map(one -> new Piece.Some(ByteBuffer.wrap(bytes(one))))
              .orElseGet(Piece.End::new);
      text = Optional.empty();
      return piece;
    }

    @Override
    public void closed() {
      closed.incrementAndGet();
    }
  }

  private static final class Reader implements BodySource.Listener {
    private final Semaphore woken = new Semaphore(0);

    @Override
    public void wake() {
      woken.release();
    }

    @Override
    public void cut(String why) {
      throw new AssertionError(why);
    }

    /// What is next but nothing.
    BodySource.Piece read(LastingStream stream) throws InterruptedException {
      for (var piece = stream.next(); ; piece = stream.next()) {
        if (!(piece instanceof BodySource.Piece.NothingYet)) {
          return piece;
        }
        assertThat(woken.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      }
    }

    String text(LastingStream stream) throws InterruptedException {
      var some = (BodySource.Piece.Some) read(stream);
      return StandardCharsets.UTF_8.decode(some.bytes()).toString();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Opened.Flowing flowing(BodySource stream) {
    return new Opened.Flowing(stream, "missed");
  }

  private static Optional<LastingStream> stream(Opened first, LastingStream.Opening opening) {
    return LastingStream.of(first, opening, PAUSE);
  }

  @Test
  @DisplayName("says what was missed before what it says, and ends where there is none any more")
  void again() throws Exception {
    var first = new Once("first");
    var second = new Once("second");
    var stream =
        stream(
                flowing(first),
                _ ->
                    switch (tries.incrementAndGet()) {
                      case 1 -> throw new IllegalStateException("for a test");
                      case 2 -> flowing(second);
                      default -> new Opened.Never();
                    })
            .orElseThrow();
    stream.opened(reader);

    assertThat(reader.text(stream)).isEqualTo("first");
    assertThat(reader.text(stream)).isEqualTo("missed");
    assertThat(first.closed).hasValue(1);
    assertThat(reader.text(stream)).isEqualTo("second");
    assertThat(reader.read(stream)).isInstanceOf(BodySource.Piece.End.class);
    stream.closed();
    assertThat(second.closed).hasValue(1);
  }

  @Test
  @DisplayName("is looked for again if it was there before nobody knew it, as behind a proxy")
  void unknown() throws Exception {
    assertThat(stream(new Opened.Unknown(), _ -> new Opened.Never())).isEmpty();
    var never = stream(new Opened.NotNow(), _ -> new Opened.Unknown()).orElseThrow();
    never.opened(reader);
    assertThat(reader.read(never)).isInstanceOf(BodySource.Piece.End.class);

    var second = new Once("second");
    var stream =
        stream(
                new Opened.NotNow(),
                _ ->
                    switch (tries.incrementAndGet()) {
                      case 1 -> flowing(new Once("first"));
                      case 2 -> new Opened.Unknown();
                      default -> flowing(second);
                    })
            .orElseThrow();
    stream.opened(reader);

    assertThat(reader.text(stream)).isEqualTo("missed");
    assertThat(reader.text(stream)).isEqualTo("first");
    assertThat(reader.text(stream)).isEqualTo("missed");
    assertThat(reader.text(stream)).isEqualTo("second");
    stream.closed();
  }

  @Test
  @DisplayName("waits longer the longer there is none, and is not looked for when nobody listens")
  void pauses() throws Exception {
    var tried = new LinkedBlockingQueue<Long>();
    var stream =
        stream(
                new Opened.NotNow(),
                _ -> {
                  tried.add(System.nanoTime());
                  return new Opened.NotNow();
                })
            .orElseThrow();
    long from = System.nanoTime();
    stream.opened(reader);
    long least = PAUSE.toMillis() / 2;
    // After a half to all of the pause, and twice that later.
    for (int i = 0; i < 2; i++) {
      var at = tried.poll(20, TimeUnit.SECONDS);
      assertThat(at).as("it is looked for").isNotNull();
      assertThat(at - from).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(least));
      from = at;
      least *= 2;
    }
    // The next would be twice to four times the pause later.
    stream.closed();
    tried.clear();
    assertThat(tried.poll(PAUSE.toMillis() * 5, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  @DisplayName("closes what is opened while its reader goes")
  void closed() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var late = new Once("late");
    var stream =
        stream(
                new Opened.NotNow(),
                _ -> {
                  begun.countDown();
                  try {
                    goOn.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  return flowing(late);
                })
            .orElseThrow();
    stream.opened(reader);
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    stream.closed();
    goOn.countDown();
    Soon.until("it is closed", () -> late.closed.get() > 0);
    assertThat(late.closed).hasValue(1);
    assertThat(stream.next()).isInstanceOf(BodySource.Piece.NothingYet.class);
  }

  @Test
  @DisplayName("is none where there is none")
  void never() {
    assertThat(stream(new Opened.Never(), _ -> new Opened.NotNow())).isEmpty();
  }
}
