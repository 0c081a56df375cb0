package dev.lanyard.server.governance.contract;

import dev.lanyard.protocol.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A scenario file over terms, written. Each section is one line whose value is JSON, which is YAML
/// too; a section in which nothing was moved is left out.
final class Scenario {
  static final String LIFE = "token_life";
  static final String LIFE_SECONDS = "token_life_seconds";
  static final String HOURS = "working_hours";
  static final String DAYS = "working_days";
  static final String CLIENTS = "clients";
  static final String GROWTH = "growth_";
  static final String QUARTERS = "quarters";
  static final String QUOTA = "quota ";
  static final String PRICE = "price ";
  static final String EXPANSION = "expansion";
  static final String REVIEW_HOURS = "review_hours";
  static final String REVIEW_RATE = "review_rate";
  static final String BUDGET = "budget";

  private static final BigDecimal AN_HOUR = BigDecimal.valueOf(60);

  /// The most decimals of an amount in a file.
  private static final int DECIMALS = 6;

  private final Terms terms;
  private final Changes changes;
  private final StringBuilder text = new StringBuilder();

  private Scenario(Terms terms, Changes changes) {
    this.terms = terms;
    this.changes = changes;
  }

  /// The controls that were moved, with their values.
  record Changes(Map<String, BigDecimal> moved) {
    Changes {
      moved = Map.copyOf(moved);
    }

    private boolean has(String beginning) {
      return moved.keySet().stream().anyMatch(one -> one.startsWith(beginning));
    }

    private Optional<BigDecimal> of(String name) {
      return Optional.ofNullable(moved.get(name));
    }

    private <T> T or(String name, Function<BigDecimal, T> read, T agreed) {
      return of(name).map(read).orElse(agreed);
    }

    private Spread<BigDecimal> growth(Terms terms) {
      Function<BigDecimal, BigDecimal> share = percent -> percent.movePointLeft(2);
      return new Spread<>(
          or(GROWTH + "low", share, terms.growth().low()),
          or(GROWTH + "expected", share, terms.growth().expected()),
          or(GROWTH + "high", share, terms.growth().high()));
    }

    /// What does not fit together, by the control that is told of it.
    Map<String, String> problems(Terms terms) {
      var problems = new HashMap<String, String>();
      var growth = growth(terms);
      if (growth.low().compareTo(growth.expected()) > 0) {
        problems.put(GROWTH + "low", "This is at most what is expected.");
      }
      if (growth.high().compareTo(growth.expected()) < 0) {
        problems.put(GROWTH + "high", "This is at least what is expected.");
      }
      of(HOURS)
          .filter(hours -> hours.multiply(AN_HOUR).stripTrailingZeros().scale() > 0)
          .ifPresent(_ -> problems.put(HOURS, "This needs whole minutes."));
      for (var name : List.of(LIFE, LIFE_SECONDS, DAYS, CLIENTS, QUARTERS)) {
        whole(name, problems);
      }
      terms.providers().forEach(one -> whole(QUOTA + one.name(), problems));
      return problems;
    }

    private void whole(String name, Map<String, String> problems) {
      of(name)
          .filter(value -> value.stripTrailingZeros().scale() > 0)
          .ifPresent(_ -> problems.put(name, "This needs a whole number."));
    }
  }

  /// @param changes without problems
  static String of(Terms terms, Changes changes) {
    var scenario = new Scenario(terms, changes);
    scenario.usage();
    scenario.growth();
    changes
        .of(QUARTERS)
        .ifPresent(many -> scenario.line("quarters", many.toBigInteger().toString()));
    scenario.providers();
    scenario.schedule(EXPANSION, terms.expansion(), "fee");
    scenario.reviews();
    scenario.schedule(BUDGET, terms.budget(), "amount");
    return scenario.text.isEmpty() ? "{}\n" : scenario.text.toString();
  }

