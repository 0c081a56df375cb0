package dev.lanyard.server.transparency;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.PersonalData;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.HashList;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import dev.lanyard.server.transparency.Finding.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The log as it is in the database, up to the size that it had when this was made.
final class DatabaseEvidence implements Evidence {
  private static final long UNKNOWN = Long.MAX_VALUE;

  /// Stands in place of what is personal in a record that is no leaf yet.
  static final String LEFT_OUT = "[left out]";

  private static final int PAGE = 5_000;
  private static final int MOST_AT_ONCE = 8;

  /// More of what nobody can read tell nothing more.
  private static final int MOST_SECRET = 1_000;

  private final Database database;
  private final Optional<LogState> state;

  /// The numbers that no record had when the tree had this size.
  private final List<Gap> gaps;

  /// Empty if nobody asks whether it can be read.
  private final Optional<ConcealedPeople> concealed;

  /// By chunk.
  private final Map<Long, Found> found = new ConcurrentHashMap<>();

  private DatabaseEvidence(
      Database database,
      Optional<LogState> state,
      List<Gap> gaps,
      Optional<ConcealedPeople> concealed) {
    this.database = database;
    this.state = state;
    this.gaps = gaps;
    this.concealed = concealed;
  }

  /// What was read of a chunk.
  ///
  /// @param isWhole whether every tile was there
  /// @param records how many leaves have one
  /// @param last the largest number of a record
  private record Found(boolean isWhole, long records, long last) {
    /// Without a checkpoint that can be believed no chunk is looked at.
    static final Found NOTHING = new Found(false, 0, Long.MIN_VALUE);
  }

  static DatabaseEvidence of(Database database) {
    return of(database, Optional.empty());
  }

  /// The same, and whether what is concealed in it can be read by whoever may.
  static DatabaseEvidence of(Database database, PersonKeys people) {
    return of(database, Optional.of(new ConcealedPeople(people)));
  }

  private static DatabaseEvidence of(Database database, Optional<ConcealedPeople> concealed) {
    return database.read(connection -> {
      var tables = new LogTables(connection);
      var before = tables.state();
      var gaps = tables.gaps(Instant.EPOCH);
      for (var now = tables.state(); !now.equals(before); now = tables.state()) {
        // It has grown meanwhile.
        before = now;
        gaps = tables.gaps(Instant.EPOCH);
      }
      return new DatabaseEvidence(
          database, before.filter(state -> state.size() > 0), gaps, concealed);
    });
  }

  long size() {
    return state.map(LogState::size).orElse(0L);
  }

