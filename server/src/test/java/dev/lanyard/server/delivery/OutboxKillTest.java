package dev.lanyard.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Soon;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 of a node that is sending: another sends everything, once its leases ran out")
class OutboxKillTest {
  @Test
  void on_sqlite(@TempDir Path folder) throws Exception {
    killAndResume(TestDatabases.sqlite(folder));
  }

  @Test
  void on_postgres() throws Exception {
    killAndResume(TestDatabases.postgres());
  }

  private static void killAndResume(DatabaseConfig config) throws Exception {
    kill(config);
    Set<String> sent = ConcurrentHashMap.newKeySet();
    var later = Clock.offset(Clock.systemUTC(), DeliveryConfig.DEFAULT.lease().plusSeconds(5));
    try (var database = Database.open(config, later);
        var _ =
            Dispatcher.start(
                database,
                Map.of(
                    KilledSender.KIND,
                    parcel -> {
                      sent.add(parcel.id());
                      return new Courier.Result.Delivered("200");
                    }),
                (_, _, _) -> {},
                DeliveryConfig.DEFAULT,
                later)) {
      var outbox = new Outbox(database, (_, _, _) -> {}, later);
      Soon.until("nothing is waiting", () -> outbox.waiting().isEmpty());
    }
    assertThat(sent).hasSize(KilledSender.MESSAGES);
  }

  private static void kill(DatabaseConfig config) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledSender.class.getName(),
                config.url())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int taken = 0; taken < 5; ) {
        var line = lines.readLine();
        assertThat(line).as("it runs").isNotNull();
        taken += line.startsWith("taken") ? 1 : 0;
      }
      process.toHandle().destroyForcibly();
    }
    assertThat(process.waitFor(Duration.ofSeconds(20))).isTrue();
  }
}
