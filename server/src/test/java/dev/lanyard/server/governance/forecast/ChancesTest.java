package dev.lanyard.server.governance.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Probabilities that do not add up are named, never guessed")
class ChancesTest {
  private static SortedMap<Quarter, Probability> said(Map<String, String> texts) {
    var said = new TreeMap<Quarter, Probability>();
    texts.forEach((quarter, text) -> said.put(Quarter.parse(quarter), Probability.parse(text)));
    return said;
  }

  private static Chances.Given of(double probability) {
    return new Chances.Given.Of(probability);
  }

  @Test
  void quarters_that_add_up_to_more_than_one_are_refused() {
    assertThatThrownBy(() -> new Chances(said(Map.of("2027-Q1", "0.6", "2027-Q2", "0.41"))))
        .hasMessageContaining("add up to 1.01");
  }

  @Test
  void what_is_there_does_not_go_away_again() {
    assertThatThrownBy(() -> Chances.by(said(Map.of("2027-Q1", "0.6", "2027-Q2", "0.5"))))
        .hasMessageContaining("by 2027-Q2 it is 0.5, which is less than the 0.6");
  }

  @Test
  void by_the_end_of_a_quarter_is_the_sum_of_the_quarters() {
    assertThat(Chances.by(said(Map.of("2027-Q1", "10%", "2027-Q4", "40%"))))
        .isEqualTo(new Chances(said(Map.of("2027-Q1", "0.1", "2027-Q4", "0.3"))));
  }

  @Test
  void quarters_that_have_gone_by_without_it_make_the_others_more_probable() {
    var chances = new Chances(said(Map.of("2027-Q1", "0.5", "2027-Q2", "0.25")));
    var second = Quarter.parse("2027-Q2");
    assertThat(chances.in(Quarter.parse("2027-Q1"))).isEqualTo(of(0.5));
    assertThat(chances.in(second)).isEqualTo(of(0.5));
    assertThat(chances.given(Quarter.parse("2027-Q1"), second)).isEqualTo(of(0.75));
    assertThat(chances.given(second, Quarter.parse("2028-Q1"))).isEqualTo(of(0.5));
  }

  @Test
  void who_was_certain_says_nothing_any_more_when_it_did_not_come() {
    var chances = new Chances(said(Map.of("2027-Q1", "1")));
    assertThat(chances.in(Quarter.parse("2027-Q2")))
        .isEqualTo(new Chances.Given.UsedUp(Quarter.parse("2027-Q1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.01", "101%", "-0.1", "0.1234567", "half", "1e-3", ""})
  void is_no_probability(String text) {
    assertThatThrownBy(() -> Probability.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2027Q1", "2027-Q5", "27-Q1", "1999-Q1", "2027-q1"})
  void is_no_quarter(String text) {
    assertThatThrownBy(() -> Quarter.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_quarter_begins_and_ends() {
    var quarter = Quarter.of(LocalDate.of(2026, 12, 31));
    assertThat(quarter).hasToString("2026-Q4");
    assertThat(quarter.next()).hasToString("2027-Q1");
    assertThat(quarter.firstDay()).isEqualTo("2026-10-01");
    assertThat(quarter.lastDay()).isEqualTo("2026-12-31");
    assertThat(Quarter.of(quarter.ends().minusMillis(1))).isEqualTo(quarter);
  }

  @Nested
  @DisplayName("A file of forecasts: every fault with its line")
  class InAFile {
    @TempDir private Path folder;

    private Path written(String text) throws IOException {
      return Files.writeString(folder.resolve("forecasts.yaml"), text);
    }

    @Test
    void is_read() throws IOException {
      var file =
          written(
              """
              forecasts:
                salesforce:
                  in: {2027-Q1: 0.2, 2027-Q2: 35%}
                  reason: Announced.
                  evidence: A call.
              """);
      var at = Instant.parse("2026-11-23T09:00:00Z");
      assertThat(ForecastFile.read(file, "salesforce"::equals, "ana", at))
          .containsExactly(
              new Forecast(
                  "salesforce",
                  new Chances(said(Map.of("2027-Q1", "0.2", "2027-Q2", "0.35"))),
                  "ana",
                  "Announced.",
                  "A call.",
                  at));
    }

    @Test
    void names_every_fault_and_its_line() throws IOException {
      var file =
          written(
              """
              forecasts:
                salesforce:
                  in: {2027-Q1: 0.7, 2027-Q2: 0.4}
                  reason: Announced.
                  evidence: A call.
                workday:
                  by: {2027-Q1: 0.7, 2027-Q2: 0.4}
                  reason: Announced.
                  evidence: A call.
                slack:
                  reason: None.
                  evidence: None.
                nobody:
                  in: {2027-Q9: 0.7}
                  reason: None.
                  evidence: None.
              """);
      assertThatThrownBy(
              () -> ForecastFile.read(file, name -> !name.equals("nobody"), "ana", Instant.EPOCH))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("forecasts.yaml:3")
          .hasMessageContaining("add up to 1.1")
          .hasMessageContaining("forecasts.yaml:7")
          .hasMessageContaining("never decrease")
          .hasMessageContaining("needs 'in'")
          .hasMessageContaining("neither in the role library nor in the catalogue")
          .hasMessageContaining("is no quarter")
          .hasMessageNotContaining("a forecast names");
    }
  }
}
