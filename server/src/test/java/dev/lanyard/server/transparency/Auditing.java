package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteSigner;
import dev.lanyard.server.tlog.Tree;
import dev.lanyard.server.transparency.Verification.Trust;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/// An audit record with a tree over it.
final class Auditing implements AutoCloseable {
  static final String ORIGIN = "broker.example/audit-log";
  static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  static final MasterKey MASTER =
      MasterKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])), "of a test");

  final TestClock clock = clock(NOW);
  final Database database;
  final NoteSigner signer;
  Sequencer sequencer;

  Auditing(DatabaseConfig config) {
    this(Database.open(config, clock(NOW)), signer());
  }

  private Auditing(Database database, NoteSigner signer) {
    this.database = database;
    this.signer = signer;
    this.sequencer = sequencer(clock, "node-a");
  }

  /// A new process, which knows nothing of what the log was before.
  void restart() {
    sequencer = sequencer(clock, "node-a");
  }

  Sequencer sequencer(InstantSource its, String node) {
    return sequencer(database, its, node);
  }

  Sequencer sequencer(Database its, InstantSource time, String node) {
    return new Sequencer(
        its, LogKeys.only(its, MASTER, signer), new PersonKeys(its, MASTER), time, node);
  }

  LogKeys keys() {
    return LogKeys.only(database, MASTER, signer);
  }

  static TestClock clock(Instant now) {
    var clock = new TestClock();
    clock.set(now);
    return clock;
  }

  static NoteSigner signer() {
    try {
      return NoteSigner.log(ORIGIN, NoteSigner.generate());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  AuditEvent event(int number) {
    var evidence = JsonObject.builder().put("number", number).put("said", "\u00e4\"\\").build();
    return AuditEvent.of("token.redeem", Outcome.SUCCESS, clock.instant(), "c" + number, evidence)
        .withPerson("p" + number % 7);
  }

  /// Records so many events in one transaction.
  void record(int from, int count) {
    database.<Boolean>write(connection -> {
      AuditLog.append(
          connection, IntStream.range(from, from + count).mapToObj(this::event).toList());
      return true;
    });
  }

  /// The numbers of the records in the tree, in the order of its leaves.
  List<Long> leaves() {
    return database.read(connection ->
        new LogTables(connection)
            .tiles(0, 1_000).stream().flatMap(tile -> tile.sequences().stream()).toList());
  }

  List<Long> sequences() {
    return database.read(
        connection -> new LogTables(connection).numbers(Long.MIN_VALUE, Long.MAX_VALUE));
  }

  LogState state() {
    return database.read(connection -> new LogTables(connection).state()).orElseThrow();
  }

  List<Gap> gaps() {
    return database.read(connection -> new LogTables(connection).gaps(Instant.EPOCH));
  }

  Note note() {
    try {
      return Note.parse(state().checkpoint());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  Checkpoint checkpoint() {
    try {
      return Checkpoint.parse(note().text());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// Whether the tree that a checkpoint is on is the beginning of the one that is there now.
  boolean extend(Checkpoint earlier) {
    var evidence = DatabaseEvidence.of(database);
    return Tree.of(earlier.size(), evidence.tiles()).root().equals(earlier.root());
  }

  Trust trust() {
    return new Trust(List.of(signer.publicKey()), List.of(), List.of());
  }

  Verification.Report verify(Trust trust) {
    var people = new PersonKeys(database, MASTER);
    return new Verification(DatabaseEvidence.of(database, people), trust).run();
  }

  Verification.Report verify() {
    return verify(trust());
  }

  /// Puts a record and its hash in the place of another, as somebody does who knows the format.
  void rewrite(long sequence) {
    tamper("UPDATE audit SET evidence = '{}' WHERE seq = ?", sequence);
    database.<Boolean>write(connection -> {
      var tables = new LogTables(connection);
      var leaves = tables.tile(0, (sequence - 1) / 256).orElseThrow();
      var line = tables.records(List.of(sequence)).getFirst().line();
      var octets = leaves.tile().octets();
      System.arraycopy(Hash.leaf(line).bytes(), 0, octets, (int) ((sequence - 1) % 256) * 32, 32);
      new Statements(connection)
          .update(
              "UPDATE audit_tile SET hashes = ? WHERE level = 0 AND number = ?",
              Base64.getEncoder().encodeToString(octets),
              leaves.tile().number());
      return true;
    });
  }

  /// The alarms of the log that stand.
  List<String> alarms() {
    return new Alarms(database)
        .standing().stream()
            .map(Alarms.Standing::alarm)
            .filter(alarm -> alarm.kind().equals(TransparencyLog.ALARM))
            .map(Alarm::detail)
            .toList();
  }

  /// What somebody does who can write to the database.
  int tamper(String sql, Object... values) {
    return database.write(connection -> new Statements(connection).update(sql, values));
  }

  @Override
  public void close() {
    database.close();
  }
}
