package dev.lanyard.server.governance.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Right;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Mission fact 7: who signs their forecasts is held to nothing that somebody else wrote")
class ForecastersTest {
  private static final String INSTALLATION = "https://broker.example";

  private final TestClock clock = new TestClock();
  private final SigningKey ana = SigningKey.generate(SigningAlgorithm.ES256);
  private final SigningKey eve = SigningKey.generate(SigningAlgorithm.ES256);
  private Optional<Instant> retired = Optional.empty();
  private final Forecasters forecasters = new Forecasters(INSTALLATION, this::approvers);
  private Database database;
  private Forecasts forecasts;

  private Approvers approvers() {
    return new Approvers(
        List.of(
            new Approver("ana", ana.publicKey(), Set.of(Right.FORECAST), retired),
            new Approver("eve", eve.publicKey(), Set.of(Right.PROPOSE), Optional.empty())));
  }

  @BeforeEach
  void open(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), clock);
    forecasts = new Forecasts(database, forecasters);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Forecast of(String forecaster, String probability) {
    var chances =
        new Chances(
            new TreeMap<>(Map.of(Quarter.parse("2027-Q1"), Probability.parse(probability))));
    return new Forecast("slack", chances, forecaster, "a reason", "evidence", clock.instant());
  }

  private Saying say(Forecast one) {
    return forecasts.say(List.of(one), "operator", "c");
  }

  private Forecast said(String probability) {
    var signed = forecasters.signed(of("ana", probability), ana);
    assertThat(say(signed)).isEqualTo(new Saying.Kept(List.of(signed)));
    return signed;
  }

  private Map<String, Forecast> standing() {
    return Standing.now(forecasts.all(), Optional.empty());
  }

  private void write(String sql, Object... values) {
    int changed = database.write(connection -> new Statements(connection).update(sql, values));
    assertThat(changed).isPositive();
  }

  @Test
  void what_is_signed_is_shown_as_signed_and_recorded_by_its_hash() {
    var signed = said("0.3");
    var bens = of("ben", "0.5");
    assertThat(say(bens)).isInstanceOf(Saying.Kept.class);

    assertThat(forecasts.all()).extracting(Forecast::isSigned).containsExactly(true, false);
    assertThat(Score.of(forecasts.all(), Map.of(), clock.instant()))
        .extracting(Score::signed)
        .containsExactly(true, false);
    assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("forecast.said")))
        .extracting(record -> record.event().told("statement_hash").isPresent())
        .containsExactlyInAnyOrder(true, false);
    // The newest stands, but nobody's word does not take the place of somebody's.
    assertThat(standing()).containsEntry("slack", signed);
    assertThat(Standing.now(forecasts.all(), Optional.of("ben"))).containsEntry("slack", bens);
  }

  @Test
  void nobody_else_makes_a_forecast_under_the_name_of_somebody_who_signs() {
    assertThat(say(of("ana", "0.3")))
        .isEqualTo(new Saying.Refused("'ana' signs forecasts, and this one is not signed"));
    assertThat(say(forecasters.signed(of("ana", "0.3"), eve)))
        .isInstanceOfSatisfying(
            Saying.Refused.class,
            refused -> assertThat(refused.why()).startsWith("not signed by 'ana'"));
    assertThat(say(forecasters.signed(of("eve", "0.3"), eve)))
        .isEqualTo(new Saying.Refused("'eve' may not forecast, or does not any more"));
    assertThat(say(forecasters.signed(of("nobody", "0.3"), eve)))
        .isEqualTo(new Saying.Refused("'nobody' is not in the approvers file"));

    assertThat(forecasts.all()).isEmpty();
    assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("forecast.refused")))
        .hasSize(4)
        .allSatisfy(record -> assertThat(record.event().told("by")).contains("operator"));
  }

  @Test
  void a_row_that_somebody_writes_or_changes_in_the_database_does_not_count() {
    said("0.3");
    write("UPDATE forecast SET launch = '{\"2027-Q1\":\"0.9\"}'");
    assertThat(forecasts.all())
        .singleElement()
        .satisfies(
            one -> assertThat(one.refusal()).contains("what 'ana' signed says something else"));

    write("UPDATE forecast SET statement = NULL");
    assertThat(forecasts.all()).extracting(Forecast::counts).containsExactly(false);
    assertThat(standing()).isEmpty();
    assertThat(Score.of(forecasts.all(), Map.of(), clock.instant())).isEmpty();
  }

  @Test
  void what_was_signed_for_another_installation_is_worth_nothing() {
    var elsewhere = new Forecasters("https://other.example", this::approvers);
    assertThat(say(elsewhere.signed(of("ana", "0.3"), ana)))
        .isEqualTo(new Saying.Refused("what 'ana' signed says something else"));
  }

  @Test
  void an_old_statement_that_is_written_down_again_does_not_become_the_newest() {
    said("0.3");
    clock.advance(Duration.ofDays(1));
    var second = said("0.6");
    write(
        """
        INSERT INTO forecast (connector, forecaster, launch, reason, evidence, at, statement)
        SELECT connector, forecaster, launch, reason, evidence, at, statement FROM forecast
        WHERE at < ?
        """,
        clock.instant());

    assertThat(forecasts.all()).hasSize(3);
    assertThat(standing()).containsEntry("slack", second);
  }

  @Test
  void who_has_retired_says_nothing_new_and_what_they_said_stays_theirs() {
    var before = said("0.3");
    retired = Optional.of(clock.instant().plusSeconds(1));
    clock.advance(Duration.ofDays(1));

    assertThat(say(forecasters.signed(of("ana", "0.6"), ana))).isInstanceOf(Saying.Refused.class);
    assertThat(say(of("ana", "0.6"))).isInstanceOf(Saying.Refused.class);
    assertThat(standing()).containsEntry("slack", before);
  }
}
