package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.schedule.Turns;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How often connectors were used, by day (UTC). A day that is over is counted once from the audit
/// record and kept: the record may be shorter. Two nodes that count at once count the same.
/// Thread-safe.
public final class UseLog {
  /// How far back the use of a connector is counted, in days.
  public static final int DAYS = 30;

  private static final String CALL = "gateway.call";

  /// Until then everything of a day is in the record.
  private static final Duration SETTLED = Duration.ofHours(1);

  /// Longer than the counting of a day takes.
  private static final Duration TURN = Duration.ofHours(1);

  private final Database database;
  private final AuditLog audit;
  private final InstantSource clock;

  public UseLog(Database database, InstantSource clock) {
    this.database = database;
    this.audit = new AuditLog(database);
    this.clock = clock;
  }

  /// How often something was used.
  ///
  /// @param exchanges ID-JAGs that were issued for it
  /// @param calls calls through the gateway that were passed on; what goes past it is not seen
  public record Use(long exchanges, long calls) {
    public static final Use NONE = new Use(0, 0);

    Use plus(Use other) {
      return new Use(exchanges + other.exchanges, calls + other.calls);
    }

    JsonObject toJson() {
      return JsonObject.builder()
          .put("exchanges_30_days", exchanges)
          .put("calls_30_days", calls)
          .build();
    }
  }

  /// By connector, the use of [#DAYS] days, this one the last of them.
  public Map<String, Use> until(LocalDate last) {
    var use = new HashMap<String, Use>();
    for (int i = DAYS - 1; i >= 0; i--) {
      of(last.minusDays(i)).forEach((connector, its) -> use.merge(connector, its, Use::plus));
    }
    return use;
  }

  /// Counts yesterday, if nobody has yet and no other node is at it: to be called now and then, so
  /// that no day is left to be counted when its records are gone. May take minutes.
  public void keepUp() {
    var now = clock.instant();
    var day = day(now.minus(SETTLED)).minusDays(1);
    if (database.read(connection -> kept(connection, day)).isEmpty()
        && Turns.take(database, "use of connectors", TURN, now)) {
      var _ = of(day);
    }
  }

  private Map<String, Use> of(LocalDate day) {
    var kept = database.read(connection -> kept(connection, day));
    if (kept.isPresent()) {
      return kept.get();
    }
    var counted = count(day);
    if (!clock.instant().isBefore(begin(day.plusDays(1)).plus(SETTLED))) {
      var _ =
          database.write(connection -> {
            keep(connection, day, counted);
            return true;
          });
    }
    return counted;
  }

  private Map<String, Use> count(LocalDate day) {
    var use = new HashMap<String, Use>();
    audit.during(
        Set.of(ExchangeRecord.TYPE, CALL),
        begin(day),
        begin(day.plusDays(1)),
        record -> add(record.event(), use));
    return use;
  }

  private static void add(AuditEvent event, Map<String, Use> use) {
    if (event.type().equals(CALL)) {
      called(event).ifPresent(connector -> use.merge(connector, new Use(0, 1), Use::plus));
    } else if (ExchangeRecord.of(event) instanceof ExchangeRecord.Issued issued) {
      issued.connectors().forEach(one -> use.merge(one, new Use(1, 0), Use::plus));
    }
  }

  private static Optional<String> called(AuditEvent event) {
    try {
      return event.outcome() == Outcome.SUCCESS
          ? event.evidence().string("connector")
          : Optional.empty();
    } catch (MalformedException e) {
      // Written by another release of this program: not counted rather than guessed.
      return Optional.empty();
    }
  }

  private static Optional<Map<String, Use>> kept(Connection connection, LocalDate day)
      throws SQLException {
    var statements = new Statements(connection);
    if (statements
        .first(
            "SELECT day FROM connector_use_day WHERE day = ?",
            rows -> rows.getString(1),
            day.toString())
        .isEmpty()) {
      return Optional.empty();
    }
    var use = new HashMap<String, Use>();
    var _ =
        statements.list(
            "SELECT connector, exchanges, calls FROM connector_use WHERE day = ?",
            rows -> use.put(rows.getString(1), new Use(rows.getLong(2), rows.getLong(3))),
            day.toString());
    return Optional.of(use);
  }

  private static void keep(Connection connection, LocalDate day, Map<String, Use> use)
      throws SQLException {
    var statements = new Statements(connection);
    var _ =
        statements.update(
            "INSERT INTO connector_use_day (day) VALUES (?) ON CONFLICT (day) DO NOTHING",
            day.toString());
    statements.each(
        "INSERT INTO connector_use (day, connector, exchanges, calls) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (day, connector) DO NOTHING",
        use.entrySet().stream()
            .map(one ->
                new Object[] {
                  day.toString(), one.getKey(), one.getValue().exchanges(), one.getValue().calls()
                })
            .toList());
  }

  private static Instant begin(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }
}
