package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.schedule.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a node fails at for a quarter of an hour is an alarm")
class JobWatchTest {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final TestClock clock = new TestClock();
  private final AtomicLong nanos = new AtomicLong();
  private Database database;

  @BeforeEach
  void open(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Jobs jobs() {
    return new Jobs(nanos::get);
  }

  private void look(Jobs jobs, String node) {
    new JobWatch(jobs, database, node, clock).look();
  }

  /// Twice: what failed once may have met a pause of the database.
  private static void fails(Jobs jobs) {
    for (int i = 0; i < 2; i++) {
      var _ =
          jobs.attempt(
              "the keys",
              PAUSE,
              () -> {
                throw new IllegalStateException("no key\ncan be made");
              });
    }
  }

  private static void succeeds(Jobs jobs) {
    var _ = jobs.attempt("the keys", PAUSE, () -> {});
  }

  private List<Alarm> standing() {
    return new Alarms(database).standing().stream().map(Alarms.Standing::alarm).toList();
  }

  @Test
  @DisplayName("once, with the reason, and until it succeeds")
  void raised_and_ended() {
    var jobs = jobs();
    fails(jobs);
    nanos.set(JobWatch.LONG.toNanos() - 1);
    look(jobs, "one:1");
    assertThat(standing()).isEmpty();

    nanos.set(JobWatch.LONG.toNanos());
    look(jobs, "one:1");
    look(jobs, "one:1");
    assertThat(standing())
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.kind()).isEqualTo("job-failing");
          assertThat(alarm.subject()).isEqualTo("the keys at one:1");
          assertThat(alarm.detail()).contains("no key can be made", "The log of that node");
        });
    assertThat(new Alarms(database).standing().getFirst().times()).isEqualTo(1);

    succeeds(jobs);
    look(jobs, "one:1");
    assertThat(standing()).isEmpty();
  }

  @Test
  @DisplayName("of this node: what another succeeds at ends nothing, and a restart is no success")
  void of_one_node() {
    var jobs = jobs();
    fails(jobs);
    nanos.set(JobWatch.LONG.toNanos());
    look(jobs, "one:1");

    var other = jobs();
    succeeds(other);
    look(other, "two:1");
    var restarted = jobs();
    look(restarted, "one:1");
    assertThat(standing()).hasSize(1);
    succeeds(restarted);
    look(restarted, "one:1");
    assertThat(standing()).isEmpty();
  }

  @Test
  @DisplayName("or does not come to an end with for so long beyond its pause, until it succeeds")
  void hangs() {
    var jobs = jobs();
    succeeds(jobs);
    assertThat(jobs.attempt("the keys", PAUSE, () -> takesLong(jobs))).isTrue();
    look(jobs, "one:1");
    assertThat(standing()).isEmpty();
  }

  private void takesLong(Jobs jobs) {
    var began = clock.instant();
    nanos.set(JobWatch.LONG.plus(PAUSE).toNanos() - 1);
    look(jobs, "one:1");
    assertThat(standing()).isEmpty();

    nanos.incrementAndGet();
    clock.advance(JobWatch.LONG.plus(PAUSE));
    look(jobs, "one:1");
    look(jobs, "one:1");
    assertThat(standing())
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.subject()).isEqualTo("the keys at one:1");
          assertThat(alarm.detail()).contains("has been running since " + began);
        });
  }

  @Test
  @DisplayName("but not because the database was away: what comes back with it is no alarm")
  void after_an_outage() {
    var jobs = jobs();
    var watch = new JobWatch(jobs, database, "one:1", clock);
    fails(jobs);
    nanos.set(JobWatch.LONG.toNanos());
    rename("alarm", "away");
    assertThatThrownBy(watch::look).isInstanceOf(DatabaseException.class);
    rename("away", "alarm");
    watch.look();
    assertThat(standing()).as("nothing had a chance").isEmpty();

    watch.look();
    assertThat(standing()).as("it fails still").hasSize(1);
  }

  private void rename(String table, String to) {
    var rename = "ALTER TABLE %s RENAME TO %s".formatted(table, to);
    var _ = database.write(connection -> new Statements(connection).update(rename));
  }
}
