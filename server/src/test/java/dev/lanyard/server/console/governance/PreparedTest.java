package dev.lanyard.server.console.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A page does not wait for what takes long, and nothing is worked out twice at once")
class PreparedTest {
  private static final Duration NO_PATIENCE = Duration.ZERO;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final TestClock clock = new TestClock();
  private final AtomicInteger worked = new AtomicInteger();
  private final CountDownLatch let = new CountDownLatch(1);

  private int held() {
    try {
      let.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return worked.incrementAndGet();
  }

  @Test
  @DisplayName("What is being worked out is no answer yet, however many ask; then it is one")
  void not_yet() {
    var prepared = new Prepared<String, Integer>(_ -> held(), NO_PATIENCE, clock);

    assertThat(prepared.of("map")).isEmpty();
    assertThat(prepared.of("map")).isEmpty();
    let.countDown();
    Soon.until(() -> prepared.of("map").isPresent());

    assertThat(prepared.of("map")).contains(1);
  }

  @Test
  @DisplayName("Whoever comes while it is being worked out is told so at once")
  void at_once() {
    var prepared = new Prepared<String, Integer>(_ -> held(), Duration.ofDays(1), clock);
    prepared.warm("map", Duration.ZERO);

    assertThat(prepared.of("map")).as("nobody waits a day").isEmpty();

    let.countDown();
    assertThat(prepared.whenDone("map")).isEqualTo(1);
  }

  @Test
  @DisplayName("An answer that has grown old is given while the next is worked out")
  void grown_old() {
    let.countDown();
    var next = new CountDownLatch(1);
    var prepared =
        new Prepared<String, Integer>(
            _ -> {
              var answer = held();
              if (answer > 1) {
                await(next);
              }
              return answer;
            },
            PATIENCE,
            clock);
    assertThat(prepared.of("map")).contains(1);

    clock.advance(Duration.ofMinutes(59));
    assertThat(prepared.of("map")).as("at once").contains(1);

    next.countDown();
    Soon.until(() -> prepared.of("map").orElseThrow() != 1);
    clock.advance(Duration.ofHours(2));
    assertThat(prepared.of("map")).as("too old to be given").contains(3);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("A failure is told to who waits, and tried again for the next")
  void failure() {
    let.countDown();
    var prepared =
        new Prepared<String, Integer>(
            _ -> {
              var times = held();
              if (times == 1) {
                throw new IllegalStateException("the database is away");
              }
              return times;
            },
            PATIENCE,
            clock);

    assertThatThrownBy(() -> prepared.of("map")).hasRootCauseMessage("the database is away");
    assertThat(prepared.of("map")).contains(2);
  }

  @Test
  @DisplayName("Who asks for a thousand days keeps a few of them busy, and not the server")
  void bounded() {
    var prepared = new Prepared<Integer, Integer>(_ -> held(), NO_PATIENCE, clock);
    for (int day = 0; day < 1000; day++) {
      assertThat(prepared.of(day)).isEmpty();
    }
    let.countDown();
    assertThat(prepared.whenDone(0)).as("work that needs one waits for it").isPositive();

    assertThat(worked.get()).isLessThanOrEqualTo(8);
  }

  @Test
  @DisplayName("It is ready before somebody asks, and not counted again while it is young")
  void warm() {
    let.countDown();
    var prepared = new Prepared<String, Integer>(_ -> held(), PATIENCE, clock);

    prepared.warm("map", Duration.ofMinutes(30));
    assertThat(prepared.whenDone("map")).isEqualTo(1);
    clock.advance(Duration.ofMinutes(29));
    prepared.warm("map", Duration.ofMinutes(30));

    assertThat(worked.get()).isEqualTo(1);
  }
}
