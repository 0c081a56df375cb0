package dev.lanyard.server.console.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.desk.Motion.Kind;
import dev.lanyard.server.console.desk.Motion.State;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Decision 84: what waits for a second administrator lapses after a week")
class MotionsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Instant A_WEEK_ON = NOW.plus(Duration.ofDays(7));

  @TempDir private Path folder;
  private Database database;
  private Motions motions;

  @BeforeEach
  void open() {
    database = Database.open(TestDatabases.sqlite(folder), InstantSource.fixed(NOW));
    motions = new Motions(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private boolean ask(String id, Instant at) {
    var wish = new Motions.Wish("engineering", "admins");
    return database.write(connection ->
        Motions.ask(connection, Motions.made(id, Kind.GROUPS, "mover", wish, "why", "ada", at)));
  }

  private boolean done(String id, Instant at) {
    return database.write(connection -> Motions.end(connection, id, State.DONE, "", "bob", at));
  }

  @Test
  @DisplayName("until then it waits, alone about the same, and is ended once")
  void waits() {
    assertThat(ask("first", NOW)).isTrue();
    assertThat(ask("second", A_WEEK_ON.minusMillis(1))).isFalse();
    assertThat(motions.open(A_WEEK_ON.minusMillis(1))).extracting(Motion::id).containsOnly("first");
    assertThat(done("first", A_WEEK_ON.minusMillis(1))).isTrue();
    assertThat(done("first", A_WEEK_ON.minusMillis(1))).isFalse();
  }

  @Test
  @DisplayName("from then on nobody can agree, and the same may be asked for again")
  void lapses() {
    assertThat(ask("first", NOW)).isTrue();
    assertThat(motions.open(A_WEEK_ON)).isEmpty();
    assertThat(done("first", A_WEEK_ON)).isFalse();
    assertThat(ask("second", A_WEEK_ON)).isTrue();
    assertThat(motions.find("first").orElseThrow().state()).isEqualTo(State.LAPSED);
    assertThat(done("first", NOW)).as("lapsed for good").isFalse();
    assertThat(done("second", A_WEEK_ON)).isTrue();
  }
}
