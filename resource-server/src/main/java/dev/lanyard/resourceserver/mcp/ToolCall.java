package dev.lanyard.resourceserver.mcp;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import java.util.Optional;

/// What a message of MCP asks for, as far as it concerns access.
///
/// @param id the member `id`; none for a notification, or if it is neither a text nor a number
/// @param method empty for an answer of the client
/// @param name what the headers of MCP 2026-07-28 repeat as its name: of a tool, a prompt, or the
///   URI of a resource; empty if there is none
record ToolCall(JsonObject id, Optional<String> method, Optional<String> name) {

  /// Reads a message. Strictly: what the SDK could read in another way than this does must not
  /// reach it.
  ///
  /// @throws MalformedException if it is no JSON object, names a member twice, or calls no tool in
  ///   particular
  static ToolCall of(byte[] body) throws MalformedException {
    var message = JsonObject.parseLarge(body);
    var method = message.string("method");
    var id =
        message.isString("id") || message.isNumber("id") ? message.only("id") : JsonObject.EMPTY;
    var member = method.flatMap(MirroredHeaders::nameIn);
    if (member.isEmpty()) {
      return new ToolCall(id, method, Optional.empty());
    }
    var parameters =
        message.object("params").orElseThrow(() -> new MalformedException("no 'params'"));
    return new ToolCall(id, method, Optional.of(parameters.nonEmptyString(member.get())));
  }

  /// Which tool is called; empty for every other message.
  Optional<String> tool() {
    return method.filter(McpMethod.TOOLS_CALL::equals).flatMap(_ignored -> name);
  }
}
