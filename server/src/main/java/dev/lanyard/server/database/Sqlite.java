package dev.lanyard.server.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The embedded database. Its calls do not let go of a virtual thread's carrier, so they are made
/// on platform threads of its own; one writer at a time, as SQLite has it anyway.
final class Sqlite implements Engine {
  /// How long another process may hold the write lock: our own writers are in line behind each
  /// other, and a request waits for two of them at most. A command needs milliseconds.
  private static final int BUSY_MILLIS = 2_000;

  /// A commit copies a log of so many pages (64 MiB) itself: nobody else does, or not fast enough.
  private static final String PAGES_OF_ANY_LOG = "16384";

  private final Path file;
  private final Lock writing = new ReentrantLock(true);
  private final ExecutorService writerThread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("sqlite-writer").factory());
  private final ExecutorService readerThreads;
  private final BlockingQueue<Connection> readers;
  private final Connection writer;
  private final Checkpoints checkpoints = new Checkpoints(this::dedicated, writing);

  Sqlite(DatabaseConfig config) throws SQLException {
    file = config.sqliteFile().toAbsolutePath();
    createOwnedFile();
    readers = new ArrayBlockingQueue<>(config.connections());
    readerThreads =
        Executors.newFixedThreadPool(
            config.connections(), Thread.ofPlatform().daemon().name("sqlite-reader-", 0).factory());
    writer = dedicated();
    for (int i = 0; i < config.connections(); i++) {
      readers.add(dedicated());
    }
  }

  /// The record holds hashes and personal data: nobody else on the machine reads it.
  private void createOwnedFile() throws SQLException {
    try {
      var folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException _) {
      // From an earlier start, or made by another process this moment.
    } catch (IOException e) {
      throw new SQLException("cannot create " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Connection dedicated() throws SQLException {
    var connection = settings().createConnection(url());
    execute(connection, "PRAGMA wal_autocheckpoint = " + PAGES_OF_ANY_LOG);
    return connection;
  }

  private String url() {
    return "jdbc:sqlite:" + file;
  }

  private static SQLiteConfig settings() {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // In WAL mode only FULL survives a power cut.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    // What is deleted, the key of somebody who is erased for instance, is overwritten. Without it
    // the octets stay in the file, and in every copy of it, until the place is needed.
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    // The driver would ask for the last key after each insert: a quarter of what a commit costs.
    config.setGetGeneratedKeys(false);
    return config;
  }

  @Override
  public void migrate() throws SQLException {
    if (read(Migrations::areApplied)) {
      return;
    }
    var source = new SQLiteDataSource(settings());
    source.setUrl(url());
    try (var channel =
            FileChannel.open(
                Path.of(file + ".migration"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = exclusive(channel)) {
      Migrations.apply(source, "INTEGER PRIMARY KEY AUTOINCREMENT");
    } catch (IOException e) {
      throw new SQLException("cannot lock " + file + " for its migration", e);
    }
  }

  /// Waits for other processes, and for others in this one, for which Java has an exception only.
  private static FileLock exclusive(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
  }

  @Override
  public <T> T read(SqlFunction<T> work) throws SQLException {
    return on(
        readerThreads,
        () -> {
          var reader = readers.take();
          try {
            return onOneState(reader, work);
          } finally {
            readers.add(reader);
          }
        });
  }

  /// Its driver hands on the octets of a text without looking at them.
  @Override
  public void scan(Connection connection, RawQuery query, RawRow.Reader reader)
      throws SQLException {
    var row = new RawRow(query);
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query.select())) {
      while (rows.next()) {
        for (int i = 0; i < row.numbers(); i++) {
          row.number(i, rows.getLong(i + 1));
        }
        for (int i = 0; i < row.texts(); i++) {
          var text = rows.getBytes(row.numbers() + i + 1);
          if (text == null) {
            row.noText(i);
          } else {
            row.text(i, text, 0, text.length);
          }
        }
        reader.read(row);
      }
    }
  }

  private static <T> T onOneState(Connection reader, SqlFunction<T> work) throws SQLException {
    execute(reader, "BEGIN");
    try {
      return work.apply(reader);
    } finally {
      execute(reader, "ROLLBACK");
    }
  }

  @Override
  public <T> T write(SqlFunction<T> work, Ending<T> ending) throws SQLException {
    return on(
        writerThread,
        () -> {
          writing.lock();
          try {
            return Transactions.run(
                this,
                writer,
                connection -> {
                  var result = work.apply(connection);
                  ending.end(connection, result);
                  return result;
                });
          } finally {
            writing.unlock();
          }
        });
  }

  private static <T> T on(ExecutorService threads, Callable<T> work) throws SQLException {
    try {
      return threads.submit(work).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SQLException refused -> throw refused;
        case RuntimeException fault -> throw fault;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  /// The driver's own transactions begin too early: right after the last one ended.
  @Override
  public void begin(Connection connection) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    execute(connection, "COMMIT");
    checkpoints.committed();
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    execute(connection, "ROLLBACK");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public boolean joinsStatements() {
    return false;
  }

  /// Its log has pages as they were before.
  @Override
  public void forgetDeleted() {
    checkpoints.empty();
  }

  @Override
  public Lock writing() {
    return writing;
  }

  @Override
  public String announcement() {
    // One writer at a time is all the order that changes need, and the writer's process looks at
    // once.
    return "";
  }

  @Override
  public ChangeSource changes() throws SQLException {
    return new Polling(dedicated());
  }

  @Override
  public Horizon horizon(Connection connection) {
    // One writer after the other: whoever reads sees what everybody before has written.
    return new Horizon(Long.MAX_VALUE, 0);
  }

  @Override
  public void alone(Connection connection, String name) {
    // One writer at a time.
  }

  @Override
  public RowPlace place() {
    return RowPlace.ROWID;
  }

  @Override
  public Optional<Instant> time(Connection connection) {
    return Optional.empty();
  }

  @Override
  public boolean isTaken(SQLException e) {
    return e instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY);
  }

  @Override
  public boolean isTransient(SQLException e) {
    return false;
  }

  @Override
  public boolean isLost(SQLException e) {
    return e instanceof SQLiteException sqlite
        && switch (SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)) {
          case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE, SQLITE_ERROR ->
              false;
          default -> true;
        };
  }

  @Override
  public void close() {
    writerThread.shutdown();
    readerThreads.shutdown();
    try {
      var _ = writerThread.awaitTermination(5, TimeUnit.SECONDS);
      var _ = readerThreads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    checkpoints.close();
    Transactions.close(writer);
    readers.forEach(Transactions::close);
  }

  /// Looks when this process has written, and from time to time for what others have.
  private static final class Polling implements ChangeSource {
    private final Connection connection;
    private final Semaphore woken = new Semaphore(0);

    Polling(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void await(Duration atMost) throws InterruptedException {
      if (woken.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        woken.drainPermits();
      }
    }

    @Override
    public List<Change> after(long sequence) throws SQLException {
      return Transactions.changesAfter(connection, sequence);
    }

    @Override
    public <T> T read(SqlFunction<T> work) throws SQLException {
      return work.apply(connection);
    }

    @Override
    public void wake() {
      woken.release();
    }

    @Override
    public void close() {
      Transactions.close(connection);
    }
  }
}
