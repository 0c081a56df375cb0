package dev.lanyard.server.console.governance;

import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.governance.coverage.Piece;
import dev.lanyard.server.governance.coverage.Rating;
import dev.lanyard.server.governance.coverage.Way;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Words, signs and figures that look the same on every page of the governance plane.
final class Signs {
  private Signs() {}

  static Cell bucket(Optional<Bucket> bucket) {
    return bucket
        .map(one ->
            Cell.tag(
                one.value(),
                switch (one) {
                  case LIVE -> "good";
                  case EARLY -> "";
                  case TRACKING -> "warn";
                }))
        .orElseGet(() -> Cell.tag(Piece.UNKNOWN.words(), "bad"));
  }

  static String way(Way way) {
    return switch (way) {
      case SILENT -> "silent: nothing to do";
      case BRIDGE -> "legacy bridge: one consent, which a kill ends";
      case DIRECT -> "direct: each client asks them, and a kill does not get there";
      case NONE -> "none: nothing is known that would work";
    };
  }

  static String by(Rating rating) {
    return switch (rating.by()) {
      case OURSELVES -> "our own server";
      case PROBE -> "a probe";
      case CATALOGUE -> "the catalogue";
      case NOBODY -> "nobody";
    };
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// With one decimal.
  static String decimal(double number) {
    return String.format(Locale.ROOT, "%,.1f", number);
  }

  /// A probability, exactly as it was said.
  static String percent(BigDecimal probability) {
    return probability.movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }

  /// A probability that was computed.
  static String percent(double probability) {
    return decimal(probability * 100) + " %";
  }

  /// A score; a dash if there is none.
  static String score(OptionalDouble score) {
    return score.isPresent() ? String.format(Locale.ROOT, "%.3f", score.getAsDouble()) : "–";
  }

  static List<Cell> fact(String name, Cell value) {
    return List.of(Cell.text(name), value);
  }

  static List<Cell> fact(String name, String value) {
    return fact(name, Cell.text(value));
  }
}
