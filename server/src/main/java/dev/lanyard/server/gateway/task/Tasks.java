package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.LivingTokens;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.gateway.task.KeptTask.Owner;
import dev.lanyard.server.gateway.task.RunningTasks.Running;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.sessions.OpaqueToken;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tasks at one connector: whose they are. The id of a task is no proof; it counts for the
/// person, the client and the session of the call that made it, and whoever else brings it is told
/// what is told of one that does not exist.
///
/// **Does not check** whether the tool of a task may still be used: that is judged for each
/// question as for a call.
///
/// @spec https://modelcontextprotocol.io/seps/2663-tasks-extension SEP-2663
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks MCP Tasks
public final class Tasks {
  public static final String EVENT = "gateway.task";
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

  /// How many may be kept of one person at one connector; those that are under way at once may go
  /// beyond it.
  public static final int MOST = 1_000;

  /// How long a task is kept after it was asked for, if its server does not say how long it is.
  private static final Duration KEPT = Duration.ofDays(1);

  /// No less: some servers count from the end of a task.
  private static final Duration SHORTEST = Duration.ofHours(1);

  private static final Duration LONGEST = Duration.ofDays(7);

  /// When a server is told once more that does not take it.
  private static final Duration TOLD_AGAIN = Duration.ofMinutes(2);

  /// How many are ended at their server at once.
  private static final int MOST_ENDINGS = 16;

  private final Front front;
  private final TaskStore store;
  private final LivingTokens living;
  private final Function<Admitted, String> process;
  private final TaskCanceller canceller;
  private final CallRecord record;
  private final InstantSource clock;
  private final RunningTasks<Asker> running;
  private final AtomicBoolean telling = new AtomicBoolean();
  private final Semaphore endings = new Semaphore(MOST_ENDINGS);

  /// @param process which process of a command somebody asks; empty where a server is one for
  ///   everybody
  public Tasks(
      Front front,
      TaskStore store,
      LivingTokens living,
      Function<Admitted, String> process,
      TaskCanceller canceller,
      CallRecord record,
      InstantSource clock) {
    this.front = front;
    this.store = store;
    this.living = living;
    this.process = process;
    this.canceller = canceller;
    this.record = record;
    this.clock = clock;
    this.running = new RunningTasks<>(clock);
  }

  /// Who asked last for a task, and how its server is told of its end.
  private record Asker(
      Caller caller, AccessToken token, String correlationId, TaskCanceller.At at) {
    static Asker of(Admitted who) {
      return new Asker(who.caller(), who.token(), who.correlationId(), TaskCanceller.At.of(who));
    }
  }

  /// Whose a task is.
  public sealed interface Standing {
    /// The caller's.
    record Own(KeptTask task) implements Standing {}

    /// Not the caller's.
    ///
    /// @param found for the record only: to the caller all are the same
    record NotTheirs(String found) implements Standing {}
  }

  /// What somebody means by an id: of a command the process that they ask gives it.
  public TaskId meant(Admitted who, TaskId id) {
    return id.in(process.apply(who));
  }

  /// @param id as [#meant] by the caller
  /// @throws UncheckedIOException if the store cannot answer
  public Standing standing(Admitted who, TaskId id) {
    var found = store.find(front.connector(), id, clock.instant());
    if (found.isEmpty()) {
      return new Standing.NotTheirs("nobody's");
    }
    var task = found.get();
    var owner = task.owner();
    var caller = owner(who);
    if (owner.equals(caller)) {
      return living.isLive(who.token(), task.begun())
          ? new Standing.Own(task)
          : new Standing.NotTheirs("one that was killed");
    }
    if (!owner.subject().equals(caller.subject())) {
      return new Standing.NotTheirs("somebody else's");
    }
    return new Standing.NotTheirs(
        owner.client().equals(caller.client()) ? "another session's" : "another client's");
  }

  private static Owner owner(Admitted who) {
    var session =
        who.era() == Era.STATELESS ? Optional.<String>empty() : who.request().clientSession();
    return new Owner(
        who.caller().subject(),
        who.caller().client().value(),
        session.map(Secret::new).map(OpaqueToken::hash).orElse(""));
  }

  /// The caller's own, by the hashes of their ids.
  ///
  /// @throws UncheckedIOException if the store cannot answer
  Map<String, KeptTask> own(Admitted who) {
    var all = store.of(front.connector(), who.caller().subject(), clock.instant());
    all.values()
        .removeIf(
            task -> !task.owner().equals(owner(who)) || !living.isLive(who.token(), task.begun()));
    return all;
  }

