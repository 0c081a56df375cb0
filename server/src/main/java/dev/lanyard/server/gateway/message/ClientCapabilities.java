package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.TasksExtension;

/// What a client of 2026-07-28 says with each request that it can do.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic MCP, `_meta`
public final class ClientCapabilities {
  private static final String EXTENSIONS = "extensions";

  /// Those of somebody who can ask what became of a task, and nothing else.
  public static final JsonObject TASKS_ONLY =
      JsonObject.builder().put(EXTENSIONS, TasksExtension.extensions()).build();

  private ClientCapabilities() {}

  /// Whether a request says that its client can ask what became of a task: only then a server may
  /// make one of it.
  public static boolean hasTasks(Message.Request request) {
    return extensions(request).has(TasksExtension.NAME);
  }

  private static JsonObject extensions(Message.Request request) {
    try {
      var meta = request.params().object(MetaKey.META).orElse(JsonObject.EMPTY);
      var can = meta.object(MetaKey.CLIENT_CAPABILITIES).orElse(JsonObject.EMPTY);
      return can.object(EXTENSIONS).orElse(JsonObject.EMPTY);
    } catch (MalformedException e) {
      // Whoever cannot say what they can do says nothing of it; the server tells them.
      return JsonObject.EMPTY;
    }
  }
}
