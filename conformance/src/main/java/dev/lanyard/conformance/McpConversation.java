package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.List;

/// An MCP client in conversation with one server, whatever the revision of the protocol.
interface McpConversation extends AutoCloseable {
  /// The tools that can be called, as the server describes them; what a client has to reject is not
  /// among them.
  List<JsonObject> tools() throws MalformedException;

  void call(String tool, JsonObject arguments) throws MalformedException;

  /// Everything else that a client may ask for, each once.
  void browse() throws MalformedException;

  @Override
  void close();
}
