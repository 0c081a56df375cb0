package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds that the record lacks what this node has applied, and tells everybody. For the thread of
/// the change feed.
final class Setbacks {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);

  /// The kind of the change that says that changes with lower numbers are gone which somebody has
  /// applied.
  private static final String KIND = "setback";

  /// Changes stay for a day; less, because clocks differ.
  private static final Duration KEPT = Duration.ofHours(23);

  private final Engine engine;
  private final InstantSource clock;
  private volatile ChangeFeed.Setback setback = (_, _) -> {};

  Setbacks(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  void note(ChangeFeed.Setback by) {
    setback = by;
  }

  /// Another connection may lead to another server, which was promoted without the last changes
  /// that this node has applied. An old one may only be forgotten.
  ///
  /// @param applied the last one
  /// @return whether everything has to be loaded anew; of a setback everybody was told then
  boolean areFound(ChangeSource opened, Optional<Change> applied) throws SQLException {
    if (applied.isEmpty()) {
      return false;
    }
    var last = applied.get();
    var there = opened.read(connection -> Transactions.change(connection, last.sequence()));
    if (there.equals(applied)) {
      return false;
    }
    LOG.warn("change {} is not in the record any more: everything is loaded anew", last.sequence());
    boolean isForgotten =
        there.isEmpty()
            && opened.read(ChangeFeed::last) > last.sequence()
            && last.at().isBefore(clock.instant().minus(KEPT));
    if (!isForgotten) {
      tell(last);
    }
    return true;
  }

  /// Has numbers go on above all that this node has applied, behind a gap that everybody notices.
  /// Not over the pool, where this thread would wait behind those that wait for it.
  private void tell(Change last) throws SQLException {
    try (var connection = engine.dedicated()) {
      Transactions.run(
          engine,
          connection,
          _ -> {
            Transactions.awaitTurn(engine, connection);
            boolean isTold =
                new Statements(connection)
                    .finds(
                        "SELECT 1 FROM change WHERE kind = ? AND seq > ?", KIND, last.sequence());
            if (!isTold) {
              setback.note(connection, last);
              long beyond = Math.max(last.sequence(), ChangeFeed.last(connection) + 1);
              var mine = new Appends();
              var _ = mine.add(KIND, JsonObject.EMPTY);
              mine.end(connection, engine, clock.millis(), beyond);
            }
            return isTold;
          });
    }
  }
}
