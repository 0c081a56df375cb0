package dev.lanyard.server.gateway.upstream;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.grade.Grading;
import dev.lanyard.server.gateway.grade.Listings;
import dev.lanyard.server.gateway.grade.Thing;
import dev.lanyard.server.gateway.grade.ToolJudge;
import dev.lanyard.server.gateway.message.CacheHints;
import dev.lanyard.server.gateway.message.Envelope;
import dev.lanyard.server.gateway.message.Heard;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.MessageReader;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.session.Awaited;
import dev.lanyard.server.gateway.session.Expected;
import dev.lanyard.server.gateway.stream.Ruling;
import dev.lanyard.server.gateway.task.TaskAnswers;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges what a server upstream says: each answer by the request whose id it carries, wherever it
/// comes. An answer that nobody awaits there is not passed on and recorded: it would be one that
/// nobody has judged, such as a list on the stream of a call. Thread-safe.
public final class Answers {
  public static final String STRAY = "gateway.stray";

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private final Front front;
  private final ToolJudge judge;
  private final Listings listings;
  private final TaskAnswers tasks;
  private final CallRecord record;

  public Answers(
      Front front, ToolJudge judge, Listings listings, TaskAnswers tasks, CallRecord record) {
    this.front = front;
    this.judge = judge;
    this.listings = listings;
    this.tasks = tasks;
    this.record = record;
  }

  /// Never waits.
  ///
  /// @throws MalformedException if these are no messages, or could be read in two ways
  Ruling rule(byte[] text, Awaited awaited, Admitted who) throws MalformedException {
    var heard = MessageReader.all(text);
    if (heard.contains(new Heard.OfResource()) && tellsOfHidden(text, who)) {
      return new Ruling.Stray();
    }
    if (heard.stream()
        .allMatch(one -> one instanceof Heard.OfItself || one instanceof Heard.OfResource)) {
      return new Ruling.Passes();
    }
    if (awaited.mayWait()) {
      return new Ruling.Pending(() -> {
        var ruling = decided(text, heard, awaited, who);
        return ruling instanceof Ruling.Pending(var later) ? later.now() : ruling;
      });
    }
    return decided(text, heard, awaited, who);
  }

  /// Servers that tell everybody of every resource do so without malice, so nothing is recorded.
  private boolean tellsOfHidden(byte[] text, Admitted who) throws MalformedException {
    var hides = new AtomicBoolean();
    var _ =
        Envelope.rewritten(
            text,
            message -> {
              if (message.string("method").equals(Optional.of(McpMethod.RESOURCE_UPDATED))) {
                var params = message.object("params").orElse(JsonObject.EMPTY);
                Message.exactly(params, Set.of("uri"));
                var shown = params.string("uri").filter(uri -> isShown(uri, who));
                hides.compareAndSet(false, shown.isEmpty());
              }
              return message;
            });
    return hides.get();
  }

  private boolean isShown(String uri, Admitted who) {
    return judge.judge(who.caller(), new Thing(Thing.Kind.RESOURCE, uri)).isShown();
  }

  private Ruling decided(byte[] text, List<Heard> heard, Awaited awaited, Admitted who) {
    var expected = new HashMap<RpcId, Set<Expected>>();
    for (var one : heard) {
      if (!isAwaited(one, awaited, expected)) {
        return new Ruling.Pending(() -> {
          stray(who);
          return new Ruling.Stray();
        });
      }
    }
    boolean passes =
        heard.stream().noneMatch(Heard.OfTask.class::isInstance)
            && expected.values().stream()
                .allMatch(these -> these.equals(Set.of(new Expected.Anything())));
    return passes
        ? new Ruling.Passes()
        : new Ruling.Pending(() -> {
          var left = replaced(text, expected, who);
          if (left.isEmpty()) {
            record.strayTask(STRAY, front, who);
            return new Ruling.Stray();
          }
          return new Ruling.Replaced(left.get());
        });
  }

