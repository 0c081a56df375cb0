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
import java.util.Map;
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

  private static final int ATTEMPTS = 3;

  /// Two nodes that wait for each other's keys, each in its own order, would be a deadlock.
  private static final Comparator<Row> IN_ONE_ORDER_ON_ALL_NODES =
      Comparator.<Row, String>comparing(row -> row.kind().claimed())
          .thenComparing(row -> row.key().toString());

  private final Engine engine;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
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
    List<Outcome> outcomes;
    try {
      outcomes = write(units);
    } catch (SQLException e) {
      boolean lost = engine.isLost(e);
      giveUp(lost);
      if (!last && (lost || engine.isTransient(e))) {
        return null;
      }
      return lost ? new Unanswered(e) : new Refused(e);
    } catch (RuntimeException e) {
      giveUp(false);
      return new Refused(e);
    }
    try {
      engine.commit(open());
      return new Committed(outcomes);
    } catch (SQLException e) {
      giveUp(true);
      return new Unanswered(e);
    }
  }

  private List<Outcome> write(List<Unit> units) throws SQLException {
    var open = open();
    engine.begin(open);
    var outcomes = claim(open, units);
    var facts = new LinkedHashMap<RowKind, List<Row>>();
    for (int i = 0; i < units.size(); i++) {
      for (var row : units.get(i).rows(outcomes.get(i))) {
        facts.computeIfAbsent(row.kind(), _ -> new ArrayList<>()).add(row);
      }
    }
    for (var rows : facts.values()) {
      for (int from = 0; from < rows.size(); from += LARGEST_STATEMENT) {
        var chunk = rows.subList(from, Math.min(rows.size(), from + LARGEST_STATEMENT));
        statement(open, chunk).executeUpdate();
      }
    }
    return outcomes;
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
    try (var rows = statement(open, claims).executeQuery()) {
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

  private PreparedStatement statement(Connection open, List<Row> rows) throws SQLException {
    var sql = rows.getFirst().kind().insert(rows.size());
    var statement = statements.get(sql);
    if (statement == null) {
      statement = open.prepareStatement(sql);
      statements.put(sql, statement);
    }
    int columns = rows.getFirst().values().size();
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).bind(statement, i * columns);
    }
    return statement;
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
        return;
      }
    } catch (SQLException e) {
      LOG.debug("a lost connection cannot be rolled back: {}", e.toString());
    }
    close();
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
