package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.EventType;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.tlog.NoteSigner;
import dev.lanyard.server.tlog.Tile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Removes records whose class is kept for a time only. Their leaves stay, so that the log
/// verifies; what was removed is signed and recorded, and verification tells it from what is
/// missing.
///
/// Only records that are covered are removed, and none that a hold is about. A step is one
/// transaction that does nothing if another node has made one. Thread-safe.
final class Retention {
  private static final int TILES = 16;

  private final Database database;
  private final NoteSigner signer;
  private final InstantSource clock;
  private final Map<EventClass, Duration> kept;

  /// @param kept how long; classes that are not in it are kept for ever
  Retention(
      Database database, NoteSigner signer, InstantSource clock, Map<EventClass, Duration> kept) {
    this.database = database;
    this.signer = signer;
    this.clock = clock;
    this.kept = Map.copyOf(kept);
  }

  /// Removes everything that has expired.
  ///
  /// @return how many records
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot
  int run() {
    if (kept.isEmpty()) {
      return 0;
    }
    var now = clock.instant();
    int removed = 0;
    long tile = 0;
    Step step;
    do {
      long from = tile;
      step = database.write(connection -> step(connection, from, now));
      removed += step.removed;
      tile += TILES;
    } while (step.isMore);
    return removed;
  }

  /// @param isMore whether younger tiles may have something that has expired
  private record Step(int removed, boolean isMore) {}

  private Step step(Connection connection, long from, Instant now) throws SQLException {
    var tables = new LogTables(connection);
    var state = tables.state();
    var tiles = tables.tiles(0, from, TILES);
    if (state.isEmpty() || tiles.isEmpty()) {
      return new Step(0, false);
    }
    var holds = Holds.standing(connection);
    var leaves = new TreeSet<Long>();
    var numbers = new ArrayList<Long>();
    boolean old = false;
    for (var one : tiles) {
      var records = tables.records(one.sequences());
      old |= records.isEmpty();
      for (var record : records) {
        old |= isBefore(record, now.minus(shortest()));
        if (isExpired(record, now) && isFree(record, holds)) {
          long place = one.sequences().indexOf(record.sequence());
          leaves.add(one.tile().number() * Tile.WIDTH + place);
          numbers.add(record.sequence());
        }
      }
    }
    boolean free = !numbers.isEmpty() && tables.replace(state.get(), state.get().overtaken());
    if (free) {
      remove(connection, numbers, leaves, now);
    }
    return new Step(free ? numbers.size() : 0, old && tiles.size() == TILES);
  }

  private void remove(Connection connection, List<Long> numbers, TreeSet<Long> leaves, Instant now)
      throws SQLException {
    for (var some : Chunks.of(numbers, Statements.MOST_IN_LIST)) {
      new Statements(connection)
          .update("DELETE FROM audit WHERE seq IN " + Statements.inList(some), some.toArray());
    }
    AuditLog.append(
        connection,
        AuditEvent.of(
            Removal.TYPE,
            Outcome.SUCCESS,
            now,
            "retention",
            Removal.of(leaves).evidence(signer, now)));
  }

  private Duration shortest() {
    return kept.values().stream().min(Duration::compareTo).orElseThrow();
  }

  private static boolean isFree(StoredRecord record, List<Holds.Hold> holds) {
    return holds.stream().noneMatch(hold -> hold.isAbout(record.person(), record.organisation()));
  }

  private static boolean isBefore(StoredRecord record, Instant instant) {
    return Instant.ofEpochMilli(record.at()).isBefore(instant);
  }

  /// What retention itself has recorded is kept: verification needs it.
  private boolean isExpired(StoredRecord record, Instant now) {
    return !record.type().equals(Removal.TYPE)
        && EventType.named(record.type())
            .map(EventType::eventClass)
            .map(kept::get)
            .filter(life -> isBefore(record, now.minus(life)))
            .isPresent();
  }
}
