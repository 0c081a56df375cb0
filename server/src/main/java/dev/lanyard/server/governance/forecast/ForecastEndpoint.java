package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// `GET /admin/api/forecast`: the coverage that is to be expected, with `quarters` so many of them
/// and with `by` by one forecaster alone; `/admin/api/forecast/statements`: what was said;
/// `/admin/api/forecast/scores`: how well everybody was right.
public final class ForecastEndpoint {
  private static final int USUAL = 4;
  private static final int MOST = 40;

  private final Supplier<Expectations> expectations;
  private final Forecasts forecasts;
  private final AdminBearers bearers;

  public ForecastEndpoint(
      Supplier<Expectations> expectations, Forecasts forecasts, AdminBearers bearers) {
    this.expectations = expectations;
    this.forecasts = forecasts;
    this.bearers = bearers;
  }

  public List<Route> routes() {
    return List.of(
        bearers.get("/admin/api/forecast", this::outlook),
        bearers.get("/admin/api/forecast/statements", _ -> statements()),
        bearers.get("/admin/api/forecast/scores", _ -> scores()));
  }

  private Response outlook(Request request) {
    try {
      var query = Form.parse(request.query(), Set.of());
      var quarters = query.one("quarters").map(ForecastEndpoint::number).orElse(USUAL);
      return quarters < 1 || quarters > MOST
          ? refused(request)
          : Response.json(200, expectations.get().outlook(quarters, query.one("by")).toJson());
    } catch (MalformedException e) {
      return refused(request);
    }
  }

  private static int number(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
  }

  private static Response refused(Request request) {
    return Response.error(
        400, "invalid_request", "'quarters' is 1 to " + MOST, request.correlationId());
  }

  private Response statements() {
    var all = forecasts.all().stream().map(Forecast::toJson).toList();
    var launches = forecasts.launches().stream().map(Launch::toJson).toList();
    return Response.json(
        200, JsonObject.builder().put("forecasts", all).put("launches", launches).build());
  }

  private Response scores() {
    var all = expectations.get().scores().stream().map(Score::toJson).toList();
    return Response.json(200, JsonObject.builder().put("scores", all).build());
  }
}