  /// Somebody asks for their own: it is kept for longer, and counts as under way.
  public void asked(Admitted who, TaskId id, KeptTask task) {
    var now = clock.instant();
    var kept = task;
    if (task.isForgottenSoon(now)) {
      kept = until(task, now.plus(task.keptFor()));
    }
    if (kept.forgetAfter().isAfter(task.forgetAfter())) {
      store.prolong(front.connector(), id, kept.forgetAfter());
    }
    running.asked(id, kept, Asker.of(who));
  }

  private static KeptTask until(KeptTask task, Instant forgetAfter) {
    return new KeptTask(task.owner(), task.tool(), task.begun(), task.keptFor(), forgetAfter);
  }

  /// Whether nothing more is kept of somebody here.
  ///
  /// @throws UncheckedIOException if the store cannot answer
  public boolean isFull(Caller caller) {
    return store.count(front.connector(), caller.subject(), clock.instant()) >= MOST;
  }

  /// How many of somebody's go on here, as far as this node knows.
  public int underWay(Caller caller) {
    return running.count(caller.subject());
  }

  /// A server has made a task of the caller's call: theirs before they learn its id. What cannot be
  /// kept is ended at the server, for nobody could ask for it.
  ///
  /// @param id as [#meant] by the caller
  /// @param tool that was called
  /// @param life how long the server keeps it, if it says so
  /// @throws MalformedException if the id is somebody's already
  /// @throws UncheckedIOException if it is not kept
  void made(Admitted who, TaskId id, String tool, Optional<Duration> life)
      throws MalformedException {
    var keptFor = life.map(Tasks::bounded).orElse(KEPT);
    var task =
        new KeptTask(
            owner(who),
            tool,
            LivingTokens.begunWith(who.token()),
            keptFor,
            clock.instant().plus(keptFor));
    boolean isTheirs;
    try {
      isTheirs = store.claim(front.connector(), id, task, address(who, id));
    } catch (UncheckedIOException e) {
      LOG.error("{}: a task is not kept, and ended at its server", who.correlationId(), e);
      canceller.cancel(who, id);
      throw e;
    }
    if (!isTheirs) {
      note(who, JsonObject.EMPTY, new Evidence("task", "a new one", "somebody's", "RS-17"));
      throw new MalformedException("it made a task with an id that is not new");
    }
    running.asked(id, task, Asker.of(who));
    if (!living.isLive(who.token(), task.begun())) {
      // The news of its death came before the task was known.
      drop(id, who.caller(), who.correlationId());
      deadOf(who.caller().subject()).forEach(this::end);
    } else if (who.era() == Era.STATELESS && who.passage().isUnwanted()) {
      // Its client has gone, which takes the call back, and knows no id by which it could ask.
      canceller.cancel(who, id);
    }
  }

  /// What is dead is ended by any node if this one dies before its server has taken that.
  private void drop(TaskId id, Caller caller, String correlationId) {
    try {
      store.drop(front.connector(), id, caller.subject(), correlationId, clock.instant());
    } catch (UncheckedIOException e) {
      LOG.error("{}: a dead task is not dropped", correlationId, e);
    }
  }

  /// The process of a command ends with whom it runs for, so nothing has to be told.
  private Optional<Secret> address(Admitted who, TaskId id) {
    return front.upstream().map(_ -> TaskCanceller.address(TaskCanceller.At.of(who), id));
  }

  /// What is kept with a session of the caller's, so that any node can tell its server of its end;
  /// empty if nobody has to be told, or nothing can be kept.
  public Optional<String> endOf(Admitted who, String session) {
    var at =
        new TaskCanceller.At(
            who.era(), who.request().header(McpHeaders.REVISION), Optional.of(session));
    return front
        .upstream()
        .flatMap(_ -> store.sealed(front.connector(), session, TaskCanceller.address(at)));
  }

  private static Duration bounded(Duration life) {
    var longer = life.compareTo(SHORTEST) < 0 ? SHORTEST : life;
    return longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
  }

  /// A task of the caller's has ended, by what its server says.
  ///
  /// @param hash of its id
  void ended(Admitted who, String hash) {
    var news = running.ended(who.caller().subject(), hash);
    try {
      news.ifPresent(id -> store.over(front.connector(), id));
    } catch (UncheckedIOException e) {
      // A kill may end it once more then.
      LOG.warn("{}: the end of a task is not kept", who.correlationId(), e);
    }
  }

