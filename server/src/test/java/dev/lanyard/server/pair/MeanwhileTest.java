package dev.lanyard.server.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What goes on beside a test fails the test")
class MeanwhileTest {
  @Test
  void whoever_waits_for_its_effect_is_told_its_failure_at_once() {
    var failing =
        Meanwhile.does(() -> {
          throw new IOException("the cause");
        });
    assertThatThrownBy(() -> failing.until(() -> false))
        .isInstanceOf(AssertionError.class)
        .hasRootCauseMessage("the cause");
    assertThatThrownBy(failing::outcome)
        .isInstanceOf(AssertionError.class)
        .hasRootCauseMessage("the cause");
  }

  @Test
  void what_succeeds_gives_what_came_of_it() throws Exception {
    var asked = new CountDownLatch(1);
    var one =
        Meanwhile.does(() -> {
          asked.countDown();
          return 1;
        });
    one.until(() -> asked.getCount() == 0);
    assertThat(one.outcome()).isEqualTo(1);
  }

  @Test
  void of_many_at_once_no_failure_is_swallowed() {
    assertThatThrownBy(() -> AtOnce.run(3, () -> assertThat(1).as("an assertion").isEqualTo(2)))
        .isInstanceOf(AssertionError.class)
        .hasRootCauseInstanceOf(AssertionError.class)
        .hasStackTraceContaining("an assertion");
  }
}
