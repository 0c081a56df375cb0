package dev.lanyard.server.export;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Horizon;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The position of one place in the database, and whose turn it is to send there.
final class Positions {
  /// Longer than a batch may take, so that of two nodes one sends; should both, records arrive
  /// twice.
  static final Duration TURN = Sink.PATIENCE.multipliedBy(3);

  private final Database database;
  private final String place;
  private final String node;
  private final InstantSource clock;

  /// @param node names this one among all
  Positions(Database database, String place, String node, InstantSource clock) {
    this.database = database;
    this.place = place;
    this.node = node;
    this.clock = clock;
  }

  /// What there is to be sent.
  ///
  /// @param before where the place is
  /// @param after where it is when it has them
  /// @param late records that have turned up in gaps
  /// @param fresh records after all others
  record Look(Position before, Position after, List<AuditRecord> late, List<AuditRecord> fresh) {
    List<AuditRecord> records() {
      return Stream.concat(late.stream(), fresh.stream()).toList();
    }

    /// Since when something waits to be sent.
    Optional<Instant> waitingSince() {
      return records().stream().map(one -> one.event().at()).min(Instant::compareTo);
    }
  }

  Look look(int most) {
    return database.read(connection -> {
      // First of all: what it says has ended, the rest of this look sees.
      var horizon = database.horizon(connection);
      var before = position(connection);
      var late =
          AuditLog.within(
              connection,
              before.gaps().stream()
                  .map(gap -> new AuditLog.Range(gap.first(), gap.last()))
                  .toList());
      var fresh = AuditLog.following(connection, before.sequence(), most);
      return new Look(before, after(before, horizon, late, fresh), late, fresh);
    });
  }

  private static Position after(
      Position before, Horizon horizon, List<AuditRecord> late, List<AuditRecord> fresh) {
    return before.after(
        horizon,
        late.stream().map(AuditRecord::sequence).toList(),
        fresh.stream().map(AuditRecord::sequence).toList());
  }

  private Position position(Connection connection) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT seq, gaps FROM export_position WHERE sink = ?",
            rows -> Position.of(rows.getLong(1), rows.getString(2)),
            place)
        .orElse(Position.BEGINNING);
  }

  /// Takes the turn, or keeps it.
  ///
  /// @return whether this node has it
  boolean take() {
    var now = clock.instant();
    return database.write(connection -> {
      var lease = database.lease(connection, now, TURN);
      var statements = new Statements(connection);
      statements.update(
          """
          INSERT INTO export_position (sink, seq, gaps, held_by, held_until)
          VALUES (?, 0, '', '', 0) ON CONFLICT DO NOTHING
          """,
          place);
      return statements.update(
              """
              UPDATE export_position SET held_by = ?, held_until = ?
              WHERE sink = ? AND (held_by = ? OR held_until < ? OR held_until > ?)
              """,
              node,
              lease.until(),
              place,
              node,
              lease.now(),
              lease.latest())
          > 0;
    });
  }

  /// Notes that the place has them.
  ///
  /// @return whether this node had the turn; if not, another has sent them or will
  boolean advance(Look look) {
    return database.write(connection ->
        new Statements(connection)
                .update(
                    """
                    UPDATE export_position SET seq = ?, gaps = ?, held_until = ?
                    WHERE sink = ? AND held_by = ? AND seq = ? AND gaps = ?
                    """,
                    look.after().sequence(),
                    look.after().printedGaps(),
                    database.lease(connection, clock.instant(), TURN).until(),
                    place,
                    node,
                    look.before().sequence(),
                    look.before().printedGaps())
            > 0);
  }

  /// Lets another node go on at once.
  void giveBack() {
    database.write(connection ->
        new Statements(connection)
            .update(
                "UPDATE export_position SET held_until = 0 WHERE sink = ? AND held_by = ?",
                place,
                node));
  }
}
