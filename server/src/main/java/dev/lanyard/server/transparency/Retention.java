package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.Alterations;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.EventType;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Proof;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import dev.lanyard.server.tlog.Tree;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Removes records that are kept for a time only ([RetentionTimes]). Their leaves stay, so that the
/// log verifies; what was removed is signed and recorded, and verification tells it from what is
/// missing.
///
/// Only records that are covered are removed, and none that a hold is about. A record is believed
/// only if the signed root proves its line: otherwise somebody who gives a row another time or type
/// would have it removed, and the removal signed. What is not proved stays, and an alarm stands.
///
/// A step reads and proves without holding anything, and then removes in one short transaction,
/// which does nothing if anything has become of the tree meanwhile, or while another key takes
/// over: what a former key has signed counts only where its successor has covered it. Old tiles are
/// not read again before something in them expires. Thread-safe.
final class Retention {
  private static final int TILES = 16;
  private static final int ATTEMPTS = 10;
  private static final String ABOUT_ITSELF = "audit.";

  private final Database database;
  private final LogKeys keys;
  private final InstantSource clock;
  private final RetentionTimes kept;

  /// Until when the tiles from a number on need not be looked at. As far as this process knows.
  private final Map<Long, Instant> rests = new ConcurrentHashMap<>();

  Retention(Database database, LogKeys keys, InstantSource clock, RetentionTimes kept) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
    this.kept = kept;
  }

  /// Removes everything that has expired.
  ///
  /// @return how many records
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot
  /// @throws DamagedLogException if the tree is not the one that was signed
  /// @throws Tree.MissingTileException if a part of it is missing
  int run() {
    if (kept.isForEver()) {
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
    TransparencyLog.alarm(database, keys.signer().publicKey(), clock, what);
  }

  private int removed() {
    var now = clock.instant();
    int removed = 0;
    var doubted = new TreeSet<Long>();
    boolean isMore = true;
    for (long tile = 0; isMore; tile += TILES) {
      if (!rests.getOrDefault(tile, Instant.EPOCH).isAfter(now)) {
        var found = removed(tile, now);
        removed += found.expired.size();
        doubted.addAll(found.doubted);
        isMore = found.isMore;
      }
    }
    if (!doubted.isEmpty()) {
      alarm(
          ("%d records seem to have expired and are not what was recorded; they are kept,"
                  + " the first is record %d")
              .formatted(doubted.size(), doubted.first()));
    }
    return removed;
  }

  /// Looks at a few tiles, and removes what has expired in them. While it looked the tree may have
  /// grown: then it looks again. Whoever is overtaken ever again leaves it to the next hour.
  private Found removed(long tile, Instant now) {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      var found = database.read(connection -> look(connection, tile, now));
      if (found.expired.isEmpty() || database.write(connection -> remove(connection, found, now))) {
        found.rests.ifPresent(until -> rests.put(tile, until));
        return found;
      }
    }
    return Found.NOTHING;
  }

  /// Something that is to be removed.
  private record Expired(long leaf, long sequence, Removal.Expiry why) {}

  /// What a look has found in a few tiles.
  ///
  /// @param state of the tree as it was; of no use if nothing has expired
  /// @param doubted numbers of records that the log does not prove
  /// @param rests until when they need not be looked at again; empty if that is not known
  /// @param isMore whether younger tiles may have something that has expired
  private record Found(
      Optional<LogState> state,
      List<Expired> expired,
      List<Long> doubted,
      Optional<Instant> rests,
      boolean isMore) {
    static final Found NOTHING =
        new Found(Optional.empty(), List.of(), List.of(), Optional.empty(), false);
  }

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

  /// Reads and proves; nobody waits for it.
  private Found look(Connection connection, long from, Instant now) throws SQLException {
    var tables = new LogTables(connection);
    var state = tables.state();
    var tiles = tables.tiles(from, TILES);
    if (state.isEmpty() || tiles.isEmpty()) {
      return Found.NOTHING;
    }
    var proven = new Proven(keys.signed(state.get()), tiles, tables.tiles());
    var sorting = new Sorting(proven, Holds.standing(connection), now);
    for (var one : tiles) {
      sorting.add(one, tables.records(one.sequences()));
    }
    boolean all = tiles.size() == TILES;
    boolean full = all && tiles.stream().allMatch(one -> proven.covered(one.tile()) == Tile.WIDTH);
    return new Found(
        state,
        sorting.expired,
        sorting.doubted,
        full ? Optional.of(sorting.next) : Optional.empty(),
        all && sorting.old);
  }

  /// Sorts the records of a few tiles.
  private final class Sorting {
    private final Proven proven;
    private final List<Holds.Hold> holds;
    private final Instant now;
    private final Instant oldest;
    private final List<Expired> expired = new ArrayList<>();
    private final List<Long> doubted = new ArrayList<>();

    /// When the next of those that stay expires.
    private Instant next = Instant.MAX;

    /// Whether there is anything that is older than the shortest time.
    private boolean old;

    Sorting(Proven proven, List<Holds.Hold> holds, Instant now) {
      this.proven = proven;
      this.holds = holds;
      this.now = now;
      this.oldest = kept.shortest().map(now::minus).orElse(Instant.MIN);
    }

    void add(LogTables.Leaves leaves, List<StoredRecord> records) {
      old |= records.isEmpty();
      var due = new ArrayList<StoredRecord>();
      for (var record : records) {
        old |= isBefore(record, oldest);
        var end = end(record);
        if (!end.isAfter(now)
            && leaves.sequences().indexOf(record.sequence()) < proven.covered(leaves.tile())
            && isFree(record, holds)) {
          due.add(record);
        } else if (end.isBefore(next)) {
          next = end;
        }
      }
      boolean known = !due.isEmpty() && proven.has(leaves.tile());
      for (var record : due) {
        int place = leaves.sequences().indexOf(record.sequence());
        if (known && proven.has(leaves.tile(), place, record)) {
          long leaf = leaves.tile().number() * Tile.WIDTH + place;
          expired.add(new Expired(leaf, record.sequence(), expiry(record, now)));
        } else {
          doubted.add(record.sequence());
          next = now;
        }
      }
    }
  }

  /// @return whether nothing has become of the tree since the look: no step, hold or erasure
  private boolean remove(Connection connection, Found found, Instant now) throws SQLException {
    var before = found.state.orElseThrow();
    if (!new LogTables(connection).replace(before, before.overtaken())
        || !keys.isSettled(connection, before)) {
      return false;
    }
    var numbers = found.expired.stream().map(Expired::sequence).toList();
    Alterations.remove(connection, numbers);
    var byReason = new LinkedHashMap<Removal.Expiry, TreeSet<Long>>();
    for (var one : found.expired) {
      byReason.computeIfAbsent(one.why, _ -> new TreeSet<>()).add(one.leaf);
    }
    for (var one : byReason.entrySet()) {
      AuditLog.append(
          connection,
          AuditEvent.of(
              Removal.TYPE,
              Outcome.SUCCESS,
              now,
              "retention",
              Removal.of(one.getKey(), one.getValue()).evidence(keys.signer(), now)));
    }
    return true;
  }

  private static boolean isFree(StoredRecord record, List<Holds.Hold> holds) {
    return holds.stream().noneMatch(hold -> hold.isAbout(record.person(), record.organisation()));
  }

  private static boolean isBefore(StoredRecord record, Instant instant) {
    return Instant.ofEpochMilli(record.at()).isBefore(instant);
  }

  /// Why something that is due is removed.
  private Removal.Expiry expiry(StoredRecord record, Instant now) {
    var its = type(record).orElseThrow();
    return new Removal.Expiry(
        its,
        kept.owner(its, record.organisation()),
        now.minus(kept.life(its, record.organisation()).orElseThrow()));
  }

  /// What the log has recorded about itself has no class here and is kept: verification needs it,
  /// and whoever asks who was erased and held.
  private static Optional<EventClass> type(StoredRecord record) {
    return EventType.named(record.type())
        .filter(_ -> !record.type().startsWith(ABOUT_ITSELF))
        .map(EventType::eventClass);
  }

  /// From when on it is kept no longer.
  private Instant end(StoredRecord record) {
    return type(record)
        .flatMap(its -> kept.life(its, record.organisation()))
        .map(life -> Instant.ofEpochMilli(record.at()).plus(life).plusMillis(1))
        .orElse(Instant.MAX);
  }
}
