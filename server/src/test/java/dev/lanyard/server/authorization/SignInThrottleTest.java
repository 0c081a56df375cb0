package dev.lanyard.server.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Guessing passwords is slowed down")
class SignInThrottleTest {
  private static final InetAddress OFFICE = InetAddress.ofLiteral("192.0.2.7");
  private static final InetAddress STRANGER = InetAddress.ofLiteral("198.51.100.9");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-30T08:00:00Z"));
  private final SignInThrottle throttle =
      new SignInThrottle(new SignInThrottle.Limits(3, 8, 10), (InstantSource) now::get);

  private int admitted(int attempts, String userName, InetAddress address) {
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      admitted += throttle.admits(userName, address) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void for_one_person_from_one_network() {
    assertThat(admitted(5, "alice", STRANGER)).isEqualTo(3);

    now.updateAndGet(time -> time.plus(Duration.ofMinutes(1)));
    assertThat(admitted(5, "alice", STRANGER)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALICE", "\uFF41lice", "\uD835\uDC1Alice", "\u24D0lice"})
  void however_the_name_is_spelled(String spelling) {
    admitted(3, "alice", STRANGER);

    assertThat(throttle.admits(spelling, STRANGER)).isFalse();
  }

  @Test
  void what_is_too_long_to_be_a_name_is_one_name() {
    admitted(1, "x".repeat(60_000) + 1, STRANGER);
    admitted(1, "x".repeat(60_000) + 2, STRANGER);
    admitted(1, "x".repeat(60_000) + 3, STRANGER);

    assertThat(throttle.admits("y".repeat(1_000), STRANGER)).isFalse();
  }

  @Test
  void a_stranger_keeps_nobody_out() {
    admitted(1000, "alice", STRANGER);

    assertThat(throttle.admits("alice", OFFICE)).isTrue();
  }

  @Test
  void many_networks_together_do_not_guess_for_ever() {
    int admitted = 0;
    for (int network = 0; network < 50; network++) {
      admitted += admitted(3, "alice", InetAddress.ofLiteral("203.0.113." + network));
    }

    assertThat(admitted).isEqualTo(8);
  }

  @Test
  void what_a_network_tries_in_vain_counts_for_nobody() {
    for (int i = 0; i < 10; i++) {
      admitted(1, "somebody-" + i, STRANGER);
    }
    admitted(100, "alice", STRANGER);

    assertThat(admitted(3, "alice", OFFICE)).isEqualTo(3);
  }

  @Test
  void who_knows_the_password_was_not_guessing() {
    admitted(3, "alice", OFFICE);
    throttle.succeeded("Alice", OFFICE);

    assertThat(throttle.admits("alice", OFFICE)).isTrue();
  }
}
