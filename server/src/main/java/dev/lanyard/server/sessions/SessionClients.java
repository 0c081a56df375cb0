package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// Which clients took part in a session and want to hear when it ends (BCL-5).
public final class SessionClients {
  private static final RowKind PART =
      RowKind.of("session_client", "session", "client", "person", "expires_at");

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("session_client", "expires_at");
  }

  private SessionClients() {}

  /// A client's part in a session.
  ///
  /// @param person whose session it is
  public record Part(String session, String client, String person) {}

  /// The fact that a client takes part from now on.
  public static Row joined(Session session, ClientId client) {
    return new Row(PART, session.id(), client.value(), session.person(), session.expiresAt());
  }

  /// Whether any client takes part in any session.
  public static boolean any(Connection connection) throws SQLException {
    return new Statements(connection).finds("SELECT 1 FROM session_client LIMIT 1");
  }

  /// Who took part in these sessions.
  public static List<Part> ofSessions(Connection connection, Collection<String> sessions)
      throws SQLException {
    return among(connection, "session", sessions, Instant.EPOCH);
  }

  /// Who takes part in any session of these people that is not over.
  public static List<Part> ofPeople(Connection connection, Collection<String> people, Instant now)
      throws SQLException {
    return among(connection, "person", people, now);
  }

  private static List<Part> among(
      Connection connection, String column, Collection<String> values, Instant after)
      throws SQLException {
    return new Statements(connection)
        .among(
            "SELECT DISTINCT session, client, person FROM session_client WHERE expires_at > ? AND "
                + column
                + " IN",
            values,
            row -> new Part(row.getString(1), row.getString(2), row.getString(3)),
            after);
  }

  /// The clients have been told, or will be.
  public static void forget(Connection connection, Collection<Part> parts) throws SQLException {
    new Statements(connection)
        .each(
            "DELETE FROM session_client WHERE session = ? AND client = ?",
            parts.stream().map(part -> new Object[] {part.session(), part.client()}).toList());
  }
}
