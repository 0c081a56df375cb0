package dev.lanyard.server.app.command.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SSF-12: lanyard stream")
class StreamCommandTest {
  @TempDir Path folder;

  @Test
  void without_a_transmitter_there_is_none() throws IOException {
    var listed = Installed.in(folder).here("stream", "list");
    assertThat(listed.exit()).isEqualTo(1);
    assertThat(listed.err()).contains("signals.transmitter is not configured");
  }

  @Test
  void streams_are_listed_paused_disabled_and_enabled() throws IOException {
    var installed = Installed.in(folder);
    var file = installed.configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst(
                "(?m)^broker:\n",
                "broker:\n  signals: {transmitter: {receivers: [{name: payroll,"
                    + " audience: \"https://p.example\", client_id: payroll}]}}\n"));
    assertThat(installed.here("stream", "list").out()).contains("Nobody has a stream");
    assertThat(installed.here("stream", "pause", "payroll").err()).contains("has no stream");

    made();
    assertThat(installed.here("stream", "list").out()).contains("payroll", "enabled");
    var paused = installed.here("stream", "pause", "payroll", "--reason", "moving");
    assertThat(paused.exit()).as(paused.err()).isZero();
    assertThat(paused.out()).contains("paused", "by an administrator: moving");
    assertThat(installed.here("stream", "disable", "payroll").out()).contains("disabled");
    assertThat(installed.here("audit", "--type", "stream.changed").out()).contains("payroll");
    assertThat(installed.here("stream", "enable", "payroll").out())
        .contains("enabled")
        .doesNotContain("administrator");
  }

  private void made() throws IOException {
    try (var files = Files.walk(folder);
        var database =
            Database.open(
                DatabaseConfig.sqlite(
                    files
                        .filter(file -> file.toString().endsWith(".db"))
                        .findFirst()
                        .orElseThrow()),
                Clock.systemUTC())) {
      var insert =
          """
          INSERT INTO ssf_stream (id, receiver, status, events_requested, created_at)
          VALUES ('s-1', 'payroll', 'ENABLED', '', 1)
          """;
      database.write(connection -> new Statements(connection).update(insert));
    }
  }
}