  private void line(String section, String value) {
    text.append(section).append(": ").append(value).append('\n');
  }

  private void usage() {
    if (List.of(LIFE, LIFE_SECONDS, HOURS, DAYS, CLIENTS).stream().noneMatch(changes::has)) {
      return;
    }
    var usage = terms.usage();
    var life =
        changes.or(
            LIFE,
            minutes -> Duration.ofMinutes(minutes.longValueExact()),
            changes.or(
                LIFE_SECONDS,
                seconds -> Duration.ofSeconds(seconds.longValueExact()),
                usage.tokenLife()));
    var hours =
        changes.or(
            HOURS,
            value -> Duration.ofMinutes(value.multiply(AN_HOUR).longValueExact()),
            usage.workingHours());
    line(
        "usage",
        JsonObject.builder()
            .put("token_life", duration(life))
            .put("working_hours", duration(hours))
            .put("working_days", changes.or(DAYS, BigDecimal::intValueExact, usage.workingDays()))
            .put("clients", changes.or(CLIENTS, BigDecimal::intValueExact, usage.clients()))
            .build()
            .toJson());
  }

  private static String duration(Duration duration) {
    return duration.toSeconds() % 60 == 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
  }

  private void growth() {
    if (changes.has(GROWTH)) {
      var growth = changes.growth(terms).map(Scenario::percent);
      line(
          "growth",
          JsonObject.builder()
              .put("low", growth.low())
              .put("expected", growth.expected())
              .put("high", growth.high())
              .build()
              .toJson());
    }
  }

  private static String percent(BigDecimal share) {
    return Control.written(share.movePointRight(2)) + "%";
  }

  private void providers() {
    if (changes.has(QUOTA) || changes.has(PRICE)) {
      var all = JsonObject.builder();
      terms.providers().forEach(one -> all.put(one.name(), provider(one)));
      line("providers", all.build().toJson());
    }
  }

  private JsonObject provider(Provider provider) {
    var json = JsonObject.builder();
    provider
        .quota()
        .ifPresent(quota ->
            json.put(
                "quota", changes.or(QUOTA + provider.name(), BigDecimal::intValueExact, quota)));
    json.put(
        "seat_price",
        provider.prices().tiers().stream()
            .map(tier -> {
              var one = JsonObject.builder().put("from", tier.from());
              tier.to().ifPresent(to -> one.put("to", to));
              return one.put("price", amount(tier.price(), PRICE + provider.name())).build();
            })
            .toList());
    if (!provider.connectors().isEmpty()) {
      json.put("connectors", provider.connectors().stream().sorted().toList());
    }
    return json.build();
  }

  /// An amount, times the share of it that was asked for.
  private String amount(BigDecimal agreed, String share) {
    return Control.written(
        changes.or(
            share,
            percent ->
                agreed
                    .multiply(percent.movePointLeft(2))
                    .setScale(DECIMALS, RoundingMode.HALF_EVEN),
            agreed));
  }

  private void schedule(String section, Schedule schedule, String amount) {
    if (changes.has(section)) {
      var periods =
          schedule.periods().stream()
              .map(period ->
                  JsonObject.builder()
                      .put("from", period.from().toString())
                      .putIfPresent("to", period.to().map(Object::toString))
                      .put(amount, amount(period.amount(), section))
                      .build()
                      .toJson())
              .toList();
      line(section, "[" + String.join(", ", periods) + "]");
    }
  }

  private void reviews() {
    if (changes.has(REVIEW_HOURS) || changes.has(REVIEW_RATE)) {
      line(
          "reviews",
          JsonObject.builder()
              .put(
                  "hours",
                  Control.written(
                      changes.or(REVIEW_HOURS, Function.identity(), terms.reviews().hours())))
              .put(
                  "rate",
                  Control.written(
                      changes.or(REVIEW_RATE, Function.identity(), terms.reviews().rate())))
              .build()
              .toJson());
    }
  }
}
