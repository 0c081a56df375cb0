package dev.lanyard.protocol.mcp;

import dev.lanyard.protocol.json.JsonObject;

/// How clients and servers of 2026-07-28 say that they have tasks: calls whose result is fetched
/// later. A server may make one only for a client that has said so in that very request.
///
/// @spec https://modelcontextprotocol.io/seps/2663-tasks-extension SEP-2663
public final class TasksExtension {
  /// The name of the extension.
  public static final String NAME = "io.modelcontextprotocol/tasks";

  private TasksExtension() {}

  /// The member `extensions` of the capabilities; other extensions go beside it.
  public static JsonObject extensions() {
    return JsonObject.builder().put(NAME, JsonObject.EMPTY).build();
  }
}
