package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.server.console.sheet.Chart;
import dev.lanyard.server.console.sheet.Chart.Anchor;
import dev.lanyard.server.console.sheet.Chart.Bar;
import dev.lanyard.server.console.sheet.Chart.Mark;
import dev.lanyard.server.console.sheet.Chart.Tone;
import dev.lanyard.server.console.sheet.Chart.Words;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.Coverage.Category;
import dev.lanyard.server.governance.coverage.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The categories with the most seats as bars: how many of the seats are silent, and what the
/// others are.
final class CoverageChart {
  private static final int WIDTH = 760;
  private static final int MOST_BARS = 12;
  private static final int LEFT = 190;
  private static final int LONGEST = 420;
  private static final int TOP = 40;
  private static final int STEP = 30;
  private static final int THICK = 18;
  private static final int LONGEST_NAME = 24;

  private final Coverage map;
  private final List<Mark> marks = new ArrayList<>();

  private CoverageChart(Coverage map) {
    this.map = map;
  }

  static Chart of(Coverage map) {
    return new CoverageChart(map).drawn();
  }

  private static Tone tone(Piece piece) {
    return switch (piece) {
      case SILENT -> Tone.MAIN;
      case EARLY -> Tone.NEXT;
      case TRACKING -> Tone.GAP;
      case UNKNOWN -> Tone.UNKNOWN;
    };
  }

  private Chart drawn() {
    legend();
    var shown =
        map.categories().stream()
            .sorted(Comparator.comparingLong(Category::seats).reversed())
            .limit(MOST_BARS)
            .toList();
    long longest = Math.max(1, shown.stream().mapToLong(Category::seats).max().orElse(1));
    int y = TOP;
    for (var category : shown) {
      bar(category, y, longest);
      y += STEP;
    }
    int more = map.categories().size() - shown.size();
    if (more > 0) {
      marks.add(new Words(LEFT, y + THICK, Anchor.START, "and " + more + " more, in the table"));
      y += STEP;
    }
    return new Chart("Seats by category and how they come", WIDTH, y, marks);
  }

  private void legend() {
    int x = LEFT;
    for (var piece : Piece.values()) {
      marks.add(new Bar(x, 8, 14, 14, tone(piece), piece.words()));
      marks.add(new Words(x + 20, 20, Anchor.START, piece.words()));
      x += 44 + piece.words().length() * 7;
    }
  }

  private void bar(Category category, int y, long longest) {
    int line = y + 14;
    marks.add(new Words(LEFT - 12, line, Anchor.END, shortened(category.name())));
    int x = LEFT;
    for (var piece : Piece.values()) {
      long seats = map.seats(category, piece);
      if (seats > 0) {
        int width = (int) Math.max(2, LONGEST * seats / longest);
        var title = "%s, %s: %s seats".formatted(category.name(), piece.words(), seats);
        marks.add(new Bar(x, y, width, THICK, tone(piece), title));
        x += width;
      }
    }
    marks.add(
        new Words(
            x + 10,
            line,
            Anchor.START,
            "%d %% of %s"
                .formatted(
                    Coverage.percent(category.silentSeats(), category.seats()),
                    Signs.number(category.seats()))));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_NAME ? text : Excerpt.of(text, LONGEST_NAME - 1) + "…";
  }
}
