package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-5: a gateway alone records, and says so when nobody covers what it records")
class GrowthWatchTest {
  @TempDir private Path folder;

  private static List<String> alarms(Auditing auditing) {
    return new Alarms(auditing.database)
        .standing().stream().map(one -> one.alarm().kind()).toList();
  }

  @Test
  @DisplayName("After five minutes an alarm stands, until a server with the key has covered it")
  void nobody_grows_it() {
    try (var auditing = new Auditing(TestDatabases.sqlite(folder))) {
      var watch = new GrowthWatch(auditing.database, auditing.clock);
      watch.look();
      auditing.record(0, 3);
      auditing.clock.advance(Duration.ofMinutes(4));
      watch.look();
      assertThat(alarms(auditing)).isEmpty();
      auditing.clock.advance(Duration.ofMinutes(2));
      watch.look();
      assertThat(alarms(auditing)).containsExactly(GrowthWatch.ALARM);

      auditing.sequencer.run();
      watch.look();

      assertThat(alarms(auditing)).isEmpty();
      auditing.clock.advance(Duration.ofDays(1));
      watch.look();
      assertThat(alarms(auditing)).as("nothing is recorded, nothing waits").isEmpty();
    }
  }
}
