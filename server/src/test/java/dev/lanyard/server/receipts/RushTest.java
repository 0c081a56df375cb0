package dev.lanyard.server.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("While many are being killed, receipts of many wait")
class RushTest {
  private final AtomicLong nanos = new AtomicLong(-1);
  private final Rush rush = new Rush(nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void not_before_anybody_is_killed() {
    assertThat(rush.isOn()).isFalse();
  }

  @Test
  void not_for_a_few() {
    rush.arrived(Rush.MANY - 1);
    assertThat(rush.isOn()).isFalse();
  }

  @Test
  void until_no_more_have_come_for_a_while() {
    rush.arrived(Rush.MANY);
    pass(Duration.ofSeconds(1));
    rush.arrived(Rush.MANY);
    pass(Duration.ofSeconds(1));
    assertThat(rush.isOn()).isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(rush.isOn()).isFalse();
  }

  @Test
  @DisplayName(
      "Who waits for the end of a rush that does not end has waited long enough at some time")
  void not_waited_for_for_ever() {
    // Many more come whenever somebody looks at the clock.
    var asked = new AtomicReference<Rush>();
    var ended =
        new Rush(() -> {
          var endless = asked.getAndSet(null);
          if (endless != null) {
            endless.arrived(Rush.MANY);
            asked.set(endless);
          }
          return nanos.addAndGet(Duration.ofMillis(300).toNanos());
        });
    asked.set(ended);
    long began = nanos.get();
    ended.awaitEnd();
    assertThat(ended.isOn()).isTrue();
    assertThat(Duration.ofNanos(nanos.get() - began))
        .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(11));
  }
}
