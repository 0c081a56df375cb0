package dev.lanyard.server.governance.contract;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.forecast.Outlook;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What it will cost, and what does not fit.
///
/// @param seats by connector, how many people have it by policy now, conditions aside
/// @param conditional by connector, how many of them have it only if some condition is met; a
///   connector without any is left out
/// @param unknown connectors that are counted as not there because nobody can say anything of them
/// @param warnings what does not fit, for people
public record Plan(
    String scenario,
    Map<String, Long> seats,
    Map<String, Long> conditional,
    List<InQuarter> quarters,
    List<Volume> volumes,
    Observed observed,
    List<Outlook.Unknown> unknown,
    List<String> warnings,
    List<String> assumptions) {
  public Plan {
    seats = Map.copyOf(seats);
    conditional = Map.copyOf(conditional);
    quarters = List.copyOf(quarters);
    volumes = List.copyOf(volumes);
    unknown = List.copyOf(unknown);
    warnings = List.copyOf(warnings);
    assumptions = List.copyOf(assumptions);
  }

  /// A quarter of it.
  ///
  /// @param seats connector-policy seats of all providers at its end
  /// @param launches how many connectors come
  public record InQuarter(
      Quarter quarter,
      Spread<BigDecimal> seats,
      Spread<BigDecimal> launches,
      Spread<Money> seatCost,
      Spread<Money> expansionCost,
      Money reviewCost,
      Money budget) {

    /// All of it together.
    public Spread<Money> spend() {
      return new Spread<>(
          seatCost.low().plus(expansionCost.low()).plus(reviewCost),
          seatCost.expected().plus(expansionCost.expected()).plus(reviewCost),
          seatCost.high().plus(expansionCost.high()).plus(reviewCost));
    }

    /// How many times the budget the expected and the high spend are; empty without a budget.
    public Spread<Optional<String>> overrun() {
      return spend().map(spend -> Plan.overrun(spend, budget));
    }

    private JsonObject toJson() {
      return JsonObject.builder()
          .put("quarter", quarter.toString())
          .put("seats", figures(seats))
          .put("launches", figures(launches))
          .put("seat_cost", money(seatCost))
          .put("expansion_cost", money(expansionCost))
          .put("review_cost", reviewCost.toJson())
          .put("spend", money(spend()))
          .put("budget", budget.toJson())
          .putIfPresent("overrun_expected", overrun().expected())
          .putIfPresent("overrun_high", overrun().high())
          .build();
    }
  }

  /// ID-JAGs of one person for one resource in a month, against a quota.
  ///
  /// @param heaviest of somebody who works through every hour
  /// @param observed the most that somebody had, scaled to the life of tokens that is planned
  public record Volume(
      String provider, Optional<Integer> quota, long heaviest, long observed, boolean fits) {
    private JsonObject toJson() {
      var json = JsonObject.builder().put("provider", provider);
      quota.ifPresent(most -> json.put("quota", most));
      return json.put("heaviest", heaviest).put("observed", observed).put("fits", fits).build();
    }
  }

  /// How many times the budget it is; empty if nothing is budgeted.
  private static Optional<String> overrun(Money spend, Money budget) {
    return budget.amount().signum() == 0
        ? Optional.empty()
        : Optional.of(
            spend.amount().divide(budget.amount(), 2, RoundingMode.HALF_UP).toPlainString());
  }

  /// What is missing in every figure, for people; empty if nothing is.
  public Optional<String> leftOut() {
    long left = unknown.stream().mapToLong(Outlook.Unknown::seats).sum();
    return left == 0
        ? Optional.empty()
        : Optional.of(
            "%d seats are left out, since nobody knows when they come: %s"
                .formatted(
                    left,
                    unknown.stream()
                        .filter(one -> one.seats() > 0)
                        .map(one ->
                            "%s (%d; %s)".formatted(one.connector(), one.seats(), one.reason()))
                        .collect(Collectors.joining(", "))));
  }

  /// How many seats are paid for that somebody may never be able to use, for people; empty if none.
  public Optional<String> onCondition() {
    return conditional.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%d of %d seats hang on a condition (a time, a network, a sign-in) and are counted in every figure: %s"
                .formatted(
                    sum(conditional),
                    sum(seats),
                    new TreeMap<>(conditional)
                        .entrySet().stream()
                            .map(one -> "%s %d".formatted(one.getKey(), one.getValue()))
                            .collect(Collectors.joining(", "))));
  }

  private static long sum(Map<String, Long> some) {
    return some.values().stream().mapToLong(Long::longValue).sum();
  }

  private static JsonObject byName(Map<String, Long> some) {
    var json = JsonObject.builder();
    new TreeMap<>(some).forEach(json::put);
    return json.build();
  }

  /// Of all quarters.
  public Spread<Money> spend() {
    return quarters.stream()
        .map(InQuarter::spend)
        .reduce((one, other) ->
            new Spread<>(
                one.low().plus(other.low()),
                one.expected().plus(other.expected()),
                one.high().plus(other.high())))
        .orElseThrow();
  }

  public Money budget() {
    return quarters.stream().map(InQuarter::budget).reduce(Money::plus).orElseThrow();
  }

  /// How many times the budget the expected and the high spend are; empty without a budget.
  public Spread<Optional<String>> overrun() {
    return spend().map(spend -> overrun(spend, budget()));
  }

  private static JsonObject money(Spread<Money> spread) {
    return JsonObject.builder()
        .put("low", spread.low().toJson())
        .put("expected", spread.expected().toJson())
        .put("high", spread.high().toJson())
        .build();
  }

  private static JsonObject figures(Spread<BigDecimal> spread) {
    return JsonObject.builder()
        .put("low", spread.low().toPlainString())
        .put("expected", spread.expected().toPlainString())
        .put("high", spread.high().toPlainString())
        .build();
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("scenario", scenario)
        .put("policy_seats", byName(seats))
        .put("policy_seats_on_condition", byName(conditional))
        .put("quarters", quarters.stream().map(InQuarter::toJson).toList())
        .put("spend", money(spend()))
        .put("budget", budget().toJson())
        .putIfPresent("overrun_expected", overrun().expected())
        .putIfPresent("overrun_high", overrun().high())
        .put("id_jags", volumes.stream().map(Volume::toJson).toList())
        .put("observed", observed.toJson())
        .put("unknown", unknown.stream().map(Outlook.Unknown::toJson).toList())
        .put("warnings", Stream.concat(warnings.stream(), leftOut().stream()).toList())
        .put("assumptions", Stream.concat(assumptions.stream(), onCondition().stream()).toList())
        .build();
  }
}
