package dev.lanyard.server.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
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
}
