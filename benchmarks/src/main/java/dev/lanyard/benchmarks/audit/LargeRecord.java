package dev.lanyard.benchmarks.audit;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.transparency.TransparencyLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// A record that is loaded once and read again and again: a folder with the data of a PostgreSQL
/// and the key of the log, as an auditor keeps it.
final class LargeRecord implements AutoCloseable {
  /// When its first event happened.
  static final Instant BEGIN = Instant.ofEpochMilli(1_780_000_000_000L);

  /// From one event to the next. Fifty million take a month.
  static final long MILLIS_EACH = 50;

  private static final MasterKey KEY =
      MasterKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])), "made up");

  private final Path folder;
  private final FileChannel lock;
  private final DurablePostgres postgres;
  private final String url;
  private final Database database;
  private final Stopwatch stopwatch;

  private LargeRecord(
      Path folder, FileChannel lock, DurablePostgres postgres, String url, Database database)
      throws IOException {
    this.folder = folder;
    this.lock = lock;
    this.postgres = postgres;
    this.url = url;
    this.database = database;
    this.stopwatch = Stopwatch.with(postgres.pid());
  }

  /// @param folder kept
  /// @param settings of PostgreSQL, for this run
  static LargeRecord open(Path folder, Map<String, String> settings) throws IOException {
    Files.createDirectories(folder);
    // Whoever comes second would end the database of the first.
    var lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) {
      throw new IOException("another run works in " + folder);
    }
    var postgres = DurablePostgres.keep(folder.resolve("postgres"), settings);
    var url = postgres.url("postgres");
    var config = DatabaseConfig.of(url).withCredentials(DurablePostgres.USER, new Secret(""));
    return new LargeRecord(folder, lock, postgres, url, Database.open(config, Clock.systemUTC()));
  }

  Database database() {
    return database;
  }

  Stopwatch stopwatch() {
    return stopwatch;
  }

  /// Its role library.
  Path library() {
    return folder.resolve("library");
  }

  TransparencyLog log() {
    return TransparencyLog.open(database, KEY, "bench.example/audit-log", Clock.systemUTC());
  }

  void keep(NoteKey key) throws IOException {
    Files.writeString(folder.resolve("log.key"), key.toString());
  }

  /// What was kept, not what the database says.
  NoteKey kept() throws IOException {
    try {
      return NoteKey.parse(Files.readString(folder.resolve("log.key")));
    } catch (MalformedException e) {
      throw new IOException("the key of the log is none", e);
    }
  }

  /// The largest number of a record.
  long last() {
    return number("SELECT COALESCE(MAX(seq), 0) FROM audit");
  }

  /// How many people there are, [LargeOrganisation]'s.
  long people() {
    return number("SELECT COUNT(*) FROM person");
  }

  long number(String sql) {
    return database.read(
        connection -> new Statements(connection).first(sql, rows -> rows.getLong(1)).orElseThrow());
  }

  List<String> texts(String sql) {
    return database.read(
        connection -> new Statements(connection).list(sql, rows -> rows.getString(1)));
  }

  /// Without the bound on silence that a server of ours has: some statements take minutes.
  ///
  /// @param statements in one transaction
  void execute(String statements) {
    try (var connection = DriverManager.getConnection(url, DurablePostgres.USER, "");
        var statement = connection.createStatement()) {
      statement.execute(statements);
    } catch (SQLException e) {
      throw new IllegalStateException(statements, e);
    }
  }

  @Override
  public void close() throws IOException {
    database.close();
    // So that it has little to write when it is told to end.
    execute("CHECKPOINT");
    postgres.close();
    lock.close();
  }
}
