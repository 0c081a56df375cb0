package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Paging;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.ToolDesk;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import java.util.List;
import java.util.function.Supplier;

/// `/admin/api/connectors`: the MCP servers that people can be given, for programs.
final class ConnectorApi {
  private final Supplier<Library> library;
  private final ToolDesk tools;

  /// @param library the one in force
  ConnectorApi(Supplier<Library> library, ToolDesk tools) {
    this.library = library;
    this.tools = tools;
  }

  List<ApiRoute> routes(Api api) {
    var connectors =
        Operation.of(
            "connectors",
            "The connectors of the role library in force.",
            Right.READ,
            Paging.of("connectors", connector()));
    return List.of(api.get("/connectors", Paging.paged(connectors), this::connectors));
  }

  private static Schema connector() {
    return Schema.object()
        .has("id", Schema.text())
        .has("name", Schema.text())
        .has("resource", Schema.text())
        .has("authorization_server", Schema.text())
        .has("graded_tools", Schema.integer())
        .has("tools_to_judge", Schema.integer())
        .build();
  }

  private Response connectors(Call call) throws MalformedException {
    return Paging.of(call)
        .page(call, "connectors", library.get().connectors().stream(), Connector::id, this::json);
  }

  private JsonObject json(Connector one) {
    return JsonObject.builder()
        .put("id", one.id())
        .put("name", one.name())
        .put("resource", one.resource().value())
        .put("authorization_server", one.authorizationServer().value())
        .put("graded_tools", one.tools().byName().size())
        .put("tools_to_judge", tools.waiting(one))
        .build();
  }
}
