package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// What the MCP conformance suite tells the client under test.
///
/// @param scenario what is played
/// @param protocolVersion the revision of MCP that is spoken
/// @param server the MCP server
/// @param context what an administrator would have configured
record SuiteSettings(String scenario, String protocolVersion, URI server, JsonObject context) {
  /// The first revision without sessions.
  private static final String STATELESS = "2026-07-28";

  static SuiteSettings of(String[] arguments, Map<String, String> environment)
      throws MalformedException {
    var context = environment.getOrDefault("MCP_CONFORMANCE_CONTEXT", "{}");
    return new SuiteSettings(
        environment.getOrDefault("MCP_CONFORMANCE_SCENARIO", ""),
        environment.getOrDefault("MCP_CONFORMANCE_PROTOCOL_VERSION", STATELESS),
        URI.create(arguments[arguments.length - 1]),
        JsonObject.parse(context));
  }

  boolean isStateless() {
    return protocolVersion.compareTo(STATELESS) >= 0;
  }

  String required(String name) throws MalformedException {
    return context
        .string(name)
        .orElseThrow(() -> new MalformedException("the context of the suite has no " + name));
  }

  /// The calls that a scenario asks for; empty if it leaves them to the client.
  List<JsonObject> toolCalls() throws MalformedException {
    return context.objects("toolCalls").orElse(List.of());
  }
}
