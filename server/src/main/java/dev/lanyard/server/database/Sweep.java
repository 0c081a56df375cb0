package dev.lanyard.server.database;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/// Removes all rows that meet a condition, a portion in each transaction: others commit in between.
/// What is to go is found by reading, which keeps nobody from writing. A row that was changed
/// meanwhile may stay for the next sweep. If the process dies, what is gone is gone.
final class Sweep {
  /// Some milliseconds of the embedded database's one writer.
  static final int PORTION = 1_000;

  private final Engine engine;
  private final String table;
  private final String condition;
  private final List<Object> values;

  /// @param values of the condition's parameters
  Sweep(Engine engine, String table, String condition, Object... values) {
    this.engine = engine;
    this.table = table;
    this.condition = condition;
    this.values = List.of(values);
  }

  /// @return how many rows went
  int run() throws SQLException {
    int all = 0;
    int removed;
    do {
      removed = pass();
      all += removed;
      // Who finds rows by an index gets them in its order: some lie before those that went.
    } while (removed >= PORTION);
    return all;
  }

  private int pass() throws SQLException {
    int removed = 0;
    var after = engine.place().beforeAll();
    List<String> found;
    do {
      found = placesAfter(after);
      if (!found.isEmpty()) {
        removed += remove(found);
        after = found.getLast();
      }
    } while (found.size() == PORTION);
    return removed;
  }

  private List<String> placesAfter(String after) throws SQLException {
    var select = engine.place().select(table, condition, PORTION);
    return engine.read(connection ->
        new Statements(connection).list(select, rows -> rows.getString(1), before(after)));
  }

  private int remove(List<String> places) throws SQLException {
    var delete =
        "DELETE FROM %s WHERE %s AND (%s)".formatted(table, engine.place().among(), condition);
    var list = engine.place().list(places);
    return engine.write(connection -> new Statements(connection).update(delete, before(list)));
  }

  private Object[] before(String first) {
    return Stream.concat(Stream.of(first), values.stream()).toArray();
  }
}
