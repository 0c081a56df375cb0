package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How often something may happen in a minute")
class RateTest {
  private final TestClock clock = new TestClock();
  private final Rate<String> rate = new Rate<>(60, clock);

  private int admitted(int of) {
    int admitted = 0;
    for (int i = 0; i < of; i++) {
      admitted += rate.admits("ana") ? 1 : 0;
    }
    return admitted;
  }

  @Test
  @DisplayName("goes by the clock, and goes on where the clock is set back")
  void set_back() {
    assertThat(admitted(100)).isEqualTo(60);
    clock.advance(Duration.ofSeconds(10));
    assertThat(admitted(100)).isEqualTo(10);

    clock.advance(Duration.ofHours(-1));
    assertThat(admitted(100)).as("that brings nobody more").isZero();
    clock.advance(Duration.ofSeconds(10));
    assertThat(admitted(100)).isEqualTo(10);
    clock.advance(Duration.ofMinutes(-30));
    clock.advance(Duration.ofSeconds(1));
    assertThat(admitted(100)).isZero();
    clock.advance(Duration.ofMinutes(2));
    assertThat(admitted(100)).isEqualTo(60);
  }

  @Test
  @DisplayName("of many who notice at once that it was set back nobody gets more")
  void set_back_among_many() throws InterruptedException {
    assertThat(admitted(60)).isEqualTo(60);
    clock.advance(Duration.ofHours(-1));
    var admitted = new AtomicInteger();
    AtOnce.run(
        8,
        () -> {
          for (int i = 0; i < 1_000; i++) {
            if (rate.admits("ana")) {
              admitted.incrementAndGet();
            }
          }
        });
    assertThat(admitted).hasValue(0);
  }
}
