package dev.lanyard.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Horizon;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "A position is everything up to a number but for gaps, which are given up when nobody can fill them")
class PositionTest {
  private static Horizon horizon(long oldestRunning, long next) {
    return new Horizon(oldestRunning, next);
  }

  @Test
  void numbers_that_are_passed_over_are_kept() {
    var position = Position.BEGINNING.after(horizon(10, 12), List.of(), List.of(1L, 2L, 5L, 9L));
    assertThat(position.sequence()).isEqualTo(9);
    assertThat(position.printedGaps()).isEqualTo("3-4@-1 6-8@-1");
    assertThat(Position.of(9, position.printedGaps())).isEqualTo(position);
  }

  @Test
  @DisplayName("until everybody has ended who ran when they were seen for the second time")
  void and_given_up() {
    var first = Position.BEGINNING.after(horizon(10, 12), List.of(), List.of(1L, 3L));
    var second = first.after(horizon(11, 15), List.of(), List.of());
    assertThat(second.printedGaps()).isEqualTo("2-2@15");
    var stillRunning = second.after(horizon(14, 20), List.of(), List.of());
    assertThat(stillRunning).isEqualTo(second);
    assertThat(stillRunning.after(horizon(15, 20), List.of(), List.of()).gaps()).isEmpty();
  }

  @Test
  void what_turns_up_leaves_the_rest_of_the_gap() {
    var gap = Position.BEGINNING.after(horizon(1, 1), List.of(), List.of(9L));
    assertThat(gap.after(horizon(1, 2), List.of(1L, 4L, 8L), List.of()).printedGaps())
        .isEqualTo("2-3@2 5-7@2");
  }

  @Test
  @DisplayName("where one writes after the other they are given up at the second look")
  void with_one_writer() {
    var one = horizon(Long.MAX_VALUE, 0);
    var gap = Position.BEGINNING.after(one, List.of(), List.of(2L));
    var second = gap.after(one, List.of(), List.of());
    assertThat(second.gaps()).hasSize(1);
    assertThat(second.after(one, List.of(), List.of()).gaps()).isEmpty();
  }
}
