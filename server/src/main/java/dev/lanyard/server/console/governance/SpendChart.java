package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.sheet.Chart;
import dev.lanyard.server.console.sheet.Chart.Anchor;
import dev.lanyard.server.console.sheet.Chart.Bar;
import dev.lanyard.server.console.sheet.Chart.Dot;
import dev.lanyard.server.console.sheet.Chart.Line;
import dev.lanyard.server.console.sheet.Chart.Mark;
import dev.lanyard.server.console.sheet.Chart.Tone;
import dev.lanyard.server.console.sheet.Chart.Words;
import dev.lanyard.server.governance.contract.Money;
import dev.lanyard.server.governance.contract.Plan;
import dev.lanyard.server.governance.contract.Plan.InQuarter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Draws what each quarter will cost: from low to high, with what is expected, beside the budget.
final class SpendChart {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 300;
  private static final int LEFT = 110;
  private static final int TOP = 34;
  private static final int BOTTOM = 262;
  private static final int THIN = 6;

  private final Plan plan;
  private final BigDecimal top;
  private final int step;
  private final List<Mark> marks = new ArrayList<>();

  private SpendChart(Plan plan) {
    this.plan = plan;
    this.top =
        plan.quarters().stream()
            .flatMap(one -> Stream.of(one.spend().high(), one.budget()))
            .map(Money::amount)
            .reduce(BigDecimal.ONE, BigDecimal::max);
    this.step = (WIDTH - LEFT) / plan.quarters().size();
  }

  static Chart of(Plan plan) {
    var chart = new SpendChart(plan);
    chart.axes();
    for (int i = 0; i < plan.quarters().size(); i++) {
      chart.quarter(plan.quarters().get(i), LEFT + i * chart.step);
    }
    return new Chart(
        "Spend of each quarter from low to high, what is expected, and the budget; the table below"
            + " says the same",
        WIDTH,
        HEIGHT,
        chart.marks);
  }

  private void axes() {
    for (int part = 0; part <= 2; part++) {
      var amount =
          top.multiply(BigDecimal.valueOf(part)).divide(BigDecimal.TWO, 0, RoundingMode.HALF_UP);
      marks.add(new Line(LEFT, y(amount), WIDTH, y(amount), Tone.AXIS));
      marks.add(
          new Words(
              LEFT - THIN, y(amount) + THIN, Anchor.END, "%,d".formatted(amount.toBigInteger())));
    }
    marks.add(new Bar(LEFT, 8, 14, 12, Tone.RANGE, "low to high"));
    marks.add(new Words(LEFT + 20, 19, Anchor.START, "low to high"));
    marks.add(new Dot(LEFT + 117, 14, THIN, Tone.MAIN, "expected"));
    marks.add(new Words(LEFT + 130, 19, Anchor.START, "expected"));
    marks.add(new Bar(LEFT + 210, 8, 3, 12, Tone.GAP, "budget"));
    marks.add(new Words(LEFT + 220, 19, Anchor.START, "budget"));
    var currency = plan.budget().currency().getCurrencyCode();
    marks.add(new Words(LEFT - THIN, 19, Anchor.END, currency));
  }

  private void quarter(InQuarter one, int x) {
    var spend = one.spend();
    int middle = x + step / 2;
    int high = y(spend.high().amount());
    // A range that is nothing is a line still.
    int height = Math.max(2, y(spend.low().amount()) - high);
    marks.add(
        new Bar(
            x + step / 4,
            high,
            Math.max(THIN, step / 2),
            height,
            Tone.RANGE,
            "%s: %s to %s".formatted(one.quarter(), spend.low(), spend.high())));
    marks.add(
        new Bar(
            x + step / 8,
            y(one.budget().amount()) - 1,
            Math.max(THIN, step * 3 / 4),
            3,
            Tone.GAP,
            "%s: budget %s".formatted(one.quarter(), one.budget())));
    marks.add(
        new Dot(
            middle,
            y(spend.expected().amount()),
            THIN,
            Tone.MAIN,
            "%s: expected %s".formatted(one.quarter(), spend.expected())));
    if (step >= 60 || one.quarter().number() == 1) {
      marks.add(new Words(middle, BOTTOM + 22, Anchor.MIDDLE, one.quarter().toString()));
    }
  }

  private int y(BigDecimal amount) {
    return BOTTOM
        - amount
            .multiply(BigDecimal.valueOf(BOTTOM - TOP))
            .divide(top, 0, RoundingMode.HALF_UP)
            .intValue();
  }
}
