package dev.lanyard.server.stdio;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What of a command cannot be right is refused with its property and its value")
class StdioConfigTest {
  private static StdioConfig config(List<String> command, String variable) {
    return new StdioConfig(
        command, Map.of(variable, new Secret("x")), Path.of("/work"), StdioConfig.Limits.DEFAULT);
  }

  @Test
  @DisplayName("A command that nobody could start is named")
  void command() {
    assertThatThrownBy(() -> config(List.of("npx", "server"), "KEY"))
        .hasMessageContaining("'command'")
        .hasMessageContaining("'npx'");
    assertThatThrownBy(() -> config(List.of(), "KEY")).hasMessageContaining("nothing");
  }

  @Test
  @DisplayName("A variable that could have no such name is named")
  void variable() {
    assertThatThrownBy(() -> config(List.of("/bin/sh"), "A=B"))
        .hasMessageContaining("'environment'")
        .hasMessageContaining("'A=B'");
  }

  @Test
  @DisplayName("A limit that is not positive is named with its value")
  void limits() {
    assertThatThrownBy(() -> limits(0, Duration.ofMinutes(1)))
        .hasMessage("at_once of a command must be positive, not 0");
    assertThatThrownBy(() -> limits(1, Duration.ZERO))
        .hasMessage("idle of a command must be positive, not 0");
  }

  private static StdioConfig.Limits limits(int atOnce, Duration idle) {
    return new StdioConfig.Limits(
        atOnce, 1, idle, Duration.ofHours(1), 1, 1, Duration.ofSeconds(1), 1, 1);
  }
}
