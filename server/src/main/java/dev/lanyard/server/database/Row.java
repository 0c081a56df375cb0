package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One row to be inserted.
///
/// @param values in the order of the kind's columns: text, whole numbers, flags (kept as 0 and 1),
///   instants (kept as milliseconds), or an [Optional] of these
public record Row(RowKind kind, List<Object> values) {
  /// How many rows one statement takes that is not made for a batch of the group commit.
  private static final int LARGEST_STATEMENT = 500;

  /// @throws IllegalArgumentException if the values do not fit the columns
  public Row {
    values = List.copyOf(values);
    if (values.size() != kind.columns().size()) {
      throw new IllegalArgumentException(
          values.size() + " values for the columns " + kind.columns() + " of " + kind.table());
    }
    for (int i = 0; i < kind.key().size(); i++) {
      if (!(values.get(i) instanceof String)) {
        throw new IllegalArgumentException("a key of " + kind.table() + " is not text");
      }
    }
  }

  public Row(RowKind kind, Object... values) {
    this(kind, List.of(values));
  }

  /// What identifies a claim: texts.
  List<Object> key() {
    return values.subList(0, kind.key().size());
  }

  /// Inserts facts of one kind together, in the transaction of the connection.
  public static void insertAll(Connection connection, List<Row> facts) throws SQLException {
    insertAll(new Statements(connection), facts);
  }

  /// The same, whenever they are sent.
  public static void insertAll(Writing writes, List<Row> facts) throws SQLException {
    for (var chunk : Chunks.of(facts, LARGEST_STATEMENT)) {
      var kind = chunk.getFirst().kind;
      int columns = kind.columns().size();
      writes.write(
          kind.insert(chunk.size()),
          chunk.size() * columns,
          (statement, before) -> {
            int parameters = before;
            for (var fact : chunk) {
              fact.bind(statement, parameters);
              parameters += columns;
            }
          });
    }
  }

  /// Inserts this row alone, in the transaction of the connection; a claim only if its key is free.
  public void insert(Connection connection) throws SQLException {
    var sql = kind.key().isEmpty() ? kind.insert(1) : kind.claim(1);
    try (var statement = connection.prepareStatement(sql)) {
      bind(statement, 0);
      statement.execute();
    }
  }

  /// Sets the parameters of one row.
  ///
  /// @param before how many parameters of the statement come before it
  void bind(PreparedStatement statement, int before) throws SQLException {
    for (int column = 0; column < values.size(); column++) {
      bind(statement, before + column + 1, column, values.get(column));
    }
  }

  private void bind(PreparedStatement statement, int parameter, int column, Object value)
      throws SQLException {
    switch (value) {
      case Optional<?> optional when optional.isPresent() ->
          bind(statement, parameter, column, optional.get());
      case Optional<?> _ -> statement.setNull(parameter, kind.typeOf(column));
      case String text -> {
        kind.holds(column, Types.VARCHAR);
        statement.setString(parameter, text);
      }
      default -> {
        kind.holds(column, Types.BIGINT);
        statement.setLong(parameter, number(value));
      }
    }
  }

  private static long number(Object value) {
    return switch (value) {
      case Long number -> number;
      case Integer number -> number;
      case Boolean flag -> flag ? 1 : 0;
      case Instant instant -> instant.toEpochMilli();
      default -> throw new IllegalArgumentException("not kept in a column: " + value.getClass());
    };
  }

  /// Only where it goes: the values may be personal.
  @Override
  public String toString() {
    return "Row[" + kind.table() + "]";
  }
}
