package dev.lanyard.server.governance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName(
    "Mission fact 8: what would be if, as controls and as the scenario file that says the same")
class WhatIfTest {
  private static final Duration LIFE = Duration.ofMinutes(45);
  private static final String TERMS =
      """
      currency: EUR
      quarters: 2
      growth: {low: -0.25%, expected: 1%, high: 5%}
      providers:
        okta:
          quota: 250
          seat_price: [{from: 1, to: 99, price: 2.00}, {from: 100, price: 1.50}]
          connectors: [linear, notion]
        "a: {hostile} \\"name\\"\\n- x":
          seat_price: [{from: 1, price: 0.000005}]
      expansion: [{from: 2026-Q4, to: 2026-Q4, fee: 5000}, {from: 2027-Q1, fee: 4000.50}]
      reviews: {hours: 6, rate: 120}
      usage: {token_life: 90s, working_hours: 50m, working_days: 21, clients: 2}
      budget: [{from: 2026-Q4, amount: 1000}]
      """;

  private static final TermsFile AGREED = parsed(TERMS);

  private static TermsFile parsed(String text) {
    return TermsFile.parse(Path.of("test.yaml"), text, LIFE);
  }

  private static WhatIf.Asked asked(Map<String, String> said) {
    return new WhatIf(AGREED, LIFE).asked(name -> Optional.ofNullable(said.get(name)));
  }

  /// The terms that a scenario makes of those that are agreed.
  private static Terms with(String name, String value) {
    var asked = asked(Map.of(name, value));
    assertThat(asked.problems()).isEmpty();
    return parsed(asked.scenario()).over(AGREED).complete(LIFE);
  }

  @Test
  void what_is_not_moved_is_what_is_agreed() {
    var controls = new WhatIf(AGREED, LIFE).controls();

    assertThat(asked(Map.of()).scenario()).isEqualTo("{}\n");
    // As a form sends it that nobody has touched.
    var said = asked(Map.of()).said();
    assertThat(asked(said)).isEqualTo(asked(Map.of()));
    assertThat(said)
        .containsEntry("token_life_seconds", "90")
        .containsEntry("working_hours", "0.8333");
    assertThat(controls.keySet())
        .containsExactly(
            "How people work",
            "Seats and quarters",
            "okta",
            "a: {hostile} \"name\"\n- x",
            "Fees, reviews and budget");
  }

  @Test
  @DisplayName("Each control makes one section, and the rest of that section is kept to the digit")
  void sections() {
    var agreed = AGREED.complete(LIFE);

    assertThat(with("token_life_seconds", "600").usage())
        .isEqualTo(new Usage(Duration.ofMinutes(10), Duration.ofMinutes(50), 21, 2));
    assertThat(with("working_hours", "7.5").usage())
        .isEqualTo(new Usage(Duration.ofSeconds(90), Duration.ofMinutes(450), 21, 2));
    assertThat(with("clients", "3").usage().clients()).isEqualTo(3);
    assertThat(with("growth_high", "7.5").growth())
        .isEqualTo(
            new Spread<>(
                agreed.growth().low(), agreed.growth().expected(), new BigDecimal("0.075")));
    assertThat(with("quarters", "1").quarters()).isEqualTo(1);
    assertThat(with("review_hours", "3.5").reviews().rate()).isEqualByComparingTo("120");
    assertThat(with("expansion", "50").expansion().periods().getLast().amount())
        .isEqualByComparingTo("2000.25");
    assertThat(with("budget", "150").budget().periods().getFirst().amount())
        .isEqualByComparingTo("1500");
    assertThat(with("budget", "150").expansion()).isSameAs(agreed.expansion());
  }

  @Test
  void a_provider_is_written_with_all_that_it_has() {
    var quota = with("quota okta", "500").providers();
    var price = with("price okta", "80").providers();

    assertThat(quota.getFirst().quota()).contains(500);
    assertThat(quota.getFirst().connectors()).containsExactlyInAnyOrder("linear", "notion");
    assertThat(quota.getLast().name()).isEqualTo("a: {hostile} \"name\"\n- x");
    assertThat(quota.getLast().prices().tiers().getFirst().price())
        .isEqualByComparingTo("0.000005");
    assertThat(price.getFirst().quota()).contains(250);
    assertThat(price.getFirst().prices().tiers())
        .extracting(tier -> Control.written(tier.price()))
        .containsExactly("1.6", "1.2");
  }

  @Nested
  @DisplayName("What cannot be tried is refused, with words for that control")
  class Refused {
    private static void refused(String name, String value, String words) {
      var asked = asked(Map.of(name, value));
      assertThat(asked.problems().keySet()).as(value).isEqualTo(java.util.Set.of(name));
      assertThat(asked.problems().get(name)).contains(words);
      assertThat(asked.said()).containsEntry(name, value);
      assertThat(asked.scenario()).isEqualTo("{}\n");
    }

    @Test
    void no_number_or_one_outside() {
      for (var value : List.of("<script>", "1e3", "NaN", "--1", "1.00001", "9".repeat(40))) {
        refused("budget", value, "This needs a number such as 100.");
      }
      refused("budget", "-1", "This is from 0 to 300.");
      refused("quota okta", "0", "This is from 1 to 1000.");
      refused("token_life_seconds", "29", "This is from 30 to 28800.");
    }

    @Test
    void a_part_where_there_are_only_whole_ones() {
      refused("clients", "2.5", "whole number");
      refused("working_hours", "1.0001", "whole minutes");
    }

    @Test
    void a_growth_that_is_low_above_what_is_expected() {
      refused("growth_low", "2", "at most what is expected");
      refused("growth_high", "0.5", "at least what is expected");
    }
  }
}
