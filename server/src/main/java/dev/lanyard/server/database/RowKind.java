package dev.lanyard.server.database;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows of one table that are written alike. Declare each once, as a constant: rows are written
/// together only if they share the kind itself, not one that looks the same. Thread-safe.
public final class RowKind {
  /// The texts of more rows than a batch of requests has are not kept.
  private static final int KEPT = 64;

  private final String table;
  private final List<String> columns;
  private final List<String> key;
  private final String claimed;

  /// What each column holds, as far as seen: an absent value of another type than the last one
  /// would make PostgreSQL prepare the statement anew.
  private final AtomicIntegerArray types;

  private final ConcurrentMap<Integer, String> inserts = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, String> claims = new ConcurrentHashMap<>();

  private RowKind(String table, List<String> key, List<String> others) {
    this.table = table;
    this.key = List.copyOf(key);
    this.claimed = table + key;
    this.columns = Stream.concat(key.stream(), others.stream()).toList();
    this.types = new AtomicIntegerArray(columns.size());
    if (columns.isEmpty()
        || !Stream.concat(Stream.of(table), columns.stream()).allMatch(RowKind::isName)) {
      throw new IllegalArgumentException("not a table with columns: " + table + columns);
    }
  }

  /// Rows that are facts.
  ///
  /// @throws IllegalArgumentException if a name is not a plain identifier
  public static RowKind of(String table, String... columns) {
    return new RowKind(table, List.of(), List.of(columns));
  }

  /// Rows that are claims on their key: of all rows with the same key only the first is inserted.
  ///
  /// @param key the columns of a unique constraint; they must hold text
  /// @param others the other columns
  /// @throws IllegalArgumentException if a name is not a plain identifier
  public static RowKind claim(String table, List<String> key, String... others) {
    return new RowKind(table, key, List.of(others));
  }

  private static boolean isName(String name) {
    return name.matches("[a-z_]+");
  }

  public String table() {
    return table;
  }

  /// The columns in the order of a row's values: those of the key first.
  public List<String> columns() {
    return columns;
  }

  List<String> key() {
    return key;
  }

  /// Names the unique constraint that a claim is on.
  String claimed() {
    return claimed;
  }

  void holds(int column, int type) {
    if (types.getPlain(column) != type) {
      types.set(column, type);
    }
  }

  int typeOf(int column) {
    return types.get(column);
  }

  /// The statement that inserts so many rows at once, or none and fails if a key is taken.
  String insert(int rows) {
    return rows <= KEPT ? inserts.computeIfAbsent(rows, this::text) : text(rows);
  }

  /// The statement that inserts those of so many claims whose key is free, and returns their keys.
  String claim(int rows) {
    return claims.computeIfAbsent(
        rows, many -> insert(many) + " ON CONFLICT DO NOTHING RETURNING " + String.join(",", key));
  }

  private String text(int rows) {
    var tuple = columns.stream().map(_ -> "?").collect(Collectors.joining(",", "(", ")"));
    var tuples = IntStream.range(0, rows).mapToObj(_ -> tuple).collect(Collectors.joining(","));
    return "INSERT INTO " + table + " (" + String.join(",", columns) + ") VALUES " + tuples;
  }

  @Override
  public String toString() {
    return "RowKind[" + table + "]";
  }
}
