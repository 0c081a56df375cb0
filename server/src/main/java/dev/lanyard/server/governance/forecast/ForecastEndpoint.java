package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.function.Supplier;

/// `GET /admin/api/forecast`: the coverage that is to be expected, with `quarters` so many of them
/// and with `by` by one forecaster alone; `/admin/api/forecast/statements`: what was said;
/// `/admin/api/forecast/scores`: how well everybody was right.
public final class ForecastEndpoint {
  private static final int USUAL = 4;
  private static final int MOST = 40;

  private final Supplier<Expectations> expectations;
  private final Forecasts forecasts;
  private final Api api;

  public ForecastEndpoint(Supplier<Expectations> expectations, Forecasts forecasts, Api api) {
    this.expectations = expectations;
    this.forecasts = forecasts;
    this.api = api;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/forecast",
            Operation.of("forecast", "The coverage that is to be expected.", Right.READ, outlook())
                .query(
                    "quarters",
                    Schema.integer(),
                    "How many quarters, 1 to " + MOST + "; " + USUAL + " if left out.")
                .query("by", Schema.text(), "By this forecaster alone."),
            this::outlook),
        api.get(
            "/forecast/statements",
            Operation.of("forecast_statements", "What was said, and by whom.", Right.READ, said()),
            _ -> statements()),
        api.get(
            "/forecast/scores",
            Operation.of("forecast_scores", "How well everybody was right.", Right.READ, judged()),
            _ -> scores()));
  }

  private static Schema outlook() {
    var spread =
        Schema.object()
            .has("expected", Schema.text())
            .has("p10", Schema.integer())
            .has("p50", Schema.integer())
            .has("p90", Schema.integer())
            .has("unit", Schema.integer())
            .build();
    return Schema.object()
        .has("connectors", Schema.integer())
        .has("seats", Schema.integer())
        .has(
            "quarters",
            Schema.list(
                Schema.object()
                    .has("quarter", Schema.text())
                    .has("connectors", spread)
                    .has("seats", spread)
                    .build()))
        .has(
            "unknown",
            Schema.list(
                Schema.object()
                    .has("connector", Schema.text())
                    .has("seats", Schema.integer())
                    .has("reason", Schema.text())
                    .build()))
        .has("assumes", Schema.text())
        .build();
  }

  private static Schema said() {
    var forecast =
        Schema.object()
            .has("connector", Schema.text())
            .has("launch", Schema.map(Schema.text()).says("The chance, by quarter."))
            .has("forecaster", Schema.text())
            .has("reason", Schema.text())
            .has("evidence", Schema.text())
            .has("at", Schema.time())
            .has("author", Schema.text().says("signed, unsigned, or refused: it does not count."))
            .may("refused_because", Schema.text())
            .build();
    var launch =
        Schema.object()
            .has("connector", Schema.text())
            .has("on", Schema.text())
            .has("evidence", Schema.text())
            .has("by", Schema.text())
            .has("at", Schema.time())
            .build();
    return Schema.object()
        .has("forecasts", Schema.list(forecast))
        .has("launches", Schema.list(launch))
        .has("resolutions", Schema.list(resolution()))
        .build();
  }

  private static Schema resolution() {
    return Schema.object()
        .has("connector", Schema.text())
        .may("on", Schema.text().says("Since when it is there."))
        .may("taken_back", Schema.text().says("The day of which it was a mistake."))
        .has("evidence", Schema.text())
        .has("by", Schema.text())
        .has("at", Schema.time())
        .build();
  }

  private static Schema judged() {
    var step =
        Schema.object()
            .has("from", Schema.text())
            .has("statements", Schema.integer())
            .has("said", Schema.text())
            .has("happened", Schema.text())
            .build();
    var score =
        Schema.object()
            .has("forecaster", Schema.text())
            .has("signed", Schema.flag())
            .has("judged", Schema.integer())
            .may("brier", Schema.text())
            .may("brier_of_the_base_rate", Schema.text())
            .has("used_up", Schema.integer())
            .has("calibration", Schema.list(step))
            .build();
    return Schema.object().has("scores", Schema.list(score)).build();
  }

  private Response outlook(Call call) throws MalformedException {
    var quarters = call.query("quarters").map(ForecastEndpoint::number).orElse(USUAL);
    if (quarters < 1 || quarters > MOST) {
      throw new MalformedException("'quarters' is 1 to " + MOST);
    }
    return Response.json(200, expectations.get().outlook(quarters, call.query("by")).toJson());
  }

  private static int number(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
  }

  private Response statements() {
    var all = forecasts.all().stream().map(Forecast::toJson).toList();
    var launches = forecasts.launches().stream().map(Launch::toJson).toList();
    var resolutions = forecasts.resolutions().stream().map(Resolution::toJson).toList();
    return Response.json(
        200,
        JsonObject.builder()
            .put("forecasts", all)
            .put("launches", launches)
            .put("resolutions", resolutions)
            .build());
  }

  private Response scores() {
    var all = expectations.get().scores().stream().map(Score::toJson).toList();
    return Response.json(200, JsonObject.builder().put("scores", all).build());
  }
}
