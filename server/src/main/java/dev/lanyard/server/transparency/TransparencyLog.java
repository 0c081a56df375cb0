package dev.lanyard.server.transparency;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.Revealing;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.SealedColumn;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.schedule.Recurring;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tree;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// The Merkle tree over the audit record of this installation. Thread-safe.
public final class TransparencyLog implements AutoCloseable {
  /// Nobody waits for it, and each step writes the last tile anew.
  private static final Duration LOOK = Duration.ofMillis(500);

  /// For a step that is being written when the node ends.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration RETENTION = Duration.ofHours(1);
  private static final Duration KEYS = Duration.ofMinutes(1);
  private static final Duration EGRESS = Duration.ofSeconds(10);
  private static final int MOST_ANSWER = 64 * 1024;

  /// The tree cannot grow, or is not what was signed.
  static final String ALARM = "audit-log";

  private final Database database;
  private final InstantSource clock;
  private final LogKeys keys;
  private final PersonKeys people;
  private final Sequencer sequencer;

  /// Each with a thread of its own, so that a slow one holds up no other.
  private final List<Recurring> rounds = new CopyOnWriteArrayList<>();

  private volatile long lastRound = System.nanoTime();

  private TransparencyLog(Database database, LogKeys keys, PersonKeys people, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.keys = keys;
    this.people = people;
    this.sequencer = new Sequencer(database, keys, people, clock, UUID.randomUUID().toString());
  }

  /// Opens the log, and makes its key if there is none yet.
  ///
  /// @param origin names it, if it is new
  /// @throws dev.lanyard.server.keys.KeyException if the master key does not open the key
  public static TransparencyLog open(
      Database database, MasterKey masterKey, String origin, InstantSource clock) {
    return new TransparencyLog(
        database,
        LogKeys.of(database, masterKey, origin, clock),
        new PersonKeys(database, masterKey),
        clock);
  }

  /// Goes on taking records in, and telling others, until this is closed.
  ///
  /// @param jobs keep what fails
  public void start(TransparencyConfig config, EgressClient egress, Jobs jobs) {
    every(jobs, LOOK, "the audit log", this::takeIn);
    var retention =
        new Retention(database, keys, () -> database.cautious(clock.instant()), config.retention());
    every(jobs, RETENTION, "audit retention", retention::run);
    every(jobs, KEYS, "the keys of people in the audit record", keyWatch()::run);
    var limited = egress.limitedTo(EGRESS, MOST_ANSWER);
    var anchors =
        config.anchors().stream()
            .<Keeper>map(anchor ->
                switch (anchor) {
                  case TransparencyConfig.Anchor.InFile file -> new FileAnchor(file);
                  case TransparencyConfig.Anchor.OverHttp http -> new HttpAnchor(http, limited);
                });
    var witnesses = config.witnesses().stream().<Keeper>map(one -> new Witness(one, limited));
    var copies = new Copies(database, clock, Stream.concat(anchors, witnesses).toList());
    for (var keeper : copies.keepers()) {
      every(jobs, config.every(), keeper.name(), () -> copies.tell(keeper));
    }
  }

  private KeyWatch keyWatch() {
    return new KeyWatch(
        database,
        keys,
        people,
        clock,
        largest -> ThreadLocalRandom.current().nextLong(largest + 1));
  }

  private void every(Jobs jobs, Duration pause, String what, Runnable task) {
    var round = Recurring.onOneThread(jobs, what);
    rounds.add(round);
    round.every(pause, what, task);
  }

  /// Takes in what is there, if it is this node's turn.
  ///
  /// @return how many records
  /// @throws DatabaseException if the database cannot
  /// @throws DamagedLogException if the tree is not the one that was signed
  public int takeIn() {
    try {
      int taken = sequencer.run();
      lastRound = System.nanoTime();
      return taken;
    } catch (DatabaseException e) {
      throw e;
    } catch (RuntimeException e) {
      alarm(database, keys.signer().publicKey(), clock, "the audit log cannot grow: " + what(e));
      throw e;
    }
  }

