package dev.lanyard.server.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Takes statements that write in one transaction and whose answer nobody asks for: at once
/// ([Statements]), or together with others ([Writes]).
public interface Writing {
  /// Sets the parameters of a statement.
  @FunctionalInterface
  interface Binding {
    /// @param before how many parameters of the statement come before these
    void bind(PreparedStatement statement, int before) throws SQLException;
  }

  /// @param parameters how many the statement has
  void write(String sql, int parameters, Binding binding) throws SQLException;

  /// @param values of the parameters, see [Statements]
  default void write(String sql, Object... values) throws SQLException {
    write(sql, values.length, (statement, before) -> Statements.bind(statement, before, values));
  }
}
