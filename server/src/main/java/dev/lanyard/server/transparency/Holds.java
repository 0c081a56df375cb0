package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Legal holds: what they are about is neither removed by retention nor erased, until they are
/// lifted. Placing and lifting is recorded. Thread-safe.
public final class Holds {
  private final Database database;
  private final InstantSource clock;

  public Holds(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// A hold that stands.
  ///
  /// @param person whose records are kept
  /// @param organisation of whom; with neither, all records are kept
  public record Hold(
      String id,
      Optional<String> person,
      Optional<String> organisation,
      String reason,
      String by,
      Instant at) {

    boolean isAbout(Optional<String> somebody, Optional<String> ofOrganisation) {
      return (person.isEmpty() || person.equals(somebody))
          && (organisation.isEmpty() || organisation.equals(ofOrganisation));
    }
  }

  /// Places a hold.
  ///
  /// @param correlationId of what causes it
  public void place(Hold hold, String correlationId) {
    database.<Boolean>write(connection -> {
      new Statements(connection)
          .update(
              "INSERT INTO audit_hold (id, person, organisation, reason, placed_by, placed_at)"
                  + " VALUES (?, ?, ?, ?, ?, ?)",
              hold.id(),
              hold.person(),
              hold.organisation(),
              hold.reason(),
              hold.by(),
              hold.at());
      // No step that is under way goes on without knowing it.
      new LogTables(connection).overtake();
      record(connection, "audit.hold-placed", hold, hold.by(), correlationId);
      return true;
    });
  }

  /// Lifts a hold.
  ///
  /// @return whether it stood
  public boolean lift(String id, String by, String correlationId) {
    return database.write(connection -> lift(connection, id, by, correlationId));
  }

  /// The same in the caller's transaction. Of two who lift it at once one does.
  public boolean lift(Connection connection, String id, String by, String correlationId)
      throws SQLException {
    var hold = standing(connection).stream().filter(one -> one.id().equals(id)).findFirst();
    boolean lifted =
        hold.isPresent()
            && new Statements(connection)
                    .update(
                        "UPDATE audit_hold SET lifted_at = ? WHERE id = ? AND lifted_at IS NULL",
                        clock.instant(),
                        id)
                > 0;
    if (lifted) {
      record(connection, "audit.hold-lifted", hold.orElseThrow(), by, correlationId);
    }
    return lifted;
  }

  /// Those that stand, the oldest first.
  public List<Hold> standing() {
    return database.read(Holds::standing);
  }

  /// Whether one stands, in a transaction of the caller's.
  public static boolean stands(Connection connection, String id) throws SQLException {
    return standing(connection).stream().anyMatch(one -> one.id().equals(id));
  }

  static List<Hold> standing(Connection connection) throws SQLException {
    return new Statements(connection)
        .list(
            "SELECT id, person, organisation, reason, placed_by, placed_at FROM audit_hold"
                + " WHERE lifted_at IS NULL ORDER BY placed_at",
            Holds::hold);
  }

  private static Hold hold(ResultSet rows) throws SQLException {
    return new Hold(
        rows.getString(1),
        Optional.ofNullable(rows.getString(2)),
        Optional.ofNullable(rows.getString(3)),
        rows.getString(4),
        rows.getString(5),
        Instant.ofEpochMilli(rows.getLong(6)));
  }

  private void record(
      Connection connection, String type, Hold hold, String by, String correlationId)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("hold", hold.id())
            .put("reason", hold.reason())
            .put("by", by)
            .putIfPresent("of", hold.organisation())
            .build();
    var event = AuditEvent.of(type, Outcome.SUCCESS, clock.instant(), correlationId, evidence);
    AuditLog.append(connection, hold.person().map(event::withPerson).orElse(event));
  }
}
