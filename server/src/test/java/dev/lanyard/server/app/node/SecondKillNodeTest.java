package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.ras.enrolment.SecondKills;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A server ends once more what a rule of an organisation has taken away")
class SecondKillNodeTest {
  private static final String ISSUER = "https://idp.example";
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path folder;

  @Test
  @DisplayName("whoever has asked for it, such as a command beside the server")
  void carries_what_is_asked_for() throws Exception {
    var config =
        ConfigurationFile.read(Installed.in(folder.resolve("installed")).configuration(), Map.of());
    var body =
        JsonObject.builder()
            .put("due", CLOCK.millis())
            .put("by", "command line (ana)")
            .put("reason", "organisation.changed")
            .put("issuers", List.of(ISSUER))
            .build();
    try (var beside = Database.open(config.database(), CLOCK);
        var lanyard = Lanyard.start(config, CLOCK)) {
      var outbox = new Outbox(beside, (_, _, _) -> {}, CLOCK);
      beside.write(connection ->
          outbox.append(connection, Delivery.of(SecondKills.KIND, "this server", body, "test")));
      Soon.until(
          "it is carried",
          () -> outbox.causedBy("test").getFirst().state() == Letter.State.DELIVERED);
      assertThat(lanyard.revocation().denied().all())
          .anyMatch(denial -> denial.denied().value().equals(ISSUER));
    }
  }
}
