package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.Traces;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Erases what the audit record says of who somebody is, by destroying the key under which it is
/// concealed: in every copy of the record, with the log still verifying. What was decided about
/// them stays, under our own id. What else says it goes too: see [Traces]. Thread-safe.
public final class Erasure {
  /// Says that somebody was erased; kept for ever.
  static final String TYPE = "audit.erased";

  private final Database database;
  private final InstantSource clock;

  public Erasure(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What became of it.
  public sealed interface Verdict {
    /// It is erased, or was before.
    record Erased() implements Verdict {}

    /// These holds forbid it.
    record Held(List<Holds.Hold> holds) implements Verdict {}

    /// The condition was not met; nothing was erased.
    record Unmet() implements Verdict {}
  }

  /// What must be so in the same transaction, before anything is erased; whoever judges it may
  /// write what belongs to it once it is.
  public interface Condition {
    boolean isMet(Connection connection) throws SQLException;
  }

  /// @param person our own id
  /// @param organisation whose, for holds
  /// @param correlationId of what causes it
  /// @param condition must hold when it is done
  public Verdict erase(
      String person,
      Optional<String> organisation,
      String by,
      String correlationId,
      Condition condition) {
    var verdict =
        database.<Verdict>write(
            connection -> erased(connection, person, organisation, by, correlationId, condition));
    if (verdict instanceof Verdict.Erased) {
      database.forgetDeleted();
    }
    return verdict;
  }

  private Verdict erased(
      Connection connection,
      String person,
      Optional<String> organisation,
      String by,
      String correlationId,
      Condition condition)
      throws SQLException {
    // A step that has read the old key, or would make a new one, does nothing. First of all: it
    // waits for whoever is placing a hold, so that the hold is seen.
    new LogTables(connection).overtake();
    var holds =
        Holds.standing(connection).stream()
            .filter(hold -> hold.isAbout(Optional.of(person), organisation.or(hold::organisation)))
            .toList();
    if (!holds.isEmpty()) {
      return new Verdict.Held(holds);
    }
    if (!condition.isMet(connection)) {
      return new Verdict.Unmet();
    }
    var now = clock.instant();
    forget(connection, person, now);
    var evidence = JsonObject.builder().put("by", by).build();
    var event =
        AuditEvent.of(TYPE, Outcome.SUCCESS, now, correlationId, evidence).withPerson(person);
    AuditLog.append(connection, organisation.map(event::withOrganisation).orElse(event));
    return new Verdict.Erased();
  }

  private static void forget(Connection connection, String person, Instant now)
      throws SQLException {
    var statements = new Statements(connection);
    statements.update(
        "INSERT INTO audit_erased (person, at) VALUES (?, ?) ON CONFLICT (person) DO NOTHING",
        person,
        now);
    Traces.erase(connection, person);
  }
}
