package dev.lanyard.server.console.governance;

import static dev.lanyard.server.console.governance.Signs.fact;

import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.forecast.Candidate;
import dev.lanyard.server.governance.forecast.Chances;
import dev.lanyard.server.governance.forecast.Expectations;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Launch;
import dev.lanyard.server.governance.forecast.Reality;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `/forecast/connectors/{connector}`: everything that was said of one connector, by whom, why and
/// from what they know it, and what became of it.
final class ForecastStatements {
  private static final String PATH = ForecastPages.HOME + "/connectors";
  private static final int MOST = 20;

  private final Gate gate;
  private final ForecastPages.Parts parts;

  ForecastStatements(Gate gate, ForecastPages.Parts parts) {
    this.gate = gate;
    this.parts = parts;
  }

  static String address(String connector) {
    return PATH + "/" + Addresses.segment(connector);
  }

  List<Route> routes() {
    return List.of(gate.page(PATH + "/{connector}", Sitemap.FORECAST, this::show));
  }

  private Response show(Request request, Visit visit) {
    var id = request.pathParameter("connector");
    var said = parts.forecasts().all().stream().filter(one -> one.connector().equals(id)).toList();
    return parts
        .now()
        .map(expectations ->
            said.isEmpty() && !expectations.isKnown(id)
                ? nothing(request)
                : Sheet.report(
                    visit.frame("Forecasts of " + id, Sitemap.FORECAST),
                    told(id, said, expectations, visit)))
        .orElseGet(() -> Waiting.page(visit, Sitemap.FORECAST, address(id)));
  }

  private Response nothing(Request request) {
    return gate.message(
        request,
        404,
        "There is no such connector.",
        "It is neither in the role library nor in the catalogue, and nobody has said anything of"
            + " it.",
        Optional.of(new Message.Way(ForecastPages.HOME, Sitemap.FORECAST.label())));
  }

  private Report told(String id, List<Forecast> said, Expectations expectations, Visit visit) {
    var launch = parts.forecasts().launch(id);
    var shown = new ArrayList<Part>();
    shown.add(
        Part.of("What became of it", "", Table.facts(reality(id, launch, expectations)))
            .with(ForecastActions.ways(visit, id, launch.isPresent())));
    if (said.isEmpty()) {
      shown.add(
          Part.of(
              "What was said",
              "",
              new Table(List.of("What"), List.of(), "Nobody has said anything of it.")));
    }
    var now = Quarter.of(visit.at());
    said.reversed().stream().limit(MOST).flatMap(one -> statement(one, now)).forEach(shown::add);
    if (said.size() > MOST) {
      shown.add(
          Part.of(
              "And more",
              "%d earlier statements; the JSON API has all.".formatted(said.size() - MOST),
              Table.facts(List.of())));
    }
    return Report.of(
        "The newest statement stands. None is ever changed: who thinks better of it says so anew.",
        shown);
  }

  private static List<List<Cell>> reality(
      String id, Optional<Launch> launch, Expectations expectations) {
    if (launch.isPresent()) {
      return resolved(launch.get());
    }
    var candidate =
        expectations.candidates().stream().filter(one -> one.id().equals(id)).findFirst();
    return candidate
        .map(Candidate::reality)
        .map(ForecastStatements::told)
        .orElseGet(
            () -> List.of(fact("It is", "not in the role library, so it counts in no coverage")));
  }

  private static List<List<Cell>> resolved(Launch launch) {
    return List.of(
        fact("It is", Cell.tag("there", "good")),
        fact("Since", launch.on().toString()),
        fact("Known from", Cell.source(launch.evidence())),
        fact("Says", launch.by()),
        fact("Recorded", Cell.time(launch.at())));
  }

  private static List<List<Cell>> told(Reality reality) {
    return switch (reality) {
      case Reality.There(_, var evidence) ->
          List.of(fact("It is", Cell.tag("there", "good")), fact("Known from", evidence));
      case Reality.NotYet(_, var evidence) ->
          List.of(fact("It is", Cell.tag("not there yet", "warn")), fact("Known from", evidence));
      case Reality.Unknown(var reason) ->
          List.of(fact("It is", Cell.tag("unknown", "bad")), fact("Why", reason));
    };
  }

  private static Stream<Part> statement(Forecast one, Quarter now) {
    var title = one.forecaster() + ", on " + LocalDate.ofInstant(one.at(), ZoneOffset.UTC);
    var facts =
        List.of(
            fact("Says", Cell.link(ForecasterPage.address(one.forecaster()), one.forecaster())),
            fact("Said", Cell.time(one.at())),
            fact("Why", one.reason()),
            fact("Evidence", Cell.source(one.evidence())));
    var schedule =
        new Table(
            List.of("Quarter", "In it", "By its end", "In it, if not there before"),
            schedule(one.chances(), now),
            "");
    return Stream.of(
        Part.of(title, "", Table.facts(facts)),
        Part.of(title + ": in which quarter", "", schedule));
  }

  /// The quarters that are named. Of those between them that are not nothing was said; they count
  /// as nothing, and are shown as what they are.
  private static List<List<Cell>> schedule(Chances chances, Quarter now) {
    var rows = new ArrayList<List<Cell>>();
    var sum = BigDecimal.ZERO;
    var next = chances.launch().firstKey();
    for (var named : chances.launch().entrySet()) {
      var quarter = named.getKey();
      if (next.isBefore(quarter)) {
        rows.add(hole(next, quarter.previous(), sum));
      }
      sum = sum.add(named.getValue().value());
      rows.add(
          List.of(
              Cell.text(quarter.isBefore(now) ? quarter + ", over" : quarter.toString()),
              Cell.text(Signs.percent(named.getValue().value())),
              Cell.text(Signs.percent(sum)),
              Cell.text(given(chances.in(quarter)))));
      next = quarter.next();
    }
    rows.add(
        List.of(
            Cell.text("Later, or never"),
            Cell.text(Signs.percent(BigDecimal.ONE.subtract(sum))),
            Cell.text("–"),
            Cell.text("–")));
    return rows;
  }

  private static List<Cell> hole(Quarter from, Quarter to, BigDecimal sum) {
    return List.of(
        Cell.text(from.equals(to) ? from.toString() : from + " to " + to),
        Cell.tag("nothing said", "warn"),
        Cell.text(Signs.percent(sum)),
        Cell.text("counts as 0 %"));
  }

  private static String given(Chances.Given given) {
    return switch (given) {
      case Chances.Given.Of(var probability) -> Signs.percent(probability);
      case Chances.Given.UsedUp(var by) -> "it was certain by " + by;
    };
  }
}
