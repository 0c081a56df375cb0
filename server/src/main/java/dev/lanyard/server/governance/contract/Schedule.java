package dev.lanyard.server.governance.contract;

import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.YamlMap;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An amount for each quarter, in periods that follow each other without a hole.
///
/// @param file where it is written
/// @param line of the list
record Schedule(String name, Path file, int line, List<Period> periods) {
  Schedule {
    periods = List.copyOf(periods);
  }

  /// @param to the last quarter of it; empty if it does not end
  record Period(Quarter from, Optional<Quarter> to, BigDecimal amount) {
    private boolean has(Quarter quarter) {
      return !quarter.isBefore(from) && to.map(last -> !last.isBefore(quarter)).orElse(true);
    }
  }

  /// Reads a list of periods; one that does not begin where the one before it ends is a fault.
  static Schedule read(Path file, YamlMap top, String name, String amount) {
    var periods = new ArrayList<Period>();
    for (var map : top.maps(name)) {
      var from = map.value("from", Quarter::parse);
      var to = map.optionalValue("to", Quarter::parse);
      if (to.isPresent() && to.get().isBefore(from)) {
        map.fault("to", "'%s': 'to' is before 'from'".formatted(name));
      }
      if (!periods.isEmpty()) {
        follow(name, map, periods.getLast(), from);
      }
      periods.add(new Period(from, to, map.value(amount, Money::parse)));
    }
    return new Schedule(name, file, top.line(name), periods);
  }

  private static void follow(String name, YamlMap map, Period before, Quarter from) {
    var expected = before.to().map(Quarter::next);
    if (expected.isEmpty()) {
      map.fault(
          "from", "'%s': the period before has no 'to', so nothing can follow it".formatted(name));
    } else if (!expected.get().equals(from)) {
      map.fault(
          "from",
          "'%s': the period before ends with %s, so this one begins with %s and not with %s: a schedule has no holes"
              .formatted(name, before.to().get(), expected.get(), from));
    }
  }

  /// The amount of a quarter.
  ///
  /// @throws FaultyFileException if the schedule has nothing for it
  BigDecimal at(Quarter quarter) {
    return periods.stream()
        .filter(period -> period.has(quarter))
        .findFirst()
        .map(Period::amount)
        .orElseThrow(() ->
            new FaultyFileException(
                List.of(
                    new Fault(
                        file,
                        line,
                        "'%s' has nothing for %s; add a period, with 0 if it costs nothing"
                            .formatted(name, quarter)))));
  }
}
