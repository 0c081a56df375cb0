package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.Reload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a node does by the clock")
class UpkeepTest {
  private static final Reload BROKEN =
      new Reload.Refused(List.of(new Fault(Path.of("clients.yaml"), 1, "is broken")));
  private static final Reload GOOD = new Reload.Loaded("2");

  private Database database;
  private Upkeep upkeep;

  @BeforeEach
  void open(@TempDir Path folder) {
    var clock = new TestClock();
    database = Database.open(TestDatabases.sqlite(folder), clock);
    upkeep =
        new Upkeep(
            new AuditLog(database),
            DenySet.following(database),
            new Expired(database, Duration.ofDays(31)),
            new Jobs(),
            clock,
            Duration.ofMillis(20));
  }

  @AfterEach
  void close() {
    upkeep.close();
    database.close();
  }

  private static Reload next(AtomicReference<Reload> news) {
    return news.getAndSet(new Reload.Unchanged());
  }

  @Test
  @DisplayName("A changed file is taken over within a second, whatever else takes long")
  void files_do_not_wait() throws Exception {
    var busy = new CountDownLatch(3);
    var never = new CountDownLatch(1);
    upkeep.everyMinute("a", () -> waiting(busy, never));
    upkeep.everyMinuteUnhurried("b", () -> waiting(busy, never));
    upkeep.everyMinuteUnhurried("c", () -> waiting(busy, never));
    assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();

    var news = new AtomicReference<Reload>(new Reload.Unchanged());
    upkeep.watch("policy", () -> next(news), () -> "1");
    news.set(BROKEN);
    Soon.until("the file is refused", () -> upkeep.refused().containsKey("policy"));
    var looked = new CountDownLatch(1);
    upkeep.everyMinuteAlone("what hangs", looked::countDown);
    assertThat(looked.await(20, TimeUnit.SECONDS)).as("the watch does not wait either").isTrue();
  }

  @Test
  @DisplayName("of two files of one kind the broken one is named, until it is whole again")
  void two_of_a_kind() throws Exception {
    var broker = new AtomicReference<Reload>(BROKEN);
    var ras = new AtomicReference<Reload>(new Reload.Unchanged());
    upkeep.watch("clients", "clients of the broker", () -> next(broker), () -> "b");
    upkeep.watch("clients", "clients of the ras", () -> next(ras), () -> "r");
    Soon.until(
        "the broken one is refused", () -> upkeep.refused().containsKey("clients of the broker"));

    ras.set(GOOD);
    Soon.until("both were looked at", () -> recorded() == 3);
    assertThat(upkeep.refused()).containsOnlyKeys("clients of the broker");
    broker.set(GOOD);
    Soon.until("it is whole again", () -> upkeep.refused().isEmpty());
  }

  private long recorded() {
    return new AuditLog(database).query(AuditQuery.newest(9).ofType("clients.loaded")).size();
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
