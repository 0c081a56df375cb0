package dev.lanyard.server.delivery;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Who has learned what, of those who refuse what is denied. Thread-safe.
///
/// **The bound.** A point counts its knowledge as fresh only from a moment at which it asked us and
/// nothing was missing. Whether something is missing is answered here from the record itself, in
/// the transaction that notes the question: a point that has not acknowledged a denial cannot have
/// renewed its knowledge since the denial was committed. So it refuses everything at the latest
/// [EnforcementPoint#staleAfter] after the commit.
public final class EnforcementPoints {
  private static final Duration POINTS_KEPT = Duration.ofDays(1);
  private static final Duration ACKNOWLEDGEMENTS_KEPT = Duration.ofDays(90);

  private static final String ACKNOWLEDGED =
      """
      INSERT INTO acknowledgement (point, sequence, at, forget_after) VALUES (?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String SEEN =
      """
      INSERT INTO enforcement_point (id, kind, name, stale_after, since, seen_at, sequence,
        forget_after)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET stale_after = excluded.stale_after,
        seen_at = excluded.seen_at, sequence = excluded.sequence,
        forget_after = excluded.forget_after
      """;

  private static final String SELECT =
      """
      SELECT p.id, p.kind, p.name, p.stale_after, p.sequence,
        (SELECT MIN(a.at) FROM acknowledgement a WHERE a.point = p.id AND a.sequence >= ?) AS at
      FROM enforcement_point p WHERE p.seen_at >= ? ORDER BY p.kind, p.name, p.id
      """;

  private final Database database;
  private final String change;
  private final InstantSource clock;

  /// Where rows say from when on nobody needs them.
  public static List<ExpiringTable> expiring() {
    return List.of(
        new ExpiringTable("enforcement_point", "forget_after"),
        new ExpiringTable("acknowledgement", "forget_after"));
  }

  /// @param change the kind of change that carries denials
  public EnforcementPoints(Database database, String change, InstantSource clock) {
    this.database = database;
    this.change = change;
    this.clock = clock;
  }

  /// Notes that a point refuses everything up to a change, and that it was heard from.
  ///
  /// @return the last denial in the record at this moment: the point knows everything if it is as
  ///   far
  public long acknowledge(EnforcementPoint point, long sequence) {
    return database.write(connection -> acknowledge(connection, point, sequence));
  }

  /// The same, unless so many other points of the name were heard from since a moment.
  ///
  /// @return empty if there are too many
  public Optional<Long> acknowledge(
      EnforcementPoint point, long sequence, Instant since, int most) {
    return database.write(connection ->
        others(connection, point, since) >= most
            ? Optional.empty()
            : Optional.of(acknowledge(connection, point, sequence)));
  }

  private long acknowledge(Connection connection, EnforcementPoint point, long sequence)
      throws SQLException {
    long head = head(connection);
    // A point cannot know what has not happened: it speaks of another record, or lies.
    long known = Math.min(sequence, head);
    var now = clock.instant();
    new Statements(connection)
        .write(
            SEEN,
            point.id(),
            point.kind().value(),
            point.name(),
            point.staleAfter().toMillis(),
            now,
            now,
            known,
            now.plus(POINTS_KEPT));
    if (known > known(connection, point.id())) {
      note(connection, point, known, now);
    }
    return head;
  }

  private static int others(Connection connection, EnforcementPoint point, Instant since)
      throws SQLException {
    var select =
        "SELECT COUNT(*) FROM enforcement_point WHERE name = ? AND seen_at >= ? AND id <> ?";
    return new Statements(connection)
        .first(select, row -> row.getInt(1), point.name(), since, point.id())
        .orElseThrow();
  }

  private static void note(Connection connection, EnforcementPoint point, long known, Instant now)
      throws SQLException {
    new Statements(connection)
        .write(ACKNOWLEDGED, point.id(), known, now, now.plus(ACKNOWLEDGEMENTS_KEPT));
  }

  /// The last denial in the record.
  public long head() {
    return database.read(this::head);
  }

  /// The last denial in the record, as a transaction sees it.
  public long head(Connection connection) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT COALESCE(MAX(seq), 0) FROM change WHERE kind = ?",
            row -> row.getLong(1),
            change)
        .orElseThrow();
  }

  private static long known(Connection connection, String point) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT COALESCE(MAX(sequence), -1) FROM acknowledgement WHERE point = ?",
            row -> row.getLong(1),
            point)
        .orElseThrow();
  }

  /// Forgets a point that has ended in order: nothing is served there any more.
  public void leave(String id) {
    database.write(connection ->
        new Statements(connection).update("DELETE FROM enforcement_point WHERE id = ?", id));
  }

  /// How far everybody is with a denial.
  ///
  /// @param sequence of the change that brought it
  /// @param since points that were not heard from since then have ended
  public List<Acknowledged> of(long sequence, Instant since) {
    return database.read(connection ->
        new Statements(connection).list(SELECT, EnforcementPoints::acknowledged, sequence, since));
  }

  private static Acknowledged acknowledged(ResultSet row) throws SQLException {
    var point =
        new EnforcementPoint(
            row.getString("id"),
            EnforcementPoint.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
            row.getString("name"),
            Duration.ofMillis(row.getLong("stale_after")));
    long at = row.getLong("at");
    return new Acknowledged(
        point,
        row.getLong("sequence"),
        at == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at)));
  }
}
