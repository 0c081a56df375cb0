package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// What people have agreed to at one server.
public final class ConsentStore {
  private static final RowKind CONSENT =
      RowKind.of(
          "consent", "id", "server", "person", "client", "mark", "resource", "scopes", "agreed_at");

  private static final String OF_PERSON = "SELECT * FROM consent WHERE person = ? AND server = ?";
  private static final String OLDEST_FIRST = " ORDER BY agreed_at, id";

  private final Database database;
  private final String server;

  public ConsentStore(Database database, Issuer server) {
    this.database = database;
    this.server = server.value();
  }

  /// The fact that somebody has agreed, to be written with what comes of it.
  public Row agreed(Consent consent) {
    return new Row(
        CONSENT,
        OpaqueToken.identifier(),
        server,
        consent.person(),
        consent.client().value(),
        consent.mark(),
        consent.resource().value(),
        consent.scopes().toString(),
        consent.agreedAt());
  }

  /// Everything that a person has agreed to, the oldest first.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public List<Consent> of(String person) {
    return list(OF_PERSON + OLDEST_FIRST, person, server);
  }

  /// What a person has agreed that this client may do, the oldest first.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public List<Consent> of(String person, ClientId client) {
    return list(OF_PERSON + " AND client = ?" + OLDEST_FIRST, person, server, client.value());
  }

  private List<Consent> list(String select, Object... values) {
    return database.read(
        connection -> new Statements(connection).list(select, ConsentStore::consent, values));
  }

  private static Consent consent(ResultSet row) throws SQLException {
    return new Consent(
        row.getString("person"),
        new ClientId(row.getString("client")),
        row.getString("mark"),
        new ResourceIndicator(row.getString("resource")),
        Columns.scopes(row),
        Columns.instant(row, "agreed_at"));
  }

  /// Forgets what a person has agreed that this client may do.
  ///
  /// @return whether there was anything
  public boolean withdraw(Connection connection, String person, ClientId client)
      throws SQLException {
    var delete = "DELETE FROM consent WHERE person = ? AND server = ? AND client = ?";
    return new Statements(connection).update(delete, person, server, client.value()) > 0;
  }
}
