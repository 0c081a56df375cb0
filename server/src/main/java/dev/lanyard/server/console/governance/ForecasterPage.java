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
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.forecast.Score;
import dev.lanyard.server.governance.forecast.Score.Bin;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `/forecast/forecaster?name=`: how right one forecaster was. A name is what somebody has typed,
/// so it is no part of a path.
final class ForecasterPage {
  private static final String PATH = ForecastPages.HOME + "/forecaster";
  private static final String NAME = "name";
  private static final double BIN = 0.1;

  private final Gate gate;
  private final Supplier<Optional<Expected>> expected;

  /// @param expected with the scores of everybody; empty while they are worked out
  ForecasterPage(Gate gate, Supplier<Optional<Expected>> expected) {
    this.gate = gate;
    this.expected = expected;
  }

  static String address(String forecaster) {
    return Slice.address(PATH, Map.of(NAME, forecaster));
  }

  List<Route> routes() {
    return List.of(gate.page(PATH, Sitemap.FORECAST, this::show));
  }

  private Response show(Request request, Visit visit) {
    var name = Addresses.query(request).flatMap(form -> form.one(NAME)).orElse("");
    var known = expected.get();
    if (known.isEmpty()) {
      return Waiting.page(visit, Sitemap.FORECAST, address(name));
    }
    return known.get().scores().stream()
        .filter(one -> one.forecaster().equals(name))
        .findFirst()
        .map(score -> Sheet.report(visit.frame(name, Sitemap.FORECAST), told(score)))
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "Nobody who is called so has said anything.",
                "Everybody who has is listed under 'Forecasts'.",
                Optional.of(new Message.Way(ForecastPages.HOME, Sitemap.FORECAST.label()))));
  }

  private static Report told(Score score) {
    var bins =
        new Table(
            List.of("They said", "Statements", "On average", "Happened"),
            score.calibration().stream().map(ForecasterPage::row).toList(),
            "Nothing of theirs is judged yet: a quarter must be over, somebody must know how it"
                + " ended, and they must have said it before it began.");
    var calibration =
        Part.of("Calibration", "Of what they said about 30 % of, how often did it happen?", bins);
    return Report.of(
        "Judged is what was said last before a quarter began, given that it was not there then.",
        List.of(
            Part.of(
                    "Score",
                    "",
                    Table.facts(
                        List.of(
                            fact("Judged statements", Cell.of(score.judged())),
                            fact("Brier score, 0 is perfect", Signs.score(score.brier())),
                            fact(
                                "Of whoever had always said the base rate",
                                Signs.score(score.baseRate())),
                            fact(
                                "Certain of an earlier launch that did not come",
                                Cell.of(score.usedUp())))))
                .with(
                    new Message.Way(
                        Slice.address(
                            ForecastPages.HOME, Map.of(ForecastPages.BY, score.forecaster())),
                        "What is to be expected by them alone")),
            score.calibration().isEmpty()
                ? calibration
                : calibration.drawn(CalibrationChart.of(score))));
  }

  private static List<Cell> row(Bin bin) {
    return List.of(
        Cell.text(Signs.percent(bin.from()) + " to " + Signs.percent(bin.from() + BIN)),
        Cell.of(bin.statements()),
        Cell.text(Signs.percent(bin.said())),
        Cell.text(Signs.percent(bin.happened())));
  }
}
