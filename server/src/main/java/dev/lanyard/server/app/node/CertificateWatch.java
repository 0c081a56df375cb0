package dev.lanyard.server.app.node;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.http.HttpServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in good time that a certificate of this process ends: whoever connects after that trusts it
/// no more, and a resource server that cannot ask refuses everybody. Thread-safe.
final class CertificateWatch {
  static final String ALARM = "certificate-ends";

  /// Between a listener and the end of its certificate, in the subject of an alarm.
  private static final String UNTIL = " until ";

  /// What is renewed by itself is renewed earlier.
  private static final Duration SOON = Duration.ofDays(14);

  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final double SECONDS_OF_A_DAY = 86_400;

  private final HttpServer http;
  private final Database database;
  private final InstantSource clock;

  /// By listener, what this process has an alarm about and how many days were left then.
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  /// The listeners whose alarms of an earlier process have been looked at.
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  private record Told(String subject, long days) {}

  CertificateWatch(HttpServer http, Database database, InstantSource clock) {
    this.http = http;
    this.database = database;
    this.clock = clock;
  }

  /// How many days are left, by listener; below zero after the end.
  Map<String, Double> days() {
    var now = clock.instant();
    var days = new TreeMap<String, Double>();
    http.certificateEnds()
        .forEach((listener, end) ->
            days.put(listener, Duration.between(now, end).toSeconds() / SECONDS_OF_A_DAY));
    return days;
  }

  /// Warns of those that end soon, for the start: the first look comes later.
  void tell() {
    http.certificateEnds()
        .forEach((listener, end) -> {
          if (isSoon(end)) {
            LOG.warn("the certificate of {} {}", listener, ending(end));
          }
        });
  }

  /// Raises an alarm two weeks before the end, and once a day from then on. One that is renewed
  /// ends it, also if that was done while no process ran; nodes that still have the old one raise
  /// it again.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot; the next look
  ///   tries again
  void look() {
    http.certificateEnds().forEach(this::look);
  }

  private void look(String listener, Instant end) {
    var subject = listener + UNTIL + end;
    if (!begun.contains(listener)) {
      endOthers(listener, subject);
      begun.add(listener);
    }
    var before = told.get(listener);
    if (before != null && !before.subject().equals(subject)) {
      var _ = new Alarms(database).resolve(ALARM, before.subject(), clock.instant());
      told.remove(listener);
    }
    long days = Math.floorDiv(left(end).toSeconds(), Duration.ofDays(1).toSeconds());
    var now = new Told(subject, days);
    if (isSoon(end) && !Objects.equals(told.get(listener), now)) {
      LOG.warn("the certificate of {} {}", listener, ending(end));
      new Alarms(database)
          .raise(
              new Alarm(
                  ALARM,
                  subject,
                  ending(end) + "; replace the files: no restart",
                  clock.instant()));
      told.put(listener, now);
    }
  }

  /// Ends what stands about certificates that the listener has no more.
  private void endOthers(String listener, String subject) {
    var alarms = new Alarms(database);
    alarms.standing().stream()
        .map(Alarms.Standing::alarm)
        .filter(one -> one.kind().equals(ALARM))
        .map(Alarm::subject)
        .filter(one -> one.startsWith(listener + UNTIL) && !one.equals(subject))
        .forEach(one -> alarms.resolve(ALARM, one, clock.instant()));
  }

  private Duration left(Instant end) {
    return Duration.between(clock.instant(), end);
  }

  private boolean isSoon(Instant end) {
    return left(end).compareTo(SOON) < 0;
  }

  private String ending(Instant end) {
    return left(end).isPositive()
        ? "ends in %d days, at %s".formatted(left(end).toDays(), end)
        : "has expired at " + end;
  }
}
