package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tree in the database, in one transaction of the caller's.
final class LogTables {
  /// So many ranges are in one statement.
  static final int RANGES = 100;

  /// In the words of the index `audit_own`: SQLite uses it for these words only.
  private static final String OWN = "type IN ('audit.key-rotated', 'audit.removed')";

  private final Statements statements;

  LogTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// A tile with the numbers of the records that are its leaves, on level 0.
  record Leaves(Tile tile, List<Long> sequences) {}

  Optional<LogState> state() throws SQLException {
    return statements.first(
        "SELECT version, origin, size, looked_at, checkpoint, signed_at, held_by, held_until"
            + " FROM audit_tree WHERE one = 1",
        LogTables::state);
  }

  private static LogState state(ResultSet rows) throws SQLException {
    return new LogState(
        rows.getLong(1),
        rows.getString(2),
        rows.getLong(3),
        rows.getLong(4),
        rows.getString(5),
        Instant.ofEpochMilli(rows.getLong(6)),
        rows.getString(7),
        Instant.ofEpochMilli(rows.getLong(8)));
  }

  /// Begins a tree, unless somebody has.
  void begin(String origin) throws SQLException {
    statements.update(
        "INSERT INTO audit_tree (one, version, origin, size, looked_at, checkpoint, signed_at,"
            + " held_by, held_until) VALUES (1, 0, ?, 0, 0, '', 0, '', 0)"
            + " ON CONFLICT (one) DO NOTHING",
        origin);
  }

  /// Takes the place of a state.
  ///
  /// @return whether it was still the last one
  boolean replace(LogState before, LogState after) throws SQLException {
    return statements.update(
            "UPDATE audit_tree SET version = ?, size = ?, looked_at = ?, checkpoint = ?,"
                + " signed_at = ?, held_by = ?, held_until = ? WHERE one = 1 AND version = ?",
            after.version(),
            after.size(),
            after.lookedAt(),
            after.checkpoint(),
            after.signedAt(),
            after.heldBy(),
            after.heldUntil(),
            before.version())
        > 0;
  }

  /// Makes every step do nothing that is under way.
  void overtake() throws SQLException {
    statements.update("UPDATE audit_tree SET version = version + 1 WHERE one = 1");
  }

  /// Records that follow a number, in their order.
  List<StoredRecord> following(long number, int most) throws SQLException {
    return statements.list(
        "SELECT " + StoredRecord.COLUMNS + " FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
        StoredRecord::read,
        number,
        most);
  }

  /// The records of a type with which the log speaks about itself, in their order.
  List<StoredRecord> own(String type) throws SQLException {
    return statements.list(
        "SELECT "
            + StoredRecord.COLUMNS
            + " FROM audit WHERE "
            + OWN
            + " AND type = ? ORDER BY seq",
        StoredRecord::read,
        type);
  }

  /// Records that have turned up in gaps, in their order.
  ///
  /// @param gaps in their order
  /// @param after records up to this number are left out
  List<StoredRecord> in(List<Gap> gaps, long after, int most) throws SQLException {
    var found = new ArrayList<StoredRecord>();
    for (int from = 0; from < gaps.size() && found.size() < most; from += RANGES) {
      var some = gaps.subList(from, Math.min(from + RANGES, gaps.size()));
      found.addAll(
          statements.list(
              "SELECT "
                  + StoredRecord.COLUMNS
                  + " FROM audit WHERE ("
                  + ranges(some)
                  + ") AND seq > ? ORDER BY seq LIMIT ?",
              StoredRecord::read,
              Stream.concat(bounds(some), Stream.of(after, most - found.size())).toArray()));
    }
    return found;
  }

  static String ranges(List<Gap> gaps) {
    return gaps.stream().map(_ -> "seq BETWEEN ? AND ?").collect(Collectors.joining(" OR "));
  }

  static Stream<Object> bounds(List<Gap> gaps) {
    return gaps.stream().flatMap(gap -> Stream.of(gap.first(), gap.last()));
  }

  /// Gaps that are no older.
  List<Gap> gaps(Instant since) throws SQLException {
    return statements.list(
        "SELECT first_seq, last_seq, since FROM audit_gap WHERE since >= ? ORDER BY first_seq",
        rows -> new Gap(rows.getLong(1), rows.getLong(2), Instant.ofEpochMilli(rows.getLong(3))),
        since);
  }

  void removeGaps(List<Gap> gaps) throws SQLException {
    statements.each(
        "DELETE FROM audit_gap WHERE first_seq = ?",
        gaps.stream().map(gap -> new Object[] {gap.first()}).toList());
  }

  void addGaps(List<Gap> gaps) throws SQLException {
    statements.each(
        "INSERT INTO audit_gap (first_seq, last_seq, since) VALUES (?, ?, ?)",
        gaps.stream().map(gap -> new Object[] {gap.first(), gap.last(), gap.since()}).toList());
  }

  void closeGaps(Instant before) throws SQLException {
    statements.update("DELETE FROM audit_gap WHERE since < ?", before);
  }

  /// All tiles, for whoever works on the tree while the transaction is open.
  Tiles tiles() {
    return (level, number) -> {
      try {
        return tile(level, number).map(Leaves::tile);
      } catch (SQLException e) {
        throw new DatabaseException("a tile cannot be read", e);
      }
    };
  }

  /// A tile; one that cannot be read is as good as none.
  Optional<Leaves> tile(int level, long number) throws SQLException {
    return statements
        .first(
            "SELECT level, number, hashes, sequences FROM audit_tile WHERE level = ? AND number ="
                + " ?",
            LogTables::leaves,
            level,
            number)
        .flatMap(Function.identity());
  }

