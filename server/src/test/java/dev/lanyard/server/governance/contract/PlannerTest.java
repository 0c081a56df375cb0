package dev.lanyard.server.governance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.forecast.Candidate;
import dev.lanyard.server.governance.forecast.Chances;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Outlook;
import dev.lanyard.server.governance.forecast.Probability;
import dev.lanyard.server.governance.forecast.Reality;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission fact 8: seats, ID-JAGs against quotas, fees, spend against the budget")
class PlannerTest {
  private static final Duration LIFE = Duration.ofMinutes(45);
  private static final String TERMS =
      """
      currency: EUR
      quarters: 2
      providers:
        okta:
          quota: 250
          seat_price:
            - {from: 1, to: 99, price: 2.00}
            - {from: 100, price: 1.50}
      expansion:
        - {from: 2026-Q4, to: 2026-Q4, fee: 5000}
        - {from: 2027-Q1, fee: 4000.50}
      reviews: {hours: 6, rate: 120}
      usage: {token_life: 45m, working_hours: 8h, working_days: 21}
      budget:
        - {from: 2026-Q4, amount: 1000}
      """;

  private static final Observed NOTHING =
      new Observed(YearMonth.of(2026, 10), 0, 0, 0, Optional.empty());

  @TempDir private Path folder;

  private TermsFile terms(String text) throws IOException {
    return TermsFile.read(
        Files.writeString(Files.createTempFile(folder, "terms", ".yaml"), text), LIFE);
  }

  private static Planner planner(long most) {
    return planner("50%", new Observed(YearMonth.of(2026, 10), most, 12, 900, Optional.empty()));
  }

  private static Planner planner(String slack, Observed observed, Candidate... more) {
    var candidates =
        new ArrayList<>(
            List.of(
                new Candidate("linear", 100, new Reality.There(LocalDate.of(2026, 6, 27), "live")),
                new Candidate(
                    "slack", 40, new Reality.NotYet(LocalDate.of(2026, 11, 1), "probed"))));
    candidates.addAll(List.of(more));
    return new Planner(
        candidates,
        Map.of(
            "slack",
            new Forecast(
                "slack",
                new Chances(
                    new TreeMap<>(Map.of(Quarter.parse("2027-Q1"), Probability.parse(slack)))),
                "ana",
                "r",
                "e",
                Instant.parse("2026-11-01T00:00:00Z"))),
        observed,
        LIFE,
        Quarter.parse("2026-Q4"));
  }

  private Plan planned(String scenario) throws IOException {
    return planner(40).plan("test", terms(scenario).over(terms(TERMS)));
  }

  @Nested
  @DisplayName("Money, a quarter at a time, in exact decimals")
  class Spend {
    @Test
    void is_seats_and_fees_and_reviews() throws IOException {
      var quarters = planned("{}").quarters();

      var first = quarters.getFirst();
      assertThat(first.seatCost().expected()).hasToString("450.00 EUR");
      assertThat(first.expansionCost().high()).hasToString("0.00 EUR");
      assertThat(first.reviewCost()).hasToString("720.00 EUR");
      assertThat(first.spend().low()).hasToString("1,170.00 EUR");

      // 100 seats are certain, 40 more come with one half.
      var second = quarters.getLast();
      assertThat(second.seats().low()).isEqualByComparingTo("100");
      assertThat(second.seats().expected()).isEqualByComparingTo("120");
      assertThat(second.seats().high()).isEqualByComparingTo("140");
      assertThat(second.expansionCost().expected()).hasToString("2,000.25 EUR");
      assertThat(second.spend().high()).hasToString("5,350.50 EUR");
    }

    @Test
    @DisplayName("Something rare: both deciles are zero, and high is not below what is expected")
    void of_something_rare() throws IOException {
      var second = planner("5%", NOTHING).plan("rare", terms(TERMS)).quarters().getLast();
      assertThat(second.launches().low()).isEqualByComparingTo("0");
      assertThat(second.launches().expected()).isEqualByComparingTo("0.05");
      assertThat(second.launches().high()).isEqualByComparingTo("0.05");
      assertThat(second.expansionCost().low()).hasToString("0.00 EUR");
      assertThat(second.expansionCost().high()).isEqualTo(second.expansionCost().expected());
      assertThat(second.seats().high()).isEqualByComparingTo(second.seats().expected());
      assertThat(second.spend().high().amount())
          .isGreaterThanOrEqualTo(second.spend().expected().amount());
    }

