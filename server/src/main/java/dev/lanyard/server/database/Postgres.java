package dev.lanyard.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.lanyard.protocol.oauth.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL, shared by any number of nodes.
final class Postgres implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /// How long a request waits for a connection, and a connection for the server.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /// A node that hears nothing for so long gives the connection up.
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

  /// The server takes no writes: a standby, or one whose administrator has said so.
  private static final String READ_ONLY = "25006";

  /// All connections of the pool are renewed at most so often: where nothing can be written for
  /// long, what only reads goes on.
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  /// Whatever the server's default is. Values stronger than "on" stay.
  private static final String NOT_BEFORE_IT_IS_DURABLE =
      """
      SELECT set_config('synchronous_commit', 'on', false)
      WHERE current_setting('synchronous_commit') = 'off'
      """;

  private static final int ATTEMPTS = 3;

  /// A server that did not answer for so long is not asked again: whoever waits can only be told to
  /// come back later.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// "lanyard" as a number: the advisory lock of those who append changes.
  private static final long APPEND_LOCK = 0x6c616e79617264L;

  private static final String CHANNEL = "lanyard_change";

  /// The advisory lock of the node that migrates.
  static final long MIGRATION_LOCK = APPEND_LOCK + 1;

  private final DatabaseConfig config;
  private final Duration longestWait;
  private final PGSimpleDataSource source;
  private final HikariDataSource pool;
  private final Lock writing = new ReentrantLock();

  /// The nanosecond when all connections of the pool were renewed last.
  private final AtomicLong renewed = new AtomicLong(System.nanoTime() - RENEWAL.toNanos());

  Postgres(DatabaseConfig config) throws SQLException {
    this(config, LONGEST_SILENCE, LONGEST_WAIT);
  }

  /// @param longestSilence after how long without an answer a connection is given up; whole seconds
  /// @param longestWait how long a request waits for a connection; whole seconds
  Postgres(DatabaseConfig config, Duration longestSilence, Duration longestWait)
      throws SQLException {
    this.config = config;
    this.longestWait = longestWait;
    source = source(longestSilence);
    pool = pool();
    try (var connection = pool.getConnection()) {
      warnIfNotDurable(connection);
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private PGSimpleDataSource source(Duration longestSilence) {
    var made = new PGSimpleDataSource();
    made.setURL(config.url());
    config.user().ifPresent(made::setUser);
    config.password().map(Secret::reveal).ifPresent(made::setPassword);
    made.setApplicationName("lanyard");
    made.setConnectTimeout((int) longestWait.toSeconds());
    made.setSocketTimeout((int) longestSilence.toSeconds());
    made.setTcpKeepAlive(true);
    // The detail of an error names values, which may be personal, and ends in a log.
    made.setLogServerErrorDetail(false);
    return made;
  }

  private HikariDataSource pool() throws SQLException {
    var settings = new HikariConfig();
    settings.setPoolName("lanyard");
    settings.setDataSource(source);
    settings.setConnectionInitSql(NOT_BEFORE_IT_IS_DURABLE);
    settings.setAutoCommit(false);
    settings.setMaximumPoolSize(config.connections());
    settings.setMinimumIdle(1);
    settings.setConnectionTimeout(longestWait.toMillis());
    try {
      return new HikariDataSource(settings);
    } catch (HikariPool.PoolInitializationException e) {
      throw new SQLException("cannot connect to " + config.place() + ": " + e.getMessage(), e);
    }
  }

  /// What the administrator of the database has switched off we cannot promise.
  private static void warnIfNotDurable(Connection connection) throws SQLException {
    var select = "SELECT current_setting('fsync'), current_setting('full_page_writes')";
    try (var statement = connection.prepareStatement(select);
        var rows = statement.executeQuery()) {
      rows.next();
      if (rows.getString(1).equals("off") || rows.getString(2).equals("off")) {
        LOG.warn(
            "PostgreSQL runs with fsync or full_page_writes off: a crash of it loses what was"
                + " answered");
      }
    }
  }

  @Override
  public void migrate() throws SQLException {
    if (read(Migrations::areApplied)) {
      return;
    }
    // Another node may migrate, and a script over a large record take, for longer than a request
    // may wait.
    var patient = source(Duration.ZERO);
    try (var guard = patient.getConnection();
        var lock = guard.prepareStatement("SELECT pg_advisory_lock(?)")) {
      lock.setLong(1, MIGRATION_LOCK);
      lock.execute();
      // The lock ends with its connection.
      Migrations.apply(patient, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
    }
  }

  @Override
  public <T> T read(SqlFunction<T> work) throws SQLException {
    return write(work);
  }

  @Override
  public <T> T write(SqlFunction<T> work, Ending<T> ending) throws SQLException {
    long begun = System.nanoTime();
    boolean stale = false;
    for (int attempt = 1; ; attempt++) {
      var finishing = new AtomicBoolean();
      try (var connection = stale ? answering() : pool.getConnection()) {
        return runOn(connection, whole(work, ending, finishing));
      } catch (SQLException e) {
        // What is lost while finishing may have been committed.
        boolean wasStale = !stale && isGone(e) && !finishing.get() && isInTime(begun);
        if (attempt == ATTEMPTS || !(wasStale || isTransient(e))) {
          throw e;
        }
        stale = stale || wasStale;
      }
    }
  }

  private <T> T runOn(Connection connection, SqlFunction<T> work) throws SQLException {
    try {
      return Transactions.run(this, connection, work);
    } catch (SQLException e) {
      if (READ_ONLY.equals(e.getSQLState())) {
        LOG.warn("the database takes no writes: {}", e.getMessage());
        pool.evictConnection(connection);
        renewPool();
      }
      throw e;
    }
  }

  /// One connection leads to a server that is not the primary any more: the others may, too, and
  /// what they read there may be old.
  private void renewPool() {
    long now = System.nanoTime();
    long last = renewed.get();
    if (now - last >= RENEWAL.toNanos() && renewed.compareAndSet(last, now)) {
      pool.getHikariPoolMXBean().softEvictConnections();
    }
  }

  private static <T> SqlFunction<T> whole(
      SqlFunction<T> work, Ending<T> ending, AtomicBoolean finishing) {
    return connection -> {
      var result = work.apply(connection);
      finishing.set(true);
      ending.end(connection, result);
      return result;
    };
  }

  /// A connection that is alive: after a restart of the server every one of the pool may be dead,
  /// and those that were used a moment ago it does not try.
  private Connection answering() throws SQLException {
    while (true) {
      var connection = pool.getConnection();
      if (connection.isValid((int) longestWait.toSeconds())) {
        return connection;
      }
      pool.evictConnection(connection);
    }
  }

  /// Whether the server has ended the connection, or has ended itself.
  private static boolean isGone(SQLException e) {
    var state = Optional.ofNullable(e.getSQLState()).orElse("");
    return state.startsWith("08") || List.of("57P01", "57P02", "57P03").contains(state);
  }

  private static boolean isInTime(long begun) {
    return System.nanoTime() - begun < PATIENCE.toNanos();
  }

  @Override
  public void scan(Connection connection, RawQuery query, RawRow.Reader reader)
      throws SQLException {
    CopiedRows.read(connection, query, reader);
  }

  @Override
  public Connection dedicated() throws SQLException {
    var connection = source.getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute(NOT_BEFORE_IT_IS_DURABLE);
    }
    connection.unwrap(PGConnection.class).setPrepareThreshold(1);
    return connection;
  }

  @Override
  public void begin(Connection connection) throws SQLException {
    // The first statement opens it.
    connection.setAutoCommit(false);
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    connection.rollback();
  }

  @Override
  public boolean joinsStatements() {
    return true;
  }

  @Override
  public void forgetDeleted() {
    // It keeps dead rows until it vacuums, which only their owner may have it do.
  }

  @Override
  public Lock writing() {
    return writing;
  }

  @Override
  public String announcement() {
    // Held until the transaction is visible to all: numbers become visible in their order.
    return "SELECT pg_advisory_xact_lock(" + APPEND_LOCK + "), pg_notify('" + CHANNEL + "', '');";
  }

  @Override
  public ChangeSource changes() throws SQLException {
    return new Listening(dedicated());
  }

  @Override
  public Horizon horizon(Connection connection) throws SQLException {
    var select =
        """
        SELECT CAST(CAST(pg_snapshot_xmin(snapshot) AS text) AS bigint),
          CAST(CAST(pg_snapshot_xmax(snapshot) AS text) AS bigint)
        FROM pg_current_snapshot() AS snapshot
        """;
    return new Statements(connection)
        .first(select, rows -> new Horizon(rows.getLong(1), rows.getLong(2)))
        .orElseThrow();
  }

  @Override
  public void alone(Connection connection, String name) throws SQLException {
    var _ =
        new Statements(connection)
            .finds("SELECT pg_advisory_xact_lock(hashtextextended(?, ?))", name, APPEND_LOCK);
  }

  @Override
  public RowPlace place() {
    return RowPlace.CTID;
  }

  @Override
  public Optional<Instant> time(Connection connection) throws SQLException {
    var select = "SELECT CAST(EXTRACT(epoch FROM clock_timestamp()) * 1000 AS bigint)";
    return new Statements(connection).first(select, rows -> Instant.ofEpochMilli(rows.getLong(1)));
  }

  @Override
  public boolean isTaken(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  @Override
  public boolean isTransient(SQLException e) {
    // Serialization failure, deadlock, and what another connection may be able to write.
    var state = Optional.ofNullable(e.getSQLState());
    return state.filter(List.of(Database.AGAIN, "40P01", READ_ONLY)::contains).isPresent();
  }

  @Override
  public boolean isLost(SQLException e) {
    var state = Optional.ofNullable(e.getSQLState()).orElse("08");
    // Connection, transaction (read-only), resources (disk full), operator (shutdown), system: none
    // of them the unit's fault. Nor is it that the pool has no connection, whatever the reason.
    return e instanceof SQLTransientConnectionException
        || List.of("08", "25", "53", "57", "58", "XX").stream().anyMatch(state::startsWith);
  }

  @Override
  public void close() {
    pool.close();
  }

  /// Is told by the database, and looks from time to time in case it was not.
  private static final class Listening implements ChangeSource {
    private final Connection connection;

    Listening(Connection connection) throws SQLException {
      this.connection = connection;
      try (var statement = connection.createStatement()) {
        statement.execute("LISTEN " + CHANNEL);
      }
    }

    @Override
    public void await(Duration atMost) throws SQLException {
      var _ = connection.unwrap(PGConnection.class).getNotifications((int) atMost.toMillis());
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
      // The notification does it.
    }

    @Override
    public void close() {
      Transactions.close(connection);
    }
  }
}
