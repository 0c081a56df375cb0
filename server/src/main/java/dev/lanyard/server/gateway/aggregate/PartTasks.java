package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.task.AboutTasks;
import java.util.Optional;
import java.util.Set;

/// The ids of tasks in what goes to and fro between a client of an aggregate and a connector: to
/// the client they have the connector before them, so that none speaks of another one's task.
///
/// **Does not check** whose a task is: the door of its connector does.
///
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks MCP Tasks
final class PartTasks {
  static final String ID = "taskId";

  private static final String TASK = "task";
  private static final String RESULT = "result";
  private static final String PARAMS = "params";
  private static final Set<String> MEMBERS = Set.of(ID, MetaKey.META, TASK, RESULT, "resultType");

  private final String connector;

  PartTasks(String connector) {
    this.connector = connector;
  }

  /// What a request asks for, as far as it has to do with tasks.
  enum About {
    /// Nothing of them.
    ANYTHING,
    /// A call whose answer may be a task.
    CALL,
    /// What became of one.
    QUESTION;

    /// @param era in which its connector is asked
    static About of(Message message, Era era) {
      if (!(message instanceof Message.Request request)) {
        return ANYTHING;
      }
      if (request.method().startsWith(McpMethod.TASKS)) {
        return QUESTION;
      }
      return AboutTasks.mayBecomeTask(request, era) ? CALL : ANYTHING;
    }
  }

  /// An answer to what has to do with tasks, as its client has to have it.
  ///
  /// @throws MalformedException if some could read another task in it
  JsonObject answered(JsonObject message, About about) throws MalformedException {
    if (!Message.isObject(message, RESULT)) {
      return message;
    }
    var result = related(message.object(RESULT).orElseThrow());
    if (about == About.QUESTION || result.text("resultType").equals(Optional.of("\"task\""))) {
      result = named(result);
    } else if (Message.isObject(result, TASK)) {
      result = with(result, TASK, named(result.object(TASK).orElseThrow()));
    }
    if (Message.isObject(result, RESULT)) {
      result = with(result, RESULT, related(result.object(RESULT).orElseThrow()));
    }
    return with(message, RESULT, result);
  }

  /// What a connector tells of a task.
  ///
  /// @throws MalformedException if some could read another task in it
  JsonObject told(JsonObject message) throws MalformedException {
    var params = named(related(message.object(PARAMS).orElse(JsonObject.EMPTY)));
    if (Message.isObject(params, RESULT)) {
      params = with(params, RESULT, related(params.object(RESULT).orElseThrow()));
    }
    return with(message, PARAMS, params);
  }

  /// What a connector says or asks in the course of a task; the same object if it is in none.
  ///
  /// @throws MalformedException if some could read another task in it
  JsonObject said(JsonObject message) throws MalformedException {
    if (!Message.isObject(message, PARAMS)) {
      return message;
    }
    var params = message.object(PARAMS).orElseThrow();
    var changed = related(params);
    return changed == params ? message : with(message, PARAMS, changed);
  }

  /// The same with the id of the task to which it belongs, as it is called here.
  private JsonObject related(JsonObject holder) throws MalformedException {
    Message.exactly(holder, MEMBERS);
    if (!Message.isObject(holder, MetaKey.META)) {
      return holder;
    }
    var meta = holder.object(MetaKey.META).orElseThrow();
    Message.exactly(meta, Set.of(MetaKey.RELATED_TASK));
    return Message.isObject(meta, MetaKey.RELATED_TASK)
        ? with(
            holder,
            MetaKey.META,
            with(
                meta, MetaKey.RELATED_TASK, named(meta.object(MetaKey.RELATED_TASK).orElseThrow())))
        : holder;
  }

  private JsonObject named(JsonObject task) throws MalformedException {
    Message.exactly(task, MEMBERS);
    return task.has(ID)
        ? task.with(
            JsonObject.builder()
                .put(ID, PartNames.shownId(connector, task.nonEmptyString(ID)))
                .build())
        : task;
  }

  /// What a client says in the course of a task, as the connector has to have it: nothing of a task
  /// of another one.
  ///
  /// @throws MalformedException if some could read another task in it
  JsonObject back(JsonObject message) throws MalformedException {
    var member = Message.isObject(message, PARAMS) ? PARAMS : RESULT;
    if (!Message.isObject(message, member)) {
      return message;
    }
    var holder = message.object(member).orElseThrow();
    if (!Message.isObject(holder, MetaKey.META)) {
      return message;
    }
    var meta = holder.object(MetaKey.META).orElseThrow();
    Message.exactly(meta, Set.of(MetaKey.RELATED_TASK));
    if (!meta.has(MetaKey.RELATED_TASK)) {
      return message;
    }
    var own =
        Message.isObject(meta, MetaKey.RELATED_TASK)
            ? own(meta.object(MetaKey.RELATED_TASK).orElseThrow())
            : Optional.<JsonObject>empty();
    var left =
        own.map(task -> with(meta, MetaKey.RELATED_TASK, task))
            .orElseGet(() -> meta.without(MetaKey.RELATED_TASK));
    return with(message, member, with(holder, MetaKey.META, left));
  }

  private Optional<JsonObject> own(JsonObject task) throws MalformedException {
    Message.exactly(task, MEMBERS);
    var before = PartNames.shownId(connector, "");
    return task.string(ID)
        .filter(id -> id.startsWith(before))
        .map(id -> task.with(JsonObject.builder().put(ID, id.substring(before.length())).build()));
  }

  private static JsonObject with(JsonObject whole, String member, JsonObject part) {
    return whole.with(JsonObject.builder().put(member, part).build());
  }
}
