package dev.lanyard.protocol.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("One clock skew for all validators (SEC-18)")
class ClockSkewTest {
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final ClockSkew SKEW = ClockSkew.DEFAULT;

  @Test
  void is_thirty_seconds_by_default() {
    assertThat(SKEW.tolerance()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  @DisplayName("may be 10 to 60 seconds (TOK-15)")
  void has_bounds() {
    assertThat(new ClockSkew(Duration.ofSeconds(10)).tolerance()).hasSeconds(10);
    assertThat(new ClockSkew(Duration.ofSeconds(60)).tolerance()).hasSeconds(60);
    assertThatIllegalArgumentException().isThrownBy(() -> new ClockSkew(Duration.ofSeconds(9)));
    assertThatIllegalArgumentException().isThrownBy(() -> new ClockSkew(Duration.ofSeconds(61)));
  }

  @Test
  void an_end_is_over_at_its_very_second() {
    assertThat(SKEW.isOver(NOW.minusSeconds(29), NOW)).isFalse();
    assertThat(SKEW.isOver(NOW.minusSeconds(30), NOW)).isTrue();
  }

  @Test
  void a_moment_has_come_at_its_very_second() {
    assertThat(SKEW.isAhead(NOW.plusSeconds(30), NOW)).isFalse();
    assertThat(SKEW.isAhead(NOW.plusSeconds(31), NOW)).isTrue();
  }

  @Test
  void nothing_is_older_than_an_age_at_exactly_that_age() {
    var minute = Duration.ofMinutes(1);

    assertThat(SKEW.isOlderThan(minute, NOW.minusSeconds(90), NOW)).isFalse();
    assertThat(SKEW.isOlderThan(minute, NOW.minusSeconds(91), NOW)).isTrue();
  }
}
