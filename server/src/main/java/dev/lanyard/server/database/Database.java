package dev.lanyard.server.database;

import dev.lanyard.protocol.claims.ClockSkew;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The record of this installation. Thread-safe.
public final class Database implements Reading, AutoCloseable {
  /// Whose clock is behind by more has the alarm `clock-differs`.
  private static final Duration NEARLY = Duration.ofMinutes(2);

  /// The SQL state by which work says that another transaction has overtaken what it stands on:
  /// PostgreSQL, where alone that can be, tries all of it again.
  public static final String AGAIN = "40001";

  private final Engine engine;
  private final Refusals refusals;
  private final GroupCommit groupCommit;
  private final ChangeFeed changes;

  private Database(Engine engine, DatabaseConfig config, InstantSource clock) throws SQLException {
    this.engine = engine;
    this.refusals = new Refusals(clock);
    this.groupCommit = new GroupCommit(engine, refusals, clock);
    this.changes = new ChangeFeed(engine, config, clock, InstantSource.system());
  }

  /// Opens the record, and creates or migrates its tables first if they are behind. Nodes that do
  /// so at once wait for each other.
  ///
  /// @throws DatabaseException if it cannot be opened, or a newer version of this program has
  ///   migrated it
  public static Database open(DatabaseConfig config, InstantSource clock) {
    return open(config, clock, _ -> true);
  }

  /// The same for a command that only looks, and may be of another version than what serves: no
  /// tables are created, and those that are not of this program stay as they are.
  ///
  /// @throws DatabaseException if it cannot be opened, or its tables are not there yet, older or
  ///   newer; the message says which
  public static Database openUnmigrated(DatabaseConfig config, InstantSource clock) {
    // To open a file that is not there makes it.
    if (config.isSqlite() && !Files.exists(config.sqliteFile())) {
      throw Migrations.nothingYet();
    }
    return open(config, clock, Migrations::refuseOthers);
  }

  private static Database open(
      DatabaseConfig config, InstantSource clock, SqlFunction<Boolean> first) {
    try {
      var engine = config.isSqlite() ? new Sqlite(config) : new Postgres(config);
      return open(engine, config, clock, first);
    } catch (SQLException e) {
      throw new DatabaseException(
          "cannot open "
              + config.place()
              + (config.isSqlite() ? "" : " (is it running, and does it admit database.user?)"),
          e);
    }
  }

