package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/// Where the two databases differ.
interface Engine extends AutoCloseable {

  /// Creates or migrates the tables if they are behind; one node at a time.
  void migrate() throws SQLException;

  /// Runs work that only reads, on one consistent state. Work may be run again from its beginning.
  <T> T read(SqlFunction<T> work) throws SQLException;

  /// Runs work in a transaction of its own, which is durable when this returns.
  ///
  /// @param work may be run again from its beginning, as long as nothing of it can have been
  ///   committed
  /// @param ending the last thing that the transaction does: it may take the commit along, so
  ///   nothing is run again once it has begun and the connection is lost
  <T> T write(SqlFunction<T> work, Ending<T> ending) throws SQLException;

  /// The same without an ending.
  default <T> T write(SqlFunction<T> work) throws SQLException {
    return write(work, (_, _) -> {});
  }

  /// What a transaction does last.
  @FunctionalInterface
  interface Ending<T> {
    /// @param result of the work
    void end(Connection connection, T result) throws SQLException;
  }

  /// Hands on every row of a question, on a connection of [#read].
  void scan(Connection connection, RawQuery query, RawRow.Reader reader) throws SQLException;

  /// Takes what was deleted out of what the database itself still keeps of it, as far as this
  /// program can.
  void forgetDeleted();

  /// A connection for one user who keeps it.
  Connection dedicated() throws SQLException;

  /// Whether several statements, the commit among them, can be sent as one.
  boolean joinsStatements();

  /// Opens a transaction on a dedicated connection.
  void begin(Connection connection) throws SQLException;

  /// Makes it durable.
  void commit(Connection connection) throws SQLException;

  void rollback(Connection connection) throws SQLException;

  /// Held by whoever writes through a dedicated connection.
  Lock writing();

  /// A way to learn of changes.
  ChangeSource changes() throws SQLException;

  /// The statement, with its semicolon, that puts an append in the order of commits and makes the
  /// other nodes look: sent before the append, in the same round trip. Empty if there is nothing to
  /// say.
  String announcement();

  /// How far it is with its transactions. What has ended by this, every later statement of the
  /// caller's sees.
  Horizon horizon(Connection connection) throws SQLException;

  /// Waits until nobody else's transaction has a name, and has it until this one ends.
  void alone(Connection connection, String name) throws SQLException;

  /// How it names where a row is.
  RowPlace place();

  /// The time by its own clock; empty if that is this machine's.
  Optional<Instant> time(Connection connection) throws SQLException;

  /// Whether a row with the same key was there already.
  boolean isTaken(SQLException e);

  /// Whether the statement may succeed if the same transaction is tried again.
  boolean isTransient(SQLException e);

  /// Whether the connection is of no use any more.
  boolean isLost(SQLException e);

  @Override
  void close();
}
