package dev.lanyard.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SetbackAlarmTest {
  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  @DisplayName("Of several nodes that know more than the record one raises the alarm")
  void once() throws Exception {
    var config = TestDatabases.postgres();
    var clock = InstantSource.fixed(NOW);
    try (var one = Database.open(config, clock);
        var other = Database.open(config, clock)) {
      SetbackAlarm.on(one);
      SetbackAlarm.on(other);
      long last = append(one);
      other.changes().awaitApplied(last, SOON);
      one.changes().awaitApplied(last, SOON);
      one.write(connection -> new Statements(connection).update("DELETE FROM change"));

      TestDatabases.outage(config).close();
      other.changes().awaitApplied(last + 1, SOON);
      one.changes().awaitApplied(last + 1, SOON);

      assertThat(new Alarms(one).standing())
          .extracting(Alarms.Standing::alarm)
          .extracting(Alarm::kind, Alarm::subject, Alarm::at)
          .containsExactly(tuple(SetbackAlarm.ALARM, "change " + last, NOW));
    }
  }

  private static long append(Database database) {
    return database
        .write(connection -> database.changes().append(connection, "test", JsonObject.EMPTY))
        .sequence();
  }
}
