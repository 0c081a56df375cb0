package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.publication.History;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/// `/admin/api/library`: the role library in force, for programs.
final class LibraryApi {
  private final Supplier<Library> library;
  private final History history;

  /// @param library the one in force
  LibraryApi(Supplier<Library> library, History history) {
    this.library = library;
    this.history = history;
  }

  List<ApiRoute> routes(Api api) {
    var library = Operation.of("library", "The role library in force.", Right.READ, library());
    return List.of(api.get("/library", library, _ -> inForce()));
  }

  private static Schema library() {
    var role =
        Schema.object()
            .has("name", Schema.text())
            .may("owner", Schema.text().says("Who answers for it."))
            .has("groups", Schema.list(Schema.text()))
            .has(
                "connectors",
                Schema.map(Schema.text()).says("What it gives: scopes, by connector."))
            .build();
    return Schema.object()
        .has("version", Schema.text())
        .may("published_at", Schema.time())
        .may("published_by", Schema.text())
        .may("rationale", Schema.text())
        .has("roles", Schema.list(role))
        .build();
  }

  private Response inForce() {
    var inForce = library.get();
    var json = JsonObject.builder().put("version", inForce.version());
    history
        .last()
        .ifPresent(one ->
            json.put("published_at", one.said().at().toString())
                .put("published_by", one.said().by())
                .put("rationale", one.said().rationale()));
    return Response.json(
        200, json.put("roles", inForce.roles().stream().map(LibraryApi::json).toList()).build());
  }

  private static JsonObject json(Role role) {
    var connectors = JsonObject.builder();
    new TreeMap<>(role.connectors())
        .forEach((connector, given) -> connectors.put(connector, given.scopes().toString()));
    return JsonObject.builder()
        .put("name", role.name())
        .putIfPresent("owner", role.owner())
        .put("groups", role.groups().stream().sorted().toList())
        .put("connectors", connectors.build())
        .build();
  }
}
