package dev.lanyard.server.gateway;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.protocol.mcp.TasksExtension;
import dev.lanyard.server.gateway.Calls.Verdict;
import dev.lanyard.server.gateway.ThingVerdicts.Subject;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.grade.Thing;
import dev.lanyard.server.gateway.message.ClientCapabilities;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.session.Expected;
import dev.lanyard.server.gateway.task.AboutTasks;
import dev.lanyard.server.gateway.task.TaskId;
import dev.lanyard.server.gateway.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Judges questions about tasks: what is not the caller's does not exist, and what is theirs is
/// judged as if its tool were called now. They are no calls of the tool, and do not count as such.
final class TaskQuestions {
  private final Front front;
  private final Tasks tasks;
  private final ThingVerdicts things;
  private final CallRecord record;

  TaskQuestions(Front front, Tasks tasks, ThingVerdicts things, CallRecord record) {
    this.front = front;
    this.tasks = tasks;
    this.things = things;
    this.record = record;
  }

  /// Beside what else a stream tells.
  Verdict watching(Admitted who, Message.Request request, List<TaskId> ids, Verdict verdict) {
    if (!(verdict instanceof Verdict.Passed(var expected, var noted))) {
      return verdict;
    }
    return switch (of(who, request, ids)) {
      case Verdict.Passed(_, var more) ->
          new Verdict.Passed(expected, Stream.concat(noted.stream(), more.stream()).toList());
      case Verdict.Refused refused -> refused;
    };
  }

  /// A question about tasks: each must be the caller's, and its tool is judged as if it were called
  /// now.
  Verdict of(Admitted who, Message.Request request, List<TaskId> ids) {
    if (who.era() == Era.STATELESS && !ClientCapabilities.hasTasks(request)) {
      record.refused(
          front, who, new Evidence("capability", TasksExtension.NAME, "not declared", "RS-14"));
      return new Verdict.Refused(400, missingCapability(who));
    }
    var noted = new ArrayList<Calls.Noted>();
    Expected expected = new Expected.Anything();
    for (var id : ids) {
      switch (ofTask(who, request, id)) {
        case Verdict.Passed(var one, var evidence) -> {
          expected = one;
          noted.addAll(evidence);
        }
        case Verdict.Refused refused -> {
          return refused;
        }
      }
    }
    return new Verdict.Passed(expected, noted);
  }

  private Verdict ofTask(Admitted who, Message.Request request, TaskId named) {
    var id = tasks.meant(who, named);
    return switch (tasks.standing(who, id)) {
      case Tasks.Standing.NotTheirs(var found) -> {
        tasks.note(
            who,
            JsonObject.builder().put("method", request.method()).build(),
            new Evidence("task", "the caller's own", found, "RS-17"));
        yield new Verdict.Refused(200, error(who, RpcCode.INVALID_PARAMS, AboutTasks.UNKNOWN));
      }
      case Tasks.Standing.Own(var task) -> {
        var thing = new Thing(Thing.Kind.TOOL, task.tool());
        var verdict = things.of(who, new Subject(Tasks.EVENT, request), thing);
        if (!(verdict instanceof Verdict.Passed(var result, var noted))) {
          yield verdict;
        }
        tasks.asked(who, id, task);
        yield new Verdict.Passed(
            request.method().equals(McpMethod.TASKS_RESULT)
                ? result
                : new Expected.OfTask(id.hash(), result),
            noted);
      }
    };
  }

  private static RpcError missingCapability(Admitted who) {
    var needed =
        JsonObject.builder().put("requiredCapabilities", ClientCapabilities.TASKS_ONLY).build();
    var error =
        error(
            who,
            RpcCode.MISSING_CAPABILITY,
            "A client that asks for tasks declares '" + TasksExtension.NAME + "'.");
    return new RpcError(error.code(), error.message(), error.data().with(needed));
  }

  private static RpcError error(Admitted who, int code, String message) {
    return RpcError.of(code, message, who.correlationId());
  }
}
