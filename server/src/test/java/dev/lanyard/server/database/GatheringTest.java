package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A batch gathers only where many come")
class GatheringTest {
  private static final long MILLISECOND = Gathering.TIME.toNanos();

  private final Gathering gathering = new Gathering();

  private boolean after(int batches, int units, long nanos) {
    boolean worthIt = false;
    for (int i = 0; i < batches; i++) {
      worthIt = gathering.isWorthIt(units, nanos);
    }
    return worthIt;
  }

  @Test
  void of_a_thousand_a_second_nobody_waits_for_others() {
    assertThat(after(100, 2, 2 * MILLISECOND)).isFalse();
  }

  @Test
  void of_three_thousand_a_second_the_next_ones_wait() {
    assertThat(after(100, 6, 2 * MILLISECOND)).isTrue();
  }

  @Test
  void whoever_comes_alone_is_not_made_to_wait_however_fast_others_were() {
    after(100, 6, MILLISECOND);

    assertThat(gathering.isWorthIt(1, MILLISECOND / 10)).isFalse();
  }

  @Test
  void it_ends_when_fewer_come_and_begins_again_with_many() {
    after(100, 6, MILLISECOND);

    assertThat(after(30, 2, 4 * MILLISECOND)).isFalse();
    assertThat(after(30, 6, MILLISECOND)).isTrue();
  }

  @Test
  void one_large_batch_after_a_rest_is_no_rate() {
    after(10, 1, 1_000 * MILLISECOND);

    assertThat(gathering.isWorthIt(8, MILLISECOND)).isFalse();
  }
}
