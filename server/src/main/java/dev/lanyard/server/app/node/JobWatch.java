package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.schedule.Jobs;
import java.time.Duration;
import java.time.InstantSource;

/// Raises an alarm about what this node does again and again and has failed at for long, and ends
/// it with the next success, also after a restart.
final class JobWatch {
  static final String ALARM = "job-failing";

  /// Longer than a database is away for maintenance, and than anything recurring may wait.
  static final Duration LONG = Duration.ofMinutes(15);

  private static final String AT = " at ";
  private static final int LONGEST_REASON = 500;

  private final Jobs jobs;
  private final Database database;
  private final String node;
  private final InstantSource clock;

  /// @param node names this process among the others of the installation
  JobWatch(Jobs jobs, Database database, String node, InstantSource clock) {
    this.jobs = jobs;
    this.database = database;
    this.node = node;
    this.clock = clock;
  }

  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot; the next look
  ///   tries again
  void look() {
    var alarms = new Alarms(database);
    var standing =
        alarms.standing().stream()
            .map(Alarms.Standing::alarm)
            .filter(one -> one.kind().equals(ALARM) && one.subject().endsWith(AT + node))
            .map(Alarm::subject)
            .toList();
    var now = clock.instant();
    jobs.failing()
        .forEach((job, failing) -> {
          // What is done once an hour may have met a pause of the database.
          boolean isLong = failing.times() > 1 && failing.lasting().compareTo(LONG) >= 0;
          if (isLong && !standing.contains(job + AT + node)) {
            alarms.raise(alarm(job, failing));
          }
        });
    standing.stream()
        .filter(
            subject -> jobs.succeeds(subject.substring(0, subject.length() - (AT + node).length())))
        .forEach(subject -> alarms.resolve(ALARM, subject, now));
  }

  private Alarm alarm(String job, Jobs.Failing failing) {
    var now = clock.instant();
    var detail =
        "it has only failed since %s: %s. The log of that node says more; the alarm ends when it succeeds"
            .formatted(
                now.minus(failing.lasting()),
                Excerpt.of(failing.why(), LONGEST_REASON).replaceAll("\\p{Cc}", " "));
    return new Alarm(ALARM, job + AT + node, detail, now);
  }
}
