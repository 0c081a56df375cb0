package dev.lanyard.server.governance.forecast;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.Quarter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// How well a forecaster was right.
///
/// Judged is, of every connector and quarter that has ended, whether it launched in that quarter,
/// against what the forecaster had said last **before the quarter began**, given that it was not
/// there then. Quarters after the launch, and those of which nobody knows how they ended, are not
/// judged.
///
/// @param forecaster whose
/// @param signed whether they sign what they say; else the name is nobody's in particular
/// @param judged how many statements
/// @param brier the mean of the squared errors: 0 is perfect, 0.25 is always saying one half
/// @param baseRate the Brier score of whoever had always said how often it happened
/// @param calibration how often it happened where they said so much
/// @param usedUp statements that were certain of an earlier launch, so that they say nothing any
///   more
public record Score(
    String forecaster,
    boolean signed,
    int judged,
    OptionalDouble brier,
    OptionalDouble baseRate,
    List<Bin> calibration,
    int usedUp) {
  private static final int BINS = 10;

  public Score {
    calibration = List.copyOf(calibration);
  }

  /// Statements of similar probability.
  ///
  /// @param from the lowest probability; the highest is a tenth more, and 1 is in the last one
  /// @param said the mean of what was said
  /// @param happened how often it happened
  public record Bin(double from, int statements, double said, double happened) {}

  private record Judged(double said, boolean happened) {
    double error() {
      double error = said - (happened ? 1 : 0);
      return error * error;
    }
  }

  /// Of everybody who has said something, by name.
  ///
  /// @param all the oldest first
  public static List<Score> of(List<Forecast> all, Map<String, Reality> reality, Instant now) {
    var said =
        all.stream()
            .filter(Forecast::counts)
            .collect(groupingBy(Forecast::forecaster, TreeMap::new, toList()));
    return said.values().stream().map(one -> ofOne(one, reality, now)).toList();
  }

  /// @param theirs of one forecaster, the oldest first
  private static Score ofOne(List<Forecast> theirs, Map<String, Reality> reality, Instant now) {
    var judged = new ArrayList<Judged>();
    int usedUp = 0;
    var first = theirs.getFirst();
    for (var quarter = Quarter.of(first.at()).next();
        !quarter.ends().isAfter(now);
        quarter = quarter.next()) {
      var standing = Standing.before(theirs, quarter.begins());
      for (var one : standing.values()) {
        var happened = happened(quarter, Optional.ofNullable(reality.get(one.connector())));
        switch (one.chances().in(quarter)) {
          case Chances.Given.Of(var said) when happened.isPresent() ->
              judged.add(new Judged(said, happened.get()));
          case Chances.Given.UsedUp _ when happened.isPresent() -> usedUp++;
          default -> {}
        }
      }
    }
    return of(first, judged, usedUp);
  }

  /// Whether it launched in that quarter; empty if that is not a question, or nobody knows.
  private static Optional<Boolean> happened(Quarter quarter, Optional<Reality> reality) {
    return switch (reality.orElse(new Reality.Unknown("not in the catalogue"))) {
      case Reality.There(var on, _) when !on.isBefore(quarter.firstDay()) ->
          Optional.of(!on.isAfter(quarter.lastDay()));
      case Reality.NotYet(var on, _) when on.isAfter(quarter.lastDay()) -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Score of(Forecast first, List<Judged> judged, int usedUp) {
    var brier = judged.stream().mapToDouble(Judged::error).average();
    var rate = judged.stream().mapToDouble(one -> one.happened() ? 1 : 0).average();
    var bins =
        IntStream.range(0, BINS)
            .mapToObj(bin -> bin(bin, judged))
            .flatMap(Optional::stream)
            .toList();
    return new Score(
        first.forecaster(),
        first.isSigned(),
        judged.size(),
        brier,
        rate.isPresent()
            ? OptionalDouble.of(rate.getAsDouble() * (1 - rate.getAsDouble()))
            : OptionalDouble.empty(),
        bins,
        usedUp);
  }

  private static Optional<Bin> bin(int bin, List<Judged> judged) {
    var in =
        judged.stream()
            .filter(one -> Math.min(BINS - 1, (int) (one.said() * BINS)) == bin)
            .toList();
    return in.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Bin(
                (double) bin / BINS,
                in.size(),
                in.stream().mapToDouble(Judged::said).average().orElseThrow(),
                in.stream().mapToDouble(one -> one.happened() ? 1 : 0).average().orElseThrow()));
  }

  public JsonObject toJson() {
    var json =
        JsonObject.builder()
            .put("forecaster", forecaster)
            .put("signed", signed)
            .put("judged", judged);
    brier.ifPresent(value -> json.put("brier", Outlook.decimal(value)));
    baseRate.ifPresent(value -> json.put("brier_of_the_base_rate", Outlook.decimal(value)));
    return json.put("used_up", usedUp)
        .put(
            "calibration",
            calibration.stream()
                .map(one ->
                    JsonObject.builder()
                        .put("from", Outlook.decimal(one.from()))
                        .put("statements", one.statements())
                        .put("said", Outlook.decimal(one.said()))
                        .put("happened", Outlook.decimal(one.happened()))
                        .build())
                .toList())
        .build();
  }
}
