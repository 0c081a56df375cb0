package dev.lanyard.server.app.node;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.broker.QuotaConfig;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.sessions.IdJagUses;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/// Looks from time to time at how many ID-JAGs people have had this month, and raises one alarm a
/// month about those who are near their limit. It ends with the month.
final class QuotaWatch {
  private static final String ALARM = "quota";

  /// Long enough for a look back at the same month of last year.
  private static final int MONTHS_KEPT = 13;

  private final QuotaConfig config;
  private final IdJagUses uses;
  private final Database database;
  private final InstantSource clock;
  private Optional<YearMonth> looked = Optional.empty();
  private volatile int near;
  private volatile int exhausted;

  QuotaWatch(QuotaConfig config, Database database, InstantSource clock) {
    this.config = config;
    this.uses = new IdJagUses(database);
    this.database = database;
    this.clock = clock;
  }

  /// Watches the quota of the configuration, if it has one.
  static void start(
      Configuration config,
      Database database,
      Metrics metrics,
      Upkeep upkeep,
      InstantSource clock) {
    config
        .broker()
        .flatMap(served -> served.config().exchange().quota())
        .map(quota -> new QuotaWatch(quota, database, clock))
        .ifPresent(watch -> {
          watch.figures(metrics);
          upkeep.everyMinute("the quota", watch::look);
        });
  }

  void figures(Metrics metrics) {
    metrics.gauge(
        "lanyard_quota_near",
        "How often a person has had broker.exchange.quota.warn_at ID-JAGs for one resource this"
            + " month.",
        () -> near);
    metrics.gauge(
        "lanyard_quota_exhausted",
        "How often a person has had all ID-JAGs for one resource this month.",
        () -> exhausted);
  }

  void look() {
    var now = clock.instant();
    var month = IdJagUses.monthOf(now);
    int limit = config.limit().orElse(Integer.MAX_VALUE);
    int warnAt = config.warnAt().orElse(limit);
    var counts = uses.counts(month, Math.min(warnAt, limit));
    int all = (int) counts.stream().filter(count -> count.issued() >= limit).count();
    if (!looked.equals(Optional.of(month))) {
      endOthers(month, now);
      near = 0;
      exhausted = 0;
      looked = Optional.of(month);
    }
    if (counts.size() > near || all > exhausted) {
      raise(
          new Alarm(
              ALARM,
              month.toString(),
              "%d times a person has had %d ID-JAGs or more for one resource, %d times all that there are; the console shows whose at /quota, and so does 'lanyard quota --at-least %d'"
                  .formatted(counts.size(), warnAt, all, warnAt),
              now));
    }
    near = counts.size();
    exhausted = all;
    var _ = uses.forget(month.minusMonths(MONTHS_KEPT));
  }

  /// Unless these numbers were said before: by another node, or before this one was restarted. Then
  /// somebody may have resolved it.
  private void raise(Alarm alarm) {
    database.write(connection -> {
      if (!Alarms.wasRaised(connection, alarm)) {
        Alarms.raise(connection, List.of(alarm));
      }
      return alarm;
    });
  }

  private void endOthers(YearMonth month, Instant now) {
    var alarms = new Alarms(database);
    alarms.standing().stream()
        .map(Alarms.Standing::alarm)
        .filter(one -> one.kind().equals(ALARM) && !one.subject().equals(month.toString()))
        .forEach(one -> alarms.resolve(ALARM, one.subject(), now));
  }
}
