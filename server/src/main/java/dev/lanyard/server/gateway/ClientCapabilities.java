package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;

/// What a client of 2026-07-28 says with each request that it can do.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic MCP, `_meta`
final class ClientCapabilities {
  private static final String META = "_meta";
  private static final String MEMBER = "io.modelcontextprotocol/clientCapabilities";
  private static final String EXTENSIONS = "extensions";

  private ClientCapabilities() {}

  /// A request without what it says of tasks. By that alone a server decides whether it answers a
  /// call with a task, of which nobody could ask through the gateway what became.
  ///
  /// @return the same object if it says nothing of them
  static JsonObject withoutTasks(Message.Request request) {
    try {
      var meta = request.params().object(META).orElse(JsonObject.EMPTY);
      var can = meta.object(MEMBER).orElse(JsonObject.EMPTY);
      var extensions = can.object(EXTENSIONS).orElse(JsonObject.EMPTY);
      if (!extensions.has(Listings.TASKS)) {
        return request.json();
      }
      var others = with(can, EXTENSIONS, extensions.without(Listings.TASKS));
      var params = with(request.params(), META, with(meta, MEMBER, others));
      return with(request.json(), "params", params);
    } catch (MalformedException e) {
      // Whoever cannot say what they can do says nothing of tasks; the server tells them.
      return request.json();
    }
  }

  private static JsonObject with(JsonObject whole, String member, JsonObject part) {
    return whole.with(JsonObject.builder().put(member, part).build());
  }
}