    @Test
    void a_tier_that_costs_nothing_costs_nothing() throws IOException {
      var tiers = "providers: {okta: {seat_price: [%s]}}";
      var freeLast = "{from: 1, to: 99, price: 2}, {from: 100, price: 0}";
      assertThat(planned(tiers.formatted(freeLast)).quarters().getFirst().seatCost().expected())
          .hasToString("0.00 EUR");
      var freeFirst = "{from: 1, to: 100, price: 0}, {from: 101, price: 2}";
      var quarters = planned(tiers.formatted(freeFirst)).quarters();
      assertThat(quarters.getFirst().seatCost().expected()).hasToString("0.00 EUR");
      assertThat(quarters.getLast().seatCost().high()).hasToString("840.00 EUR");
    }

    @Test
    @DisplayName("More seats of a cheaper tier cost less: low and high are in their order still")
    void cheaper_by_the_dozen() throws IOException {
      var tiers = "{from: 1, to: 139, price: 2}, {from: 140, price: 1}";
      var cost =
          planned("providers: {okta: {seat_price: [%s]}}".formatted(tiers))
              .quarters()
              .getLast()
              .seatCost();
      assertThat(cost.low()).hasToString("420.00 EUR");
      assertThat(cost.expected()).hasToString("720.00 EUR");
      assertThat(cost.high()).hasToString("720.00 EUR");
    }

    @Test
    void seats_of_which_nobody_knows_anything_are_named_and_left_out() throws IOException {
      var notion = new Candidate("notion", 7, new Reality.Unknown("no answer"));
      var plan = planner("50%", NOTHING, notion).plan("unknown", terms(TERMS));
      assertThat(plan.unknown())
          .containsExactly(
              new Outlook.Unknown("notion", 7, "no answer, and nobody has made a forecast"));
      assertThat(plan.leftOut().orElseThrow())
          .contains("7 seats are left out", "notion (7; no answer");
      assertThat(plan.toJson().toJson())
          .contains("\"unknown\":[{\"connector\":\"notion\"", "\"warnings\":[\"7 seats");

      var elsewhere =
          "providers: {okta: {seat_price: [{from: 1, price: 1}], connectors: [linear]}}";
      var others = planner("50%", NOTHING, notion).plan("x", terms(elsewhere).over(terms(TERMS)));
      assertThat(others.unknown()).isEmpty();
      assertThat(others.leftOut()).isEmpty();
    }

    @Test
    void the_overrun_is_how_many_times_the_budget_it_is() throws IOException {
      var plan = planned("{}");
      assertThat(plan.budget()).hasToString("2,000.00 EUR");
      assertThat(plan.overrun().high()).contains("3.26");
      assertThat(planned("budget: [{from: 2026-Q4, amount: 0}]").overrun().high()).isEmpty();
    }

    @Test
    void growth_counts_from_the_next_quarter_on() throws IOException {
      var plan = planned("growth: {low: 0%, expected: 10%, high: 50%}");
      assertThat(plan.quarters().getFirst().seats().high()).isEqualByComparingTo("100");
      assertThat(plan.quarters().getLast().seats().expected()).isEqualByComparingTo("132");
      assertThat(plan.quarters().getLast().seats().high()).isEqualByComparingTo("210");
    }

    @Test
    void thousandths_of_a_cent_are_not_lost() throws IOException {
      var plan = planned("providers: {okta: {seat_price: [{from: 1, price: 0.000005}]}}");
      assertThat(plan.quarters().getFirst().seatCost().expected().amount())
          .isEqualByComparingTo("0.0015");
    }
  }

  @Nested
  @DisplayName("IDP quota: 250 ID-JAGs for a person and resource in a month")
  class Quota {
    @Test
    void holds_with_tokens_of_45_minutes() throws IOException {
      var plan = planned("{}");
      assertThat(plan.volumes())
          .containsExactly(new Plan.Volume("okta", java.util.Optional.of(250), 231, 40, true));
      assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void a_change_of_token_life_that_would_break_it_is_told() throws IOException {
      var plan = planned("usage: {token_life: 15m}");
      assertThat(plan.warnings())
          .singleElement()
          .asString()
          .contains("needs 672", "as configured it holds: the change breaks it", "life of 44m on");
      // What is told does help.
      assertThat(planned("usage: {token_life: 44m}").warnings()).isEmpty();
      assertThat(planned("usage: {token_life: 43m}").warnings()).hasSize(1);
    }

    @Test
    void what_was_observed_counts_too() throws IOException {
      assertThat(planner(200).plan("near", terms(TERMS)).warnings())
          .singleElement()
          .asString()
          .contains("somebody had 200 in 2026-10");
      var over =
          planner(150)
              .plan(
                  "over", terms("usage: {token_life: 25m, working_hours: 1h}").over(terms(TERMS)));
      assertThat(over.volumes().getFirst().observed()).isEqualTo(270);
      assertThat(over.volumes().getFirst().fits()).isFalse();
    }

    @Test
    void of_an_empty_month_it_is_told_that_nothing_was_observed() throws IOException {
      assertThat(planner("50%", NOTHING).plan("empty", terms(TERMS)).assumptions())
          .anyMatch(one -> one.startsWith("nothing observed in 2026-10"));
      assertThat(planned("{}").assumptions()).noneMatch(one -> one.startsWith("nothing observed"));
    }

    @Test
    void several_clients_beside_each_other_need_their_own() throws IOException {
      assertThat(planned("usage: {clients: 2}").warnings()).hasSize(1);
    }
  }

