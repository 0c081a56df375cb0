package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes batches of units over one connection that it keeps, and opens again when it is lost. Not
/// thread-safe.
final class BatchWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /// Every number of rows up to this has its own statement; larger numbers are put together of
  /// these.
  private static final int LARGEST_STATEMENT = 16;

  /// Batches differ in size and kind; so many different ones are kept prepared.
  private static final int MOST_STATEMENTS = 256;

  private static final int ATTEMPTS = 3;

  /// Two nodes that wait for each other's keys, each in its own order, would be a deadlock.
  private static final Comparator<Row> IN_ONE_ORDER_ON_ALL_NODES =
      Comparator.<Row, String>comparing(row -> row.kind().claimed())
          .thenComparing(row -> row.key().toString());

  private final Engine engine;

  /// Least used first.
  private final LinkedHashMap<String, PreparedStatement> statements =
      new LinkedHashMap<>(64, 0.75f, true);

  private @Nullable Connection connection;

  BatchWriter(Engine engine) {
    this.engine = engine;
  }

  sealed interface Result {}

  /// All units are durable.
  record Committed(List<Outcome> outcomes) implements Result {}

  /// Nothing was written, because of something in at least one unit.
  record Refused(Exception cause) implements Result {}

  /// The database did not do it, or it is not known whether it did.
  record Unanswered(Exception cause) implements Result {}

  Result commit(List<Unit> units) {
    engine.writing().lock();
    try {
      for (int attempt = 1; ; attempt++) {
        var result = attempt(units, attempt == ATTEMPTS);
        if (result != null) {
          return result;
        }
      }
    } finally {
      engine.writing().unlock();
    }
  }

  /// One attempt, or null when another may succeed: nothing was written and it was not the last.
  private @Nullable Result attempt(List<Unit> units, boolean last) {
    boolean finishing = false;
    try {
      var open = open();
      engine.begin(open);
      var outcomes = claim(open, units);
      finishing = true;
      finish(open, facts(units, outcomes));
      return new Committed(outcomes);
    } catch (SQLException e) {
      boolean lost = engine.isLost(e);
      giveUp(lost);
      // What is lost while finishing may have been committed.
      if (!last && (engine.isTransient(e) || (lost && !finishing))) {
        return null;
      }
      return lost ? new Unanswered(e) : new Refused(e);
    } catch (RuntimeException e) {
      giveUp(false);
      return new Refused(e);
    }
  }

  /// The rows to write, in the pieces that one statement takes.
  private static List<List<Row>> facts(List<Unit> units, List<Outcome> outcomes) {
    var facts = new LinkedHashMap<RowKind, List<Row>>();
    for (int i = 0; i < units.size(); i++) {
      for (var row : units.get(i).rows(outcomes.get(i))) {
        facts.computeIfAbsent(row.kind(), _ -> new ArrayList<>()).add(row);
      }
    }
    var pieces = new ArrayList<List<Row>>();
    for (var rows : facts.values()) {
      for (int from = 0; from < rows.size(); from += LARGEST_STATEMENT) {
        pieces.add(rows.subList(from, Math.min(rows.size(), from + LARGEST_STATEMENT)));
      }
    }
    return pieces;
  }

  /// Writes the facts and commits: in one round trip where the database takes that.
  private void finish(Connection open, List<List<Row>> facts) throws SQLException {
    if (engine.joinsStatements()) {
      var sql = new StringBuilder();
      facts.forEach(rows -> sql.append(insert(rows)).append(';'));
      var statement = prepared(open, sql.append("COMMIT").toString());
      int before = 0;
      for (var rows : facts) {
        before = bind(statement, before, rows);
      }
      statement.execute();
    } else {
      for (var rows : facts) {
        var statement = prepared(open, insert(rows));
        bind(statement, 0, rows);
        statement.executeUpdate();
      }
      engine.commit(open);
    }
  }

  private List<Outcome> claim(Connection open, List<Unit> units) throws SQLException {
    var claims = new TreeSet<>(IN_ONE_ORDER_ON_ALL_NODES);
    units.forEach(unit -> unit.claim().ifPresent(claims::add));
    Set<Row> won = Collections.newSetFromMap(new IdentityHashMap<>());
    var chunk = new ArrayList<Row>(LARGEST_STATEMENT);
    for (var claim : claims) {
      if (!chunk.isEmpty()
          && (chunk.size() == LARGEST_STATEMENT || chunk.getFirst().kind() != claim.kind())) {
        won.addAll(inserted(open, chunk));
        chunk.clear();
      }
      chunk.add(claim);
    }
    if (!chunk.isEmpty()) {
      won.addAll(inserted(open, chunk));
    }
    // Removed when it is found, so that a row that two units share is won by one of them.
    return units.stream()
        .map(unit -> unit.claim().isEmpty() || won.remove(unit.claim().get()))
        .map(first -> first ? Outcome.FIRST : Outcome.TAKEN)
        .toList();
  }

  private List<Row> inserted(Connection open, List<Row> claims) throws SQLException {
    var byKey = new HashMap<List<Object>, Row>();
    claims.forEach(claim -> byKey.put(claim.key(), claim));
    int columns = claims.getFirst().kind().key().size();
    var inserted = new ArrayList<Row>(claims.size());
    var statement = prepared(open, insert(claims));
    bind(statement, 0, claims);
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        var key = new ArrayList<Object>(columns);
        for (int column = 1; column <= columns; column++) {
          key.add(rows.getString(column));
        }
        inserted.add(Objects.requireNonNull(byKey.get(key)));
      }
    }
    return inserted;
  }

  private static String insert(List<Row> rows) {
    return rows.getFirst().kind().insert(rows.size());
  }

  private PreparedStatement prepared(Connection open, String sql) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null) {
      statement = open.prepareStatement(sql);
      statements.put(sql, statement);
      if (statements.size() > MOST_STATEMENTS) {
        statements.pollFirstEntry().getValue().close();
      }
    }
    return statement;
  }

  private static int bind(PreparedStatement statement, int before, List<Row> rows)
      throws SQLException {
    int parameters = before;
    for (var row : rows) {
      row.bind(statement, parameters);
      parameters += row.values().size();
    }
    return parameters;
  }

  private Connection open() throws SQLException {
    var open = connection;
    if (open == null) {
      open = engine.dedicated();
      connection = open;
    }
    return open;
  }

  private void giveUp(boolean lost) {
    var open = connection;
    if (open == null) {
      return;
    }
    try {
      engine.rollback(open);
      if (!lost) {
        forgetStatements();
        return;
      }
    } catch (SQLException e) {
      LOG.debug("a lost connection cannot be rolled back: {}", e.toString());
    }
    close();
  }

  /// Drivers differ in what they leave of a statement that failed: all are prepared anew.
  private void forgetStatements() throws SQLException {
    for (var statement : statements.values()) {
      statement.close();
    }
    statements.clear();
  }

  @Override
  public void close() {
    var open = connection;
    connection = null;
    statements.clear();
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("a connection was not closed in order: {}", e.toString());
      }
    }
  }
}