  /// Those tiles of level 0 from one number to another, both included, that are there and can be
  /// read.
  List<Leaves> leaves(long from, long to) throws SQLException {
    return statements
        .list(
            "SELECT level, number, hashes, sequences FROM audit_tile WHERE level = 0"
                + " AND number BETWEEN ? AND ? ORDER BY number",
            LogTables::leaves,
            from,
            to)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /// Tiles of level 0 from a number on, as many as follow each other and can be read.
  List<Leaves> tiles(long from, int most) throws SQLException {
    var tiles =
        statements.list(
            "SELECT level, number, hashes, sequences FROM audit_tile WHERE level = 0"
                + " AND number >= ? ORDER BY number LIMIT ?",
            LogTables::leaves,
            from,
            most);
    var following = new ArrayList<Leaves>();
    for (var tile : tiles) {
      if (tile.isEmpty() || tile.get().tile().number() != from + following.size()) {
        throw new DamagedLogException(
            Tile.path(0, from + following.size()) + " is missing or cannot be read");
      }
      following.add(tile.get());
    }
    return following;
  }

  /// Tiles that the record may be in, the likeliest first.
  List<Leaves> around(long sequence) throws SQLException {
    return statements
        .list(
            "SELECT level, number, hashes, sequences FROM audit_tile"
                + " WHERE level = 0 AND first_seq <= ? AND last_seq >= ? ORDER BY first_seq DESC",
            LogTables::leaves,
            sequence,
            sequence)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /// @return empty if somebody has put something else in its place
  private static Optional<Leaves> leaves(ResultSet rows) throws SQLException {
    try {
      var octets = Base64.getDecoder().decode(rows.getString(3));
      var sequences = rows.getString(4);
      return Optional.of(
          new Leaves(
              Tile.of((int) rows.getLong(1), rows.getLong(2), octets),
              sequences.isEmpty()
                  ? List.of()
                  : Arrays.stream(sequences.split(" ", -1)).map(Long::valueOf).toList()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void write(List<Leaves> tiles) throws SQLException {
    statements.each(
        "INSERT INTO audit_tile (level, number, hashes, sequences, first_seq, last_seq)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (level, number) DO UPDATE SET"
            + " hashes = excluded.hashes, sequences = excluded.sequences,"
            + " first_seq = excluded.first_seq, last_seq = excluded.last_seq",
        tiles.stream().map(LogTables::values).toList());
  }

  private static Object[] values(Leaves leaves) {
    var tile = leaves.tile();
    var statistics = leaves.sequences().stream().mapToLong(Long::longValue).summaryStatistics();
    boolean none = leaves.sequences().isEmpty();
    return new Object[] {
      tile.level(),
      tile.number(),
      Base64.getEncoder().encodeToString(tile.octets()),
      leaves.sequences().stream().map(String::valueOf).collect(Collectors.joining(" ")),
      none ? 0L : statistics.getMin(),
      none ? 0L : statistics.getMax()
    };
  }

  /// The newest checkpoint that each place has got, by the place.
  SortedMap<String, String> copies() throws SQLException {
    var copies = new TreeMap<String, String>();
    statements.list(
        "SELECT place, note FROM audit_copy",
        rows -> copies.put(rows.getString(1), rows.getString(2)));
    return copies;
  }

  /// The size of the newest checkpoint that a place has got; 0 if it has none.
  long copied(String place) throws SQLException {
    return statements
        .first("SELECT size FROM audit_copy WHERE place = ?", rows -> rows.getLong(1), place)
        .orElse(0L);
  }

  /// Notes what a place has got, unless another node has told it something newer.
  void copy(String place, long size, String note, Instant at) throws SQLException {
    statements.update(
        "INSERT INTO audit_copy (place, size, note, at) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (place) DO UPDATE SET size = excluded.size, note = excluded.note,"
            + " at = excluded.at WHERE excluded.size >= audit_copy.size",
        place,
        size,
        note,
        at);
  }

  /// The numbers of records between two, both included.
  List<Long> numbers(long from, long to) throws SQLException {
    return statements.list(
        "SELECT seq FROM audit WHERE seq BETWEEN ? AND ? ORDER BY seq",
        rows -> rows.getLong(1),
        from,
        to);
  }

  /// Those records of these numbers that are there. Numbers that follow each other, as nearly all
  /// do, are one range for the database.
  List<StoredRecord> records(List<Long> numbers) throws SQLException {
    var bounds = numbers.stream().mapToLong(Long::longValue).summaryStatistics();
    if (!numbers.isEmpty()
        && bounds.getMax() - bounds.getMin() == numbers.size() - 1L
        && new HashSet<>(numbers).size() == numbers.size()) {
      return statements.list(
          "SELECT " + StoredRecord.COLUMNS + " FROM audit WHERE seq BETWEEN ? AND ?",
          StoredRecord::read,
          bounds.getMin(),
          bounds.getMax());
    }
    var found = new ArrayList<StoredRecord>();
    for (int from = 0; from < numbers.size(); from += Statements.MOST_IN_LIST) {
      var some = numbers.subList(from, Math.min(from + Statements.MOST_IN_LIST, numbers.size()));
      found.addAll(
          statements.list(
              "SELECT "
                  + StoredRecord.COLUMNS
                  + " FROM audit WHERE seq IN "
                  + Statements.inList(some),
              StoredRecord::read,
              some.toArray()));
    }
    return found;
  }
}
