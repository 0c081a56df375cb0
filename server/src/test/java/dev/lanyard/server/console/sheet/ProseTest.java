package dev.lanyard.server.console.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What stands between backticks is shown as something to type")
class ProseTest {
  @Test
  void pieces() {
    assertThat(Prose.of("first `lanyard init`, then `lanyard run`"))
        .containsExactly(
            new Prose("first ", false),
            new Prose("lanyard init", true),
            new Prose(", then ", false),
            new Prose("lanyard run", true));
    assertThat(Prose.of("")).isEmpty();
  }

  @Test
  @DisplayName("a backtick without a second one stays what it is")
  void alone() {
    assertThat(Prose.of("a ` b")).containsExactly(new Prose("a ` b", false));
    assertThat(Prose.of("`x` ` b")).containsExactly(new Prose("x", true), new Prose(" ` b", false));
  }
}
