package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.schedule.Jobs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a node fails at for a quarter of an hour is an alarm")
class JobWatchTest {
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
              () -> {
                throw new IllegalStateException("no key\ncan be made");
              });
    }
  }

  private static void succeeds(Jobs jobs) {
    var _ = jobs.attempt("the keys", () -> {});
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
}