  /// Records that somebody asks for what is not theirs.
  ///
  /// @throws UncheckedIOException if it cannot be recorded
  public void note(Admitted who, JsonObject evidence, Evidence why) {
    record.write(
        EVENT, front, who, Outcome.REFUSED, CallRecord.failed(why).putAll(evidence).build());
  }

  /// Something is dead. Never waits.
  public void heard(List<Denial> arrived) {
    boolean ofMany = arrived.stream().anyMatch(one -> one.denied().isOfMany());
    var subjects =
        ofMany
            ? running.subjects()
            : arrived.stream()
                .filter(one -> one.denied().kind() == Denied.Kind.PERSON)
                .map(one -> one.denied().value())
                .distinct()
                .toList();
    for (var subject : subjects) {
      for (var dead : deadOf(subject)) {
        end(dead);
      }
    }
  }

  /// Never waits. A stop may be about thousands, and other requests need the record meanwhile.
  private void end(Running<Asker> dead) {
    Thread.ofVirtual()
        .name("task")
        .start(() -> {
          endings.acquireUninterruptibly();
          try {
            killed(dead);
          } finally {
            endings.release();
          }
        });
  }

  /// Tells the server what no node has told it that had seen the task. Never waits.
  private void tellRest() {
    if (telling.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("task-ends")
          .start(() -> {
            try {
              int taken;
              do {
                var now = clock.instant();
                var due = store.due(front.connector(), now, now.plus(TOLD_AGAIN));
                due.forEach(this::told);
                taken = due.size();
              } while (taken == TaskStore.MOST_DUE);
            } catch (UncheckedIOException e) {
              LOG.warn("what servers have to be told of tasks is not known", e);
            } finally {
              telling.set(false);
            }
          });
    }
  }

  /// One that cannot be told holds up none behind it.
  private void told(OpenEnd one) {
    try {
      tell(one);
    } catch (RuntimeException e) {
      LOG.warn("{}: a server is not told that a task has ended", one.correlationId(), e);
    }
  }

  private void tell(OpenEnd one) {
    var caller =
        new Caller(
            one.subject(),
            living.person(one.subject()),
            new ClientId(one.client()),
            Scopes.NONE,
            AuthenticationContext.UNKNOWN,
            Optional.empty());
    if (canceller.cancel(caller, one.correlationId(), one.address())) {
      store.told(front.connector(), one.hash());
      if (one.isSession()) {
        recordSessionEnd(caller, one.correlationId());
      } else {
        recordEnd(caller, one.correlationId(), one.tool(), true);
      }
    }
  }

  private List<Running<Asker>> deadOf(String subject) {
    return running.taken(subject, one -> !living.isLive(one.who().token(), one.task().begun()));
  }

  private void killed(Running<Asker> dead) {
    var who = dead.who();
    // The process of a command ends with whom it runs for.
    boolean isCalled = front.upstream().isPresent() && !dead.over();
    // The kill has done so, unless the call was under way.
    drop(dead.id(), who.caller(), who.correlationId());
    if (!isCalled) {
      return;
    }
    boolean isTold = canceller.cancel(who.caller(), who.correlationId(), who.at(), dead.id());
    try {
      if (isTold) {
        store.told(front.connector(), dead.id().hash());
      }
      recordEnd(who.caller(), who.correlationId(), dead.task().tool(), isTold);
    } catch (UncheckedIOException e) {
      LOG.error("{}: the end of a task is not recorded", who.correlationId(), e);
    }
  }

  private void recordSessionEnd(Caller caller, String correlationId) {
    record.write(
        new CallRecord.Event(Sessions.ENDED, correlationId, front.connector()),
        caller,
        Outcome.SUCCESS,
        JsonObject.builder().put("why", "killed").build());
  }

  private void recordEnd(Caller caller, String correlationId, String tool, boolean isTold) {
    record.write(
        new CallRecord.Event(EVENT, correlationId, front.connector()),
        caller,
        isTold ? Outcome.SUCCESS : Outcome.FAULT,
        JsonObject.builder()
            .put("method", McpMethod.TASKS_CANCEL)
            .put("tool", CallRecord.shortened(tool))
            .put("reason", isTold ? "killed" : "killed, and its server has not taken that")
            .build());
  }

  public void tick() {
    running.tick();
    if (front.upstream().isPresent()) {
      tellRest();
    }
  }
}
