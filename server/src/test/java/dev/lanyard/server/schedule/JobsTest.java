package dev.lanyard.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a process does again and again, and fails at")
class JobsTest {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final AtomicLong nanos = new AtomicLong(7);
  private final Jobs jobs = new Jobs(nanos::get);

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }

  @Test
  @DisplayName("is known from its first failure until it succeeds")
  void since_when_it_has_only_failed() {
    assertThat(jobs.failingSeconds()).isEmpty();
    assertThat(jobs.succeeds("a")).as("never done").isFalse();
    assertThat(jobs.attempt("a", PAUSE, () -> {})).isTrue();
    assertThat(jobs.failingSeconds()).containsEntry("a", 0.0);

    assertThat(jobs.attempt("a", PAUSE, () -> fail("one"))).isFalse();
    nanos.addAndGet(Duration.ofSeconds(90).toNanos());
    assertThat(jobs.attempt("a", PAUSE, () -> fail("two"))).isFalse();
    assertThat(jobs.attempt("b", PAUSE, () -> {})).isTrue();
    assertThat(jobs.failingSeconds()).containsEntry("a", 90.0).containsEntry("b", 0.0);
    assertThat(jobs.failing()).containsOnlyKeys("a");
    assertThat(jobs.failing().get("a").lasting()).isEqualTo(Duration.ofSeconds(90));
    assertThat(jobs.failing().get("a").why()).contains("two");
    assertThat(jobs.succeeds("a")).isFalse();

    assertThat(jobs.attempt("a", PAUSE, () -> {})).isTrue();
    assertThat(jobs.failingSeconds()).containsEntry("a", 0.0);
    assertThat(jobs.succeeds("a")).isTrue();
    assertThat(jobs.failing()).isEmpty();
  }

  @Test
  void also_by_an_error() {
    assertThat(
            jobs.attempt(
                "a",
                PAUSE,
                () -> {
                  throw new StackOverflowError();
                }))
        .isFalse();
    assertThat(jobs.failing()).containsOnlyKeys("a");
  }

  @Test
  void is_known_while_it_is_under_way() {
    assertThat(jobs.attempt("a", PAUSE, () -> fail("one"))).isFalse();
    assertThat(
            jobs.attempt(
                "b",
                PAUSE,
                () -> {
                  nanos.addAndGet(Duration.ofSeconds(90).toNanos());
                  assertThat(jobs.underWaySeconds()).containsExactly(entry("b", 90.0));
                  assertThat(jobs.underWay().get("b").pause()).isEqualTo(PAUSE);
                }))
        .isTrue();
    assertThat(jobs.underWay()).isEmpty();
  }
}
