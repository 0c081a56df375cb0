package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Which place of which status list each access token of one server has.
public final class StatusEntryStore {
  private static final RowKind ENTRY =
      RowKind.of(
          "status_entry",
          "list",
          "place",
          "server",
          "token",
          "grant_id",
          "person",
          "client",
          "resources",
          "session",
          "provider",
          "issued_at",
          "expires_at");

  private final Database database;
  private final String server;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("status_entry", "expires_at");
  }

  public StatusEntryStore(Database database, Issuer server) {
    this.database = database;
    this.server = server.value();
  }

  /// The fact that a token has a place.
  public Row assigned(StatusEntry entry) {
    return new Row(
        ENTRY,
        entry.list(),
        entry.index(),
        server,
        entry.token(),
        entry.grant(),
        entry.person(),
        entry.client().value(),
        Columns.resources(entry.resources()),
        entry.session(),
        entry.provider(),
        entry.issuedAt(),
        entry.expiresAt());
  }

  /// The tokens of a list that have not expired; none if there is no such list.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public List<StatusEntry> of(String list, Instant now) {
    var select = "SELECT * FROM status_entry WHERE list = ? AND server = ? AND expires_at > ?";
    return database.read(connection ->
        new Statements(connection).list(select, StatusEntryStore::entry, list, server, now));
  }

  private static StatusEntry entry(ResultSet row) throws SQLException {
    return new StatusEntry(
        row.getString("list"),
        row.getInt("place"),
        row.getString("token"),
        Columns.text(row, "grant_id"),
        row.getString("person"),
        new ClientId(row.getString("client")),
        Columns.resources(row),
        Columns.text(row, "session"),
        Columns.text(row, "provider"),
        Columns.instant(row, "issued_at"),
        Columns.instant(row, "expires_at"));
  }
}
