package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.ProviderDesk.Check;
import dev.lanyard.server.console.desk.ProviderDesk.Connection;
import dev.lanyard.server.console.desk.ProviderDesk.Fact;
import dev.lanyard.server.console.desk.ProviderDesk.Sign;
import dev.lanyard.server.console.desk.ProviderLooks;
import dev.lanyard.server.console.desk.ProviderLooks.Look;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// `/admin/api/providers`: the identity providers that are connected, and a look at one from this
/// node, for programs.
final class ProviderApi {
  private static final String ONE = "/providers/{id}";

  private static final Schema CONNECTION =
      Schema.object()
          .has("id", Schema.text())
          .has("kind", Schema.text().says("What it is for."))
          .has("name", Schema.text())
          .has(
              "signs",
              Schema.list(
                  Schema.object().has("what", Schema.text()).may("at", Schema.time()).build()))
          .has("facts", Schema.list(fact()).says("What is configured here."))
          .has("to_copy", Schema.list(fact()).says("What is to be entered at the provider."))
          .has("can_be_looked_at", Schema.flag())
          .build();

  private static final Listing<Connection> LISTING =
      new Listing<>("providers", CONNECTION, Connection::id, ProviderApi::json);

  private final ProviderLooks looks;

  ProviderApi(ProviderLooks looks) {
    this.looks = looks;
  }

  List<ApiRoute> routes(Api api) {
    var check =
        Schema.object()
            .has("level", Schema.word("good", "note", "bad"))
            .has("what", Schema.text())
            .has("detail", Schema.text().says("What was found, and the remedy if it is bad."))
            .build();
    var look =
        Operation.of(
                "look_at_provider",
                "Looks at an identity provider from here, now: one at a time, each once in ten"
                    + " seconds.",
                Right.CHANGE,
                Schema.object().has("checks", Schema.list(check)).has("sum", Schema.text()).build())
            .path("id", "The id of a connection.");
    var one =
        Operation.of("provider", "One identity provider.", Right.READ, CONNECTION)
            .path("id", "The id of a connection.");
    return List.of(
        api.get(
            "/providers",
            LISTING.operation(
                "providers",
                "Who signs people in here, keeps them, and says when they are gone.",
                Right.READ),
            call -> LISTING.page(call, looks.all().stream())),
        api.get(ONE, one, this::show),
        api.post(ONE + "/look", look, this::look));
  }

  private static Schema fact() {
    return Schema.object().has("name", Schema.text()).has("value", Schema.text()).build();
  }

  private static JsonObject json(Connection one) {
    return JsonObject.builder()
        .put("id", one.id())
        .put("kind", one.kind())
        .put("name", one.name())
        .put("signs", one.signs().stream().map(ProviderApi::json).toList())
        .put("facts", one.facts().stream().map(ProviderApi::json).toList())
        .put("to_copy", one.copied().stream().map(ProviderApi::json).toList())
        .put("can_be_looked_at", one.examinable())
        .build();
  }

  private static JsonObject json(Sign one) {
    return JsonObject.builder()
        .put("what", one.what())
        .putIfPresent("at", one.at().map(Instant::toString))
        .build();
  }

  private static JsonObject json(Fact one) {
    return JsonObject.builder().put("name", one.name()).put("value", one.value()).build();
  }

  private static JsonObject json(Check one) {
    return JsonObject.builder()
        .put("level", one.level().name().toLowerCase(Locale.ROOT))
        .put("what", one.what())
        .put("detail", one.detail())
        .build();
  }

  private static Response nothing(Call call) {
    return call.problem(
        Kind.NOT_FOUND,
        "There is no such connection, or nothing about it can be looked at. All are at"
            + " /admin/api/providers.");
  }

  private Response show(Call call) {
    return looks
        .find(call.path("id"))
        .map(one -> Response.json(200, json(one)))
        .orElseGet(() -> nothing(call));
  }

  private Response look(Call call) {
    return looks
        .find(call.path("id"))
        .filter(Connection::examinable)
        .map(one -> told(call, looks.look(Actor.by(call), one)))
        .orElseGet(() -> nothing(call));
  }

  private static Response told(Call call, Look look) {
    return switch (look) {
      case Look.Seen(var checks, var sum) ->
          Response.json(
              200,
              JsonObject.builder()
                  .put("checks", checks.stream().map(ProviderApi::json).toList())
                  .put("sum", sum)
                  .build());
      case Look.TooOften(var why) ->
          call.problem(Kind.TOO_MANY_REQUESTS, why).withHeader("Retry-After", "10");
    };
  }
}
