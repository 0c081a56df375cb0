package dev.lanyard.server.database;

import java.util.List;

/// How a database names the place where a row is, so that rows that were found are removed without
/// looking for them again.
///
/// A place is good for the moment only: whoever removes by it asks again for the condition.
enum RowPlace {
  ROWID("rowid", "INTEGER", String.valueOf(Long.MIN_VALUE)) {
    @Override
    String among() {
      return "rowid IN (SELECT value FROM json_each(?))";
    }

    @Override
    String list(List<String> places) {
      return "[" + String.join(",", places) + "]";
    }
  },
  CTID("ctid", "tid", "(0,0)") {
    @Override
    String among() {
      return "ctid = ANY (CAST(? AS tid[]))";
    }

    @Override
    String list(List<String> places) {
      return "{\"" + String.join("\",\"", places) + "\"}";
    }
  };

  private final String column;
  private final String type;
  private final String beforeAll;

  RowPlace(String column, String type, String beforeAll) {
    this.column = column;
    this.type = type;
    this.beforeAll = beforeAll;
  }

  /// Before where any row is.
  String beforeAll() {
    return beforeAll;
  }

  /// Asks for the places after one, as texts. Rows come as they are found, as they lie or in the
  /// order of an index: sorting them would mean to look at all of them each time.
  String select(String table, String condition, int most) {
    return "SELECT CAST(%s AS text) FROM %s WHERE %s > CAST(? AS %s) AND (%s) LIMIT %d"
        .formatted(column, table, column, type, condition, most);
  }

  /// The condition that a row is at one of the places of a [#list].
  abstract String among();

  abstract String list(List<String> places);
}
