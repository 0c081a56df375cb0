package dev.lanyard.server.tools;

import java.util.List;

/// What a server has said of its tools.
///
/// @param connector its id in the role library
/// @param tools in the order in which they came
/// @param complete whether the server has no other tools: only then is one that is missing gone
/// @param by who has heard it, for the record
/// @param correlationId of the request or command in which it was heard
public record Sighting(
    String connector,
    List<ToolDefinition> tools,
    boolean complete,
    String by,
    String correlationId) {
  public Sighting {
    tools = List.copyOf(tools);
  }
}