  /// The same of an engine, which is closed if there is nothing to open.
  static Database open(
      Engine engine, DatabaseConfig config, InstantSource clock, SqlFunction<Boolean> first)
      throws SQLException {
    try {
      engine.read(first);
      engine.migrate();
      return new Database(engine, config, clock);
    } catch (SQLException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /// The threads that have ended and on which this node relies, by their names.
  public List<String> endedThreads() {
    var ended = new ArrayList<String>();
    if (!changes.isAlive()) {
      ended.add("changes");
    }
    if (!groupCommit.isAlive()) {
      ended.add("group-commit");
    }
    return List.copyOf(ended);
  }

  /// Reads one consistent state.
  ///
  /// @throws DatabaseException if the database cannot answer
  @Override
  public <T> T read(SqlFunction<T> work) {
    try {
      return engine.read(work);
    } catch (SQLException e) {
      throw new DatabaseException("the database cannot be read", e);
    }
  }

  /// Hands on every row of a question as octets, on a connection of [#read]: for millions of rows,
  /// none of which is kept.
  public void scan(Connection connection, RawQuery query, RawRow.Reader reader)
      throws SQLException {
    engine.scan(connection, query, reader);
  }

  /// Runs work in a transaction of its own. When this returns, it is durable; when it throws,
  /// nothing of it was kept, unless the connection was lost while committing: then it is not known.
  ///
  /// @throws DatabaseException if the database did not do it
  public <T> T write(SqlFunction<T> work) {
    try {
      return committed(work);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// The same for work that looks whether a key is taken before it writes a row with it. If another
  /// transaction wrote one in between, the work runs once more and finds it; so it must do nothing
  /// but read and write here.
  ///
  /// @throws DatabaseException if the database did not do it
  public <T> T writeAfterLooking(SqlFunction<T> work) {
    try {
      return committed(work);
    } catch (SQLException e) {
      if (!engine.isTaken(e)) {
        throw failed(e);
      }
    }
    return write(work);
  }

  private <T> T committed(SqlFunction<T> work) throws SQLException {
    var told = engine.write(connection -> changes.telling(connection, work), changes::tell);
    changes.wake();
    return told.result();
  }

  private DatabaseException failed(SQLException e) {
    if (engine.isLost(e)) {
      refusals.add(1, e);
    }
    return new DatabaseException("the database cannot be written", e);
  }

  /// Lets a transaction go on only when no other one, on whatever node, goes on in the same name.
  /// For those that lock rows of each other's in no order; called before they lock the first.
  public void alone(Connection connection, String name) throws SQLException {
    engine.alone(connection, name);
  }

  /// Takes statements of a transaction that go to the database together.
  public Writes writes(Connection connection) {
    return new Writes(connection, engine.joinsStatements());
  }

  /// Removes all rows that meet a condition, some at a time, so that nobody waits long for it.
  ///
  /// @param values of the condition's parameters
  /// @return how many rows went
  /// @throws DatabaseException if the database cannot; what has gone until then is gone
  public int removeAll(String table, String condition, Object... values) {
    try {
      return new Sweep(engine, table, condition, values).run();
    } catch (SQLException e) {
      throw new DatabaseException("rows of " + table + " could not be removed", e);
    }
  }

  /// Takes what was deleted before this call out of the files of the database too. SQLite does so
  /// at once, unless somebody reads for long: then a little later. PostgreSQL keeps it until it
  /// vacuums, and in its own log and backups. Never to be called within a transaction.
  public void forgetDeleted() {
    engine.forgetDeleted();
  }

  /// The time by the database's own clock, which all nodes share; empty if that is this machine's.
  ///
  /// @throws DatabaseException if the database cannot answer
  public Optional<Instant> time() {
    return read(engine::time);
  }

  /// The same within a transaction of the caller's.
  public Optional<Instant> time(Connection connection) throws SQLException {
    return engine.time(connection);
  }

  /// A lease that begins now, in a transaction of the caller's. Whether another one is longer than
  /// it can be says the clock that all nodes share: one whose own is behind would doubt them all.
  ///
  /// @param now by this node's clock
  public Lease lease(Connection connection, Instant now, Duration length) throws SQLException {
    var shared = time(connection).orElse(now);
    // By the clock that is behind: one that ends too late would be free to everybody at once. One
    // that is a little behind goes by the shared one, too, or the lease would end before its time.
    boolean isNear = now.isAfter(shared.minus(NEARLY));
    var begin = isNear ? shared : now;
    return new Lease(begin, begin.plus(length), shared.plus(length).plus(ClockSkew.MAX));
  }

  /// The time by whichever clock is behind, this node's or the database's: before it is removed
  /// what other nodes may still need, because this one's may be ahead.
  ///
  /// @param now by this node's clock
  /// @throws DatabaseException if the database cannot answer
  public Instant cautious(Instant now) {
    return time().filter(now::isAfter).orElse(now);
  }

  /// What the database has not taken, in shared transactions or in others.
  public Refusals refusals() {
    return refusals;
  }

  /// How far the database is with its transactions; to be asked before what is to be compared with
  /// it.
  public Horizon horizon(Connection connection) throws SQLException {
    return engine.horizon(connection);
  }

  public GroupCommit groupCommit() {
    return groupCommit;
  }

  public ChangeFeed changes() {
    return changes;
  }

  /// Commits what is waiting, then ends.
  @Override
  public void close() {
    groupCommit.close();
    changes.close();
    engine.close();
  }
}
