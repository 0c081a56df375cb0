package dev.lanyard.server.app.command.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard accounts: whose accounts at vendors are connected")
class AccountsCommandTest {
  private Installed installed;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    installed.typing(
        "a password of hers", "person", "add", "ana", "-c", installed.configuration().toString());
  }

  @Test
  void says_so_if_there_are_none() {
    assertThat(installed.here("accounts", "list").out().strip()).isEqualTo("None.");
    assertThat(installed.here("accounts", "list", "--json").out()).isEmpty();
    assertThat(installed.here("accounts", "end", "--user", "ana").out()).contains("0 ended.");
  }

  @Test
  void of_nobody() {
    assertThat(installed.here("accounts", "list", "--user", "nobody").exit()).isNotZero();
    assertThat(installed.here("accounts", "end", "--user", "nobody").exit()).isNotZero();
  }
}
