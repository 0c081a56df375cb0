package dev.lanyard.protocol.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Evidence is safe to keep")
class EvidenceTest {
  private static final String KEYS = "\ud83d\udd11".repeat(5);

  @Test
  void control_characters_are_replaced() {
    var evidence = new Evidence("iss", "a\u0000b", "x\r\ny\u001b[31m\u009b31m", "RAS-4");

    assertThat(evidence.expected()).isEqualTo("a?b");
    assertThat(evidence.actual()).isEqualTo("x??y?[31m?31m");
  }

  @Test
  void long_input_is_cut() {
    assertThat(new Evidence("iss", "", "x".repeat(256), "R").actual()).isEqualTo("x".repeat(256));
    assertThat(new Evidence("iss", "", "x".repeat(257), "R").actual())
        .isEqualTo("x".repeat(256) + "…");
  }

  @Test
  @DisplayName("never within a character: the record of it could not be read again")
  void is_cut_between_characters() throws MalformedException {
    for (int letters = 250; letters < 260; letters++) {
      var actual = new Evidence("grant_type", "", "x".repeat(letters) + KEYS, "R").actual();
      var kept = JsonObject.builder().put("actual", actual).build().toJson();
      assertThat(JsonObject.parse(kept).string("actual")).contains(actual);
    }
  }
}
