package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.sheet.Chart;
import dev.lanyard.server.console.sheet.Chart.Anchor;
import dev.lanyard.server.console.sheet.Chart.Bar;
import dev.lanyard.server.console.sheet.Chart.Dot;
import dev.lanyard.server.console.sheet.Chart.Line;
import dev.lanyard.server.console.sheet.Chart.Mark;
import dev.lanyard.server.console.sheet.Chart.Tone;
import dev.lanyard.server.console.sheet.Chart.Words;
import dev.lanyard.server.governance.forecast.Outlook.InQuarter;
import dev.lanyard.server.governance.forecast.Outlook.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What is to be expected at the end of each quarter: the range from P10 to P90 as a bar, the
/// expected value as a dot.
final class OutlookChart {
  private static final int WIDTH = 760;
  private static final int LEFT = 70;
  private static final int RIGHT = 740;
  private static final int TOP = 34;
  private static final int BOTTOM = 250;
  private static final int MOST_LABELS = 10;
  private static final int WIDEST = 36;

  private final long all;
  private final List<Mark> marks = new ArrayList<>();

  private OutlookChart(long all) {
    this.all = Math.max(1, all);
  }

  /// @param what is counted
  /// @param all how many there are
  static Chart of(
      String what, long all, List<InQuarter> quarters, Function<InQuarter, Range> range) {
    var chart = new OutlookChart(all);
    chart.axes();
    int step = (RIGHT - LEFT) / Math.max(1, quarters.size());
    int labelled = (quarters.size() + MOST_LABELS - 1) / MOST_LABELS;
    for (int i = 0; i < quarters.size(); i++) {
      int middle = LEFT + step * i + step / 2;
      chart.range(
          quarters.get(i), range.apply(quarters.get(i)), middle, Math.min(WIDEST, step - 2));
      if (i % labelled == 0) {
        var label = quarters.get(i).quarter().toString();
        chart.marks.add(new Words(middle, BOTTOM + 20, Anchor.MIDDLE, label));
      }
    }
    return new Chart(what + " by quarter, expected and from P10 to P90", WIDTH, 280, chart.marks);
  }

  private void axes() {
    marks.add(new Bar(LEFT, 8, 14, 14, Tone.RANGE, "P10 to P90"));
    marks.add(new Words(LEFT + 20, 20, Anchor.START, "P10 to P90"));
    marks.add(new Dot(LEFT + 130, 15, 6, Tone.MAIN, "expected"));
    marks.add(new Words(LEFT + 142, 20, Anchor.START, "expected"));
    for (long value : all % 2 == 0 ? List.of(0L, all / 2, all) : List.of(0L, all)) {
      int y = y(value);
      marks.add(new Line(LEFT, y, RIGHT, y, Tone.AXIS));
      marks.add(new Words(LEFT - 8, y + 5, Anchor.END, Signs.number(value)));
    }
  }

  private int y(double value) {
    return (int) Math.round(BOTTOM - (BOTTOM - TOP) * value / all);
  }

  private void range(InQuarter quarter, Range range, int middle, int width) {
    int top = y(range.p90());
    int height = Math.max(3, y(range.p10()) - top);
    var title =
        "%s: %s expected, %s to %s"
            .formatted(
                quarter.quarter(),
                Signs.decimal(range.expected()),
                Signs.number(range.p10()),
                Signs.number(range.p90()));
    marks.add(new Bar(middle - width / 2, top, width, height, Tone.RANGE, title));
    marks.add(new Dot(middle, y(range.expected()), 6, Tone.MAIN, title));
  }
}
