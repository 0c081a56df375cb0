package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.front.Recording.Order;
import dev.lanyard.server.gateway.front.Recording.WithoutAudit;
import dev.lanyard.server.metrics.Count;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the gateway leaves in the audit record: who called what through which client, and what was
/// decided. Never arguments or results (AUD-4).
public final class CallRecord {
  private static final Logger LOG = LoggerFactory.getLogger(CallRecord.class);
  private static final int MOST_OF_A_NAME = 512;
  private static final int MOST_OF_A_VALUE = 200;

  /// A message that was judged.
  public static final String CALL = "gateway.call";

  /// A request that is refused for its form, at the door or behind it.
  public static final String REFUSED = "gateway.refused";

  /// A server that has failed, or answered what cannot be passed on.
  public static final String BROKEN = "gateway.broken";

  /// Only where an administrator wants to see something of results.
  public static final String RESULT = "gateway.result";

  private final AuditLog audit;
  private final Recording recording;
  private final Count counted;
  private final InstantSource clock;
  private final Restraint restraint;
  private final AtomicBoolean telling = new AtomicBoolean();
  private volatile boolean failing;

  /// @param counted counts what is recorded, by event and outcome
  public CallRecord(AuditLog audit, Recording recording, Count counted, InstantSource clock) {
    this.audit = audit;
    this.recording = recording;
    this.counted = counted;
    this.clock = clock;
    this.restraint = new Restraint(clock);
  }

  /// What one record is about.
  ///
  /// @param type e.g. `gateway.call`
  public record Event(String type, String correlationId, String connector) {
    /// What somebody asks at a front.
    static Event of(String type, Front front, Admitted who) {
      return new Event(type, who.correlationId(), front.connector());
    }
  }

  /// Records, and returns when it is durable.
  ///
  /// @throws UncheckedIOException if it is not, and nothing may happen without
  public void write(Event event, Caller caller, Outcome outcome, JsonObject evidence) {
    begin(entry(event, caller, outcome, evidence)).await();
  }

  /// The same about what somebody asks at a front.
  ///
  /// @throws UncheckedIOException if it is not durable, and nothing may happen without
  public void write(String type, Front front, Admitted who, Outcome outcome, JsonObject evidence) {
    write(Event.of(type, front, who), who.caller(), outcome, evidence);
  }

  /// A record that may not be durable yet.
  @FunctionalInterface
  public interface Pending {
    /// One that is.
    Pending NONE = () -> {};

    /// Returns when it is durable.
    ///
    /// @throws UncheckedIOException if it is not, and nobody may get an answer without
    void await();

    /// Both of them.
    default Pending and(Pending other) {
      return () -> {
        await();
        other.await();
      };
    }
  }

  /// Records a call that may be sent, in the order that is asked for: what is returned must be
  /// awaited before anything of the answer leaves.
  ///
  /// @throws UncheckedIOException if it cannot be recorded, and nothing may happen without
  public Pending sending(String type, Front front, Admitted who, JsonObject evidence) {
    // What could not be written a moment ago may not be written now.
    boolean beside = recording.order() == Order.BESIDE && !failing;
    var event = Event.of(type, front, who);
    var pending = begin(entry(event, who.caller(), Outcome.SUCCESS, evidence));
    if (beside) {
      return pending;
    }
    pending.await();
    return Pending.NONE;
  }

  private AuditEvent entry(Event event, Caller caller, Outcome outcome, JsonObject evidence) {
    var all =
        JsonObject.builder()
            .put("connector", event.connector())
            .putIfPresent("txn", caller.transaction())
            .putAll(evidence)
            .build();
    var entry =
        AuditEvent.of(event.type(), outcome, clock.instant(), event.correlationId(), all)
            .withClient(caller.client().value());
    return caller.person().map(person -> about(entry, person)).orElse(entry);
  }

  private static AuditEvent about(AuditEvent event, Person person) {
    return event.withPerson(person.id().value()).withOrganisation(person.organisation());
  }

  /// Records what an administrator wants to see of a result, if it has it.
  ///
  /// @param key of what was called, as the library names it
  /// @throws UncheckedIOException if it is not durable, and nobody may get the result without
  public void disclosed(Front front, Admitted who, String key, JsonObject result) {
    var values = front.handling().disclosure().of(who.caller()).ofResult(result);
    if (!values.isEmpty()) {
      var evidence = JsonObject.builder().put("name", key).putAll(values).build();
      write(RESULT, front, who, Outcome.SUCCESS, evidence);
    }
  }

