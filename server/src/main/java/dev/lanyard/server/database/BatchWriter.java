package dev.lanyard.server.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

  private static final int ATTEMPTS = 3;

  /// After a claim that was taken so many batches ask before they write.
  private static final int CAREFUL_BATCHES = 64;

  /// A connection that was idle for longer may be dead without our knowing.
  private static final Duration SURELY_ALIVE = Duration.ofMillis(500);

  /// A database that did not answer for so long is not asked again: the requests that wait can only
  /// be told to come back later.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// Two nodes that wait for each other's keys, each in its own order, would be a deadlock.
  private static final Comparator<Row> IN_ONE_ORDER_ON_ALL_NODES =
      Comparator.<Row, String>comparing(row -> row.kind().claimed())
          .thenComparing(row -> row.key().toString());

  private final Engine engine;
  private final InstantSource clock;
  private final PreparedStatements statements = new PreparedStatements();
  private @Nullable Connection connection;

  /// The nanosecond when the batch that is being written was begun.
  private long begun;

  private int carefulBatches;
  private Instant lastCommitted = Instant.EPOCH;

  BatchWriter(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
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
      begun = System.nanoTime();
      boolean sanguine = isSanguine();
      carefulBatches = Math.max(0, carefulBatches - 1);
      for (int attempt = 1; ; attempt++) {
        var result = attempt(units, sanguine && attempt == 1, attempt == ATTEMPTS);
        if (result != null) {
          return result;
        }
      }
    } finally {
      engine.writing().unlock();
    }
  }

  /// Whether to write as if every claim were free: nearly all are, and it saves a round trip.
  private boolean isSanguine() {
    return engine.joinsStatements()
        && carefulBatches == 0
        && connection != null
        && clock.instant().isBefore(lastCommitted.plus(SURELY_ALIVE));
  }

  /// One attempt, or null when another may succeed: nothing was written and it was not the last.
  private @Nullable Result attempt(List<Unit> units, boolean sanguine, boolean last) {
    boolean opened = false;
    boolean finishing = false;
    try {
      var open = open();
      opened = true;
      engine.begin(open);
      var claims = new TreeSet<>(IN_ONE_ORDER_ON_ALL_NODES);
      int claiming = claimsOf(units, claims);
      boolean atOnce = sanguine && claims.size() == claiming;
      var outcomes =
          atOnce
              ? Collections.nCopies(units.size(), Outcome.FIRST)
              : outcomes(units, won(open, claims));
      finishing = true;
      var rows = new ArrayList<Row>();
      if (atOnce) {
        rows.addAll(claims);
      }
      for (int i = 0; i < units.size(); i++) {
        rows.addAll(units.get(i).rows(outcomes.get(i)));
      }
      finish(open, pieces(rows));
      lastCommitted = clock.instant();
      return new Committed(outcomes);
    } catch (SQLException e) {
      // Who gets no connection, for whatever reason, has not been refused a unit.
      boolean lost = !opened || engine.isLost(e);
      giveUp(lost);
      if (sanguine && engine.isTaken(e)) {
        carefulBatches = CAREFUL_BATCHES;
        return null;
      }
      // What is lost while finishing may have been committed.
      if (!last && (engine.isTransient(e) || (lost && !finishing && isInTime()))) {
        return null;
      }
      return lost ? new Unanswered(e) : new Refused(e);
    } catch (RuntimeException e) {
      giveUp(false);
      return new Refused(e);
    }
  }

  private boolean isInTime() {
    return System.nanoTime() - begun < PATIENCE.toNanos();
  }

  /// @return how many there are, those among them that are the same
  private static int claimsOf(List<Unit> units, Set<Row> claims) {
    int count = 0;
    for (var unit : units) {
      if (unit.claim().isPresent()) {
        claims.add(unit.claim().get());
        count++;
      }
    }
    return count;
  }

  /// The rows in the pieces that one statement takes.
  private static List<List<Row>> pieces(List<Row> rows) {
    var byKind = new LinkedHashMap<RowKind, List<Row>>();
    rows.forEach(row -> byKind.computeIfAbsent(row.kind(), _ -> new ArrayList<>()).add(row));
    var pieces = new ArrayList<List<Row>>();
    byKind.values().forEach(alike -> pieces.addAll(Chunks.of(alike, LARGEST_STATEMENT)));
    return pieces;
  }

  /// Writes the rows and commits: in one round trip where the database takes that.
  private void finish(Connection open, List<List<Row>> pieces) throws SQLException {
    if (engine.joinsStatements()) {
      var sql = new StringBuilder();
      pieces.forEach(rows -> sql.append(insert(rows)).append(';'));
      var statement = statements.get(open, sql.append("COMMIT").toString());
      int before = 0;
      for (var rows : pieces) {
        before = bind(statement, before, rows);
      }
      statement.execute();
    } else {
      for (var rows : pieces) {
        var statement = statements.get(open, insert(rows));
        bind(statement, 0, rows);
        statement.executeUpdate();
      }
      engine.commit(open);
    }
  }

  /// Inserts the claims whose key is free.
  private Set<Row> won(Connection open, Set<Row> claims) throws SQLException {
    Set<Row> won = Collections.newSetFromMap(new IdentityHashMap<>());
    for (var alike : pieces(List.copyOf(claims))) {
      won.addAll(inserted(open, alike));
    }
    return won;
  }

  private static List<Outcome> outcomes(List<Unit> units, Set<Row> won) {
    // Removed when it is found, so that a row that two units share is won by one of them.
    return units.stream()
        .map(unit -> unit.claim().isEmpty() || won.remove(unit.claim().get()))
        .map(first -> first ? Outcome.FIRST : Outcome.TAKEN)
        .toList();
  }

  private List<Row> inserted(Connection open, List<Row> claims) throws SQLException {
    var byKey = new HashMap<List<Object>, Row>();
    claims.forEach(claim -> byKey.put(claim.key(), claim));
    var kind = claims.getFirst().kind();
    int columns = kind.key().size();
    var inserted = new ArrayList<Row>(claims.size());
    var statement = statements.get(open, kind.claim(claims.size()));
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
        statements.forget();
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
    statements.abandon();
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("a connection was not closed in order: {}", e.toString());
      }
    }
  }
}
