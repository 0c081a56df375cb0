package dev.lanyard.server.gateway;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.resourceserver.Refusal;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.Methods.Asked;
import dev.lanyard.server.gateway.ThingVerdicts.Subject;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallLimits;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.grade.RefusalText;
import dev.lanyard.server.gateway.grade.Thing;
import dev.lanyard.server.gateway.grade.ToolJudge;
import dev.lanyard.server.gateway.grade.ToolJudge.Judged;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.Repeated;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.session.Expected;
import dev.lanyard.server.gateway.task.AboutTasks;
import dev.lanyard.server.gateway.task.Tasks;
import dev.lanyard.server.library.Tool;
import java.util.List;
import java.util.Optional;

/// Judges the single message: whether what it names may be used, and leaves a record of every call.
final class Calls {

  private final Front front;
  private final ToolJudge judge;
  private final CallLimits limits;
  private final Tasks tasks;
  private final CallRecord record;
  private final ThingVerdicts things;
  private final TaskQuestions questions;

  Calls(
      Front front,
      ToolJudge judge,
      CallLimits limits,
      Tasks tasks,
      CallRecord record,
      RefusalText words) {
    this.front = front;
    this.judge = judge;
    this.limits = limits;
    this.tasks = tasks;
    this.record = record;
    this.things = new ThingVerdicts(front, judge, record, words);
    this.questions = new TaskQuestions(front, tasks, things, record);
  }

  /// What is to be recorded of something that is passed on.
  ///
  /// @param event its type
  record Noted(String event, JsonObject evidence) {}

  /// What becomes of a message.
  sealed interface Verdict {
    /// It may be passed on. That it was is not recorded yet.
    ///
    /// @param expected what its answer may hold
    /// @param noted what is to be recorded of it, see [Calls#sent]
    record Passed(Expected expected, List<Noted> noted) implements Verdict {
      public Passed {
        noted = List.copyOf(noted);
      }

      Passed(Expected expected) {
        this(expected, List.of());
      }
    }

    /// It may not.
    ///
    /// @param status of the HTTP answer, if there is nothing else to answer
    /// @param challenge the answer that lets a client do better, where there is one
    record Refused(int status, RpcError error, Optional<Refusal> challenge) implements Verdict {
      Refused(int status, RpcError error) {
        this(status, error, Optional.empty());
      }
    }
  }

  /// Judges, and records what is refused.
  ///
  /// @throws java.io.UncheckedIOException if it cannot be recorded
  Verdict judge(Admitted who, Message message) {
    return switch (message) {
      case Message.Answer _ -> new Verdict.Passed(new Expected.Anything());
      case Message.Notification(_, var method) -> told(who, method);
      case Message.Request request -> request(who, request);
    };
  }

  private Verdict told(Admitted who, String method) {
    if (Methods.isTold(method, front.bounds().furtherMethods())) {
      return new Verdict.Passed(new Expected.Anything());
    }
    return method.startsWith(McpMethod.NOTIFICATION)
        ? unknown(who, 400, method)
        // A server that does it without answering would do it unjudged.
        : refused(
            who,
            400,
            error(who, RpcCode.INVALID_REQUEST, "'" + method + "' needs an id"),
            new Evidence("id", "one", "none, of " + CallRecord.excerpt(method), "RS-21"));
  }

  private Verdict unknown(Admitted who, int status, String method) {
    return refused(
        who,
        status,
        error(who, RpcCode.METHOD_NOT_FOUND, "the gateway does not pass on '" + method + "'"),
        new Evidence("method", "one that is known", CallRecord.excerpt(method), "RS-21"));
  }

  /// What a tool wants repeated in headers.
  List<Repeated> repeated(String tool) {
    return judge.repeated(tool);
  }

