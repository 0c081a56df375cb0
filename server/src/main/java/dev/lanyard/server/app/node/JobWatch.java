package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.schedule.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Raises an alarm about what this node does again and again and has failed at for long, or does
/// not come to an end with, and ends it with the next success, also after a restart.
final class JobWatch {
  static final String ALARM = "job-failing";

  /// Longer than a database is away for maintenance, and than anything recurring may wait or take
  /// beyond its own pause.
  static final Duration LONG = Duration.ofMinutes(15);

  private static final String AT = " at ";
  private static final int LONGEST_REASON = 500;

  private final Jobs jobs;
  private final Database database;
  private final String node;
  private final InstantSource clock;

  /// Whether the last look reached the database.
  private boolean reached = true;

  /// @param node names this process among the others of the installation
  JobWatch(Jobs jobs, Database database, String node, InstantSource clock) {
    this.jobs = jobs;
    this.database = database;
    this.node = node;
    this.clock = clock;
  }

  /// The first look that reaches the database again raises nothing: what has failed only for want
  /// of it gets a chance before.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot; the next look
  ///   tries again
  void look() {
    boolean raises = reached;
    reached = false;
    var alarms = new Alarms(database);
    var standing =
        alarms.standing().stream()
            .map(Alarms.Standing::alarm)
            .filter(one -> one.kind().equals(ALARM) && one.subject().endsWith(AT + node))
            .map(one -> one.subject().substring(0, one.subject().length() - (AT + node).length()))
            .toList();
    var now = clock.instant();
    var wrong = wrong(now);
    if (raises) {
      wrong.forEach((job, detail) -> {
        if (!standing.contains(job)) {
          alarms.raise(new Alarm(ALARM, job + AT + node, detail, now));
        }
      });
    }
    standing.stream()
        .filter(job -> jobs.succeeds(job) && !wrong.containsKey(job))
        .forEach(job -> alarms.resolve(ALARM, job + AT + node, now));
    reached = true;
  }

  /// By the job, in words for an administrator.
  private Map<String, String> wrong(Instant now) {
    var wrong = new HashMap<String, String>();
    jobs.failing()
        .forEach((job, failing) -> {
          // What is done once an hour may have met a pause of the database.
          if (failing.times() > 1 && failing.lasting().compareTo(LONG) >= 0) {
            wrong.put(job, onlyFails(failing, now));
          }
        });
    jobs.underWay()
        .forEach((job, running) -> {
          if (running.lasting().compareTo(running.pause().plus(LONG)) >= 0) {
            wrong.put(job, hangs(running, now));
          }
        });
    return wrong;
  }

  private static String onlyFails(Jobs.Failing failing, Instant now) {
    return "it has only failed since %s: %s. The log of that node says more; the alarm ends when it succeeds"
        .formatted(
            now.minus(failing.lasting()),
            Excerpt.of(failing.why(), LONGEST_REASON).replaceAll("\\p{Cc}", " "));
  }

  private static String hangs(Jobs.UnderWay running, Instant now) {
    return "it has been running since %s, and holds up what waits for its thread. If it does not end, restart that node; the alarm ends when it succeeds"
        .formatted(now.minus(running.lasting()));
  }
}
