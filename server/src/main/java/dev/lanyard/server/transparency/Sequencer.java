package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Growth;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tree;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/// Puts records that were committed into the tree, and signs it.
///
/// A step reads without holding anything, computes, and writes everything in one transaction, which
/// does nothing unless the tree is as it was read: whatever dies or overtakes whom, the tree either
/// grows by a step or stays, and is never grown in two ways.
///
/// Records become visible in another order than that of their numbers, because transactions end in
/// another order than they begin. Numbers that are passed over are kept as gaps and looked at
/// again: often at first, then from time to time, and after a day no more. What turns up then is
/// told by verification and not taken in.
///
/// The tree that is read is compared with what was signed before anything is added to it, and with
/// what this process has seen: otherwise the next signature would make good whatever somebody has
/// changed in the database. A process that has just begun cannot know what there was before; only
/// checkpoints that are kept outside tell. Thread-safe.
final class Sequencer {
  /// How long a node may go on before another takes the turn.
  static final Duration TURN = Duration.ofSeconds(10);

  /// No transaction of ours lives for so long.
  static final Duration GAP_OPEN = Duration.ofDays(1);

  private static final Duration GAP_YOUNG = Duration.ofMinutes(2);
  private static final Duration OLD_GAPS_EVERY = Duration.ofMinutes(1);
  private static final int MOST = 16 * Tile.WIDTH;

  private final Database database;
  private final LogKeys keys;
  private final PersonKeys people;
  private final InstantSource clock;
  private final String node;
  private final AtomicReference<Known> known = new AtomicReference<>(Known.NOTHING);
  private volatile Instant oldGaps = Instant.EPOCH;
  private volatile long size;

  /// @param people conceals what is personal before it becomes a leaf
  /// @param node names this one among all
  Sequencer(Database database, LogKeys keys, PersonKeys people, InstantSource clock, String node) {
    this.database = database;
    this.keys = keys;
    this.people = people;
    this.clock = clock;
    this.node = node;
  }

  /// The largest tree that this process has signed or has seen signed.
  ///
  /// @param lookedAt moves only when the tree grows
  /// @param checkpoint as it is in the database, signature and all
  private record Known(long size, Hash root, long lookedAt, String checkpoint) {
    static final Known NOTHING = new Known(0, Hash.EMPTY, 0, "");

    /// Whether it is the same octet for octet, so that its signature need not be verified again.
    boolean is(LogState state) {
      return size == state.size()
          && lookedAt == state.lookedAt()
          && checkpoint.equals(state.checkpoint());
    }

    /// Looks that overlap may end in another order.
    static Known larger(Known one, Known other) {
      return other.size > one.size ? other : one;
    }
  }

  /// What a step has read.
  ///
  /// @param state of the tree
  /// @param gaps that were looked at
  /// @param late records that have turned up in them
  /// @param fresh records after all that were seen
  /// @param leaves all of them as they become leaves
  /// @param edge the numbers of the records in the last tile of level 0
  private record Seen(
      LogState state,
      List<Gap> gaps,
      List<StoredRecord> late,
      List<StoredRecord> fresh,
      PersonKeys.Concealed leaves,
      Growth growth,
      List<Long> edge) {

    List<StoredRecord> records() {
      return leaves.records();
    }

    boolean isMore() {
      return fresh.size() == MOST || late.size() == MOST;
    }
  }

  /// Takes in everything that is there, if it is this node's turn.
  ///
  /// @return how many records
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot; nothing is lost
  /// @throws DamagedLogException if the tree is not the one that was signed
  /// @throws Tree.MissingTileException if a part of it is missing
  int run() {
    int taken = 0;
    Optional<Seen> seen;
    do {
      seen = look();
      if (seen.isPresent() && extend(seen.get())) {
        taken += seen.get().records().size();
      }
    } while (seen.isPresent() && seen.get().isMore());
    return taken;
  }

  /// How many records were in the tree at the last look.
  long size() {
    return size;
  }

  /// @return empty if there is nothing to do, or it is another node's turn
  private Optional<Seen> look() {
    var now = clock.instant();
    boolean alsoOld = !oldGaps.plus(OLD_GAPS_EVERY).isAfter(now);
    // Before the state is read: another thread may make a step meanwhile.
    var before = known.get();
    var seen = database.read(connection -> look(connection, before, now, alsoOld));
    if (alsoOld && seen.filter(Seen::isMore).isEmpty()) {
      oldGaps = now;
    }
    return seen;
  }

  private Optional<Seen> look(Connection connection, Known before, Instant now, boolean alsoOld)
      throws SQLException {
    var tables = new LogTables(connection);
    var state = tables.state().orElseGet(this::none);
    size = state.size();
    var root = root(state, before);
    if (!state.isFree(node, now, TURN)) {
      return Optional.empty();
    }
    var gaps = tables.gaps(alsoOld ? Instant.EPOCH : now.minus(GAP_YOUNG));
    var late = tables.in(gaps, Long.MIN_VALUE, MOST);
    var fresh = tables.following(state.lookedAt(), MOST);
    if (late.isEmpty() && fresh.isEmpty()) {
      return Optional.empty();
    }
    var growth = Growth.of(state.size(), tables.tiles());
    if (!growth.root().equals(root) || !isExtended(before, state.size(), tables)) {
      throw new DamagedLogException("the tree is not the one that was signed");
    }
    var edge =
        tables
            .tile(0, state.size() / Tile.WIDTH)
            .map(LogTables.Leaves::sequences)
            .orElse(List.of());
    int width = (int) (state.size() % Tile.WIDTH);
    var leaves = people.conceal(connection, Stream.concat(late.stream(), fresh.stream()).toList());
    return Optional.of(new Seen(state, gaps, late, fresh, leaves, growth, first(edge, width)));
  }

