package dev.lanyard.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is done again and again")
class RecurringTest {
  private static final Duration SOON = Duration.ofMillis(20);

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      classes = {IllegalStateException.class, DatabaseException.class, StackOverflowError.class})
  void goes_on_whatever_it_throws(Class<? extends Throwable> kind) throws Exception {
    var again = new CountDownLatch(3);
    try (var recurring = Recurring.onOneThread(new Jobs(), "test")) {
      recurring.every(
          SOON,
          "a task that throws",
          () -> {
            again.countDown();
            fail(kind);
          });
      assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void is_begun_no_more_when_it_is_closed() throws Exception {
    var begun = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var recurring = Recurring.onOneThread(new Jobs(), "test");
    recurring.every(
        Duration.ZERO,
        SOON,
        "a task that waits",
        () -> {
          begun.countDown();
          try {
            Thread.sleep(Duration.ofMinutes(5));
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    recurring.close(Duration.ofSeconds(20));
    assertThat(interrupted.getCount()).isZero();
  }

  private static void fail(Class<? extends Throwable> kind) {
    if (kind == StackOverflowError.class) {
      throw new StackOverflowError();
    }
    throw kind == DatabaseException.class
        ? new DatabaseException("not now")
        : new IllegalStateException("broken");
  }
}
