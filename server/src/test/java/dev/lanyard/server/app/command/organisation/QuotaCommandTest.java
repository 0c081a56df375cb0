package dev.lanyard.server.app.command.organisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.People;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.sessions.IdJagUses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard quota: how many ID-JAGs each person has had, by resource and month")
class QuotaCommandTest {
  private static final String RESOURCE = "https://linear.example/mcp";

  private Installed installed;
  private String ana;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    installed.typing(
        "a password of hers", "person", "add", "ana", "-c", installed.configuration().toString());
  }

  private void hasHad(int times, Instant at) {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var office = Office.open(config, Clock.systemUTC())) {
      ana = People.find(office.directory(), "ana", Optional.empty()).id().value();
      for (int i = 0; i < times; i++) {
        var use =
            new IdJagUses.Use(
                ana,
                at,
                "jti-" + at + i,
                List.of(new ResourceIndicator(RESOURCE)),
                new ClientId("desk"));
        office
            .database()
            .write(connection -> {
              new IdJagUses(office.database()).fact(use).insert(connection);
              return use;
            });
      }
    }
  }

  @Test
  void says_that_nobody_counts_until_it_is_configured() throws IOException {
    assertThat(installed.here("quota").out())
        .contains("None: broker.exchange.quota is not in the configuration.");
    installed.replace(
        "  # exchange:\n", "  exchange:\n    quota: {warn_at: 2, limit: 3}\n  # exchange:\n");
    assertThat(installed.here("quota").out().strip()).isEqualTo("None.");
  }

  @Test
  void names_people_and_counts() {
    hasHad(3, Instant.now());
    assertThat(installed.here("quota").out()).contains("3  ana").contains(RESOURCE);
    assertThat(installed.here("quota", "--at-least", "4").out()).doesNotContain("ana");
    assertThat(installed.here("quota", "--user", "ana").out()).contains("3  ana");
    assertThat(installed.here("quota", "--json").out())
        .contains("\"user\":\"ana\"", "\"person\":\"" + ana + "\"", "\"issued\":3");
  }

  @Test
  void of_another_month() {
    var month = YearMonth.of(2026, 5);
    hasHad(2, month.atDay(31).atTime(23, 59).toInstant(ZoneOffset.UTC));
    assertThat(installed.here("quota", "--month", "2026-05").out()).contains("2  ana");
    assertThat(installed.here("quota", "--month", "2026-06").out()).doesNotContain("ana");
  }

  @Test
  void refuses_what_is_no_month_and_nobody() {
    assertThat(installed.here("quota", "--month", "May").err()).contains("is not a month");
    assertThat(installed.here("quota", "--user", "nobody").exit()).isNotZero();
  }
}
