package dev.lanyard.server.governance.contract;

import dev.lanyard.server.governance.contract.Scenario.Changes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What would be if: the terms as controls that can be moved, and what they make as a scenario
/// file. Nothing is kept, and what is not moved is what the terms say, to the last digit.
/// Immutable.
public final class WhatIf {
  private static final String ALL = "100";
  private static final BigDecimal SECONDS = BigDecimal.valueOf(3600);

  private final Terms terms;
  private final List<Control> controls;

  /// @param configuredLife how long access tokens live as this installation is configured
  /// @throws dev.lanyard.server.yaml.FaultyFileException if the terms are not complete
  public WhatIf(TermsFile agreed, Duration configuredLife) {
    this.terms = agreed.complete(configuredLife);
    var all = new ArrayList<Control>();
    use(all);
    seats(all);
    providers(all);
    money(all);
    this.controls = List.copyOf(all);
  }

  private void use(List<Control> all) {
    var topic = "How people work";
    var usage = terms.usage();
    var life = usage.tokenLife();
    all.add(
        life.toSeconds() % 60 == 0
            ? Control.of(
                Scenario.LIFE,
                topic,
                "Life of an access token",
                "min",
                "1",
                "480",
                "1",
                BigDecimal.valueOf(life.toMinutes()))
            : Control.of(
                Scenario.LIFE_SECONDS,
                topic,
                "Life of an access token",
                "s",
                "30",
                "28800",
                "1",
                BigDecimal.valueOf(life.toSeconds())));
    all.add(
        Control.of(
            Scenario.HOURS,
            topic,
            "Hours of work in a day",
            "h",
            "0.25",
            "24",
            "0.25",
            BigDecimal.valueOf(usage.workingHours().toSeconds())
                .divide(SECONDS, 4, RoundingMode.HALF_EVEN)));
    all.add(
        Control.of(
            Scenario.DAYS,
            topic,
            "Days of work in a month",
            "days",
            "1",
            "31",
            "1",
            BigDecimal.valueOf(usage.workingDays())));
    all.add(
        Control.of(
            Scenario.CLIENTS,
            topic,
            "Clients that somebody uses beside each other",
            "",
            "1",
            "10",
            "1",
            BigDecimal.valueOf(usage.clients())));
  }

  private void seats(List<Control> all) {
    var topic = "Seats and quarters";
    var growth = terms.growth().map(share -> share.movePointRight(2));
    all.add(growth(topic, "low", growth.low()));
    all.add(growth(topic, "expected", growth.expected()));
    all.add(growth(topic, "high", growth.high()));
    all.add(
        Control.of(
            Scenario.QUARTERS,
            topic,
            "Quarters that are planned",
            "",
            "1",
            "12",
            "1",
            BigDecimal.valueOf(terms.quarters())));
  }

  private static Control growth(String topic, String end, BigDecimal share) {
    return Control.of(
        Scenario.GROWTH + end,
        topic,
        "Growth from quarter to quarter, " + end,
        "%",
        "-50",
        "100",
        "0.5",
        share);
  }

  private void providers(List<Control> all) {
    for (var one : terms.providers()) {
      one.quota()
          .ifPresent(quota ->
              all.add(
                  Control.of(
                      Scenario.QUOTA + one.name(),
                      one.name(),
                      "ID-JAGs for a person and resource in a month",
                      "",
                      "1",
                      "1000",
                      "1",
                      BigDecimal.valueOf(quota))));
      all.add(share(Scenario.PRICE + one.name(), one.name(), "Price of a seat, of what is agreed"));
    }
  }

  private void money(List<Control> all) {
    var topic = "Fees, reviews and budget";
    all.add(share(Scenario.EXPANSION, topic, "Fee for a launch, of what is agreed"));
    all.add(
        Control.of(
            Scenario.REVIEW_HOURS,
            topic,
            "Hours that a review takes",
            "h",
            "0",
            "40",
            "0.5",
            terms.reviews().hours()));
    all.add(
        Control.of(
            Scenario.REVIEW_RATE,
            topic,
            "What an hour of review costs",
            terms.currency().getCurrencyCode(),
            "0",
            "500",
            "1",
            terms.reviews().rate()));
    all.add(share(Scenario.BUDGET, topic, "Budget, of what there is"));
  }

  private static Control share(String name, String topic, String label) {
    return Control.of(name, topic, label, "%", "0", "300", "1", new BigDecimal(ALL));
  }

  /// By topic, in an order for people.
  public Map<String, List<Control>> controls() {
    var byTopic = new LinkedHashMap<String, List<Control>>();
    controls.forEach(one -> byTopic.computeIfAbsent(one.topic(), _ -> new ArrayList<>()).add(one));
    return byTopic;
  }

  /// What somebody asks for.
  ///
  /// @param said the value of every control as it was written, or as it is agreed
  /// @param problems by the name of the control, why its value cannot be tried
  /// @param scenario the file that says the same; `{}` if nothing is otherwise
  public record Asked(Map<String, String> said, Map<String, String> problems, String scenario) {
    public Asked {
      said = Map.copyOf(said);
      problems = Map.copyOf(problems);
    }
  }

  /// Reads what somebody asks for.
  ///
  /// @param value of a control by its name; empty if it was not said
  public Asked asked(Function<String, Optional<String>> value) {
    var said = new HashMap<String, String>();
    var problems = new HashMap<String, String>();
    var moved = new HashMap<String, BigDecimal>();
    for (var one : controls) {
      var agreed = Control.written(one.agreed());
      var text = value.apply(one.name()).map(String::strip).orElse(agreed);
      said.put(one.name(), text);
      if (!text.equals(agreed)) {
        one.refuses(text)
            .ifPresentOrElse(
                why -> problems.put(one.name(), why),
                () -> moved.put(one.name(), new BigDecimal(text)));
      }
    }
    var changes = new Changes(moved);
    if (problems.isEmpty()) {
      problems.putAll(changes.problems(terms));
    }
    return new Asked(said, problems, problems.isEmpty() ? Scenario.of(terms, changes) : "{}\n");
  }
}
