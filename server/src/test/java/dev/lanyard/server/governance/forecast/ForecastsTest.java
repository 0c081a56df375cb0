package dev.lanyard.server.governance.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission fact 7: forecasts are kept as they were said, and held against what came")
class ForecastsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

  private static Forecast said(String by, String connector, String at, String quarter, String p) {
    return new Forecast(
        connector,
        new Chances(new TreeMap<>(Map.of(Quarter.parse(quarter), Probability.parse(p)))),
        by,
        "a reason",
        "evidence",
        Instant.parse(at + "T09:00:00Z"));
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    private Database database;
    private Forecasts forecasts;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, new TestClock());
      forecasts = new Forecasts(database);
    }

    @AfterEach
    void close() {
      database.close();
    }

    private static Launch on(String day) {
      return new Launch("slack", LocalDate.parse(day), "help page", "ana", NOW);
    }

    @Test
    void what_was_said_stays_and_the_newest_stands() {
      var first = said("ana", "slack", "2026-07-01", "2026-Q4", "0.3");
      var second = said("ana", "slack", "2026-08-01", "2026-Q4", "0.123456");
      var bens = said("ben", "slack", "2026-07-15", "2026-Q4", "0.9");
      forecasts.say(List.of(first), "operator", "command-1");
      forecasts.say(List.of(bens, second), "operator", "command-2");

      assertThat(forecasts.all()).containsExactly(first, bens, second);
      assertThat(Standing.now(forecasts.all(), Optional.empty())).containsEntry("slack", second);
      assertThat(Standing.now(forecasts.all(), Optional.of("ben"))).containsEntry("slack", bens);
      assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("forecast.said")))
          .hasSize(3)
          .first()
          .satisfies(record -> assertThat(record.event().told("by")).contains("operator"));
    }

    @Test
    void a_launch_is_recorded_once_and_a_mistake_can_be_put_right() {
      assertThat(forecasts.launched(List.of(on("2026-10-02")), "c")).hasSize(1);
      assertThat(forecasts.launched(List.of(on("2026-10-02")), "c")).isEmpty();
      assertThat(forecasts.launched(List.of(on("2026-09-30")), "c")).hasSize(1);
      assertThat(forecasts.launches()).containsExactly(on("2026-09-30"));
      // Back again is a new record, not the old one.
      assertThat(forecasts.launched(List.of(on("2026-10-02")), "c")).hasSize(1);
      assertThat(forecasts.launches()).containsExactly(on("2026-10-02"));
      assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("forecast.resolved")))
          .hasSize(3);
    }

    @Test
    void nodes_that_find_the_same_launch_at_once_record_it_once() throws Exception {
      assertThat(atOnce(() -> forecasts.found(List.of(on("2026-10-02")), "c").size())).isEqualTo(1);
    }

    @Test
    void a_launch_that_was_none_is_taken_back_once_and_stays_in_the_record() throws Exception {
      assertThat(takeBack()).isEmpty();
      forecasts.launched(List.of(on("2026-10-02")), "c");

      assertThat(atOnce(() -> takeBack().isPresent() ? 1 : 0)).isEqualTo(1);

      var back =
          new TakenBack("slack", LocalDate.parse("2026-10-02"), "they meant a beta", "ben", NOW);
      assertThat(forecasts.launches()).isEmpty();
      assertThat(forecasts.resolutions()).containsExactly(on("2026-10-02"), back);
      assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("forecast.taken-back")))
          .singleElement()
          .satisfies(record -> assertThat(record.event().told("by")).contains("ben"));
      // What is found of the time before was part of the mistake; a person may know better.
      assertThat(forecasts.found(List.of(on("2026-10-02"), on("2026-11-23")), "c")).isEmpty();
      assertThat(forecasts.launched(List.of(on("2026-10-02")), "c")).hasSize(1);
      assertThat(takeBack()).isPresent();
      assertThat(forecasts.found(List.of(on("2026-11-24")), "c")).hasSize(1);
      // What stands is not found again, and not on another day neither.
      assertThat(forecasts.found(List.of(on("2026-11-25")), "c")).isEmpty();
      assertThat(forecasts.launches()).containsExactly(on("2026-11-24"));
    }

    private Optional<TakenBack> takeBack() {
      return forecasts.takeBack("slack", "they meant a beta", "ben", NOW, "c");
    }

    private static int atOnce(Callable<Integer> task) throws Exception {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        int sum = 0;
        for (var done : threads.invokeAll(Collections.nCopies(8, task))) {
          sum += done.get();
        }
        return sum;
      }
    }
  }

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  @Nested
  @DisplayName("The outlook: what is there counts, what is not by the forecast that stands")
  class TheOutlook {
    private final List<Quarter> quarters = Quarter.of(NOW).following(2);
    private final Reality there = new Reality.There(LocalDate.of(2026, 6, 27), "live");
    private final Reality notYet = new Reality.NotYet(LocalDate.of(2026, 11, 20), "probed");

    private Outlook outlook(List<Forecast> said, Candidate... candidates) {
      return Outlook.of(List.of(candidates), Standing.now(said, Optional.empty()), quarters);
    }

    @Test
    void by_connector_and_by_seats() {
      var outlook =
          outlook(
              List.of(said("ana", "slack", "2026-11-01", "2027-Q1", "0.5")),
              new Candidate("linear", 100, there),
              new Candidate("slack", 40, notYet));

      var now = outlook.quarters().getFirst();
      assertThat(now.connectors()).isEqualTo(new Outlook.Range(1, 1, 1, 1, 1));
      var next = outlook.quarters().getLast();
      assertThat(next.quarter()).hasToString("2027-Q1");
      assertThat(next.connectors()).isEqualTo(new Outlook.Range(1.5, 1, 1, 2, 1));
      assertThat(next.seats()).isEqualTo(new Outlook.Range(120, 100, 100, 140, 1));
      assertThat(outlook.unknown()).isEmpty();
    }

    @Test
    void what_nobody_knows_is_named_with_the_reason_and_counts_as_not_there() {
      var outlook =
          outlook(
              List.of(said("ana", "notion", "2026-07-01", "2026-Q3", "1")),
              new Candidate("slack", 40, new Reality.Unknown("no answer")),
              new Candidate("notion", 10, notYet));

      assertThat(outlook.unknown())
          .containsExactly(
              new Outlook.Unknown("slack", 40, "no answer, and nobody has made a forecast"),
              new Outlook.Unknown(
                  "notion",
                  10,
                  "the forecast was certain of a launch by 2026-Q3, which did not come"));
      assertThat(outlook.quarters().getLast().seats()).isEqualTo(new Outlook.Range(0, 0, 0, 0, 1));
    }
  }

  @Nested
  @DisplayName("The score: what was said before a quarter began, against how it ended")
  class TheScore {
    private Score score(Map<String, Reality> reality, Forecast... said) {
      return Score.of(List.of(said), reality, Instant.parse("2027-04-01T00:00:00Z")).getFirst();
    }

    private Map<String, Reality> launched(String day) {
      return Map.of("slack", new Reality.There(LocalDate.parse(day), "seen"));
    }

    @Test
    void the_brier_score_is_the_mean_squared_error() {
      // 2026-Q4: 0.25 said, did not happen. 2027-Q1: 0.75 of what was left, happened.
      var chances = new TreeMap<Quarter, Probability>();
      chances.put(Quarter.parse("2026-Q4"), Probability.parse("0.2"));
      chances.put(Quarter.parse("2027-Q1"), Probability.parse("0.6"));
      var said =
          new Forecast(
              "slack",
              new Chances(chances),
              "ana",
              "r",
              "e",
              Instant.parse("2026-08-01T00:00:00Z"));

      var score = score(launched("2027-03-31"), said);

      assertThat(score.judged()).isEqualTo(2);
      assertThat(score.brier().orElseThrow()).isEqualTo((0.2 * 0.2 + 0.25 * 0.25) / 2);
      assertThat(score.baseRate().orElseThrow()).isEqualTo(0.25);
      assertThat(score.calibration())
          .containsExactly(new Score.Bin(0.2, 1, 0.2, 0), new Score.Bin(0.7, 1, 0.75, 1));
    }

    @Test
    void nobody_is_judged_by_what_they_said_when_the_quarter_had_begun() {
      assertThat(score(launched("2027-02-01"), said("ana", "slack", "2027-01-01", "2027-Q1", "1")))
          .satisfies(score -> assertThat(score.judged()).isZero())
          .satisfies(score -> assertThat(score.brier()).isEmpty());
    }

    @Test
    void quarters_after_the_launch_are_no_question_any_more() {
      assertThat(
              score(launched("2026-07-05"), said("ana", "slack", "2026-08-01", "2026-Q4", "0.1")))
          .satisfies(score -> assertThat(score.judged()).isZero());
    }

    @Test
    void what_nobody_looked_at_after_the_quarter_is_not_judged() {
      var said = said("ana", "slack", "2026-08-01", "2026-Q4", "0.1");
      var inside = new Reality.NotYet(LocalDate.of(2026, 12, 30), "probed");
      assertThat(score(Map.of("slack", inside), said).judged()).isZero();
      assertThat(score(Map.of(), said).judged()).isZero();
      var after = new Reality.NotYet(LocalDate.of(2027, 1, 2), "probed");
      assertThat(score(Map.of("slack", after), said).judged()).isEqualTo(1);
    }

    @Test
    void who_was_certain_of_an_earlier_launch_is_counted_apart() {
      var said = said("ana", "slack", "2026-08-01", "2026-Q4", "1");
      var score = score(launched("2027-03-01"), said);
      assertThat(score.judged()).isEqualTo(1);
      assertThat(score.usedUp()).isEqualTo(1);
      assertThat(score.brier().orElseThrow()).isEqualTo(1);
    }
  }
}