  /// As many as processors: each keeps one of the database's busy as well, so that more of them
  /// only take turns. Each has a connection and some megabytes.
  @Override
  public int atOnce() {
    return Math.min(Runtime.getRuntime().availableProcessors(), MOST_AT_ONCE);
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
  public SortedMap<String, String> copies() {
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
  public Map<Long, Tile> tiles(long chunk) {
    return database.read(connection -> byNumber(tiles(connection, chunk)));
  }

  private List<LogTables.Leaves> tiles(Connection connection, long chunk) throws SQLException {
    return new LogTables(connection).leaves(chunk * Tile.WIDTH, end(chunk) - 1);
  }

  private static Map<Long, Tile> byNumber(List<LogTables.Leaves> tiles) {
    return tiles.stream()
        .map(LogTables.Leaves::tile)
        .collect(Collectors.toMap(Tile::number, Function.identity()));
  }

  @Override
  public Leaves leaves(long chunk) {
    return database.read(connection -> {
      var tiles = tiles(connection, chunk);
      var sequences = sequences(tiles);
      var hashes = new HashList.Places(sequences.size());
      long count =
          new ChunkScan(sequences)
              .read(
                  database,
                  connection,
                  (place, line) -> {
                    hashes.leaf(place, line.octets(), 0, line.length());
                    concealed.ifPresent(
                        people -> people.look(sequences.get(place), line.octets(), line.length()));
                  });
      found.put(
          chunk,
          new Found(
              tiles.size() == end(chunk) - chunk * Tile.WIDTH,
              count,
              sequences.stream().mapToLong(Long::longValue).max().orElse(Long.MIN_VALUE)));
      return new Leaves(byNumber(tiles), Optional.of(hashes.hashes()));
    });
  }

  /// The first tile of level 0 after a chunk.
  private long end(long chunk) {
    return Math.min((chunk + 1) * Tile.WIDTH, (size() + Tile.WIDTH - 1) / Tile.WIDTH);
  }

  /// The numbers of the records, in the order of the leaves.
  private List<Long> sequences(List<LogTables.Leaves> tiles) {
    return tiles.stream().flatMap(tile -> within(tile).stream()).toList();
  }

  /// Without those of leaves that have been added since.
  private List<Long> within(LogTables.Leaves tile) {
    int width = Tile.width(0, tile.tile().number(), size());
    return tile.sequences().subList(0, Math.min(width, tile.sequences().size()));
  }

  @Override
  public Optional<Lines> records(long chunk) {
    return Optional.of(Lines.of(lines(chunk)));
  }

  /// The records of a chunk in the order of its leaves, those that are there.
  byte[] lines(long chunk) {
    return database.read(connection -> {
      var sequences = sequences(tiles(connection, chunk));
      var lines = new byte[sequences.size()][];
      var _ =
          new ChunkScan(sequences)
              .read(database, connection, (place, line) -> lines[place] = line.copy());
      return joined(Arrays.stream(lines).filter(Objects::nonNull).toList());
    });
  }

  private static byte[] joined(List<byte[]> lines) {
    var all = ByteBuffer.allocate(lines.stream().mapToInt(line -> line.length + 1).sum());
    lines.forEach(line -> all.put(line).put((byte) '\n'));
    return all.array();
  }

  /// Records in gaps that are open, and those after all that the tree has seen.
  @Override
  public Uncovered uncovered() {
    return database.read(connection -> new RecordCount(connection).uncovered(gaps, lookedAt()));
  }

  private long lookedAt() {
    return state.map(LogState::lookedAt).orElse(0L);
  }

  /// The lines of [#uncovered], each with a line feed. A page at a time: nobody knows how many.
  /// Without what is personal in them: it is not concealed yet, and no erasure reaches a file.
  void writeUncovered(OutputStream out) throws IOException {
    pages(out, Long.MIN_VALUE, (tables, after) -> tables.in(gaps, after, PAGE));
    pages(out, lookedAt(), (tables, after) -> tables.following(after, PAGE));
  }

  private static StoredRecord withoutPersonal(StoredRecord record) {
    return PersonalData.of(record)
        .map(parts ->
            record.withEvidence(
                parts
                    .others()
                    .with(JsonObject.builder().put(PersonalData.CONCEALED, LEFT_OUT).build())
                    .toJson()))
        .orElse(record);
  }

  /// Some records behind a number.
  private interface Page {
    List<StoredRecord> of(LogTables tables, long after) throws SQLException;
  }

  private void pages(OutputStream out, long from, Page records) throws IOException {
    long after = from;
    List<StoredRecord> page;
    do {
      long last = after;
      page = database.read(connection -> records.of(new LogTables(connection), last));
      for (var record : page) {
        out.write(withoutPersonal(record).line());
        out.write('\n');
        after = record.sequence();
      }
    } while (page.size() == PAGE);
  }

  /// An index has them, with little else, however many records there are.
  @Override
  public Stream<Own> own(String type) {
    return database.read(connection -> new LogTables(connection).own(type)).stream()
        .flatMap(record -> evidence(record).map(its -> new Own(its, () -> leaf(record))).stream());
  }

  private static Optional<JsonObject> evidence(StoredRecord record) {
    try {
      return Optional.of(JsonObject.parseLarge(record.evidence().getBytes(UTF_8)));
    } catch (MalformedException _) {
      // No record of ours.
      return Optional.empty();
    }
  }

  private Optional<Long> leaf(StoredRecord record) {
    var hash = Hash.leaf(record.line());
    var tiles =
        database.read(connection -> new LogTables(connection).around(record.sequence())).stream()
            .filter(leaves -> within(leaves).contains(record.sequence()))
            .map(LogTables.Leaves::tile)
            .toList();
    return Optional.ofNullable(Own.places(Set.of(hash), tiles).get(hash));
  }

  @Override
  public List<Finding> others() {
    var others = new ArrayList<>(strange());
    concealed.ifPresent(people -> others.addAll(secret(people)));
    return others;
  }

  /// What nobody can read any more, although no record says that it was erased. A record that is
  /// not what was recorded is named for that alone.
  private List<Finding> secret(ConcealedPeople people) {
    var unreadable = database.read(people::unreadable);
    var silent = database.read(ConcealedPeople::erasedInSilence);
    return Stream.concat(
            unreadable.stream()
                .flatMap(record -> leaf(record).map(leaf -> keyMissing(leaf, record)).stream()),
            silent.stream()
                .map(person ->
                    new Finding(
                        Kind.KEY_MISSING,
                        Finding.LOG,
                        "what is personal about %s is left out of records, and no record says that it was erased"
                            .formatted(person))))
        .limit(MOST_SECRET)
        .toList();
  }

  private static Finding keyMissing(long leaf, StoredRecord record) {
    return new Finding(
        Kind.KEY_MISSING,
        leaf,
        "what is concealed in record %d about %s cannot be read, and no record says that it was erased"
            .formatted(record.sequence(), record.person().orElse("nobody")));
  }

  /// Records up to the largest number in the tree that are in no tile, and may not turn up any
  /// more. They are counted before they are looked for: if there are as many as leaves that have
  /// one, no other is there.
  private List<Finding> strange() {
    var chunks =
        LongStream.range(0, (size() + CHUNK - 1) / CHUNK)
            .mapToObj(chunk -> found.getOrDefault(chunk, Found.NOTHING))
            .toList();
    return chunks.stream().allMatch(Found::isWhole) && database.read(one -> isAll(one, chunks))
        ? List.of()
        : inserted();
  }

  private static boolean isAll(Connection connection, List<Found> chunks) throws SQLException {
    long last = chunks.stream().mapToLong(Found::last).max().orElse(0);
    return new RecordCount(connection).settled(last)
        == chunks.stream().mapToLong(Found::records).sum();
  }

  private List<Finding> inserted() {
    var strange = new TreeSet<Long>();
    long looked = Long.MIN_VALUE;
    for (long number = 0; Tile.width(0, number, size()) > 0; number++) {
      long tile = number;
      long from = looked;
      looked = database.read(connection -> look(new LogTables(connection), tile, from, strange));
    }
    // As they were when the tree had this size: what has been in one may be in a tile now.
    gaps.forEach(gap -> strange.subSet(gap.first(), true, gap.last(), true).clear());
    return strange.stream()
        .map(number ->
            new Finding(
                Kind.INSERTED,
                number,
                "record " + number + " is in the database and was never recorded"))
        .toList();
  }

  /// @param looked the largest number up to the tile before, or [#UNKNOWN] if that is not there
  /// @param strange gets the numbers up to this tile's largest that are not in it, and loses those
  ///   that are
  /// @return its largest number, or what was larger before
  private long look(LogTables tables, long tile, long looked, Set<Long> strange)
      throws SQLException {
    var sequences = tables.tile(0, tile).map(this::within).orElse(List.of());
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
