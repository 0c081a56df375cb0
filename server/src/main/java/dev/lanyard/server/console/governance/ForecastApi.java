package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.governance.ForecastDesk.Recorded;
import dev.lanyard.server.console.governance.ForecastDesk.Said;
import dev.lanyard.server.console.governance.ForecastDesk.Told;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What administrators say of launches, and what became of them, for programs.
public final class ForecastApi {
  private static final String CONNECTOR = "connector";
  private static final String EVIDENCE = "evidence";
  private static final String REASON = "reason";

  private final ForecastDesk desk;

  public ForecastApi(ForecastDesk desk) {
    this.desk = desk;
  }

  public List<ApiRoute> routes(Api api) {
    return List.of(
        api.post("/forecast/statements", saying(), this::say),
        api.post("/forecast/launches", launching(), this::launch),
        api.post("/forecast/launches/take-back", takingBack(), this::takeBack));
  }

  private static Schema chances(String says) {
    return Schema.map(Schema.text()).says(says);
  }

  private static Operation saying() {
    return Operation.of(
            "say_forecast",
            "Says when a connector will be there, in the name of whoever calls. The last word"
                + " counts.",
            Right.CHANGE,
            Schema.object()
                .has(CONNECTOR, Schema.text())
                .has("launch", chances("The chance, by quarter."))
                .has("forecaster", Schema.text())
                .has(REASON, Schema.text())
                .has(EVIDENCE, Schema.text())
                .has("at", Schema.time())
                .has("author", Schema.text().says("unsigned: no key comes here."))
                .build())
        .reads(
            Schema.object()
                .has(CONNECTOR, Schema.text())
                .may("in", chances("The chance that it is there in a quarter, by quarter."))
                .may("by", chances("Instead, that it is there by the end of a quarter."))
                .has(REASON, Schema.text())
                .has(EVIDENCE, Schema.text().says("What it is known from."))
                .build())
        .creates();
  }

  private static Operation launching() {
    return Operation.of(
            "record_launch",
            "Records that a connector is there. Forecasts of it are scored by that.",
            Right.CHANGE,
            Schema.object()
                .has(CONNECTOR, Schema.text())
                .has("on", Schema.text())
                .has(EVIDENCE, Schema.text())
                .has("by", Schema.text())
                .has("at", Schema.time())
                .build())
        .reads(
            Schema.object()
                .has(CONNECTOR, Schema.text())
                .has("on", Schema.text().says("Since which day."))
                .has(EVIDENCE, Schema.text().says("What it is known from."))
                .build())
        .creates();
  }

  private static Operation takingBack() {
    return Operation.of(
            "take_back_launch",
            "Takes back a launch that was recorded by mistake. The record says both.",
            Right.CHANGE,
            Schema.object()
                .has(CONNECTOR, Schema.text())
                .has("taken_back", Schema.text())
                .has(EVIDENCE, Schema.text())
                .has("by", Schema.text())
                .has("at", Schema.time())
                .build())
        .reads(
            Schema.object()
                .has(CONNECTOR, Schema.text())
                .has(EVIDENCE, Schema.text().says("What the mistake is known from."))
                .build());
  }

  private static Map<String, String> chances(JsonObject json, String name)
      throws MalformedException {
    var said = new HashMap<String, String>();
    var quarters = json.object(name).orElse(JsonObject.EMPTY);
    for (var quarter : quarters.names()) {
      said.put(quarter, quarters.nonEmptyString(quarter));
    }
    return said;
  }

  private Response say(Call call) throws MalformedException {
    var json = call.json();
    var said =
        new Said(
            json.nonEmptyString(CONNECTOR),
            chances(json, "in"),
            chances(json, "by"),
            json.nonEmptyString(REASON),
            json.nonEmptyString(EVIDENCE));
    return switch (desk.say(Actor.by(call), said)) {
      case Told.Kept(var forecast) -> Response.json(201, forecast.toJson());
      case Told.Faulty(var why) ->
          call.problem(Kind.INVALID_REQUEST, "Nothing was said: " + why + ".");
      case Told.Unsigned(var why) -> call.problem(Kind.CONFLICT, "Nothing was said: " + why + ".");
    };
  }

  private Response launch(Call call) throws MalformedException {
    var json = call.json();
    var connector = json.nonEmptyString(CONNECTOR);
    var on = json.nonEmptyString("on");
    return switch (desk.launched(Actor.by(call), connector, on, json.nonEmptyString(EVIDENCE))) {
      case Recorded.Kept(var launch) -> Response.json(201, launch.toJson());
      case Recorded.Faulty(var why) ->
          call.problem(Kind.INVALID_REQUEST, "Nothing was recorded: " + why + ".");
      case Recorded.Stands() -> call.problem(Kind.CONFLICT, "That stands already.");
    };
  }

  private Response takeBack(Call call) throws MalformedException {
    var json = call.json();
    return desk.takeBack(
            Actor.by(call), json.nonEmptyString(CONNECTOR), json.nonEmptyString(EVIDENCE))
        .map(taken -> Response.json(200, taken.toJson()))
        .orElseGet(() -> call.problem(Kind.CONFLICT, "No launch of it stands."));
  }
}
