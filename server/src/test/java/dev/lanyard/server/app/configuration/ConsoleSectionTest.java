package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.administration.SecondFactor;
import dev.lanyard.server.console.gate.ConsoleConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard.yaml: console")
class ConsoleSectionTest {
  private static final String REST =
      """
      database: {url: "jdbc:sqlite:data/x.db"}
      master_key_file: key
      library: library
      broker:
        issuer: https://id.example
        listen: 127.0.0.1:8443
        organisation: acme
        clients: clients.yaml
      """;

  private static final String SMALLEST =
      """
      console:
        address: https://console.example
        listen: 127.0.0.1:8445
      """;

  @TempDir Path folder;

  @Test
  @DisplayName("without it there is none")
  void off() {
    assertThat(read(REST).console()).isEmpty();
  }

  @Test
  @DisplayName(
      "by default nobody is more than an employee, and more takes a second factor (SEC-14)")
  void defaults() {
    var config = read(REST + SMALLEST).console().orElseThrow().config();

    assertThat(config.groups().values()).allMatch(Set::isEmpty);
    assertThat(config.secondFactor()).isEqualTo(SecondFactor.DEFAULT);
    assertThat(SecondFactor.DEFAULT.demanded()).isTrue();
    assertThat(config.sessionLife()).isEqualTo(ConsoleConfig.DEFAULT_SESSION_LIFE);
    assertThat(ConsoleConfig.DEFAULT_SESSION_LIFE).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void everything() {
    var config =
        read(REST
                + SMALLEST
                + """
                  help_desk: [desk]
                  administrators: [admins, root]
                  reviewers: [audit]
                  session_life: 30m
                  second_factor: {acr_values: [gold], amr: [face]}
                """)
            .console()
            .orElseThrow()
            .config();

    assertThat(config.groups())
        .isEqualTo(
            Map.of(
                Duty.HELP_DESK, Set.of("desk"),
                Duty.ADMINISTRATOR, Set.of("admins", "root"),
                Duty.REVIEWER, Set.of("audit")));
    assertThat(config.secondFactor())
        .isEqualTo(new SecondFactor(true, List.of("gold"), Set.of("face")));
    assertThat(config.sessionLife()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  @DisplayName("what cannot be is refused at the start, with its name")
  void refused() {
    refuses(SMALLEST.replace("https://console.example", "http://console.example"), "address");
    refuses(SMALLEST.replace("console.example", "console.example/path"), "address");
    refuses(SMALLEST + "  session_life: 13h\n", "session_life");
    refuses(SMALLEST + "  administrator: [admins]\n", "administrator");
    assertThatThrownBy(
            () -> read(REST + "  require_pushed_authorization_requests: true\n" + SMALLEST))
        .hasMessageContaining("without pushing their requests");
  }

  private void refuses(String section, String name) {
    assertThatThrownBy(() -> read(REST + section)).hasMessageContaining(name);
  }

  private Configuration read(String yaml) {
    try {
      return ConfigurationFile.read(
          Files.writeString(folder.resolve("lanyard.yaml"), yaml), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
