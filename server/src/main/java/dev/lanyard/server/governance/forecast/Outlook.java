package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.forecast.Distribution.Term;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The coverage that is to be expected at the end of each quarter: how many connectors, and how
/// many seats, go through Enterprise-Managed Authorization then.
///
/// What is there counts as it is, and what is not by the forecast that stands, given that it is not
/// there yet. What nobody can say anything of counts as not there and is named with the reason.
///
/// **Assumes** that connectors launch independently of each other. If one event moves many of them,
/// the range is wider than what is shown here; the expected value stays the same.
///
/// @param connectors how many there are in all
/// @param seats how many seats in all
/// @param unknown by connector, why nothing is known
public record Outlook(
    long connectors, long seats, List<InQuarter> quarters, List<Unknown> unknown) {
  private static final double LOW = 0.1;
  private static final double MIDDLE = 0.5;
  private static final double HIGH = 0.9;
  private static final int DECIMALS = 4;

  public Outlook {
    quarters = List.copyOf(quarters);
    unknown = List.copyOf(unknown);
  }

  /// A value with its range.
  ///
  /// @param p10 what it does not exceed in one of ten cases
  /// @param unit in what the range is counted
  public record Range(double expected, long p10, long p50, long p90, long unit) {
    static Range of(Distribution distribution) {
      return new Range(
          distribution.mean(),
          distribution.quantile(LOW),
          distribution.quantile(MIDDLE),
          distribution.quantile(HIGH),
          distribution.unit());
    }

    JsonObject toJson() {
      return JsonObject.builder()
          .put("expected", decimal(expected))
          .put("p10", p10)
          .put("p50", p50)
          .put("p90", p90)
          .put("unit", unit)
          .build();
    }
  }

  /// At the end of a quarter.
  public record InQuarter(Quarter quarter, Range connectors, Range seats) {}

  /// A connector that counts as not there because nobody can say anything of it.
  public record Unknown(String connector, long seats, String reason) {
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("connector", connector)
          .put("seats", seats)
          .put("reason", reason)
          .build();
    }
  }

  /// @param standing the forecasts that are believed, one for a connector
  /// @param quarters of which the end is asked for, in their order; the first is the current one
  public static Outlook of(
      Collection<Candidate> candidates, Map<String, Forecast> standing, List<Quarter> quarters) {
    var unknown = new ArrayList<Unknown>();
    var open = open(candidates, standing, quarters.getFirst(), unknown);
    long seats = candidates.stream().mapToLong(Candidate::seats).sum();
    return new Outlook(
        candidates.size(),
        seats,
        quarters.stream().map(by -> at(candidates, open, quarters.getFirst(), by)).toList(),
        unknown);
  }

  /// The same with further ones of which nobody can say anything.
  Outlook naming(List<Unknown> further) {
    return new Outlook(
        connectors, seats, quarters, Stream.concat(unknown.stream(), further.stream()).toList());
  }

  /// How many connectors launch in each of these quarters.
  public static List<Range> launches(
      Collection<Candidate> candidates, Map<String, Forecast> standing, List<Quarter> quarters) {
    var now = quarters.getFirst();
    var open = open(candidates, standing, now, new ArrayList<>());
    return quarters.stream()
        .map(quarter ->
            Range.of(
                Distribution.ofCount(
                    open.values().stream().map(one -> within(one, now, quarter)).toList())))
        .toList();
  }

  private static double within(Chances chances, Quarter now, Quarter quarter) {
    double until = probability(chances.given(now, quarter));
    return quarter.equals(now)
        ? until
        : Math.max(0, until - probability(chances.given(now, quarter.previous())));
  }

  /// What is not there yet and has a forecast that says something.
  private static Map<Candidate, Chances> open(
      Collection<Candidate> candidates,
      Map<String, Forecast> standing,
      Quarter now,
      List<Unknown> unknown) {
    var open = new HashMap<Candidate, Chances>();
    for (var one : candidates) {
      if (!(one.reality() instanceof Reality.There)) {
        var said = Optional.ofNullable(standing.get(one.id()));
        judged(one, said, now)
            .ifPresentOrElse(
                why -> unknown.add(new Unknown(one.id(), one.seats(), why)),
                () -> open.put(one, said.orElseThrow().chances()));
      }
    }
    return open;
  }

  /// Why nothing can be said; empty if something can.
  private static Optional<String> judged(Candidate one, Optional<Forecast> said, Quarter now) {
    if (said.isEmpty()) {
      return Optional.of(
          one.reality() instanceof Reality.Unknown(var reason)
              ? reason + ", and nobody has made a forecast"
              : "nobody has made a forecast");
    }
    return said.get().chances().in(now) instanceof Chances.Given.UsedUp(var by)
        ? Optional.of(
            "the forecast was certain of a launch by %s, which did not come".formatted(by))
        : Optional.empty();
  }

  private static InQuarter at(
      Collection<Candidate> candidates, Map<Candidate, Chances> open, Quarter now, Quarter by) {
    var terms = new ArrayList<Term>();
    var counts = new ArrayList<Double>();
    for (var one : candidates) {
      double probability =
          one.reality() instanceof Reality.There
              ? 1
              : Optional.ofNullable(open.get(one))
                  .map(chances -> probability(chances.given(now, by)))
                  .orElse(0.0);
      terms.add(new Term(probability, one.seats()));
      counts.add(probability);
    }
    return new InQuarter(
        by, Range.of(Distribution.ofCount(counts)), Range.of(Distribution.ofSum(terms)));
  }

  private static double probability(Chances.Given given) {
    return given instanceof Chances.Given.Of(var probability) ? Math.min(1, probability) : 0;
  }

  /// A figure with four decimals at most.
  static String decimal(double value) {
    return BigDecimal.valueOf(value)
        .setScale(DECIMALS, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("connectors", connectors)
        .put("seats", seats)
        .put(
            "quarters",
            quarters.stream()
                .map(one ->
                    JsonObject.builder()
                        .put("quarter", one.quarter().toString())
                        .put("connectors", one.connectors().toJson())
                        .put("seats", one.seats().toJson())
                        .build())
                .toList())
        .put("unknown", unknown.stream().map(Unknown::toJson).toList())
        .put("assumes", "connectors launch independently of each other")
        .build();
  }
}
