package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.server.gateway.message.ClientCapabilities;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a request has to do with tasks.
public final class AboutTasks {
  /// What is said of every task that is not the caller's.
  public static final String UNKNOWN = "There is no such task.";

  /// The member of a subscription that names those of which its client wants to hear.
  public static final String WATCHED = "taskIds";

  /// How many tasks one subscription may name.
  private static final int MOST_WATCHED = 100;

  private AboutTasks() {}

  /// Whether a server may answer a request with a task: of a call if its client wants one, or since
  /// 2026-07-28 says that it can ask for it.
  public static boolean mayBecomeTask(Message.Request request, Era era) {
    return request.method().equals(McpMethod.TOOLS_CALL)
        && (era == Era.STATELESS
            ? ClientCapabilities.hasTasks(request)
            : request.params().has("task"));
  }

  /// The tasks of which a client wants to hear on a stream.
  ///
  /// @throws MalformedException if they could be read as others, or are too many
  public static List<TaskId> watched(Message.Request request) throws MalformedException {
    if (!request.method().equals(McpMethod.LISTEN)) {
      return List.of();
    }
    var wanted = request.params().object("notifications").orElse(JsonObject.EMPTY);
    Message.exactly(wanted, Set.of(WATCHED));
    var ids = wanted.strings(WATCHED).orElse(List.of());
    if (ids.size() > MOST_WATCHED) {
      throw new MalformedException("'" + WATCHED + "' has more than " + MOST_WATCHED);
    }
    var watched = new ArrayList<TaskId>();
    for (var id : ids) {
      watched.add(TaskId.of(id));
    }
    return watched;
  }
}
