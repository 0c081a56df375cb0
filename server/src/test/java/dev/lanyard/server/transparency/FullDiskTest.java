package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database may not grow by more than a few pages, and says of itself that the disk is full:
/// the same fault as that of a file system without room.
@DisplayName("Issue 8, bad input: a full disk loses nothing that was acknowledged")
class FullDiskTest {
  private static final int BATCH = 20;

  @TempDir private Path folder;
  private Auditing auditing;

  @BeforeEach
  void open() {
    auditing = new Auditing(TestDatabases.sqlite(folder));
    auditing.record(0, 300);
    auditing.sequencer.run();
  }

  @AfterEach
  void close() {
    auditing.close();
  }

  private long pragma(String text) {
    return auditing.database.write(connection ->
        new Statements(connection).first("PRAGMA " + text, rows -> rows.getLong(1)).orElseThrow());
  }

  /// Records as long as there is room.
  ///
  /// @return how many records were acknowledged
  private int fill() {
    int acknowledged = 0;
    while (acknowledged < 100_000) {
      try {
        auditing.record(1_000 + acknowledged, BATCH);
        acknowledged += BATCH;
      } catch (DatabaseException e) {
        return acknowledged;
      }
    }
    throw new AssertionError("the disk is never full");
  }

  @Test
  @DisplayName("Recording stops with a fault, the tree stays as it was, and both go on with room")
  void full() {
    long pages = pragma("page_count");
    pragma("max_page_count = " + (pages + 6));
    int acknowledged = fill();
    var before = auditing.checkpoint();
    int covered = covered();

    assertThat(acknowledged).isPositive();
    assertThat(auditing.sequences()).hasSize(300 + acknowledged);
    assertThat(auditing.extend(before)).isTrue();
    assertThat(auditing.verify().findings()).isEmpty();

    pragma("max_page_count = " + pages * 100);
    covered += auditing.sequencer.run();
    auditing.record(200_000, BATCH);
    covered += auditing.sequencer.run();

    assertThat(covered).isEqualTo(acknowledged + BATCH);
    assertThat(auditing.extend(before)).isTrue();
    var report = auditing.verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verified()).isEqualTo(300 + acknowledged + BATCH);
  }

  /// A step needs room as well: it grows the tree wholly or not at all.
  private int covered() {
    try {
      return auditing.sequencer.run();
    } catch (DatabaseException e) {
      return 0;
    }
  }
}
