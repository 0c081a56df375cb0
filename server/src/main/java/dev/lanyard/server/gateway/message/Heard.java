package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.mcp.McpMethod;
import java.util.Set;

/// What a message of a server upstream is, as far as its envelope tells. Untrusted.
public sealed interface Heard {
  /// A request of the server's own, or a notification: no answer to anything.
  record OfItself() implements Heard {}

  /// A notification of how far a task is.
  record OfTask() implements Heard {
    private static final Set<String> METHODS = Set.of(McpMethod.TASK_TOLD, McpMethod.TASK_STATUS);

    public static boolean isOne(String method) {
      return METHODS.contains(method);
    }
  }

  /// A notification that a resource has changed.
  record OfResource() implements Heard {}

  /// Whether it is no answer to anything.
  default boolean isUnasked() {
    return this instanceof OfItself || this instanceof OfTask || this instanceof OfResource;
  }

  /// It says that it is the result of a request.
  record Result(RpcId id) implements Heard {}

  /// It says that a request has failed.
  ///
  /// @param id [RpcId.None] if it does not say which
  record Failure(RpcId id) implements Heard {}
}
