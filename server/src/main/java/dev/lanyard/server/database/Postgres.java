package dev.lanyard.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.lanyard.protocol.oauth.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL, shared by any number of nodes.
final class Postgres implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int CONNECT_SECONDS = 5;

  /// A node that hears nothing for so long gives the connection up.
  private static final int SILENCE_SECONDS = 20;

  /// Whatever the server's default is. Values stronger than "on" stay.
  private static final String NOT_BEFORE_IT_IS_DURABLE =
      """
      SELECT set_config('synchronous_commit', 'on', false)
      WHERE current_setting('synchronous_commit') = 'off'
      """;

  private static final int ATTEMPTS = 3;

  /// "lanyard" as a number: the advisory lock of those who append changes.
  private static final long APPEND_LOCK = 0x6c616e79617264L;

  private static final String CHANNEL = "lanyard_change";

  /// The advisory lock of the node that migrates.
  private static final long MIGRATION_LOCK = APPEND_LOCK + 1;

  private final PGSimpleDataSource source = new PGSimpleDataSource();
  private final HikariDataSource pool;
  private final Lock writing = new ReentrantLock();

  Postgres(DatabaseConfig config) throws SQLException {
    source.setURL(config.url());
    config.user().ifPresent(source::setUser);
    config.password().map(Secret::reveal).ifPresent(source::setPassword);
    source.setApplicationName("lanyard");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(SILENCE_SECONDS);
    source.setTcpKeepAlive(true);
    // The detail of an error names values, which may be personal, and ends in a log.
    source.setLogServerErrorDetail(false);
    pool = pool(config);
    try (var connection = pool.getConnection()) {
      warnIfNotDurable(connection);
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private HikariDataSource pool(DatabaseConfig config) throws SQLException {
    var settings = new HikariConfig();
    settings.setPoolName("lanyard");
    settings.setDataSource(source);
    settings.setConnectionInitSql(NOT_BEFORE_IT_IS_DURABLE);
    settings.setAutoCommit(false);
    settings.setMaximumPoolSize(config.connections());
    settings.setMinimumIdle(1);
    settings.setConnectionTimeout(Duration.ofSeconds(CONNECT_SECONDS).toMillis());
    try {
      return new HikariDataSource(settings);
    } catch (HikariPool.PoolInitializationException e) {
      throw new SQLException("cannot connect to " + config.url() + ": " + e.getMessage(), e);
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
    try (var guard = source.getConnection();
        var lock = guard.prepareStatement("SELECT pg_advisory_lock(?)")) {
      lock.setLong(1, MIGRATION_LOCK);
      lock.execute();
      // The lock ends with its connection.
      Migrations.apply(source, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
    }
  }

  @Override
  public <T> T read(SqlFunction<T> work) throws SQLException {
    return write(work);
  }

  @Override
  public <T> T write(SqlFunction<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (var connection = pool.getConnection()) {
        return Transactions.run(this, connection, work);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !isTransient(e)) {
          throw e;
        }
      }
    }
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
  public boolean isTaken(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  @Override
  public boolean isTransient(SQLException e) {
    // Serialization failure and deadlock.
    return Database.AGAIN.equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
  }

  @Override
  public boolean isLost(SQLException e) {
    var state = Optional.ofNullable(e.getSQLState()).orElse("08");
    // Connection, resources (disk full), operator (shutdown), system: none of them the unit's
    // fault.
    return List.of("08", "53", "57", "58", "XX").stream().anyMatch(state::startsWith);
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
