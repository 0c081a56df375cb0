package dev.lanyard.server.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.http.BodySource;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An event that is judged on a thread of its own")
class JudgedEventTest {
  /// Says one event and then nothing.
  private static final class OneEvent implements BodySource {
    private final ArrayDeque<Piece> pieces =
        new ArrayDeque<>(List.of(new Piece.Some(ByteBuffer.wrap("data: {}\n\n".getBytes(UTF_8)))));

    @Override
    public void opened(Listener listener) {}

    @Override
    public Piece next() {
      return pieces.isEmpty() ? new Piece.NothingYet() : pieces.poll();
    }

    @Override
    public void closed() {}
  }

  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, IllegalStateException.class})
  @DisplayName("breaks the stream off when judging it fails, whatever the fault: it never hangs")
  void fails(Class<? extends Throwable> fault) throws Exception {
    var thrown = fault.getConstructor(String.class).newInstance("of a test");
    var inspection =
        new EventFilter.Inspection(
            _ ->
                new Ruling.Pending(() -> {
                  throw JudgedEventTest.<RuntimeException>unchecked(thrown);
                }),
            Optional.empty(),
            _ -> {},
            _ -> Optional.empty());
    var woken = new Semaphore(0);
    var filter = new EventFilter(new OneEvent(), inspection, 10_000);
    filter.opened(
        new BodySource.Listener() {
          @Override
          public void wake() {
            woken.release();
          }

          @Override
          public void cut(String why) {}
        });

    var first = filter.next();
    assertThat(woken.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    assertThat(first instanceof BodySource.Piece.NothingYet ? filter.next() : first)
        .isInstanceOfSatisfying(
            BodySource.Piece.Broken.class, broken -> assertThat(broken.why()).contains("judged"));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
