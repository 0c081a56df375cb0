package dev.lanyard.server.keys;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A column whose values are sealed under the master key.
///
/// @param key the columns that name a row
/// @param column the sealed one; empty or NULL where there is nothing
/// @param context what a value is for, from the values of the key
public record SealedColumn(
    String table, List<String> key, String column, Function<List<String>, String> context) {

  public SealedColumn {
    key = List.copyOf(key);
  }

  private record Value(List<String> key, String sealed) {}

  /// Seals everything in the column again with the master key in force. What another node seals
  /// meanwhile is left alone: it has the new key, or the next call finds it.
  ///
  /// @param masterKey with the former one that the values may be sealed with
  /// @return how many values
  /// @throws KeyException if a value opens with neither; nothing was changed then
  public int rewrap(Database database, MasterKey masterKey) {
    return database.write(connection -> {
      int rewrapped = 0;
      for (var value : values(connection)) {
        var purpose = context.apply(value.key);
        if (!masterKey.isSealed(value.sealed, purpose)) {
          var fresh = masterKey.seal(masterKey.open(value.sealed, purpose), purpose);
          rewrapped += replace(connection, value, fresh);
        }
      }
      return rewrapped;
    });
  }

  private List<Value> values(Connection connection) throws SQLException {
    var select =
        "SELECT %s, %s FROM %s WHERE %s <> ''"
            .formatted(String.join(", ", key), column, table, column);
    return new Statements(connection).list(select, this::value);
  }

  private Value value(ResultSet row) throws SQLException {
    var names = new ArrayList<String>();
    for (int i = 1; i <= key.size(); i++) {
      names.add(row.getString(i));
    }
    return new Value(List.copyOf(names), row.getString(key.size() + 1));
  }

  private int replace(Connection connection, Value value, String fresh) throws SQLException {
    var where = key.stream().map(name -> name + " = ?").collect(Collectors.joining(" AND "));
    var update = "UPDATE %s SET %s = ? WHERE %s AND %s = ?".formatted(table, column, where, column);
    var values = new ArrayList<Object>(List.of(fresh));
    values.addAll(value.key);
    values.add(value.sealed);
    return new Statements(connection).update(update, values.toArray());
  }
}
