package dev.lanyard.protocol.idjag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.claims.ClockSkew;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Limits of an ID-JAG (RAS-7)")
class LimitsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void are_an_hour_by_default() {
    assertThat(Limits.DEFAULT).isEqualTo(new Limits(ClockSkew.DEFAULT, HOUR, HOUR));
  }

  @Test
  void cannot_be_wider_than_an_hour() {
    var more = HOUR.plusSeconds(1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(ClockSkew.DEFAULT, more, HOUR))
        .withMessageContaining("life");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(ClockSkew.DEFAULT, HOUR, more))
        .withMessageContaining("age");
  }

  @Test
  void must_be_positive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(ClockSkew.DEFAULT, Duration.ZERO, HOUR));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(ClockSkew.DEFAULT, HOUR, Duration.ZERO));
  }
}
