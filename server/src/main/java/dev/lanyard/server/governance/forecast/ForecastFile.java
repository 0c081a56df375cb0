package dev.lanyard.server.governance.forecast;

import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.yaml.YamlFile;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Forecasts of many connectors in one file.
///
/// ```yaml
/// forecasts:
///   salesforce:
///     in: {2027-Q1: 0.2, 2027-Q2: 0.35}   # in that quarter
///     reason: "Announced for spring."
///     evidence: "Partner call of 2026-11-12"
///   workday:
///     by: {2027-Q2: 10%, 2027-Q4: 40%}    # by the end of that quarter
///     reason: …
///     evidence: …
/// ```
public final class ForecastFile {
  private ForecastFile() {}

  /// Reads the file.
  ///
  /// @param isKnown whether there is such a connector
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in it
  public static List<Forecast> read(
      Path file, Predicate<String> isKnown, String forecaster, Instant at) {
    return YamlFile.read(
        file,
        top -> {
          var section = top.map("forecasts");
          var all = new ArrayList<Forecast>();
          for (var connector : section.keys()) {
            if (!isKnown.test(connector)) {
              section.fault(
                  connector,
                  "'%s' is neither in the role library nor in the catalogue".formatted(connector));
            }
            var map = section.map(connector);
            chances(map)
                .ifPresent(chances ->
                    all.add(
                        new Forecast(
                            connector,
                            chances,
                            forecaster,
                            map.value("reason", ForecastFile::said),
                            map.value("evidence", ForecastFile::said),
                            at)));
          }
          return all;
        });
  }

  private static Optional<Chances> chances(YamlMap map) {
    var in = map.optionalMap("in");
    var by = map.optionalMap("by");
    if (in.isPresent() == by.isPresent()) {
      map.fault("by", "needs 'in' (in that quarter) or 'by' (by its end), and not both");
      return Optional.empty();
    }
    var written = in.or(() -> by).orElseThrow();
    var quarters = probabilities(written);
    if (quarters.size() < written.keys().size()) {
      // What is wrong with them is told already.
      return Optional.empty();
    }
    try {
      return Optional.of(in.isPresent() ? new Chances(quarters) : Chances.by(quarters));
    } catch (IllegalArgumentException e) {
      // The constructors of what is written have no other way to refuse.
      map.fault(in.isPresent() ? "in" : "by", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static SortedMap<Quarter, Probability> probabilities(YamlMap map) {
    var all = new TreeMap<Quarter, Probability>();
    for (var key : map.keys()) {
      var quarter = map.attemptKey(key, Quarter::parse);
      var probability = map.attempt(key, Probability::parse);
      if (quarter.isPresent() && probability.isPresent()) {
        all.put(quarter.get(), probability.get());
      }
    }
    return all;
  }

  private static String said(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("says nothing");
    }
    return text.strip();
  }
}
