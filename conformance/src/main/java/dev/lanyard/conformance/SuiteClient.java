package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// The program that the MCP conformance suite starts as the client under test: our client library,
/// under the MCP Java SDK where that speaks the revision of the protocol.
public final class SuiteClient {
  private SuiteClient() {}

  public static void main(String[] arguments) throws MalformedException {
    var settings = SuiteSettings.of(arguments, System.getenv());
    try (var conversation = conversation(settings)) {
      play(settings, conversation);
    }
    // Nothing that still waits, such as a stream of the SDK, keeps the suite waiting.
    System.exit(0);
  }

  private static McpConversation conversation(SuiteSettings settings) throws MalformedException {
    var access = new SuiteAccess(settings).source();
    if (settings.isStateless()) {
      return new StatelessConversation(settings.server(), access, settings.protocolVersion());
    }
    return settings.scenario().equals("sse-retry")
        ? new ResumedConversation(settings.server(), settings.protocolVersion())
        : new SdkConversation(settings.server(), access);
  }

  private static void play(SuiteSettings settings, McpConversation conversation)
      throws MalformedException {
    switch (settings.scenario()) {
      case "json-schema-ref-no-deref" -> conversation.tools();
      case "json-schema-2020-12-preservation" -> echoSchema(conversation);
      case "http-standard-headers" -> {
        callEverything(conversation);
        conversation.browse();
      }
      case "request-metadata" -> conversation.tools();
      default -> {
        if (settings.toolCalls().isEmpty()) {
          callEverything(conversation);
        } else {
          conversation.tools();
          for (var call : settings.toolCalls()) {
            conversation.call(
                call.string("name").orElseThrow(),
                call.object("arguments").orElse(JsonObject.EMPTY));
          }
        }
      }
    }
  }

  private static void callEverything(McpConversation conversation) throws MalformedException {
    for (var tool : conversation.tools()) {
      conversation.call(tool.string("name").orElseThrow(), argumentsFor(tool));
    }
  }

  /// A value for every property that a tool wants.
  private static JsonObject argumentsFor(JsonObject tool) throws MalformedException {
    var properties = tool.object("inputSchema").orElse(JsonObject.EMPTY).object("properties");
    var arguments = JsonObject.builder();
    for (var name : properties.orElse(JsonObject.EMPTY).names()) {
      var type = properties.orElseThrow().object(name).orElse(JsonObject.EMPTY).string("type");
      switch (type.orElse("string")) {
        case "number", "integer" -> arguments.put(name, 5);
        case "boolean" -> arguments.put(name, true);
        default -> arguments.put(name, "text");
      }
    }
    return arguments.build();
  }

  /// The schema comes back as it was sent.
  private static void echoSchema(McpConversation conversation) throws MalformedException {
    var schema = Optional.<JsonObject>empty();
    for (var tool : conversation.tools()) {
      if (tool.string("name").equals(Optional.of("json_schema_2020_12_tool"))) {
        schema = tool.object("inputSchema");
      }
    }
    conversation.call(
        "json_schema_echo", JsonObject.builder().put("schema", schema.orElseThrow()).build());
  }
}