  /// What was signed of the tree.
  ///
  /// @throws DamagedLogException if nothing was, or less or something else than before
  private Hash root(LogState state, Known before) {
    if (state.size() < before.size()) {
      throw new DamagedLogException(
          "the tree has %d leaves, and had %d".formatted(state.size(), before.size()));
    }
    if (state.size() == 0) {
      return Hash.EMPTY;
    }
    if (before.is(state)) {
      return before.root();
    }
    var root = keys.signed(state).root();
    var now = new Known(state.size(), root, state.lookedAt(), state.checkpoint());
    if (state.size() == before.size() && !now.equals(before)) {
      throw new DamagedLogException("the tree is another one than before, and has not grown");
    }
    known.accumulateAndGet(now, Known::larger);
    return root;
  }

  /// Whether the tree that this process knows is the beginning of the one that is there.
  private static boolean isExtended(Known before, long size, LogTables tables) {
    return before.size() == size
        || Tree.of(before.size(), tables.tiles()).root().equals(before.root());
  }

  /// Another node may have added to it since the state was read: then this step will fail.
  private static List<Long> first(List<Long> edge, int width) {
    return edge.subList(0, Math.min(width, edge.size()));
  }

  private LogState none() {
    return new LogState(
        0, keys.signer().publicKey().name(), 0, 0, "", Instant.EPOCH, "", Instant.EPOCH);
  }

  /// @return whether the tree was still as it was read
  private boolean extend(Seen seen) {
    var now = clock.instant();
    var before = seen.state();
    var records = seen.records();
    records.forEach(record -> seen.growth().append(Hash.leaf(record.line())));
    var size = before.size() + records.size();
    var root = seen.growth().root();
    if (records.stream().anyMatch(record -> record.type().equals(LogKeys.ROTATED))) {
      // The step that covers this is the first one that the next key signs.
      var _ = keys.reload();
    }
    var text = new Checkpoint(before.origin(), size, root).text();
    var note = new Note(text, List.of(keys.signer().sign(text, now)));
    var lookedAt = seen.fresh().isEmpty() ? before.lookedAt() : seen.fresh().getLast().sequence();
    var after =
        new LogState(
            before.version() + 1,
            before.origin(),
            size,
            lookedAt,
            note.print(),
            now,
            node,
            now.plus(TURN));
    var tiles = tiles(seen, records);
    boolean extended =
        database.<Boolean>write(connection -> {
          var tables = new LogTables(connection);
          tables.begin(before.origin());
          if (!tables.replace(before, after)) {
            return false;
          }
          tables.write(tiles);
          seen.leaves().write(connection, now);
          narrow(tables, seen, now);
          Alarms.raise(connection, Uncatalogued.alarms(records, now));
          return true;
        });
    if (extended) {
      known.accumulateAndGet(new Known(size, root, lookedAt, after.checkpoint()), Known::larger);
    }
    return extended;
  }

  private static void narrow(LogTables tables, Seen seen, Instant now) throws SQLException {
    if (!seen.late().isEmpty()) {
      var found = seen.late().stream().map(StoredRecord::sequence).toList();
      var narrowed =
          seen.gaps().stream()
              .filter(gap -> found.stream().anyMatch(n -> n >= gap.first() && n <= gap.last()))
              .toList();
      tables.removeGaps(narrowed);
      tables.addGaps(narrowed.stream().flatMap(gap -> gap.without(found).stream()).toList());
    }
    if (!seen.fresh().isEmpty()) {
      var last = seen.fresh().getLast().sequence();
      var all = new Gap(seen.state().lookedAt() + 1, last, now);
      tables.addGaps(all.without(seen.fresh().stream().map(StoredRecord::sequence).toList()));
    }
    if (seen.late().size() < MOST) {
      // Else there may be more in what is left of them, which the next step takes.
      tables.closeGaps(now.minus(GAP_OPEN));
    }
  }

  private static List<LogTables.Leaves> tiles(Seen seen, List<StoredRecord> records) {
    var sequences = new ArrayList<>(seen.edge());
    records.forEach(record -> sequences.add(record.sequence()));
    long first = seen.state().size() / Tile.WIDTH;
    Function<Tile, List<Long>> ofTile =
        tile -> {
          int from = (int) (tile.number() - first) * Tile.WIDTH;
          return sequences.subList(from, from + tile.width());
        };
    return seen.growth().changed().stream()
        .map(tile -> new LogTables.Leaves(tile, tile.level() == 0 ? ofTile.apply(tile) : List.of()))
        .toList();
  }
}
