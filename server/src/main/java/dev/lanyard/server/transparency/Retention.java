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
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.NoteSigner;
import dev.lanyard.server.tlog.Proof;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import dev.lanyard.server.tlog.Tree;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Removes records whose class is kept for a time only. Their leaves stay, so that the log
/// verifies; what was removed is signed and recorded, and verification tells it from what is
/// missing.
///
/// Only records that are covered are removed, and none that a hold is about. A record is believed
/// only if the signed root proves its line: otherwise somebody who gives a row another time or type
/// would have it removed, and the removal signed. What is not proved stays, and an alarm stands. A
/// step is one transaction that does nothing if another node has made one. Thread-safe.
final class Retention {
  private static final int TILES = 16;
  private static final String ABOUT_ITSELF = "audit.";

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
  /// @throws DamagedLogException if the tree is not the one that was signed
  /// @throws Tree.MissingTileException if a part of it is missing
  int run() {
    if (kept.isEmpty()) {
      return 0;
    }
    try {
      return removed();
    } catch (DamagedLogException | Tree.MissingTileException e) {
      alarm("no records can be removed from the audit log: " + e.getMessage());
      throw e;
    }
  }

  private void alarm(String what) {
    TransparencyLog.alarm(database, signer.publicKey(), clock, what);
  }

  private int removed() {
    var now = clock.instant();
    int removed = 0;
    var doubted = new TreeSet<Long>();
    long tile = 0;
    Step step;
    do {
      long from = tile;
      step = database.write(connection -> step(connection, from, now));
      removed += step.removed;
      doubted.addAll(step.doubted);
      tile += TILES;
    } while (step.isMore);
    if (!doubted.isEmpty()) {
      alarm(
          ("%d records seem to have expired and are not what was recorded; they are kept,"
                  + " the first is record %d")
              .formatted(doubted.size(), doubted.first()));
    }
    return removed;
  }

  /// @param doubted numbers of records that the log does not prove
  /// @param isMore whether younger tiles may have something that has expired
  private record Step(int removed, List<Long> doubted, boolean isMore) {}

  /// Tells of the leaves of a few tiles whether they are what was signed.
  private static final class Proven {
    private final Checkpoint checkpoint;
    private final Tree tree;

    /// @param some tiles of level 0, each read once
    Proven(Checkpoint checkpoint, List<LogTables.Leaves> some, Tiles all) {
      var read =
          some.stream()
              .map(LogTables.Leaves::tile)
              .collect(Collectors.toMap(Tile::number, Function.identity()));
      this.checkpoint = checkpoint;
      this.tree =
          Tree.of(
              checkpoint.size(),
              (level, number) ->
                  level == 0 && read.containsKey(number)
                      ? Optional.of(read.get(number))
                      : all.find(level, number));
    }

    /// The path of any leaf is made of all the others in its tile, so one proves them all.
    boolean has(Tile tile) {
      long first = tile.number() * Tile.WIDTH;
      return Proof.includes(
          checkpoint.root(),
          checkpoint.size(),
          tile.hashes().getFirst(),
          first,
          tree.inclusion(first));
    }

    /// How many leaves of a tile the checkpoint covers.
    int covered(Tile tile) {
      return Tile.width(0, tile.number(), checkpoint.size());
    }

    /// @param tile that it has
    boolean has(Tile tile, int place, StoredRecord record) {
      return place < tile.width() && tile.hashes().get(place).equals(Hash.leaf(record.line()));
    }
  }

  private Step step(Connection connection, long from, Instant now) throws SQLException {
    var tables = new LogTables(connection);
    var state = tables.state();
    var tiles = tables.tiles(0, from, TILES);
    if (state.isEmpty() || tiles.isEmpty()) {
      return new Step(0, List.of(), false);
    }
    var proven = new Proven(state.get().signed(signer.publicKey()), tiles, tables.tiles());
    var holds = Holds.standing(connection);
    var leaves = new TreeSet<Long>();
    var numbers = new ArrayList<Long>();
    var doubted = new ArrayList<Long>();
    boolean old = false;
    for (var one : tiles) {
      var records = tables.records(one.sequences());
      old |= records.isEmpty();
      var expired = new ArrayList<StoredRecord>();
      for (var record : records) {
        old |= isBefore(record, now.minus(shortest()));
        boolean covered = one.sequences().indexOf(record.sequence()) < proven.covered(one.tile());
        if (covered && isExpired(record, now) && isFree(record, holds)) {
          expired.add(record);
        }
      }
      boolean known = !expired.isEmpty() && proven.has(one.tile());
      for (var record : expired) {
        int place = one.sequences().indexOf(record.sequence());
        if (known && proven.has(one.tile(), place, record)) {
          leaves.add(one.tile().number() * Tile.WIDTH + place);
          numbers.add(record.sequence());
        } else {
          doubted.add(record.sequence());
        }
      }
    }
    boolean free = !numbers.isEmpty() && tables.replace(state.get(), state.get().overtaken());
    if (free) {
      remove(connection, numbers, leaves, now);
    }
    return new Step(free ? numbers.size() : 0, doubted, old && tiles.size() == TILES);
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

  /// What the log has recorded about itself is kept: verification needs it, and whoever asks who
  /// was erased and held.
  private boolean isExpired(StoredRecord record, Instant now) {
    return !record.type().startsWith(ABOUT_ITSELF)
        && EventType.named(record.type())
            .map(EventType::eventClass)
            .map(kept::get)
            .filter(life -> isBefore(record, now.minus(life)))
            .isPresent();
  }
}
