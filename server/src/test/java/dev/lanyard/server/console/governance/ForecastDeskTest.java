package dev.lanyard.server.console.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.governance.forecast.Forecasts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-9: what is said of launches goes by a name that is not the person's own choice")
class ForecastDeskTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private Database database;
  private ForecastDesk desk;

  @BeforeEach
  void start(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), Clock.systemUTC());
    desk = new ForecastDesk(new Forecasts(database), _ -> true, List::of);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private static Actor actor(String userName, boolean given, String email, boolean verified) {
    var person =
        new Person(
            new PersonId("P1"),
            "acme",
            userName,
            given,
            Optional.of(email).filter(one -> !one.isEmpty()),
            verified,
            "Somebody",
            Standing.ACTIVE,
            Set.of());
    return new Actor(person, new ClientId("console"), NOW, "test");
  }

  private String forecaster(Actor by) {
    var said =
        new ForecastDesk.Said("slack", Map.of("2027-Q1", "60%"), Map.of(), "because", "a call");
    return ((ForecastDesk.Told.Kept) desk.say(by, said)).forecast().forecaster();
  }

  @Test
  void a_forecaster_is_a_given_name_a_verified_address_or_an_id() {
    assertThat(forecaster(actor("ana", true, "ana@acme.example", false))).isEqualTo("ana");
    assertThat(forecaster(actor("ana", false, "eve@acme.example", true)))
        .isEqualTo("eve@acme.example");
    assertThat(forecaster(actor("ana", false, "ana@acme.example", false))).isEqualTo("P1");
  }

  @Test
  void so_is_who_records_a_launch_and_who_takes_it_back() {
    var mallory = actor("ana", false, "", false);
    assertThat(desk.launched(mallory, "slack", "2026-11-11", "it is there"))
        .isInstanceOfSatisfying(
            ForecastDesk.Recorded.Kept.class,
            kept -> assertThat(kept.launch().by()).isEqualTo("P1"));
    assertThat(desk.takeBack(mallory, "slack", "a mistake"))
        .hasValueSatisfying(back -> assertThat(back.by()).isEqualTo("P1"));
    assertThat(new AuditLog(database).query(AuditQuery.newest(5)).toString())
        .doesNotContain("\"ana\"");
  }
}
