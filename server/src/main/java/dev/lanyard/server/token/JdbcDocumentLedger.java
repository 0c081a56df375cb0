package dev.lanyard.server.token;

import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientKeys;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.clients.documents.DocumentLedger;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Keeps what the metadata documents of one server's clients said last, and records what they
/// change: `client.document.first`, `client.document.changed` (REG-5).
public final class JdbcDocumentLedger implements DocumentLedger {
  private final Database database;
  private final String server;
  private final InstantSource clock;

  public JdbcDocumentLedger(Database database, Issuer server, InstantSource clock) {
    this.database = database;
    this.server = server.value();
    this.clock = clock;
  }

  @Override
  public void seen(Client client) {
    var now = description(client);
    var last = database.read(connection -> last(connection, client));
    if (!last.equals(Optional.of(now.toJson()))) {
      var _ = database.write(connection -> changed(connection, client, now));
    }
  }

  /// What matters: for whom codes are, who can prove to be the client, what people are shown.
  private static JsonObject description(Client client) {
    return JsonObject.builder()
        .put("name", client.name())
        .put("redirect_uris", client.redirectUris().stream().map(RedirectUri::value).toList())
        .put(
            "authentication",
            client.credentials().methods().stream().map(AuthMethod::value).sorted().toList())
        .put("keys", keys(client))
        .put("grants", client.grantTypes().stream().map(GrantType::value).sorted().toList())
        .build();
  }

  private static List<String> keys(Client client) {
    return switch (client.credentials().keys()) {
      case ClientKeys.None() -> List.of();
      case ClientKeys.Remote(var uri) -> List.of(uri.toString());
      case ClientKeys.Inline(var set) ->
          set.keys().stream().map(VerificationKey::thumbprint).sorted().toList();
    };
  }

  private Optional<String> last(Connection connection, Client client) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT description FROM client_document WHERE server = ? AND client = ?",
            rows -> rows.getString(1),
            server,
            client.id().value());
  }

  /// Of several nodes that see the same change the one that writes it records it.
  private boolean changed(Connection connection, Client client, JsonObject now)
      throws SQLException {
    var last = last(connection, client);
    boolean written =
        last.isEmpty()
            ? inserted(connection, client, now)
            : !last.get().equals(now.toJson()) && updated(connection, client, now, last.get());
    if (written) {
      var evidence = JsonObject.builder().put("server", server).put("now", now.toJson());
      last.ifPresent(before -> evidence.put("before", before));
      AuditLog.row(
              AuditEvent.of(
                      last.isEmpty() ? "client.document.first" : "client.document.changed",
                      Outcome.SUCCESS,
                      clock.instant(),
                      "metadata-document",
                      evidence.build())
                  .withClient(client.id().value()))
          .insert(connection);
    }
    return written;
  }

  private boolean inserted(Connection connection, Client client, JsonObject now)
      throws SQLException {
    return new Statements(connection)
            .update(
                "INSERT INTO client_document (server, client, description, changed_at)"
                    + " VALUES (?, ?, ?, ?) ON CONFLICT (server, client) DO NOTHING",
                server,
                client.id().value(),
                now.toJson(),
                clock.instant())
        == 1;
  }

  private boolean updated(Connection connection, Client client, JsonObject now, String last)
      throws SQLException {
    return new Statements(connection)
            .update(
                "UPDATE client_document SET description = ?, changed_at = ?"
                    + " WHERE server = ? AND client = ? AND description = ?",
                now.toJson(),
                clock.instant(),
                server,
                client.id().value(),
                last)
        == 1;
  }
}
