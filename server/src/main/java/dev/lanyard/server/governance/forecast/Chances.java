package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.governance.Quarter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// In which quarter a connector will be there, as far as somebody says: what is left to one is that
/// it will be later, or never.
///
/// @param launch the probability that it is in that quarter and no other
public record Chances(SortedMap<Quarter, Probability> launch) {
  private static final int MOST_QUARTERS = 40;

  /// @throws IllegalArgumentException if they add up to more than one, or say nothing
  public Chances {
    launch = Collections.unmodifiableSortedMap(new TreeMap<>(launch));
    if (launch.isEmpty() || launch.size() > MOST_QUARTERS) {
      throw new IllegalArgumentException("a forecast names 1 to " + MOST_QUARTERS + " quarters");
    }
    var sum = sum(launch);
    if (sum.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(
          "the probabilities of the quarters add up to %s, which is more than 1"
              .formatted(sum.toPlainString()));
    }
  }

  /// From the probabilities that it is there by the end of each quarter.
  ///
  /// @throws IllegalArgumentException if one is smaller than that of an earlier quarter: what is
  ///   there does not go away
  public static Chances by(SortedMap<Quarter, Probability> cumulative) {
    var launch = new TreeMap<Quarter, Probability>();
    var before = BigDecimal.ZERO;
    for (var entry : cumulative.entrySet()) {
      var until = entry.getValue().value();
      if (until.compareTo(before) < 0) {
        throw new IllegalArgumentException(
            "by %s it is %s, which is less than the %s of the quarter before; these are"
                    .formatted(entry.getKey(), entry.getValue(), before.toPlainString())
                + " probabilities that it is there by then, so they never decrease");
      }
      launch.put(entry.getKey(), new Probability(until.subtract(before)));
      before = until;
    }
    return new Chances(launch);
  }

  /// As somebody writes them: by quarter, or by the end of each quarter.
  ///
  /// @throws IllegalArgumentException if they are written in both ways or in none, or say nothing
  public static Chances said(Map<String, String> in, Map<String, String> by) {
    if (in.isEmpty() == by.isEmpty()) {
      throw new IllegalArgumentException(
          "name quarters in which it will be there, or by whose end; one of both");
    }
    return by.isEmpty() ? new Chances(quarters(in)) : by(quarters(by));
  }

  private static SortedMap<Quarter, Probability> quarters(Map<String, String> said) {
    var quarters = new TreeMap<Quarter, Probability>();
    said.forEach((quarter, text) -> quarters.put(Quarter.parse(quarter), Probability.parse(text)));
    return quarters;
  }

  /// The probability of a quarter, given that it was not there when the quarter began.
  public Given in(Quarter quarter) {
    return given(quarter, quarter);
  }

  /// The probability that it is there by the end of a quarter, given that it was not there when
  /// another began.
  public Given given(Quarter notBefore, Quarter by) {
    var gone = sum(launch.headMap(notBefore));
    var left = BigDecimal.ONE.subtract(gone);
    if (left.signum() == 0) {
      return new Given.UsedUp(launch.lastKey());
    }
    var within = sum(launch.headMap(by.next()).tailMap(notBefore));
    return new Given.Of(within.divide(left, MathContext.DECIMAL64).doubleValue());
  }

  /// What is left of a forecast when some of its quarters have gone by.
  public sealed interface Given {
    record Of(double probability) implements Given {}

    /// It was certain of a launch that did not come.
    ///
    /// @param by until when
    record UsedUp(Quarter by) implements Given {}
  }

  private static BigDecimal sum(SortedMap<Quarter, Probability> some) {
    return some.values().stream().map(Probability::value).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// By quarter, exactly as it was said.
  public JsonObject toJson() {
    var json = JsonObject.builder();
    launch.forEach((quarter, probability) -> json.put(quarter.toString(), probability.toString()));
    return json.build();
  }

  static Chances of(JsonObject json) throws MalformedException {
    var launch = new TreeMap<Quarter, Probability>();
    for (var name : json.names()) {
      launch.put(Quarter.parse(name), Probability.parse(json.nonEmptyString(name)));
    }
    return new Chances(launch);
  }
}