  @Nested
  @DisplayName("What is written wrong is named with file and line")
  class Faults {
    private void refused(String scenario, String... said) {
      assertThatThrownBy(() -> planned(scenario))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContainingAll(said);
    }

    @Test
    void a_schedule_with_a_hole() {
      refused(
          """
          expansion:
            - {from: 2026-Q4, to: 2026-Q4, fee: 1}
            - {from: 2027-Q2, fee: 1}
          """,
          ".yaml:3",
          "begins with 2027-Q1 and not with 2027-Q2");
    }

    @Test
    void a_schedule_that_ends_too_early_or_begins_too_late() {
      refused(
          "budget: [{from: 2026-Q4, to: 2026-Q4, amount: 1}]", ".yaml:1", "nothing for 2027-Q1");
      refused("budget: [{from: 2027-Q1, amount: 1}]", "'budget' has nothing for 2026-Q4");
    }

    @Test
    void tiers_with_a_hole() {
      refused(
          """
          providers:
            okta:
              seat_price:
                - {from: 1, to: 99, price: 2}
                - {from: 101, price: 1}
          """,
          ".yaml:5",
          "begins with 100 and not with 101");
    }

    @Test
    void what_is_no_amount_no_currency_no_share() {
      refused("reviews: {hours: six, rate: 1}", "is no amount");
      refused("currency: EURO", "is no currency");
      refused("growth: {low: 2%, expected: 1%, high: 3%}", "in this order");
      refused("usage: {working_days: 40}", "working_days is 1 to 31");
      refused("budgets: []", "unknown key 'budgets'");
    }

    @Test
    void what_is_missing() throws IOException {
      var alone = terms("currency: EUR");
      assertThatThrownBy(() -> planner(1).plan("alone", alone))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("'providers' is missing");
    }
  }

  @Test
  @DisplayName("Seats that hang on a condition are counted, and it is said how many they are")
  void on_condition() throws IOException {
    var conditional =
        new Candidate("desk", 10, 4, new Reality.There(LocalDate.of(2026, 6, 27), "live"));
    var plan =
        planner(
                "50%",
                new Observed(YearMonth.of(2026, 10), 40, 12, 900, Optional.empty()), conditional)
            .plan("test", terms(TERMS));

    assertThat(plan.onCondition())
        .contains(
            "4 of 150 seats hang on a condition (a time, a network, a sign-in) and are counted in"
                + " every figure: desk 4");
    assertThat(plan.toJson().toJson()).contains("\"policy_seats_on_condition\":{\"desk\":4}");
    assertThat(planned("{}").onCondition()).isEmpty();
  }

  @Test
  @DisplayName("A number of quarters that is none is told with its line")
  void quarters() {
    for (var bad : List.of("00", "0", "41", "four", "-1", "1.5", "\"\"")) {
      assertThatThrownBy(() -> terms("currency: EUR\nquarters: " + bad + "\n"))
          .as(bad)
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining(".yaml:2");
    }
  }

  @Test
  @DisplayName("Everything that is missing is told at once")
  void missing() {
    assertThatThrownBy(() -> planner(40).plan("test", terms("currency: EUR")))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("'providers' is missing")
        .hasMessageContaining("'expansion' is missing")
        .hasMessageContaining("'reviews' is missing")
        .hasMessageContaining("'budget' is missing")
        .hasMessageNotContaining("'currency' is missing");
  }

  @Test
  @DisplayName("A connector that a contract names and nobody has is a warning, not a saving")
  void unheard_of() throws IOException {
    assertThat(
            planned(
                    "providers: {okta: {seat_price: [{from: 1, price: 2}], connectors: [linaer,"
                        + " linear]}}")
                .warnings())
        .containsExactly(
            "okta counts the seats of 'linaer', which the role library does not have: nothing is"
                + " counted for it");
  }
}
