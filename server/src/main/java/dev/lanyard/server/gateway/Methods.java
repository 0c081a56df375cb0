package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.grade.Thing;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.task.TaskId;
import java.util.List;
import java.util.Set;

/// The methods of MCP that the gateway understands. Whatever else there may be is refused unless
/// the configuration names it: nobody has thought about what it lets through.
final class Methods {
  private static final Set<String> LISTS =
      Set.of(
          McpMethod.TOOLS_LIST,
          McpMethod.RESOURCES_LIST,
          McpMethod.RESOURCE_TEMPLATES_LIST,
          McpMethod.PROMPTS_LIST,
          McpMethod.DISCOVER,
          McpMethod.INITIALIZE);

  private static final Set<String> PLAIN =
      Set.of(McpMethod.PING, McpMethod.SET_LOG_LEVEL, McpMethod.RESOURCES_UNSUBSCRIBE);

  /// What clients tell.
  private static final Set<String> TOLD =
      Set.of(
          McpMethod.INITIALIZED,
          McpMethod.CANCELLED,
          McpMethod.PROGRESS,
          McpMethod.ROOTS_CHANGED,
          McpMethod.TASK_STATUS);

  private static final String RESOURCES = "resourceSubscriptions";

  /// Longer names and URIs are none.
  private static final int LONGEST_NAME = 2_048;

  private Methods() {}

  /// What a request asks for.
  sealed interface Asked {
    /// Something that everybody may who may come here.
    record Plain() implements Asked {}

    /// A list, of which everybody is shown their part, or what a server says of itself.
    record Listing() implements Asked {}

    /// Something that is named.
    record Named(Thing thing) implements Asked {}

    /// What became of a call.
    record OfTask(TaskId id) implements Asked {}

    /// Which calls there are whose result is fetched later.
    record TaskList() implements Asked {}

    /// Nothing that is known here.
    record Unknown() implements Asked {}
  }

  /// @param further methods that are passed on beside those
  /// @throws MalformedException if it does not name what it asks for
  static Asked of(Message.Request request, Admitted who, Set<String> further)
      throws MalformedException {
    if (who.era() == Era.STATELESS && McpMethod.OF_SESSIONS.contains(request.method())) {
      return new Asked.Unknown();
    }
    var params = request.params();
    if (asksForTask(request, who.era())) {
      return new Asked.OfTask(TaskId.of(params.nonEmptyString("taskId")));
    }
    if (request.method().equals(McpMethod.TASKS_LIST) && who.era() != Era.STATELESS) {
      return new Asked.TaskList();
    }
    return switch (request.method()) {
      case McpMethod.TOOLS_CALL -> named(Thing.Kind.TOOL, params, "name");
      case McpMethod.PROMPTS_GET -> named(Thing.Kind.PROMPT, params, "name");
      case McpMethod.RESOURCES_READ, McpMethod.RESOURCES_SUBSCRIBE ->
          named(Thing.Kind.RESOURCE, params, "uri");
      case McpMethod.COMPLETE -> completed(params);
      case McpMethod.LISTEN -> listened(params);
      case String method when LISTS.contains(method) -> new Asked.Listing();
      case String method when PLAIN.contains(method) || further.contains(method) ->
          new Asked.Plain();
      default -> new Asked.Unknown();
    };
  }

  /// Whether it is something that a client may tell a server.
  ///
  /// @param further methods that are passed on beside those of MCP
  static boolean isTold(String notification, Set<String> further) {
    return TOLD.contains(notification)
        || (notification.startsWith(McpMethod.NOTIFICATION) && further.contains(notification));
  }

  /// Whether it asks for what goes on until somebody ends it, and is no call.
  static boolean isLasting(Message.Request request) {
    return request.method().equals(McpMethod.LISTEN);
  }

  private static boolean asksForTask(Message.Request request, Era era) {
    return switch (request.method()) {
      case McpMethod.TASKS_GET, McpMethod.TASKS_CANCEL -> true;
      case McpMethod.TASKS_RESULT -> era != Era.STATELESS;
      case McpMethod.TASKS_UPDATE -> era == Era.STATELESS;
      default -> false;
    };
  }

  private static Asked named(Thing.Kind kind, JsonObject params, String member)
      throws MalformedException {
    return new Asked.Named(new Thing(kind, bounded(member, params.nonEmptyString(member))));
  }

  private static String bounded(String member, String name) throws MalformedException {
    if (name.length() > LONGEST_NAME) {
      throw new MalformedException(
          "'" + member + "' is longer than " + LONGEST_NAME + " characters");
    }
    return name;
  }

  /// Since 2026-07-28 this is how resources are subscribed to. What names several would need a
  /// decision about each; one is judged as `resources/subscribe` was, more are refused.
  private static Asked listened(JsonObject params) throws MalformedException {
    var wanted = params.object("notifications").orElse(JsonObject.EMPTY);
    for (var name : wanted.names()) {
      if (name.equalsIgnoreCase(RESOURCES) && !name.equals(RESOURCES)) {
        throw new MalformedException("a member that some read as '" + RESOURCES + "'");
      }
    }
    var resources = wanted.strings(RESOURCES).orElse(List.of());
    return switch (resources.size()) {
      case 0 -> new Asked.Plain();
      case 1 ->
          new Asked.Named(new Thing(Thing.Kind.RESOURCE, bounded(RESOURCES, resources.getFirst())));
      default ->
          throw new MalformedException("this gateway takes one resource in each subscription");
    };
  }

  private static Asked completed(JsonObject params) throws MalformedException {
    var reference = params.object("ref").orElseThrow(() -> new MalformedException("no 'ref'"));
    return switch (reference.nonEmptyString("type")) {
      case "ref/prompt" -> named(Thing.Kind.PROMPT, reference, "name");
      case "ref/resource" -> named(Thing.Kind.RESOURCE, reference, "uri");
      default -> throw new MalformedException("an unknown sort of 'ref'");
    };
  }
}
