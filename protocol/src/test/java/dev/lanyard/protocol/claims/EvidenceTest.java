package dev.lanyard.protocol.claims;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Evidence is safe to keep")
class EvidenceTest {
  @Test
  void control_characters_are_replaced() {
    var evidence = new Evidence("iss", "a\u0000b", "x\r\ny\u001b[31m", "RAS-4");

    assertThat(evidence.expected()).isEqualTo("a?b");
    assertThat(evidence.actual()).isEqualTo("x??y?[31m");
  }

  @Test
  void long_input_is_cut() {
    assertThat(new Evidence("iss", "", "x".repeat(256), "R").actual()).isEqualTo("x".repeat(256));
    assertThat(new Evidence("iss", "", "x".repeat(257), "R").actual())
        .isEqualTo("x".repeat(256) + "…");
  }
}
