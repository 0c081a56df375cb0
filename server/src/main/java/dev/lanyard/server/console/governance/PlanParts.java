package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.governance.contract.Money;
import dev.lanyard.server.governance.contract.Plan;
import dev.lanyard.server.governance.contract.Plan.InQuarter;
import dev.lanyard.server.governance.contract.Plan.Volume;
import dev.lanyard.server.governance.contract.Spread;
import dev.lanyard.server.governance.forecast.Outlook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A plan, for people.
final class PlanParts {
  private static final int MOST_CONNECTORS = 100;

  private PlanParts() {}

  static List<Part> of(Plan plan) {
    return List.of(
        Part.of(
            "What does not fit",
            "",
            new Table(
                List.of("Warning"),
                Stream.concat(plan.warnings().stream(), plan.leftOut().stream())
                    .map(one -> List.of(Cell.text(one)))
                    .toList(),
                "Every quota holds, and no seat is left out.")),
        spend(plan),
        Part.of(
            "ID-JAGs against quotas",
            "Of one person for one resource in a month.",
            new Table(
                List.of(
                    "Identity provider",
                    "Quota",
                    "Somebody who works through",
                    "The most of " + plan.observed().month(),
                    "Holds"),
                plan.volumes().stream().map(one -> volume(one, plan)).toList(),
                "")),
        seats(plan),
        Part.of(
            "Assumed",
            "",
            new Table(
                List.of("What is taken for granted"),
                plan.assumptions().stream().map(one -> List.of(Cell.text(one))).toList(),
                "")));
  }

  private static Part spend(Plan plan) {
    var rows = new ArrayList<List<Cell>>();
    plan.quarters().forEach(one -> rows.add(quarter(one)));
    rows.add(
        row(
            List.of("In all", "", "", "", "", ""),
            plan.spend(),
            plan.budget(),
            plan.overrun().expected()));
    return Part.of(
            "Spend by quarter",
            "Amounts are in %s. Seats, launches and what they cost are what is expected."
                .formatted(plan.budget().currency().getCurrencyCode()),
            new Table(
                List.of(
                    "Quarter",
                    "Seats",
                    "Launches",
                    "Seats cost",
                    "Expansion fees",
                    "Reviews",
                    "Low",
                    "Expected",
                    "High",
                    "Budget",
                    "Times the budget"),
                rows,
                ""))
        .drawn(SpendChart.of(plan));
  }

  private static List<Cell> quarter(InQuarter one) {
    return row(
        List.of(
            one.quarter().toString(),
            one.seats().expected().toPlainString(),
            one.launches().expected().toPlainString(),
            one.seatCost().expected().figure(),
            one.expansionCost().expected().figure(),
            one.reviewCost().figure()),
        one.spend(),
        one.budget(),
        one.overrun().expected());
  }

  private static List<Cell> row(
      List<String> first, Spread<Money> spend, Money budget, Optional<String> overrun) {
    var cells = new ArrayList<Cell>();
    first.forEach(one -> cells.add(Cell.text(one)));
    for (var amount : List.of(spend.low(), spend.expected(), spend.high(), budget)) {
      cells.add(Cell.text(amount.figure()));
    }
    boolean isOver = spend.expected().amount().compareTo(budget.amount()) > 0;
    cells.add(Cell.tag(overrun.orElse("no budget"), isOver ? "bad" : "good"));
    return cells;
  }

  private static List<Cell> volume(Volume one, Plan plan) {
    return List.of(
        Cell.text(one.provider()),
        Cell.text(one.quota().map(Object::toString).orElse("none")),
        Cell.of(one.heaviest()),
        Cell.text(plan.observed().isNothing() ? "nothing observed" : Long.toString(one.observed())),
        one.fits() ? Cell.tag("yes", "good") : Cell.tag("no", "bad"));
  }

  private static Part seats(Plan plan) {
    var all =
        plan.seats().entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    long rest = all.stream().skip(MOST_CONNECTORS).mapToLong(Map.Entry::getValue).sum();
    var unknown =
        plan.unknown().stream()
            .collect(Collectors.toMap(Outlook.Unknown::connector, Outlook.Unknown::reason));
    return Part.of(
        "Seats by connector",
        rest == 0
            ? "People who have it by policy now."
            : "People who have it by policy now. The %d with the most; the others have %d seats together."
                .formatted(MOST_CONNECTORS, rest),
        new Table(
            List.of("Connector", "Seats", "Left out because"),
            all.stream()
                .limit(MOST_CONNECTORS)
                .map(one ->
                    List.of(
                        Cell.text(one.getKey()),
                        Cell.of(one.getValue()),
                        Cell.text(unknown.getOrDefault(one.getKey(), "–"))))
                .toList(),
            "The role library gives nobody a connector."));
  }
}
