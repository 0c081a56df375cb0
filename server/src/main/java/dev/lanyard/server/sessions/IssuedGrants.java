package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// The grants whose tokens have not expired, for whoever must judge them anew.
public final class IssuedGrants {
  private final Database database;

  public IssuedGrants(Database database) {
    this.database = database;
  }

  /// A grant as it was given.
  ///
  /// @param client its id at the resource authorization server
  /// @param resources as they were written into its tokens
  public record Live(
      String id, String person, ClientId client, Set<String> resources, Scopes scopes) {
    public Live {
      resources = Set.copyOf(resources);
    }
  }

  /// Every grant on ID-JAGs of an issuer that lives at an instant, but for those that were revoked
  /// one by one. **Does not look** at denials of whole people, clients or connectors.
  public List<Live> on(String issuer, Instant now) {
    return list("", now, issuer);
  }

  /// The same of one person at one client.
  public List<Live> on(String issuer, String person, ClientId client, Instant now) {
    return list(" AND g.person = ? AND g.client = ?", now, issuer, person, client.value());
  }

  private List<Live> list(String condition, Object... values) {
    var sql =
        """
        SELECT g.id, g.person, g.client, g.resources, g.scopes FROM ras_grant g
        WHERE NOT EXISTS (SELECT 1 FROM deny d WHERE d.kind = 'GRANT' AND d.value = g.id)
          AND g.expires_at > ? AND g.issuer = ?\
        """;
    return database.read(
        connection -> new Statements(connection).list(sql + condition, IssuedGrants::live, values));
  }

  private static Live live(ResultSet row) throws SQLException {
    return new Live(
        row.getString("id"),
        row.getString("person"),
        new ClientId(row.getString("client")),
        Set.copyOf(Columns.split(row, "resources")),
        Columns.scopes(row));
  }
}
