package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Which clients took part in a session and want to hear when it ends (BCL-5).
public final class SessionClients {
  private static final RowKind PART =
      RowKind.of("session_client", "session", "client", "person", "expires_at");

  private SessionClients() {}

  /// A client's part in a session.
  public record Part(String session, String client) {}

  /// The fact that a client takes part from now on.
  public static Row joined(Session session, ClientId client) {
    return new Row(PART, session.id(), client.value(), session.person(), session.expiresAt());
  }

  /// Whether any client takes part in any session.
  public static boolean any(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT 1 FROM session_client LIMIT 1");
        var rows = statement.executeQuery()) {
      return rows.next();
    }
  }

  /// Who took part in one session.
  public static List<Part> ofSession(Connection connection, String session) throws SQLException {
    var select = "SELECT DISTINCT session, client FROM session_client WHERE session = ?";
    try (var statement = connection.prepareStatement(select)) {
      statement.setString(1, session);
      return read(statement.executeQuery());
    }
  }

  /// Who takes part in any session of a person that is not over.
  public static List<Part> ofPerson(Connection connection, String person, Instant now)
      throws SQLException {
    var select =
        "SELECT DISTINCT session, client FROM session_client WHERE person = ? AND expires_at > ?";
    try (var statement = connection.prepareStatement(select)) {
      statement.setString(1, person);
      statement.setLong(2, now.toEpochMilli());
      return read(statement.executeQuery());
    }
  }

  private static List<Part> read(ResultSet rows) throws SQLException {
    try (rows) {
      var parts = new ArrayList<Part>();
      while (rows.next()) {
        parts.add(new Part(rows.getString(1), rows.getString(2)));
      }
      return parts;
    }
  }

  /// The client has been told, or will be.
  public static void forget(Connection connection, Part part) throws SQLException {
    var delete = "DELETE FROM session_client WHERE session = ? AND client = ?";
    try (var statement = connection.prepareStatement(delete)) {
      statement.setString(1, part.session());
      statement.setString(2, part.client());
      statement.executeUpdate();
    }
  }
}
