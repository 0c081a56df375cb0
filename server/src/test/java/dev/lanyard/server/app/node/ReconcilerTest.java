package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.schedule.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The reconciliation in the background")
class ReconcilerTest {
  private static final Duration SOON = Duration.ofMillis(20);

  @Test
  @DisplayName("while it works or rests, alarms are counted")
  void alarms_are_counted_meanwhile(@TempDir Path folder) throws Exception {
    var clock = new TestClock();
    var begun = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    try (var database = Database.open(TestDatabases.sqlite(folder), clock);
        var reconciler =
            new Reconciler(
                () -> waiting(begun, never), new Alarms(database), new Jobs(), SOON, SOON)) {
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      new Alarms(database).raise(new Alarm("test", "one", "look at it", clock.instant()));
      Soon.until("the alarm is counted", () -> reconciler.alarms() == 1);
      assertThat(reconciler.alarmsByKind()).containsEntry("test", 1);
    }
  }

  private static void waiting(CountDownLatch begun, CountDownLatch until) {
    begun.countDown();
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
