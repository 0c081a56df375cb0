package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.sheet.Chart;
import dev.lanyard.server.console.sheet.Chart.Anchor;
import dev.lanyard.server.console.sheet.Chart.Dot;
import dev.lanyard.server.console.sheet.Chart.Line;
import dev.lanyard.server.console.sheet.Chart.Mark;
import dev.lanyard.server.console.sheet.Chart.Tone;
import dev.lanyard.server.console.sheet.Chart.Words;
import dev.lanyard.server.governance.forecast.Score;
import dev.lanyard.server.governance.forecast.Score.Bin;
import java.util.ArrayList;
import java.util.List;

/// How often it happened where somebody said so much: whoever is right has their dots on the
/// diagonal. A dot is the larger the more statements it stands for.
final class CalibrationChart {
  private static final int WIDTH = 760;
  private static final int LEFT = 70;
  private static final int SIDE = 300;
  private static final int TOP = 16;
  private static final int BOTTOM = TOP + SIDE;
  private static final int SMALLEST = 5;
  private static final int LARGEST = 14;

  private CalibrationChart() {}

  static Chart of(Score score) {
    var marks = new ArrayList<Mark>();
    axes(marks);
    int most = score.calibration().stream().mapToInt(Bin::statements).max().orElse(1);
    score.calibration().forEach(bin -> marks.add(dot(bin, most)));
    return new Chart(
        "Calibration of " + score.forecaster() + ": what was said, and how often it happened",
        WIDTH,
        BOTTOM + 44,
        marks);
  }

  private static void axes(List<Mark> marks) {
    marks.add(new Line(LEFT, BOTTOM, LEFT + SIDE, BOTTOM, Tone.AXIS));
    marks.add(new Line(LEFT, BOTTOM, LEFT, TOP, Tone.AXIS));
    marks.add(new Line(LEFT, BOTTOM, LEFT + SIDE, TOP, Tone.AXIS));
    for (int half = 0; half <= 2; half++) {
      int percent = half * 50;
      marks.add(new Words(x(half / 2.0), BOTTOM + 18, Anchor.MIDDLE, percent + " %"));
      marks.add(new Words(LEFT - 8, y(half / 2.0) + 5, Anchor.END, percent + " %"));
    }
    marks.add(new Words(LEFT + SIDE / 2, BOTTOM + 38, Anchor.MIDDLE, "said"));
    marks.add(new Words(LEFT + 10, TOP + 10, Anchor.START, "happened"));
    marks.add(
        new Words(
            LEFT + SIDE + 16, TOP + 10, Anchor.START, "on the diagonal: as often as was said"));
  }

  private static int x(double said) {
    return (int) Math.round(LEFT + SIDE * said);
  }

  private static int y(double happened) {
    return (int) Math.round(BOTTOM - SIDE * happened);
  }

  private static Dot dot(Bin bin, int most) {
    int radius = SMALLEST + (LARGEST - SMALLEST) * bin.statements() / most;
    var title =
        "said %s, happened %s, %d statements"
            .formatted(Signs.percent(bin.said()), Signs.percent(bin.happened()), bin.statements());
    return new Dot(x(bin.said()), y(bin.happened()), radius, Tone.MAIN, title);
  }
}
