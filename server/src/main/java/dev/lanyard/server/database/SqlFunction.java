package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.SQLException;

/// Work inside a transaction. It may run more than once, if the database asks to try again.
@FunctionalInterface
public interface SqlFunction<T> {
  T apply(Connection connection) throws SQLException;
}
