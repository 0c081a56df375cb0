package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import dev.lanyard.server.transparency.Finding.Kind;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The log as it is in the database, up to the size that it had when this was made.
final class DatabaseEvidence implements Evidence {
  private static final long UNKNOWN = Long.MAX_VALUE;

  /// So many tiles, with their 4,096 records, are two questions to the database.
  private static final int AT_ONCE = 16;

  private final Database database;
  private final Optional<LogState> state;

  private DatabaseEvidence(Database database, Optional<LogState> state) {
    this.database = database;
    this.state = state;
  }

  static DatabaseEvidence of(Database database) {
    return new DatabaseEvidence(
        database,
        database
            .read(connection -> new LogTables(connection).state())
            .filter(state -> state.size() > 0));
  }

  long size() {
    return state.map(LogState::size).orElse(0L);
  }

  @Override
  public Optional<Note> checkpoint() {
    return state.map(LogState::checkpoint).map(DatabaseEvidence::note);
  }

  private static Note note(String text) {
    try {
      return Note.parse(text);
    } catch (MalformedException e) {
      throw new UnreadableException("a checkpoint in the database is no note: " + e.getMessage());
    }
  }

  @Override
  public List<Note> copies() {
    return texts().values().stream().flatMap(text -> Evidence.readable(text).stream()).toList();
  }

  /// The copies as they are kept, by their place.
  Map<String, String> texts() {
    return database.read(connection -> new LogTables(connection).copies());
  }

  @Override
  public Tiles tiles() {
    return (level, number) ->
        database
            .read(connection -> new LogTables(connection).tile(level, number))
            .map(LogTables.Leaves::tile);
  }

  @Override
  public Optional<Lines> records(long chunk) {
    return Optional.of(Lines.of(lines(chunk)));
  }

  /// The records of a chunk in the order of its leaves, those that are there.
  byte[] lines(long chunk) {
    var all = new ByteArrayOutputStream();
    long first = chunk * Tile.WIDTH;
    for (long tile = first;
        tile < first + Tile.WIDTH && Tile.width(0, tile, size()) > 0;
        tile += AT_ONCE) {
      for (var record : following(tile)) {
        all.writeBytes(record.line());
        all.write('\n');
      }
    }
    return all.toByteArray();
  }

  /// Of as many tiles as are read at once.
  private List<StoredRecord> following(long from) {
    return database.read(connection -> {
      var tables = new LogTables(connection);
      var sequences = new ArrayList<Long>();
      for (var leaves : tables.leaves(from, from + AT_ONCE - 1)) {
        int width = Tile.width(0, leaves.tile().number(), size());
        var its = leaves.sequences();
        sequences.addAll(its.subList(0, Math.min(width, its.size())));
      }
      var found = new HashMap<Long, StoredRecord>();
      tables.records(sequences).forEach(record -> found.put(record.sequence(), record));
      return sequences.stream()
          .flatMap(one -> Optional.ofNullable(found.get(one)).stream())
          .toList();
    });
  }

  @Override
  public Lines uncovered() {
    return Lines.of(uncoveredLines());
  }

  /// Records after all that the tree has seen, and those in gaps that are open.
  byte[] uncoveredLines() {
    long lookedAt = state.map(LogState::lookedAt).orElse(0L);
    var records =
        database.read(connection -> {
          var tables = new LogTables(connection);
          var found = new ArrayList<>(tables.in(tables.gaps(Instant.EPOCH)));
          found.addAll(tables.following(lookedAt, Integer.MAX_VALUE));
          return found;
        });
    var all = new ByteArrayOutputStream();
    for (var record : records) {
      all.writeBytes(record.line());
      all.write('\n');
    }
    return all.toByteArray();
  }

  /// Records below the largest number in the tree that are in no tile, and may not turn up any
  /// more.
  @Override
  public List<Finding> others() {
    var strange = new TreeSet<Long>();
    long looked = Long.MIN_VALUE;
    for (long number = 0; Tile.width(0, number, size()) > 0; number++) {
      long tile = number;
      long from = looked;
      looked = database.read(connection -> look(new LogTables(connection), tile, from, strange));
    }
    if (!strange.isEmpty()) {
      database
          .read(connection -> new LogTables(connection).gaps(Instant.EPOCH))
          .forEach(gap -> strange.subSet(gap.first(), true, gap.last(), true).clear());
    }
    var inserted =
        strange.stream()
            .map(number ->
                new Finding(
                    Kind.INSERTED,
                    number,
                    "record " + number + " is in the database and was never recorded"));
    var unreadable =
        texts().entrySet().stream()
            .filter(copy -> Evidence.readable(copy.getValue()).isEmpty())
            .map(copy -> Finding.unreadableCopy(copy.getKey()));
    return Stream.concat(inserted, unreadable).toList();
  }

  /// @param looked the largest number up to the tile before, or [#UNKNOWN] if that is not there
  /// @param strange gets the numbers up to this tile's largest that are not in it, and loses those
  ///   that are
  /// @return its largest number, or what was larger before
  private static long look(LogTables tables, long tile, long looked, TreeSet<Long> strange)
      throws SQLException {
    var sequences = tables.tile(0, tile).map(LogTables.Leaves::sequences).orElse(List.of());
    if (sequences.isEmpty()) {
      // Verification names the tile. Its records are in no other, and not strange for that.
      return UNKNOWN;
    }
    var numbers = sequences.stream().mapToLong(Long::longValue).summaryStatistics();
    long from = looked == UNKNOWN ? numbers.getMin() : looked + 1;
    if (numbers.getMax() >= from) {
      strange.addAll(tables.numbers(from, numbers.getMax()));
    }
    sequences.forEach(strange::remove);
    return looked == UNKNOWN ? numbers.getMax() : Math.max(numbers.getMax(), looked);
  }
}