  /// Whether somebody awaits it; results with what they may hold are added.
  private static boolean isAwaited(Heard one, Awaited awaited, Map<RpcId, Set<Expected>> expected) {
    return switch (one) {
      case Heard.OfItself(), Heard.OfResource() -> true;
      // Whose it is, is looked at where one may wait.
      case Heard.OfTask() -> true;
      // About no request in particular.
      case Heard.Failure(RpcId.None()) -> true;
      case Heard.Failure(var id) -> !awaited.take(id).isEmpty();
      case Heard.Result(var id) -> {
        var these = id instanceof RpcId.None ? Set.<Expected>of() : awaited.take(id);
        if (!these.isEmpty()) {
          expected.computeIfAbsent(id, _ -> new HashSet<>()).addAll(these);
        }
        yield !these.isEmpty();
      }
    };
  }

  /// Empty if it tells of a task that is not the caller's.
  private Optional<byte[]> replaced(byte[] text, Map<RpcId, Set<Expected>> expected, Admitted who)
      throws MalformedException {
    var strays = new AtomicBoolean();
    var left =
        Envelope.rewritten(
            text,
            message -> {
              if (message.has("method")) {
                var told = tasks.told(message, who);
                strays.compareAndSet(false, told.isEmpty());
                return told.orElse(message);
              }
              var id = RpcId.written(message.text("id").orElse("null"));
              return message.has("result")
                  ? handled(message, expected.getOrDefault(id, Set.of()), who)
                  : message;
            });
    return strays.get() ? Optional.empty() : Optional.of(left);
  }

  private JsonObject handled(JsonObject message, Set<Expected> expected, Admitted who)
      throws MalformedException {
    var left = expected.contains(new Expected.Lists()) ? listings.filtered(message, who) : message;
    var grades = new TreeSet<String>();
    for (var one : expected) {
      switch (one) {
        case Expected.Graded(var grade, var key) -> {
          grades.add(grade);
          disclosed(message, key, who);
        }
        case Expected.OrTask call -> {
          boolean isTask = tasks.isTask(message, call.tool(), who);
          if (call.result() instanceof Expected.Graded(var grade, var key)) {
            grades.add(grade);
            if (!isTask) {
              disclosed(message, key, who);
            }
          }
        }
        case Expected.OfTask(var task, var result) -> {
          left = tasks.state(left, task, result, who);
          if (result instanceof Expected.Graded(var grade, _)) {
            grades.add(grade);
          }
        }
        case Expected.Tasks() -> left = tasks.listed(left, who);
        case Expected.Anything(), Expected.Lists(), Expected.Kept() -> {}
      }
    }
    left = ofOnePerson(left);
    return grades.isEmpty() || !front.handling().marksGrades()
        ? left
        : Grading.marked(left, grades);
  }

  private static JsonObject ofOnePerson(JsonObject message) throws MalformedException {
    if (!Message.isObject(message, "result")) {
      return message;
    }
    var result = message.object("result").orElseThrow();
    var own = CacheHints.ofOnePerson(result);
    return own.equals(result)
        ? message
        : message.with(JsonObject.builder().put("result", own).build());
  }

  private void disclosed(JsonObject message, String key, Admitted who) throws MalformedException {
    record.disclosed(front, who, key, message.object("result").orElse(JsonObject.EMPTY));
  }

  /// Whether all of these are awaited, so that what follows of them need not be looked into. How
  /// far a task is, and which resource has changed, is told on streams only.
  static boolean areAwaited(List<Heard> heard, Awaited.Own awaited) {
    return heard.stream()
        .allMatch(one ->
            (one instanceof Heard.OfItself || !one.isUnasked())
                && isAwaited(one, awaited, new HashMap<>()));
  }

  /// Records that a server has answered what nobody awaited there. If it cannot be recorded it is
  /// not passed on all the same.
  void stray(Admitted who) {
    var evidence =
        JsonObject.builder()
            .put("check", "answer")
            .put("expected", "of a request of this stream")
            .put("actual", "of none")
            .put("requirement", "RS-21")
            .build();
    try {
      record.write(STRAY, front, who, Outcome.REFUSED, evidence);
    } catch (UncheckedIOException e) {
      LOG.error("a stray answer of {} is not recorded", who.correlationId(), e);
    }
  }
}
