package dev.lanyard.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node whose clock differs from the database's by minutes raises an alarm")
class ClockWatchTest {
  private static List<String> alarms(DatabaseConfig config, Duration off) {
    InstantSource clock = () -> InstantSource.system().instant().plus(off);
    try (var database = Database.open(config, clock)) {
      new ClockWatch(database, "one:1", clock).look();
      return new Alarms(database).standing().stream().map(one -> one.alarm().detail()).toList();
    }
  }

  @Test
  void ahead() {
    assertThat(alarms(TestDatabases.postgres(), Duration.ofHours(2)))
        .singleElement()
        .asString()
        .matches("the clock of this node is 7\\d\\d\\d s ahead of that of the database.*");
  }

  @Test
  void behind() {
    assertThat(alarms(TestDatabases.postgres(), Duration.ofHours(-2)))
        .singleElement()
        .asString()
        .matches("the clock of this node is 7\\d\\d\\d s behind that of the database.*");
  }

  @Test
  void as_clocks_differ_that_somebody_sets() {
    assertThat(alarms(TestDatabases.postgres(), Duration.ofSeconds(60))).isEmpty();
  }

  @Test
  void the_embedded_database_has_the_clock_of_its_machine(@TempDir Path folder) {
    assertThat(alarms(TestDatabases.sqlite(folder), Duration.ofHours(2))).isEmpty();
  }

  @Test
  @DisplayName(
      "which ends when its clock is right again, also after a restart, and no other's does")
  void ends() {
    var off = new AtomicReference<>(Duration.ofHours(2));
    InstantSource clock = () -> InstantSource.system().instant().plus(off.get());
    try (var database = Database.open(TestDatabases.postgres(), clock)) {
      new ClockWatch(database, "one:1", clock).look();
      var two = new ClockWatch(database, "two:1", clock);
      two.look();
      off.set(Duration.ZERO);
      two.look();
      assertThat(subjects(database)).containsExactly("one:1");
      new ClockWatch(database, "one:1", clock).look();
      assertThat(subjects(database)).isEmpty();

      off.set(Duration.ofHours(-2));
      two.look();
      assertThat(subjects(database)).containsExactly("two:1");
    }
  }

  @Test
  void or_when_its_node_has_not_been_seen_for_a_day() {
    var clock = InstantSource.system();
    try (var database = Database.open(TestDatabases.postgres(), clock)) {
      for (int hours : List.of(23, 25)) {
        var at = clock.instant().minus(Duration.ofHours(hours));
        new Alarms(database).raise(new Alarm(ClockWatch.ALARM, "pod-" + hours, "2 h ahead", at));
        new Alarms(database).raise(new Alarm("another", "pod-" + hours, "failed", at));
      }
      new ClockWatch(database, "one:1", clock).look();
      assertThat(new Alarms(database).standing())
          .filteredOn(one -> one.alarm().kind().equals(ClockWatch.ALARM))
          .extracting(one -> one.alarm().subject())
          .containsExactly("pod-23");
      assertThat(subjects(database)).hasSize(3);
    }
  }

  private static List<String> subjects(Database database) {
    return new Alarms(database).standing().stream().map(one -> one.alarm().subject()).toList();
  }
}
