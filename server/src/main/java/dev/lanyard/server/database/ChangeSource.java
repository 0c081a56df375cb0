package dev.lanyard.server.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// A connection by which one node learns what has changed.
interface ChangeSource extends AutoCloseable {

  /// Returns when something may have changed, at the latest after the time given.
  void await(Duration atMost) throws SQLException, InterruptedException;

  /// The changes after this one, in order; not necessarily all at once.
  List<Change> after(long sequence) throws SQLException;

  /// Reads something else over the same connection; each statement sees the state of its own
  /// moment.
  <T> T read(SqlFunction<T> work) throws SQLException;

  /// Ends a wait of another thread, because something has changed or everything ends.
  void wake();

  @Override
  void close();
}