  private Verdict request(Admitted who, Message.Request request) {
    try {
      var watched = AboutTasks.watched(request);
      var verdict =
          switch (Methods.of(request, who, front.bounds().furtherMethods())) {
            case Asked.Plain() -> new Verdict.Passed(new Expected.Anything());
            case Asked.Listing() -> new Verdict.Passed(new Expected.Lists());
            case Asked.Named(var thing) -> named(who, request, thing);
            case Asked.OfTask(var id) -> questions.of(who, request, List.of(id));
            case Asked.TaskList() -> new Verdict.Passed(new Expected.Tasks());
            case Asked.Unknown() ->
                unknown(who, who.era() == Era.STATELESS ? 404 : 200, request.method());
          };
      return watched.isEmpty() ? verdict : questions.watching(who, request, watched, verdict);
    } catch (MalformedException e) {
      return refused(
          who,
          200,
          error(who, RpcCode.INVALID_PARAMS, "params: " + e.getMessage()),
          new Evidence("params", "what is asked for", e.getMessage(), "RS-15"));
    }
  }

  /// It is refused for its form, and that is recorded.
  private Verdict refused(Admitted who, int status, RpcError error, Evidence why) {
    record.refused(front, who, why);
    return new Verdict.Refused(status, error);
  }

  private Verdict named(Admitted who, Message.Request request, Thing thing) {
    if (thing.kind() == Thing.Kind.TOOL && !limits.hasRoom(who.caller(), tasksOf(who))) {
      return excessive(
          who,
          request,
          thing,
          "at_once",
          "You have too many tasks under way. Wait until some are over, and try again.");
    }
    boolean mayBecomeTask = AboutTasks.mayBecomeTask(request, who.era());
    if (mayBecomeTask && tasks.isFull(who.caller())) {
      return excessive(
          who,
          request,
          thing,
          "tasks",
          "%d of your tasks are kept, and no more can be. Try again when some are forgotten."
              .formatted(Tasks.MOST));
    }
    var judged = judge.judge(who.caller(), thing);
    var over =
        judged instanceof Judged.ByLibrary(_, var tool)
            ? tool.flatMap(one -> overLimit(who, request, thing, one))
            : Optional.<Verdict>empty();
    if (over.isPresent()) {
      return over.get();
    }
    var verdict = things.of(who, Subject.call(request), thing, judged);
    return mayBecomeTask && verdict instanceof Verdict.Passed(var expected, var noted)
        ? new Verdict.Passed(new Expected.OrTask(thing.name(), expected), noted)
        : verdict;
  }

  /// Counts a call, and refuses one too many. Each call of what the library knows counts, also one
  /// that policy then refuses: refused ones without end would fill the record. One of a tool under
  /// quarantine does not count.
  private Optional<Verdict> overLimit(
      Admitted who, Message.Request request, Thing thing, Tool tool) {
    if (!limits.admitsCall(who.caller(), tool)) {
      return Optional.of(
          excessive(
              who,
              request,
              thing,
              "calls_of_one_tool_per_minute",
              "You have called '%s' too often. Wait a minute, and try again."
                  .formatted(thing.name())));
    }
    if (!Methods.isLasting(request) && !who.passage().takesCall(tool)) {
      return Optional.of(
          excessive(
              who,
              request,
              thing,
              "calls_of_one_tool_at_once",
              "You have too many calls of '%s' under way. Wait until some end, and try again."
                  .formatted(thing.name())));
    }
    return Optional.empty();
  }

  private int tasksOf(Admitted who) {
    return tasks.underWay(who.caller());
  }

  private Verdict excessive(
      Admitted who, Message.Request request, Thing thing, String limit, String sentence) {
    return things.recorded(
        who,
        Subject.call(request),
        thing,
        JsonObject.builder().put("check", limit).build(),
        new Verdict.Refused(429, error(who, RpcError.TOO_MANY, sentence)));
  }

  private static RpcError error(Admitted who, int code, String message) {
    return RpcError.of(code, message, who.correlationId());
  }

  /// Records calls that are sent now; to be called directly before.
  ///
  /// @return to be awaited before anything of the answer leaves
  /// @throws java.io.UncheckedIOException if it cannot be recorded, and nothing may be sent
  CallRecord.Pending sent(Admitted who, List<Noted> noted) {
    var all = CallRecord.Pending.NONE;
    for (var one : noted) {
      all = all.and(record.sending(one.event(), front, who, one.evidence()));
    }
    return all;
  }

  /// Records calls that might have been sent and were not.
  void withheld(Admitted who, List<Noted> noted, Evidence why) {
    for (var one : noted) {
      var all = one.evidence().with(CallRecord.failed(why).build());
      record.write(one.event(), front, who, Outcome.REFUSED, all);
    }
  }
}
