package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.sheet.Chart;
import dev.lanyard.server.console.sheet.Chart.Anchor;
import dev.lanyard.server.console.sheet.Chart.Bar;
import dev.lanyard.server.console.sheet.Chart.Line;
import dev.lanyard.server.console.sheet.Chart.Mark;
import dev.lanyard.server.console.sheet.Chart.Tone;
import dev.lanyard.server.console.sheet.Chart.Words;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.governance.DayOne;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What nobody had to do, month by month, as a picture and as a table.
///
/// @param months the oldest first
record ValueMonths(List<Month> months) {
  private static final int WIDTH = 760;
  private static final int LEFT = 70;
  private static final int RIGHT = 740;
  private static final int TOP = 34;
  private static final int BOTTOM = 220;

  ValueMonths {
    months = List.copyOf(months);
  }

  /// @param silent ID-JAGs that were issued
  record Month(YearMonth month, long screens, long tickets, long silent) {
    static Month of(YearMonth month, List<DayOne.Line> lines) {
      var its = lines.stream().filter(one -> one.month().equals(month)).toList();
      return new Month(
          month,
          its.stream().mapToLong(DayOne.Line::consentScreensAvoided).sum(),
          its.stream().mapToLong(DayOne.Line::ticketsAvoided).sum(),
          its.stream().mapToLong(DayOne.Line::silentExchanges).sum());
    }
  }

  /// @param last the last month
  /// @param many how many of them
  static ValueMonths of(List<DayOne.Line> lines, YearMonth last, int many) {
    return new ValueMonths(
        IntStream.range(0, many)
            .mapToObj(i -> Month.of(last.minusMonths(many - 1L - i), lines))
            .toList());
  }

  Table table() {
    return new Table(
        List.of("Month", "Tokens without a click", "Consent screens avoided", "Tickets avoided"),
        months.reversed().stream()
            .map(one ->
                List.of(
                    Cell.text(one.month().toString()),
                    Cell.text(Signs.number(one.silent())),
                    Cell.text(Signs.number(one.screens())),
                    Cell.text(Signs.number(one.tickets()))))
            .toList(),
        "");
  }

  Chart chart() {
    var marks = new ArrayList<Mark>();
    legend(marks);
    long most = most();
    marks.add(new Line(LEFT, BOTTOM, RIGHT, BOTTOM, Tone.AXIS));
    marks.add(new Words(LEFT - 8, TOP + 5, Anchor.END, Signs.number(most)));
    marks.add(new Words(LEFT - 8, BOTTOM + 5, Anchor.END, "0"));
    int step = (RIGHT - LEFT) / Math.max(1, months.size());
    int thick = step / 3;
    for (int i = 0; i < months.size(); i++) {
      var one = months.get(i);
      int x = LEFT + step * i + thick / 2;
      marks.add(
          bar(
              x,
              thick,
              one.screens(),
              most,
              Tone.MAIN,
              title(one, one.screens(), "consent screens")));
      marks.add(
          bar(
              x + thick,
              thick,
              one.tickets(),
              most,
              Tone.NEXT,
              title(one, one.tickets(), "tickets")));
      // Every second one has its name: all of them would be one line of letters.
      if ((months.size() - i) % 2 == 1) {
        marks.add(new Words(x + thick, BOTTOM + 20, Anchor.MIDDLE, one.month().toString()));
      }
    }
    return new Chart("Consent screens and tickets avoided by month", WIDTH, BOTTOM + 34, marks);
  }

  /// The longest bar; never zero, since it divides.
  private long most() {
    return months.stream()
        .mapToLong(one -> Math.max(one.screens(), one.tickets()))
        .reduce(1, Math::max);
  }

  private static String title(Month month, long value, String what) {
    return "%s: %s %s".formatted(month.month(), Signs.number(value), what);
  }

  private static void legend(List<Mark> marks) {
    marks.add(new Bar(LEFT, 8, 14, 14, Tone.MAIN, "consent screens avoided"));
    marks.add(new Words(LEFT + 20, 20, Anchor.START, "consent screens avoided"));
    marks.add(new Bar(LEFT + 200, 8, 14, 14, Tone.NEXT, "tickets avoided"));
    marks.add(new Words(LEFT + 220, 20, Anchor.START, "tickets avoided"));
  }

  private static Bar bar(int x, int thick, long value, long most, Tone tone, String title) {
    int height = (int) ((BOTTOM - TOP) * value / most);
    return new Bar(x, BOTTOM - height, thick, height, tone, title);
  }
}
