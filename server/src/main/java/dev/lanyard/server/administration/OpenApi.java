package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The description of the API, made of what its routes say of themselves.
///
/// @spec https://spec.openapis.org/oas/v3.1.1.html#openapi-object OpenAPI 3.1 §4.8.1
public final class OpenApi {
  private static final Duration KEPT = Duration.ofHours(1);
  private static final String PATH = Api.PATH + "/openapi.json";
  private static final String BEARER = "bearer";
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  /// What can come of every call.
  private static final Set<Kind> ALWAYS =
      EnumSet.of(
          Kind.INVALID_REQUEST,
          Kind.UNAUTHENTICATED,
          Kind.INSUFFICIENT_SCOPE,
          Kind.TOO_MANY_REQUESTS,
          Kind.SERVER_ERROR,
          Kind.UNAVAILABLE);

  private OpenApi() {}

  /// Serves the description of these. It is the same for everybody, and tells nothing of an
  /// installation.
  public static Route route(List<ApiRoute> routes) {
    return Route.get(PATH, Access.PUBLIC, Document.of(document(routes), KEPT)).nonBlocking();
  }

  /// @throws IllegalArgumentException if a route does not say what a parameter of its path is
  public static JsonObject document(List<ApiRoute> routes) {
    var paths = new TreeMap<String, Map<String, JsonObject>>();
    for (var one : routes) {
      for (var method : one.route().methods()) {
        paths
            .computeIfAbsent(one.route().pattern(), _ -> new TreeMap<>())
            .put(name(method), operation(one));
      }
    }
    var all = JsonObject.builder();
    paths.forEach((pattern, operations) -> {
      var item = JsonObject.builder();
      operations.forEach(item::put);
      all.put(pattern, item.build());
    });
    return JsonObject.builder()
        .put("openapi", "3.1.1")
        .put("info", info())
        .put("paths", all.build())
        .put("components", components())
        .build();
  }

  private static JsonObject info() {
    return JsonObject.builder()
        .put("title", "Lanyard, for administrators")
        .put("version", "1")
        .put(
            "description",
            "What administrators, reviewers and the help desk see and do, for programs. Names stay"
                + " what they are; objects may get more members, and a list that is empty is left"
                + " out. See docs/api.md.")
        .build();
  }

  private static String name(Method method) {
    return method.name().toLowerCase(Locale.ROOT);
  }

  private static JsonObject operation(ApiRoute one) {
    var operation = one.operation();
    var json =
        JsonObject.builder()
            .put("operationId", operation.id())
            .put("summary", operation.summary())
            .put(
                "security",
                List.of(
                    JsonObject.builder()
                        .put(BEARER, List.of(operation.right().scope().value()))
                        .build()))
            .put("x-duties", duties(operation.right()));
    var parameters = parameters(one);
    if (!parameters.isEmpty()) {
      json.put("parameters", parameters);
    }
    switch (operation.body()) {
      case Operation.Body.None _ -> {}
      case Operation.Body.Json(var schema) ->
          json.put("requestBody", content("application/json", schema));
      case Operation.Body.Text(var mediaType) ->
          json.put("requestBody", content(mediaType, Schema.text()));
    }
    return json.put("responses", responses(one)).build();
  }

  private static List<String> duties(Right right) {
    return right.duties().stream()
        .map(duty -> duty.name().toLowerCase(Locale.ROOT))
        .sorted()
        .toList();
  }

  private static List<JsonObject> parameters(ApiRoute one) {
    var all = new ArrayList<JsonObject>();
    var operation = one.operation();
    var names = PARAMETER.matcher(one.route().pattern());
    while (names.find()) {
      var says = operation.path().get(names.group(1));
      if (says == null) {
        throw new IllegalArgumentException(
            operation.id() + " does not say what {" + names.group(1) + "} is");
      }
      all.add(parameter(names.group(1), "path", says, Schema.text(), true));
    }
    if (takesKey(one)) {
      all.add(
          parameter(
              OnlyOnce.HEADER,
              "header",
              "With it the call is made once, however often it is sent; remembered for a day.",
              Schema.text(),
              false));
    }
    new TreeMap<>(operation.query())
        .forEach((name, parameter) ->
            all.add(
                parameter(
                    name, "query", parameter.says(), parameter.schema(), parameter.isRequired())));
    return all;
  }

