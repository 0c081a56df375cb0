package dev.lanyard.server.gateway;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.gateway.GatewayConfig.WithoutAudit;
import dev.lanyard.server.metrics.Count;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the gateway leaves in the audit record: who called what through which client, and what was
/// decided. Never arguments or results (AUD-4).
final class CallRecord {
  private static final Logger LOG = LoggerFactory.getLogger(CallRecord.class);
  private static final int MOST_OF_A_NAME = 512;

  private final AuditLog audit;
  private final WithoutAudit without;
  private final Count counted;
  private final InstantSource clock;

  /// @param counted counts what is recorded, by event and outcome
  CallRecord(AuditLog audit, WithoutAudit without, Count counted, InstantSource clock) {
    this.audit = audit;
    this.without = without;
    this.counted = counted;
    this.clock = clock;
  }

  /// What one record is about.
  ///
  /// @param type e.g. `gateway.call`
  record Event(String type, String correlationId, String connector) {}

  /// Records, and returns when it is durable.
  ///
  /// @throws UncheckedIOException if it is not, and nothing may happen without
  void write(Event event, Caller caller, Outcome outcome, JsonObject evidence) {
    var all =
        JsonObject.builder()
            .put("connector", event.connector())
            .putIfPresent("txn", caller.transaction())
            .putAll(evidence)
            .build();
    var entry =
        AuditEvent.of(event.type(), outcome, clock.instant(), event.correlationId(), all)
            .withClient(caller.client().value());
    append(caller.person().map(person -> about(entry, person)).orElse(entry));
  }

  private static AuditEvent about(AuditEvent event, Person person) {
    return event.withPerson(person.id().value()).withOrganisation(person.organisation());
  }

  /// Records that somebody was not let in.
  void stranger(Event event, Evidence why) {
    append(
        AuditEvent.of(
            event.type(),
            Outcome.REFUSED,
            clock.instant(),
            event.correlationId(),
            failed(why).put("connector", event.connector()).build()));
  }

  /// The check that failed (AUD-3).
  static JsonObject.Builder failed(Evidence why) {
    return JsonObject.builder()
        .put("check", why.check())
        .put("expected", why.expected())
        .put("actual", why.actual())
        .put("requirement", why.requirement());
  }

  /// What a call names, as far as the record keeps it.
  static String shortened(String name) {
    return name.length() <= MOST_OF_A_NAME ? name : name.substring(0, MOST_OF_A_NAME);
  }

  private void append(AuditEvent event) {
    counted.add(event.type(), event.outcome().value());
    try {
      audit.append(event);
    } catch (UncheckedIOException e) {
      if (without == WithoutAudit.STOP) {
        throw e;
      }
      LOG.error("{} of {} is not recorded", event.type(), event.correlationId(), e);
    }
  }
}
