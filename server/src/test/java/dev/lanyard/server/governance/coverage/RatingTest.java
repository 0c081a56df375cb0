package dev.lanyard.server.governance.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.governance.coverage.Rating.By;
import dev.lanyard.server.governance.probe.Evidence;
import dev.lanyard.server.governance.probe.EvidenceLog;
import dev.lanyard.server.governance.probe.Finding;
import dev.lanyard.server.governance.probe.Published;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How far a connector is: whoever looked last says so, and nobody guesses")
class RatingTest {
  private static final LocalDate DAY = LocalDate.of(2026, 12, 10);

  private static Optional<KnownConnector> known(String id) {
    return KnownWorld.builtIn().connector(id);
  }

  private static Evidence found(String since, String confirmed, boolean idJag) {
    var published =
        new Published(
            "401", true, List.of(), idJag, idJag, false, false, List.of(), false, false, true);
    return evidence(since, confirmed, new Finding.Seen(published));
  }

  private static Evidence evidence(String since, String confirmed, Finding finding) {
    return new Evidence(
        new ResourceIndicator("https://mcp.example/mcp"),
        Instant.parse(since + "T12:00:00Z"),
        Instant.parse(confirmed + "T12:00:00Z"),
        2,
        finding);
  }

  private static Optional<EvidenceLog.Known> only(Evidence evidence) {
    return Optional.of(new EvidenceLog.Known(evidence, Optional.of(evidence)));
  }

  private static void assertRated(Rating rating, String bucket, By by, String reason) {
    assertThat(rating.toJson().toJson()).contains("\"bucket\":\"" + bucket + "\"");
    assertThat(rating.by()).isEqualTo(by);
    assertThat(rating.reason()).contains(reason);
  }

  @Test
  void the_catalogue_where_nobody_has_probed() {
    assertRated(
        Rating.of(known("hubspot"), Optional.empty(), DAY), "early", By.CATALOGUE, "2026-11-23");
  }

  @Test
  void a_probe_that_found_something_else_later() {
    assertRated(
        Rating.of(known("linear"), only(found("2026-12-01", "2026-12-10", false)), DAY),
        "tracking",
        By.PROBE,
        "2026-12-01: its authorization server does not say");
    assertRated(
        Rating.of(known("workday"), only(found("2026-12-01", "2026-12-10", true)), DAY),
        "live",
        By.PROBE,
        "says that it takes ID-JAGs");
  }

  @Test
  @DisplayName("A statement that is newer than the day on which the probe first found it")
  void a_statement_after_the_probe() {
    assertRated(
        Rating.of(known("linear"), only(found("2026-11-20", "2026-12-10", false)), DAY),
        "live",
        By.CATALOGUE,
        "2026-11-23: EMA");
  }

  @Test
  @DisplayName("What is announced is not there yet: a probe that finds nothing agrees")
  void announced() {
    assertRated(
        Rating.of(known("hubspot"), only(found("2026-12-01", "2026-12-10", false)), DAY),
        "early",
        By.CATALOGUE,
        "rolling out");
  }

  @Test
  @DisplayName("Who agrees has looked: the day of the last look, by whoever looked last")
  void looked_on() {
    var salesforce = known("salesforce");
    assertThat(Rating.of(salesforce, Optional.empty(), DAY).lookedOn())
        .contains(LocalDate.of(2026, 6, 27));
    var agreed = Rating.of(salesforce, only(found("2026-12-01", "2027-04-02", false)), DAY);
    assertThat(agreed.by()).isEqualTo(By.CATALOGUE);
    assertThat(agreed.on()).contains(LocalDate.of(2026, 6, 27));
    assertThat(agreed.lookedOn()).contains(LocalDate.of(2027, 4, 2));
    // One that contradicts, but is older, is no look at which it was so.
    assertThat(Rating.of(salesforce, only(found("2026-06-20", "2026-12-10", true)), DAY).lookedOn())
        .contains(LocalDate.of(2026, 6, 27));
    assertThat(
            Rating.of(Optional.empty(), only(found("2026-11-20", "2026-11-21", false)), DAY)
                .lookedOn())
        .contains(LocalDate.of(2026, 11, 21));
  }

  @Test
  void a_connector_of_ones_own_is_what_the_probe_finds() {
    assertRated(
        Rating.of(Optional.empty(), only(found("2026-12-01", "2026-12-10", true)), DAY),
        "live",
        By.PROBE,
        "last on 2026-12-10");
    assertRated(
        Rating.of(Optional.empty(), Optional.empty(), DAY),
        "unknown",
        By.NOBODY,
        "not in the catalogue, and nobody has probed it");
  }

  @Test
  @DisplayName("One that gives no answer is for three days what it was, and then unknown")
  void disappears() {
    var before = found("2026-12-01", "2026-12-05", true);
    var gone = new Finding.Unknown("it gives no answer: the name does not resolve");
    for (var day : List.of("06", "08")) {
      var last = evidence("2026-12-06", "2026-12-" + day, gone);
      assertRated(
          Rating.of(
              Optional.empty(), Optional.of(new EvidenceLog.Known(last, Optional.of(before))), DAY),
          "live",
          By.PROBE,
          "last on 2026-12-05");
    }
    var last = evidence("2026-12-06", "2026-12-09", gone);
    assertRated(
        Rating.of(
            Optional.empty(), Optional.of(new EvidenceLog.Known(last, Optional.of(before))), DAY),
        "unknown",
        By.NOBODY,
        "the name does not resolve");
    assertRated(
        Rating.of(
            known("linear"), Optional.of(new EvidenceLog.Known(last, Optional.of(before))), DAY),
        "live",
        By.CATALOGUE,
        "2026-11-23");
  }
}
