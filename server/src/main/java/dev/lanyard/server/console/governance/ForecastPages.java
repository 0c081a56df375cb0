package dev.lanyard.server.console.governance;

import static dev.lanyard.server.console.governance.Signs.fact;
import static dev.lanyard.server.console.governance.Signs.number;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Field;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Search;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.forecast.Expectations;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Forecasts;
import dev.lanyard.server.governance.forecast.Outlook;
import dev.lanyard.server.governance.forecast.Outlook.InQuarter;
import dev.lanyard.server.governance.forecast.Outlook.Range;
import dev.lanyard.server.governance.forecast.Score;
import dev.lanyard.server.governance.forecast.Standing;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/forecast`: the coverage that is to be expected by quarter, what it rests on, and how right
/// those were who said so.
public final class ForecastPages {
  static final String HOME = "/forecast";

  /// Whose forecasts alone count.
  static final String BY = "by";

  private static final int USUAL = 4;
  private static final int MOST = 40;
  private static final int MOST_UNKNOWN = 10;
  private static final String QUARTERS = "quarters";

  private final Gate gate;
  private final Parts parts;
  private final ForecastDesk desk;
  private final Prepared<Expected.Asked, Expected> expected;

  public ForecastPages(Gate gate, Parts parts, ForecastDesk desk) {
    this.gate = gate;
    this.parts = parts;
    this.desk = desk;
    this.expected = new Prepared<>(this::worked, parts.clock());
  }

  /// What the pages show.
  ///
  /// @param forecasts everything that was said
  /// @param expectations by a coverage map that was counted before
  public record Parts(
      Maps maps,
      Forecasts forecasts,
      Function<Coverage, Expectations> expectations,
      InstantSource clock) {
    /// Empty while the map is counted for the first time.
    Optional<Expectations> now() {
      return maps.now().map(expectations);
    }
  }

  public List<Route> routes() {
    var routes = new ArrayList<Route>();
    routes.add(gate.page(HOME, Sitemap.FORECAST, this::show));
    routes.addAll(new ForecastStatements(gate, parts).routes());
    routes.addAll(new ForecasterPage(gate, this::usual).routes());
    routes.addAll(new ForecastActions(gate, desk).routes());
    return routes;
  }

  private Response show(Request request, Visit visit) {
    var query = Addresses.query(request);
    var by = query.flatMap(form -> form.one(BY)).map(String::strip).filter(one -> !one.isEmpty());
    var asked = query.flatMap(form -> form.one(QUARTERS)).map(String::strip).orElse("");
    var quarters = asked.isEmpty() ? Optional.of(USUAL) : quarters(asked);
    if (quarters.isEmpty()) {
      var nothing =
          new Table(List.of(), List.of(), "Write a number of quarters from 1 to " + MOST + ".");
      return page(visit, asked, by, List.of(Part.of("Nothing to show", "", nothing)));
    }
    var said = parts.forecasts().all();
    return expected(quarters.get(), by, said)
        .map(one -> page(visit, asked, by, told(visit, one, Standing.now(said, by), by, query)))
        .orElseGet(() ->
            Waiting.page(
                visit,
                Sitemap.FORECAST,
                Slice.address(HOME, Map.of(QUARTERS, asked, BY, by.orElse("")))));
  }

  private Optional<Expected> expected(int quarters, Optional<String> by, List<Forecast> said) {
    int known = said.size() + parts.forecasts().launches().size();
    return expected.of(new Expected.Asked(quarters, by, known));
  }

  private Optional<Expected> usual() {
    return expected(USUAL, Optional.empty(), parts.forecasts().all());
  }

  /// A hundred thousand people with two hundred connectors have a million seats in question, whose
  /// exact distribution takes a while.
  private Expected worked(Expected.Asked asked) {
    var map = parts.maps().nowWhenDone();
    var expectations = parts.expectations().apply(map);
    return new Expected(
        map.at(), expectations.outlook(asked.quarters(), asked.by()), expectations.scores());
  }

  private static Optional<Integer> quarters(String text) {
    return Optional.of(text)
        .filter(one -> one.matches("\\d{1,3}"))
        .map(Integer::valueOf)
        .filter(one -> one >= 1 && one <= MOST);
  }

  private static Response page(
      Visit visit, String quarters, Optional<String> by, List<Part> shown) {
    var search =
        new Search(
            HOME,
            List.of(
                new Field(QUARTERS, "How many quarters", quarters, String.valueOf(USUAL)),
                new Field(BY, "By the forecasts of one person only", by.orElse(""), "")),
            "Show");
    return Sheet.report(
        visit.frame("Forecasts", Sitemap.FORECAST),
        new Report(
            "What will go through Enterprise-Managed Authorization at the end of each quarter, how"
                + " sure that is, and how right those were who said so.",
            Optional.of(search),
            shown));
  }

  private static List<Part> told(
      Visit visit,
      Expected expected,
      Map<String, Forecast> standing,
      Optional<String> by,
      Optional<Form> query) {
    var outlook = expected.outlook();
    return List.of(
        Part.of(
            "Rests on",
            "",
            Table.facts(List.of(fact("Coverage map of", Cell.time(expected.at()))))),
        expected("Connectors", outlook.connectors(), outlook, InQuarter::connectors),
        expected("Seats", outlook.seats(), outlook, InQuarter::seats),
        Part.of(
            "Counts as not there",
            "Of %d connectors nobody can say anything, so they are in no figure above.%s"
                .formatted(
                    outlook.unknown().size(),
                    outlook.unknown().size() > MOST_UNKNOWN ? " Those with the most seats:" : ""),
            unknown(outlook)),
        said(visit, standing, query, by),
        Part.of(
            "How right they were",
            "The Brier score is the mean of the squared errors of what was said before a quarter"
                + " began: 0 is perfect. Only who is below the base rate has known something.",
            scores(expected.scores())));
  }

  private static Part expected(
      String what, long all, Outlook outlook, Function<InQuarter, Range> range) {
    var rows =
        outlook.quarters().stream()
            .map(one -> row(one.quarter().toString(), range.apply(one), all))
            .toList();
    long unit =
        outlook.quarters().stream().mapToLong(one -> range.apply(one).unit()).max().orElse(1);
    return Part.of(
            what,
            "At the end of each quarter. The range is exact if connectors launch independently of"
                + " each other; if one event moves many of them it is wider."
                + (unit > 1 ? " It is counted in units of " + number(unit) + "." : ""),
            new Table(List.of("By the end of", "Expected", "P10", "P50", "P90", "Of"), rows, ""))
        .drawn(OutlookChart.of(what, all, outlook.quarters(), range));
  }

  private static List<Cell> row(String quarter, Range range, long all) {
    return List.of(
        Cell.text(quarter),
        Cell.text(Signs.decimal(range.expected())),
        Cell.text(number(range.p10())),
        Cell.text(number(range.p50())),
        Cell.text(number(range.p90())),
        Cell.text(number(all)));
  }

  private static Table unknown(Outlook outlook) {
    return new Table(
        List.of("Connector", "Seats", "Why"),
        outlook.unknown().stream()
            .sorted(Comparator.comparingLong(Outlook.Unknown::seats).reversed())
            .limit(MOST_UNKNOWN)
            .map(one ->
                List.of(
                    connector(one.connector()),
                    Cell.text(number(one.seats())),
                    Cell.text(one.reason())))
            .toList(),
        "There are none.");
  }

  static Cell connector(String id) {
    return Cell.link(ForecastStatements.address(id), id);
  }

  private static Part said(
      Visit visit, Map<String, Forecast> standing, Optional<Form> query, Optional<String> by) {
    var slice =
        Slice.of(
            standing.values().stream().sorted(Comparator.comparing(Forecast::connector)).toList(),
            query);
    var table =
        new Table(
            List.of("Connector", "In which quarter", "Says", "Why", "Evidence", "Said"),
            slice.rows().stream().map(ForecastPages::row).toList(),
            by.map(one -> "'" + one + "' has said nothing of any connector.")
                .orElse(
                    "Nobody has said anything yet. Administrators say it here; many at once, and"
                        + " what is signed, by `lanyard forecast set`."));
    return Part.of(
            "What is said", ("Of each connector the last word. " + slice.told()).strip(), table)
        .with(
            Stream.concat(
                    slice.ways(HOME, Map.of(BY, by.orElse(""))).stream(),
                    ForecastActions.ways(visit, "", false).stream())
                .toList());
  }

  private static List<Cell> row(Forecast one) {
    return List.of(
        connector(one.connector()),
        Cell.text(
            one.chances().launch().entrySet().stream()
                .map(in -> in.getKey() + " " + Signs.percent(in.getValue().value()))
                .collect(Collectors.joining(", "))),
        Cell.link(ForecasterPage.address(one.forecaster()), one.forecaster()),
        Cell.text(one.reason()),
        Cell.source(one.evidence()),
        Cell.time(one.at()));
  }

  private static Table scores(List<Score> scores) {
    return new Table(
        List.of(
            "Forecaster",
            "Judged",
            "Brier score",
            "Of the base rate",
            "Certain of an earlier launch"),
        scores.stream()
            .map(one ->
                List.of(
                    Cell.link(ForecasterPage.address(one.forecaster()), one.forecaster()),
                    Cell.of(one.judged()),
                    Cell.text(Signs.score(one.brier())),
                    Cell.text(Signs.score(one.baseRate())),
                    Cell.of(one.usedUp())))
            .toList(),
        "Nobody has said anything yet. Judged is what was said before a quarter began, once it is"
            + " over.");
  }
}