  /// Records that somebody was not let in.
  void stranger(Event event, Evidence why) {
    begin(
            AuditEvent.of(
                event.type(),
                Outcome.REFUSED,
                clock.instant(),
                event.correlationId(),
                failed(why).put("connector", event.connector()).build()))
        .await();
  }

  /// Records that a request of somebody who was let in is refused, as long as there are few of
  /// them.
  ///
  /// @throws UncheckedIOException if it is not durable, and nothing may happen without
  void refused(Event event, Caller caller, Evidence why) {
    var cause =
        new Restraint.Cause(
            event.type(), event.connector(), caller.subject() + " " + caller.client().value());
    sparing(cause, event, caller, Outcome.REFUSED, why);
  }

  /// The same of what somebody asks at a front.
  ///
  /// @throws UncheckedIOException if it is not durable, and nothing may happen without
  public void refused(Front front, Admitted who, Evidence why) {
    refused(Event.of(REFUSED, front, who), who.caller(), why);
  }

  /// Records what a server has done wrong, as long as it is seldom. If it cannot be recorded it is
  /// not passed on all the same.
  ///
  /// @param caller for whom it was asked
  void broken(Event event, Caller caller, Evidence why) {
    var cause = new Restraint.Cause(event.type(), event.connector(), "");
    try {
      sparing(cause, event, caller, Outcome.FAULT, why);
    } catch (UncheckedIOException e) {
      LOG.error("what has failed in {} is not recorded", event.correlationId(), e);
    }
  }

  /// Records that a server has told somebody of a task that is not theirs, as long as it is seldom:
  /// one that tells everybody of all of them does so with each step of each. It is not passed on
  /// all the same.
  public void strayTask(String type, Front front, Admitted who) {
    var event = Event.of(type, front, who);
    try {
      sparing(
          new Restraint.Cause(event.type(), event.connector(), ""),
          event,
          who.caller(),
          Outcome.REFUSED,
          new Evidence("task", "the caller's own, to be used now", "another", "RS-17"));
    } catch (UncheckedIOException e) {
      LOG.error("a stray task of {} is not recorded", event.correlationId(), e);
    }
  }

  private void sparing(
      Restraint.Cause cause, Event event, Caller caller, Outcome outcome, Evidence why) {
    var before = restraint.admits(cause, event, caller, outcome);
    if (before.isEmpty()) {
      counted.add(event.type(), outcome.value());
      return;
    }
    var evidence = failed(why);
    if (before.get() > 0) {
      evidence.put("unrecorded", before.get());
    }
    write(event, caller, outcome, evidence.build());
  }

  /// Records how often something was that has left no record of its own, if it may be said now.
  /// Never waits.
  public void tick() {
    if (telling.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("omitted")
          .start(() -> {
            try {
              omitted(restraint.due());
            } finally {
              telling.set(false);
            }
          });
    }
  }

  /// Records all of that.
  public void close() {
    omitted(restraint.rest());
  }

  private void omitted(List<Restraint.Omitted> all) {
    for (var one : all) {
      try {
        write(
            one.last(),
            one.caller(),
            one.outcome(),
            JsonObject.builder().put("check", "often").put("unrecorded", one.times()).build());
      } catch (UncheckedIOException e) {
        LOG.error("{} of {} are not recorded", one.times(), one.last().type(), e);
      }
    }
  }

  /// The check that failed (AUD-3).
  public static JsonObject.Builder failed(Evidence why) {
    return JsonObject.builder()
        .put("check", why.check())
        .put("expected", why.expected())
        .put("actual", why.actual())
        .put("requirement", why.requirement());
  }

  /// What somebody has sent of which nobody knows what it is, as far as the record keeps it.
  public static String excerpt(String value) {
    return Excerpt.of(value, MOST_OF_A_VALUE);
  }

  /// What a call names, as far as the record keeps it.
  public static String shortened(String name) {
    return Excerpt.of(name, MOST_OF_A_NAME);
  }

  private Pending begin(AuditEvent event) {
    counted.add(event.type(), event.outcome().value());
    try {
      var inFlight = audit.begin(event);
      return () -> {
        try {
          var _ = inFlight.outcome();
          failing = false;
        } catch (UncheckedIOException e) {
          unrecorded(event, e);
        }
      };
    } catch (UncheckedIOException e) {
      unrecorded(event, e);
      return Pending.NONE;
    }
  }

  private void unrecorded(AuditEvent event, UncheckedIOException why) {
    failing = true;
    if (recording.without() == WithoutAudit.STOP) {
      throw why;
    }
    LOG.error("{} of {} is not recorded", event.type(), event.correlationId(), why);
  }
}
