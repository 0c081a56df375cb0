package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.grade.Grading;
import dev.lanyard.server.gateway.grade.Listings;
import dev.lanyard.server.gateway.grade.Thing;
import dev.lanyard.server.gateway.grade.ToolJudge;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Heard;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.session.Expected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a server says of tasks, in both dialects: in 2025-11-25 a task is a member of the answer to
/// the call and its result is asked for by itself; since 2026-07-28 the answer to the call is the
/// task, and the result is in the answer to `tasks/get` and in what is told of it.
///
/// May wait for the store.
public final class TaskAnswers {
  private static final String ID = "taskId";
  private static final String RESULT = "result";
  private static final String TASKS = "tasks";

  /// After which a task does not go on.
  private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");

  private static final Pattern MILLISECONDS = Pattern.compile("\\d{1,15}");

  private final Front front;
  private final Tasks tasks;
  private final ToolJudge judge;
  private final CallRecord record;

  public TaskAnswers(Front front, Tasks tasks, ToolJudge judge, CallRecord record) {
    this.front = front;
    this.tasks = tasks;
    this.judge = judge;
    this.record = record;
  }

  /// Whether the answer to a call is a task; then it is the caller's now.
  ///
  /// @throws MalformedException if some could read another task in it, or it is somebody's already
  public boolean isTask(JsonObject message, String tool, Admitted who) throws MalformedException {
    if (!Message.isObject(message, RESULT)) {
      return false;
    }
    var task = task(message.object(RESULT).orElseThrow(), who.era());
    if (task.isEmpty()) {
      return false;
    }
    var one = task.get();
    var id = id(one, who);
    tasks.made(who, id, tool, life(one));
    if (hasEnded(one)) {
      tasks.ended(who, id.hash());
    }
    return true;
  }

  private static Optional<JsonObject> task(JsonObject result, Era era) throws MalformedException {
    if (era == Era.STATELESS) {
      Message.exactly(result, Set.of("resultType", ID));
      return result.text("resultType").equals(Optional.of("\"task\""))
          ? Optional.of(result)
          : Optional.empty();
    }
    Message.exactly(result, Set.of("task"));
    if (!Message.isObject(result, "task")) {
      return Optional.empty();
    }
    var task = result.object("task").orElseThrow();
    Message.exactly(task, Set.of(ID));
    return Optional.of(task);
  }

  private TaskId id(JsonObject task, Admitted who) throws MalformedException {
    return tasks.meant(who, TaskId.of(task.nonEmptyString(ID)));
  }

  private static Optional<Duration> life(JsonObject task) {
    return task.text("ttlMs")
        .or(() -> task.text("ttl"))
        .filter(text -> MILLISECONDS.matcher(text).matches())
        .map(text -> Duration.ofMillis(Long.parseLong(text)));
  }

  private static boolean hasEnded(JsonObject task) throws MalformedException {
    return task.has("status") && ENDS.contains(task.string("status").orElse(""));
  }

  /// The answer to a question about a task, with its result as that of a call if it is there.
  ///
  /// @param task the hash of its id
  /// @param expected what the result may hold
  /// @throws MalformedException if it is about another task
  public JsonObject state(JsonObject message, String task, Expected expected, Admitted who)
      throws MalformedException {
    if (!Message.isObject(message, RESULT)) {
      return message;
    }
    var state = message.object(RESULT).orElseThrow();
    return with(message, RESULT, state(state, Optional.of(task), expected, who));
  }

  private JsonObject state(JsonObject state, Optional<String> task, Expected expected, Admitted who)
      throws MalformedException {
    Message.exactly(state, Set.of(ID, RESULT, "status"));
    if (state.has(ID)) {
      var hash = id(state, who).hash();
      if (task.filter(hash::equals).isEmpty()) {
        throw new MalformedException("it speaks of another task");
      }
    }
    if (task.isPresent() && hasEnded(state)) {
      tasks.ended(who, task.get());
    }
    if (!(expected instanceof Expected.Graded(var grade, var key)) || !state.has(RESULT)) {
      return state;
    }
    record.disclosed(front, who, key, state.object(RESULT).orElse(JsonObject.EMPTY));
    return front.handling().marksGrades() ? Grading.marked(state, List.of(grade)) : state;
  }

  /// The list of tasks with those that are the caller's, and of which they may have the result.
  ///
  /// @throws MalformedException if an entry names no task, or some could read another one
  public JsonObject listed(JsonObject message, Admitted who) throws MalformedException {
    if (!Message.isObject(message, RESULT)) {
      return message;
    }
    var result = message.object(RESULT).orElseThrow();
    Message.exactly(result, Set.of(TASKS));
    if (!result.has(TASKS)) {
      return message;
    }
    var own = tasks.own(who);
    var shown = new ArrayList<JsonObject>();
    for (var entry : result.objects(TASKS).orElse(List.of())) {
      Message.exactly(entry, Set.of(ID));
      var task = own.get(id(entry, who).hash());
      if (task != null && judge.usable(who, new Thing(Thing.Kind.TOOL, task.tool())).isPresent()) {
        shown.add(entry);
      }
    }
    return with(message, RESULT, result.with(Listings.list(TASKS, shown)));
  }

  /// What a server tells by itself of a task; empty if the task is not the caller's, or they may
  /// not have its result now. What is about no task is left as it is.
  ///
  /// @throws MalformedException if some could read another task in it
  public Optional<JsonObject> told(JsonObject message, Admitted who) throws MalformedException {
    if (!Heard.OfTask.isOne(message.string("method").orElse(""))) {
      return Optional.of(message);
    }
    var params = message.object("params").orElse(JsonObject.EMPTY);
    Message.exactly(params, Set.of(ID));
    var id = id(params, who);
    if (!(tasks.standing(who, id) instanceof Tasks.Standing.Own(var task))) {
      return Optional.empty();
    }
    var thing = new Thing(Thing.Kind.TOOL, task.tool());
    var usable = judge.usable(who, thing);
    if (usable.isEmpty()) {
      return Optional.empty();
    }
    var expected =
        usable
            .get()
            .grade()
            .<Expected>map(grade -> new Expected.Graded(grade.name(), thing.key()))
            .orElseGet(Expected.Anything::new);
    return Optional.of(
        with(message, "params", state(params, Optional.of(id.hash()), expected, who)));
  }

  private static JsonObject with(JsonObject message, String member, JsonObject value) {
    return message.with(JsonObject.builder().put(member, value).build());
  }
}