  private static boolean takesKey(ApiRoute one) {
    return one.operation().isRepeatable() && one.route().methods().contains(Method.POST);
  }

  private static JsonObject parameter(
      String name, String in, String says, Schema schema, boolean isRequired) {
    return JsonObject.builder()
        .put("name", name)
        .put("in", in)
        .put("description", says)
        .put("required", isRequired)
        .put("schema", schema.json())
        .build();
  }

  private static JsonObject content(String mediaType, Schema schema) {
    return JsonObject.builder()
        .put("required", true)
        .put("content", media(mediaType, schema))
        .build();
  }

  private static JsonObject media(String mediaType, Schema schema) {
    return JsonObject.builder()
        .put(mediaType, JsonObject.builder().put("schema", schema.json()).build())
        .build();
  }

  private static JsonObject responses(ApiRoute route) {
    var operation = route.operation();
    var all = new TreeMap<String, JsonObject>();
    operation
        .answers()
        .byStatus()
        .forEach((status, schema) -> {
          var done = JsonObject.builder().put("description", "Done");
          schema.ifPresent(one -> done.put("content", media("application/json", one)));
          all.put(Integer.toString(status), done.build());
        });
    for (var kind : refusals(route)) {
      all.put(Integer.toString(kind.status()), problem());
    }
    var json = JsonObject.builder();
    all.forEach(json::put);
    return json.build();
  }

  private static Set<Kind> refusals(ApiRoute one) {
    var kinds = EnumSet.copyOf(ALWAYS);
    if (one.route().pattern().indexOf('{') >= 0) {
      kinds.add(Kind.NOT_FOUND);
    }
    // Drafts are asked about as they are, which they may not be any more.
    var right = one.operation().right();
    if (right.changes() || right == Right.DRAFT) {
      kinds.add(Kind.CONFLICT);
    }
    if (takesKey(one)) {
      kinds.add(Kind.KEY_REUSED);
    }
    if (!(one.operation().body() instanceof Operation.Body.None)) {
      kinds.add(Kind.BODY_TOO_LARGE);
    }
    if (one.operation().body() instanceof Operation.Body.Json) {
      kinds.add(Kind.UNSUPPORTED_MEDIA_TYPE);
    }
    return kinds;
  }

  private static JsonObject problem() {
    return JsonObject.builder().put("$ref", "#/components/responses/Problem").build();
  }

  private static JsonObject components() {
    var schema =
        Schema.object()
            .has("type", Schema.text().says(Problem.TYPE + "..., which stays what it is"))
            .has("title", Schema.text())
            .has("status", Schema.integer())
            .has("detail", Schema.text().says("What to do."))
            .has("correlation_id", Schema.text().says("By this it is found: lanyard why."))
            .build();
    var bearer =
        JsonObject.builder()
            .put("type", "http")
            .put("scheme", BEARER)
            .put(
                "description",
                "An access token of the broker for this API, or a token of the configuration,"
                    + " which reads only.")
            .build();
    return JsonObject.builder()
        .put("schemas", JsonObject.builder().put("Problem", schema.json()).build())
        .put(
            "responses",
            JsonObject.builder()
                .put(
                    "Problem",
                    JsonObject.builder()
                        .put("description", "It came to nothing (RFC 9457)")
                        .put(
                            "content",
                            media(
                                Problem.MEDIA_TYPE,
                                new Schema(
                                    JsonObject.builder()
                                        .put("$ref", "#/components/schemas/Problem")
                                        .build())))
                        .build())
                .build())
        .put("securitySchemes", JsonObject.builder().put(BEARER, bearer).build())
        .build();
  }
}
