package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/// Runs statements in one transaction of the caller's. Values are text, whole numbers, flags (kept
/// as 0 and 1), instants (kept as milliseconds), or an [Optional] of these.
public final class Statements implements Writing {
  /// Below what either database takes in one statement.
  public static final int MOST_IN_LIST = 500;

  private final Connection connection;

  public Statements(Connection connection) {
    this.connection = connection;
  }

  /// Reads the row that the cursor is at.
  public interface Reader<T> {
    T read(ResultSet rows) throws SQLException;
  }

  @Override
  public void write(String sql, int parameters, Binding binding) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      binding.bind(statement, 0);
      statement.execute();
    }
  }

  /// How many rows were changed.
  public int update(String sql, Object... values) throws SQLException {
    try (var statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /// Every row.
  public <T> List<T> list(String sql, Reader<T> reader, Object... values) throws SQLException {
    try (var statement = prepare(sql, values);
        var rows = statement.executeQuery()) {
      return rows(rows, reader);
    }
  }

  /// The same, of rows that nobody changes until the transaction ends. Several transactions may
  /// hold a row so; whoever wants to change it waits for all of them.
  ///
  /// @param sql selects from one table
  public <T> List<T> held(String sql, Reader<T> reader, Object... values) throws SQLException {
    // Where there is one writer at a time, a transaction that writes holds everything.
    return list(
        connection.isWrapperFor(PGConnection.class) ? sql + " FOR SHARE" : sql, reader, values);
  }

  /// A question with the values of its parameters.
  public record Question<T>(String sql, Reader<T> reader, List<?> values) {}

  /// Every row of two questions.
  public record Both<T, U>(List<T> first, List<U> second) {}

  /// Asks two questions, one after the other, in one round trip where the database takes that. What
  /// is committed while the first waits, the second sees.
  public <T, U> Both<T, U> both(Question<T> first, Question<U> second) throws SQLException {
    if (!connection.isWrapperFor(PGConnection.class)) {
      return new Both<>(list(first), list(second));
    }
    try (var statement = connection.prepareStatement(first.sql() + ";" + second.sql())) {
      bind(statement, 0, first.values().toArray());
      bind(statement, first.values().size(), second.values().toArray());
      statement.execute();
      var rows = rows(statement.getResultSet(), first.reader());
      statement.getMoreResults();
      return new Both<>(rows, rows(statement.getResultSet(), second.reader()));
    }
  }

  private <T> List<T> list(Question<T> question) throws SQLException {
    return list(question.sql(), question.reader(), question.values().toArray());
  }

  private static <T> List<T> rows(ResultSet rows, Reader<T> reader) throws SQLException {
    var all = new ArrayList<T>();
    while (rows.next()) {
      all.add(reader.read(rows));
    }
    return all;
  }

  /// Every row for some of these values, in as many statements as they need.
  ///
  /// @param sql ends with the `IN` before the list of them
  /// @param before the values of the parameters in front of it
  public <T> List<T> among(String sql, Collection<String> some, Reader<T> reader, Object... before)
      throws SQLException {
    var found = new ArrayList<T>();
    for (var part : Chunks.of(List.copyOf(some), MOST_IN_LIST)) {
      var values = new ArrayList<>(List.of(before));
      values.addAll(part);
      found.addAll(list(sql + " " + inList(part), reader, values.toArray()));
    }
    return found;
  }

  /// The first row.
  public <T> Optional<T> first(String sql, Reader<T> reader, Object... values) throws SQLException {
    return list(sql, reader, values).stream().findFirst();
  }

  /// Whether there is a row.
  public boolean finds(String sql, Object... values) throws SQLException {
    return first(sql, _ -> true, values).isPresent();
  }

  /// A text that stands for itself in a pattern of `LIKE … ESCAPE '!'`.
  public static String literal(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }

  /// `(?, ?, …)` for as many values as there are.
  public static String inList(Collection<?> values) {
    return "(" + String.join(", ", Collections.nCopies(values.size(), "?")) + ")";
  }

  /// Runs one statement with many sets of values, in one go.
  public void each(String sql, List<Object[]> sets) throws SQLException {
    if (sets.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(sql)) {
      for (var values : sets) {
        bind(statement, 0, values);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    var statement = connection.prepareStatement(sql);
    bind(statement, 0, values);
    return statement;
  }

  static void bind(PreparedStatement statement, int before, Object... values) throws SQLException {
    int at = before;
    for (var value : values) {
      at++;
      bind(statement, at, value);
    }
  }

  private static void bind(PreparedStatement statement, int at, Object value) throws SQLException {
    switch (value) {
      case Optional<?> optional when optional.isPresent() -> bind(statement, at, optional.get());
      // Of the type of its place.
      case Optional<?> _ -> statement.setNull(at, Types.NULL);
      case Long number -> statement.setLong(at, number);
      case Integer number -> statement.setLong(at, number);
      case Boolean flag -> statement.setLong(at, flag ? 1 : 0);
      case Instant instant -> statement.setLong(at, instant.toEpochMilli());
      default -> statement.setString(at, (String) value);
    }
  }
}
