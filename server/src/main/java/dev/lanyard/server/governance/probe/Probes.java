package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.Statements.Status;
import dev.lanyard.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Looks at connectors and keeps what was found as dated evidence. What contradicts the catalogue
/// is an alarm, as long as it does. Thread-safe; of several nodes one looks at a connector in turn.
public final class Probes {
  /// The kind of its alarms.
  public static final String CONTRADICTS = "probe-contradicts";

  /// Longer than a look takes: sixteen requests of five seconds, with pauses.
  private static final Duration LEASE = Duration.ofMinutes(5);

  private static final Duration EACH = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;
  private static final int LONGEST_BACK_OFF = 8;
  private static final Duration KEEP_DOCUMENTS = Duration.ofDays(90);

  private final Database database;
  private final EgressClient egress;
  private final Visit.Patience patience;
  private final InstantSource clock;

  /// @param egress decides where requests may go at all
  public Probes(Database database, EgressClient egress, InstantSource clock) {
    this(
        database,
        egress.limitedTo(EACH, MOST_BYTES),
        pause -> LockSupport.parkNanos(pause.toNanos()),
        clock);
  }

  Probes(Database database, EgressClient egress, Visit.Patience patience, InstantSource clock) {
    this.database = database;
    this.egress = egress;
    this.patience = patience;
    this.clock = clock;
  }

  /// What is to be looked at.
  ///
  /// @param id what it is called, in the role library or in the catalogue
  /// @param known what the catalogue says of it
  public record Target(String id, ResourceIndicator address, Optional<KnownConnector> known) {}

  /// What a look came to.
  ///
  /// @param contradiction what the catalogue says otherwise; empty if it agrees or says nothing
  public record Probed(Target target, Evidence evidence, Optional<String> contradiction) {}

  /// Looks at these now, one after the other, whoever's turn it is.
  public List<Probed> now(Collection<Target> targets) {
    var visit = visit();
    return targets.stream().map(target -> look(visit, target, Duration.ZERO)).toList();
  }

  /// Looks at those of these that are due.
  ///
  /// @param every between two looks
  public List<Probed> inTurn(Collection<Target> targets, Duration every) {
    var visit = visit();
    var done = new ArrayList<Probed>();
    for (var target : targets) {
      if (database.write(
          connection ->
              new EvidenceTables(connection).take(target.address(), clock.instant(), LEASE))) {
        done.add(look(visit, target, every));
      }
    }
    if (!done.isEmpty()) {
      var _ =
          database.write(connection -> {
            new EvidenceTables(connection).forgetDocuments(clock.instant().minus(KEEP_DOCUMENTS));
            return true;
          });
    }
    return done;
  }

  private Visit visit() {
    return new Visit(egress, new JdbcDocuments(database), patience, clock);
  }

  private Probed look(Visit visit, Target target, Duration every) {
    visit.begin();
    var finding = new Look(visit, target.address()).finding();
    return database.write(
        connection -> noted(connection, target, finding, every, visit.comeBack()));
  }

  /// Evidence, turn, alarm and audit record are one fact: a process that dies before has looked for
  /// nothing, and the next one looks again.
  private Probed noted(
      Connection connection,
      Target target,
      Finding finding,
      Duration every,
      Optional<Instant> comeBack)
      throws SQLException {
    var now = clock.instant();
    var tables = new EvidenceTables(connection);
    var before = tables.newest(target.address());
    var evidence = evidence(target.address(), finding, before, now);
    tables.put(evidence);
    if (!every.isZero()) {
      int failures = finding.bucket().isPresent() ? 0 : tables.failures(target.address()) + 1;
      tables.next(target.address(), due(now, every, failures, comeBack), failures);
    }
    var probed = new Probed(target, evidence, contradiction(target, finding, now));
    tell(connection, probed, before, now);
    return probed;
  }

  private static Evidence evidence(
      ResourceIndicator address, Finding finding, Optional<Evidence> before, Instant now) {
    return before
        .filter(one -> one.finding().isLike(finding))
        .map(one -> new Evidence(address, one.since(), now, one.looks() + 1, finding))
        .orElseGet(() -> new Evidence(address, now, now, 1, finding));
  }

  /// Who gives no answer is asked less and less.
  private static Instant due(
      Instant now, Duration every, int failures, Optional<Instant> comeBack) {
    var next =
        now.plus(every.multipliedBy(Math.min(LONGEST_BACK_OFF, 1L << Math.min(failures, 30))));
    return comeBack.filter(wanted -> wanted.isAfter(next)).orElse(next);
  }

  /// `early` and `tracking` promise nothing yet, so only that it is there contradicts them.
  private static Optional<String> contradiction(Target target, Finding finding, Instant now) {
    var day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (finding.bucket().isEmpty()
        || target.known().isEmpty()
        || !(target.known().get().seen().status(day) instanceof Status.Known(var says, var by))) {
      return Optional.empty();
    }
    boolean isLive = finding.bucket().get() == Bucket.LIVE;
    return isLive == (says == Bucket.LIVE)
        ? Optional.empty()
        : Optional.of(
            "the catalogue says '%s' (%s, written at %s)".formatted(says.value(), by, by.origin()));
  }

  private static void tell(
      Connection connection, Probed probed, Optional<Evidence> before, Instant now)
      throws SQLException {
    boolean isNew = probed.evidence().looks() == 1;
    var id = probed.target().id();
    if (isNew) {
      AuditLog.append(connection, event("probe.changed", probed, before, now));
    }
    if (probed.contradiction().isEmpty()) {
      // Who gives no answer takes nothing back.
      if (probed.evidence().finding().bucket().isPresent()) {
        var _ = Alarms.resolve(connection, CONTRADICTS, id, now);
      }
      return;
    }
    if (!Alarms.stands(connection, CONTRADICTS, id)) {
      AuditLog.append(connection, event("probe.contradicted", probed, before, now));
    }
    Alarms.raise(
        connection,
        List.of(
            new Alarm(
                CONTRADICTS,
                id,
                "%s, but %s; look at it, and write what holds into a file of 'catalog.folder'"
                    .formatted(
                        probed.evidence().finding().text(), probed.contradiction().orElseThrow()),
                now)));
  }

  private static AuditEvent event(
      String type, Probed probed, Optional<Evidence> before, Instant now) {
    var evidence =
        JsonObject.builder()
            .put("connector", probed.target().id())
            .put("address", probed.target().address().value())
            .put("found", probed.evidence().finding().text())
            .putIfPresent("before", before.map(one -> one.finding().text()))
            .putIfPresent("contradicts", probed.contradiction())
            .build();
    return AuditEvent.of(type, Outcome.SUCCESS, now, "probe", evidence);
  }
}
