package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Field;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Search;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.DayOne;
import dev.lanyard.server.governance.value.Figure;
import dev.lanyard.server.governance.value.Figure.Basis;
import dev.lanyard.server.governance.value.ValueReport;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/value`: what a month was worth, what was measured apart from what is assumed.
public final class ValuePages {
  private static final String HOME = "/value";
  private static final String MONTH = "month";
  private static final int MONTHS = 12;

  private final Gate gate;
  private final Prepared<YearMonth, ValueReport> reports;
  private final Prepared<YearMonth, List<DayOne.Line>> dayOne;

  /// @param reports of a month
  /// @param dayOne what nobody had to do, from a month on
  public ValuePages(
      Gate gate,
      Prepared<YearMonth, ValueReport> reports,
      Prepared<YearMonth, List<DayOne.Line>> dayOne) {
    this.gate = gate;
    this.reports = reports;
    this.dayOne = dayOne;
  }

  public List<Route> routes() {
    return List.of(gate.page(HOME, Sitemap.VALUE, this::show));
  }

  private Response show(Request request, Visit visit) {
    var asked =
        Addresses.query(request).flatMap(form -> form.one(MONTH)).map(String::strip).orElse("");
    var now = YearMonth.from(visit.at().atOffset(ZoneOffset.UTC));
    var month = asked.isEmpty() ? Optional.of(now.minusMonths(1)) : month(asked);
    if (month.filter(one -> !one.isAfter(now)).isEmpty()) {
      var nothing =
          new Table(List.of(), List.of(), "Write a month that has begun, such as 2026-10.");
      return page(visit, asked, List.of(Part.of("Nothing to show", "", nothing)));
    }
    var wanted = month.get();
    var report = reports.of(wanted);
    var months = dayOne.of(now.minusMonths(MONTHS - 1));
    if (report.isEmpty() || months.isEmpty()) {
      return Waiting.page(visit, Sitemap.VALUE, address(wanted));
    }
    return page(visit, wanted.toString(), told(report.get(), months.get(), now));
  }

  private static Optional<YearMonth> month(String text) {
    try {
      return Optional.of(YearMonth.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String address(YearMonth month) {
    return Slice.address(HOME, Map.of(MONTH, month.toString()));
  }

  private static Response page(Visit visit, String month, List<Part> shown) {
    var search =
        new Search(HOME, List.of(new Field(MONTH, "Month, in UTC", month, "2026-10")), "Show");
    return Sheet.report(
        visit.frame("Value", Sitemap.VALUE),
        new Report(
            "What Enterprise-Managed Authorization was worth in a month. What was counted here"
                + " stands apart from what rests on something that nobody measured here.",
            Optional.of(search),
            shown));
  }

  private static List<Part> told(ValueReport report, List<DayOne.Line> lines, YearMonth now) {
    var ways = new ArrayList<Message.Way>();
    ways.add(new Message.Way(address(report.month().minusMonths(1)), "The month before"));
    if (report.month().isBefore(now)) {
      ways.add(new Message.Way(address(report.month().plusMonths(1)), "The month after"));
    }
    var months = ValueMonths.of(lines, now, MONTHS);
    return List.of(
        Part.of(
                "Measured",
                "Counted in our own record.",
                figures(report, Basis.MEASURED, "Nothing of this month was counted."))
            .with(ways),
        Part.of(
            "Assumed",
            "Counted, and taken for something that nobody measured here.",
            figures(report, Basis.ASSUMED, "Nothing is assumed.")),
        Part.of("Not told", "", missing(report)),
        Part.of(
                "The last twelve months",
                "Tokens without a click are measured; that each first one stands for a consent"
                    + " screen or a ticket is assumed.",
                months.table())
            .drawn(months.chart()));
  }

  private static Table figures(ValueReport report, Basis basis, String empty) {
    return new Table(
        List.of("Figure", "Value", "Unit", "From"),
        report.figures().stream().filter(one -> one.basis() == basis).map(ValuePages::row).toList(),
        empty);
  }

  private static List<Cell> row(Figure one) {
    return List.of(
        Cell.text(one.title()),
        Cell.text(Signs.number(one.value())),
        Cell.text(one.unit()),
        Cell.text(one.source()));
  }

  /// A zero would look like a measurement.
  private static Table missing(ValueReport report) {
    return new Table(
        List.of("What cannot be told, and why"),
        report.missing().stream().map(one -> List.of(Cell.text(one))).toList(),
        "Every figure of the report is there.");
  }
}