  private static String what(RuntimeException e) {
    return e instanceof DamagedLogException || e instanceof Tree.MissingTileException
        ? String.valueOf(e.getMessage())
        : e.toString();
  }

  /// Says that somebody must look at the log.
  static void alarm(Database database, NoteKey key, InstantSource clock, String what) {
    var detail = what + ". Run 'lanyard audit verify'.";
    new Alarms(database).raise(new Alarm(ALARM, key.name(), detail, clock.instant()));
  }

  /// Where the keys are kept under which personal data is concealed.
  public static SealedColumn sealed() {
    return PersonKeys.sealed();
  }

  /// Puts back what is concealed in records, unless it was erased.
  public Revealing revealing() {
    return people;
  }

  /// With which auditors verify what it signs now.
  public NoteKey key() {
    return keys.signer().publicKey();
  }

  /// With which auditors verify what it has signed, the first one first.
  public List<NoteKey> keys() {
    return keys.known();
  }

  /// Makes another key take over; what was signed stays good.
  ///
  /// @return empty if another process has done so at the same moment
  public Optional<NoteKey> rotate(String by, String correlationId) {
    return keys.rotate(by, correlationId, clock);
  }

  /// How many records were in the tree when this node looked last.
  public long covered() {
    return sequencer.size();
  }

  /// How long ago this node last found nothing that it had to take in.
  public Duration sinceLastRound() {
    return Duration.ofNanos(System.nanoTime() - lastRound);
  }

  /// Verifies the database itself.
  public Verification.Report verify(Verification.Trust trust) {
    return new Verification(DatabaseEvidence.of(database, people), trust).run();
  }

  /// Writes an export.
  ///
  /// @param from the first leaf whose record is wanted
  /// @param to the first one whose record is not wanted any more
  /// @return how many records were written
  /// @throws UnreadableException if the folder cannot be written
  public long export(ExportFolder folder, long from, long to) {
    return new LogExport(database, folder).write(from, to);
  }

  /// The newest checkpoint, as a signed note.
  public Optional<String> checkpoint() {
    return database
        .read(connection -> new LogTables(connection).state())
        .filter(state -> state.size() > 0)
        .map(LogState::checkpoint);
  }

  /// A tile as it is now.
  public Optional<Tile> tile(int level, long number) {
    return database
        .read(connection -> new LogTables(connection).tile(level, number))
        .map(LogTables.Leaves::tile);
  }

  /// A record with what proves that it is in the log.
  ///
  /// @param sequence the number of the record
  /// @return empty if it is not in the log, or not yet
  public Optional<RecordProof> proof(long sequence) {
    return database.read(connection -> {
      var tables = new LogTables(connection);
      var record = tables.records(List.of(sequence)).stream().findFirst();
      for (var leaves : tables.around(sequence)) {
        int place = leaves.sequences().indexOf(sequence);
        if (place >= 0 && record.isPresent()) {
          return Optional.of(
              proof(tables, record.get(), leaves.tile().number() * Tile.WIDTH + place));
        }
      }
      return Optional.<RecordProof>empty();
    });
  }

  /// The state is read after the tile, so that it covers the tile.
  private static RecordProof proof(LogTables tables, StoredRecord record, long leaf)
      throws SQLException {
    var state = tables.state().orElseThrow();
    try {
      var note = Note.parse(state.checkpoint());
      return new RecordProof(
          new String(record.line(), StandardCharsets.UTF_8),
          leaf,
          Tree.of(state.size(), tables.tiles()).inclusion(leaf),
          note,
          Checkpoint.parse(note.text()));
    } catch (MalformedException e) {
      throw new UnreadableException("the checkpoint in the database is no note: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    rounds.forEach(Recurring::close);
    rounds.forEach(round -> round.close(PATIENCE));
  }
}
