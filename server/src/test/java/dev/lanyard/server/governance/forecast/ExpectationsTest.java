package dev.lanyard.server.governance.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.Rating;
import dev.lanyard.server.governance.coverage.Rating.By;
import dev.lanyard.server.governance.coverage.UseLog.Use;
import dev.lanyard.server.governance.coverage.Way;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Tools;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Mission fact 7: forecasts against what the catalogue and the probes have seen, and when")
class ExpectationsTest {
  private final TestClock clock = new TestClock();
  private Database database;
  private Forecasts forecasts;

  @BeforeEach
  void open(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), clock);
    forecasts = new Forecasts(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void said(String connector, String quarter, String probability) {
    var chances =
        new Chances(new TreeMap<>(Map.of(Quarter.parse(quarter), Probability.parse(probability))));
    forecasts.say(
        List.of(new Forecast(connector, chances, "ana", "r", "e", clock.instant())),
        "operator",
        "c");
  }

  private Expectations of(String connector, String address, Rating rating) {
    var coverage =
        new Coverage(
            clock.instant(),
            Optional.of("v"),
            Optional.empty(),
            new Coverage.People(0, 0, 0),
            List.of(),
            List.of(
                new Coverage.Line(connector, connector, "any", rating, Way.NONE, 10, 0, Use.NONE)),
            List.of());
    var library =
        new Library(
            "v",
            List.of(
                new Connector(
                    connector,
                    connector,
                    "any",
                    new Issuer("https://as.example"),
                    new ResourceIndicator(address),
                    Scopes.of("read"),
                    Tools.NONE)),
            List.of());
    return new Expectations(forecasts, () -> coverage, () -> library, KnownWorld::builtIn, clock);
  }

  private static Rating notYet(By by, String on, String lookedOn) {
    return new Rating(
        Optional.of(Bucket.TRACKING),
        by,
        Optional.of(LocalDate.parse(on)),
        Optional.of(LocalDate.parse(lookedOn)),
        "seen");
  }

  @Test
  @DisplayName("A miss is judged: the catalogue is old, and a probe has agreed since")
  void a_miss() {
    said("salesforce", "2027-Q1", "0.9");
    clock.set(Instant.parse("2027-04-03T00:00:00Z"));

    var score =
        of(
                "salesforce",
                "https://mcp.salesforce.com",
                notYet(By.CATALOGUE, "2026-11-23", "2027-04-02"))
            .scores()
            .getFirst();

    assertThat(score.judged()).isEqualTo(1);
    assertThat(Outlook.decimal(score.brier().orElseThrow())).isEqualTo("0.81");
  }

  @Test
  @DisplayName("A probe that looked once, before the quarter, says nothing of how it ended")
  void an_old_look() {
    said("wiki", "2027-Q1", "0.9");
    clock.set(Instant.parse("2027-07-01T00:00:00Z"));

    var score =
        of("wiki", "https://wiki.acme.example", notYet(By.PROBE, "2026-11-20", "2026-11-20"))
            .scores()
            .getFirst();

    assertThat(score.judged()).isZero();
  }

  @Test
  @DisplayName("Of a connector with a name of our own the catalogue's dates hold, by its address")
  void by_address() {
    var live =
        new Rating(
            Optional.of(Bucket.LIVE),
            By.CATALOGUE,
            Optional.of(LocalDate.of(2026, 11, 23)),
            Optional.of(LocalDate.of(2026, 11, 23)),
            "seen");
    assertThat(of("tickets", "https://mcp.linear.app/mcp", live).candidates())
        .containsExactly(
            new Candidate("tickets", 10, new Reality.There(LocalDate.of(2026, 6, 27), "seen")));
  }

  private static Rating live(String since) {
    return new Rating(
        Optional.of(Bucket.LIVE),
        By.PROBE,
        Optional.of(LocalDate.parse(since)),
        Optional.of(LocalDate.parse(since)),
        "probed");
  }

  @Test
  @DisplayName(
      "A launch that is taken back was none: forecasts go on, and who was sure is held to it")
  void taken_back() {
    said("wiki", "2027-Q1", "0.9");
    clock.set(Instant.parse("2027-02-03T00:00:00Z"));
    var mistaken = of("wiki", "https://wiki.acme.example", live("2027-02-02"));
    assertThat(mistaken.resolve("c")).hasSize(1);
    clock.set(Instant.parse("2027-04-03T00:00:00Z"));
    assertThat(mistaken.scores().getFirst().brier().orElseThrow()).isCloseTo(0.01, within(1e-9));

    assertThat(forecasts.takeBack("wiki", "a test server", "ben", clock.instant(), "c"))
        .isPresent();

    assertThat(mistaken.candidates())
        .containsExactly(
            new Candidate(
                "wiki", 10, new Reality.NotYet(LocalDate.of(2027, 4, 3), "a test server")));
    assertThat(mistaken.scores().getFirst().brier().orElseThrow()).isCloseTo(0.81, within(1e-9));
    assertThat(mistaken.resolve("c")).isEmpty();
    // What is found later is a launch of its own.
    clock.set(Instant.parse("2027-05-03T00:00:00Z"));
    assertThat(of("wiki", "https://wiki.acme.example", live("2027-05-02")).resolve("c"))
        .singleElement()
        .satisfies(launch -> assertThat(launch.on()).isEqualTo("2027-05-02"));
  }

  @Test
  @DisplayName("A connector that has disappeared is named, and its forecast counts nowhere")
  void disappeared() {
    said("desk", "2027-Q1", "0.9");

    var outlook =
        of("wiki", "https://wiki.acme.example", live("2026-11-20")).outlook(1, Optional.empty());

    assertThat(outlook.connectors()).isEqualTo(1);
    assertThat(outlook.unknown())
        .containsExactly(
            new Outlook.Unknown(
                "desk",
                0,
                "a forecast of it stands, but neither the role library nor the catalogue has it any"
                    + " more"));
  }
}
