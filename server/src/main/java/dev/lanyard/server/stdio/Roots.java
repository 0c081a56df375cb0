package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The roots of a client are folders of its own machine. A process would look for them on this one,
/// and some let them replace those of their arguments: a caller would choose what is read here. So
/// to a process nobody has any.
///
/// Members are found in whatever case: some servers (those in Go) read `Roots` as `roots`.
final class Roots {
  private static final String ROOTS = "roots";

  private Roots() {}

  /// A message of a client without what it says of them: that it has some, and, asked or not,
  /// which.
  static JsonObject without(JsonObject message) {
    return within(
        within(message, "result", Roots::gone),
        "params",
        params ->
            within(
                within(
                    within(params, "capabilities", Roots::gone), "inputResponses", Roots::ofEach),
                MetaKey.META,
                meta -> within(meta, MetaKey.CLIENT_CAPABILITIES, Roots::gone)));
  }

  /// Whether a client tells that it has others now.
  static boolean isChange(JsonObject message) {
    return isCalled(message, McpMethod.ROOTS_CHANGED);
  }

  /// Whether a process asks for them.
  static boolean isQuestion(JsonObject message) {
    return message.has("id") && isCalled(message, McpMethod.ROOTS_LIST);
  }

  private static boolean isCalled(JsonObject message, String method) {
    try {
      return message.string("method").equals(Optional.of(method));
    } catch (MalformedException e) {
      return false;
    }
  }

  private static JsonObject gone(JsonObject json) {
    var left = json;
    for (var name : json.names()) {
      left = name.equalsIgnoreCase(ROOTS) ? left.without(name) : left;
    }
    return left;
  }

  private static JsonObject ofEach(JsonObject answers) {
    var left = answers;
    for (var name : answers.names()) {
      left = within(left, name, Roots::gone);
    }
    return left;
  }

  private static JsonObject within(
      JsonObject json, String member, UnaryOperator<JsonObject> change) {
    var all = json;
    for (var name : json.names()) {
      try {
        var part = name.equalsIgnoreCase(member) ? json.object(name) : Optional.<JsonObject>empty();
        if (part.isPresent()) {
          all = all.with(JsonObject.builder().put(name, change.apply(part.get())).build());
        }
      } catch (MalformedException e) {
        // Nothing is in what is no object.
      }
    }
    return all;
  }
}
