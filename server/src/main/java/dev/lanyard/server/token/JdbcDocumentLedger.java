package dev.lanyard.server.token;

import dev.lanyard.protocol.jose.PublicKeySet;
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
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Keeps what the metadata documents of one server's clients, and the key sets that they name, said
/// last, and records what they change: `client.document.first`, `client.document.changed` (REG-5),
/// `client.keys.first`, `client.keys.changed`. What nobody has fetched for long is forgotten.
public final class JdbcDocumentLedger implements DocumentLedger {
  /// How long it is known what was said by somebody who never came again.
  public static final Duration KEPT = Duration.ofDays(180);

  private static final Duration A_DAY = Duration.ofDays(1);

  private final Database database;
  private final String server;
  private final InstantSource clock;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("client_document", "forget_after");
  }

  public JdbcDocumentLedger(Database database, Issuer server, InstantSource clock) {
    this.database = database;
    this.server = server.value();
    this.clock = clock;
  }

  /// @param name of what says it, in the table
  /// @param event the beginning of the types of the events
  /// @param client whose it is, if it is one client's
  private record Saying(String name, String event, Optional<String> client, JsonObject now) {}

  @Override
  public void seen(Client client) {
    var id = client.id().value();
    seen(new Saying(id, "client.document", Optional.of(id), description(client)));
  }

  /// The keys at a URL that a client names as its `jwks_uri` were fetched.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if it could not be recorded; the keys
  ///   must not serve
  void keysSeen(URI uri, PublicKeySet keys) {
    var now =
        JsonObject.builder().put("jwks_uri", uri.toString()).put("keys", thumbprints(keys)).build();
    seen(new Saying("jwks_uri " + uri, "client.keys", Optional.empty(), now));
  }

  private void seen(Saying saying) {
    var last = database.read(connection -> last(connection, saying));
    var now = clock.instant();
    boolean same = last.filter(one -> one.isSame(saying)).isPresent();
    if (!same) {
      var _ = database.write(connection -> changed(connection, saying));
    } else if (last.get().forgetAfter().isBefore(now.plus(KEPT).minus(A_DAY))) {
      var _ = database.write(connection -> kept(connection, saying));
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
      case ClientKeys.Inline(var set) -> thumbprints(set);
    };
  }

  private static List<String> thumbprints(PublicKeySet set) {
    return set.keys().stream().map(VerificationKey::thumbprint).sorted().toList();
  }

  private record Last(String description, Instant forgetAfter) {
    boolean isSame(Saying saying) {
      return description.equals(saying.now().toJson());
    }
  }

  private Optional<Last> last(Connection connection, Saying saying) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT description, forget_after FROM client_document WHERE server = ? AND client = ?",
            rows -> new Last(rows.getString(1), Instant.ofEpochMilli(rows.getLong(2))),
            server,
            saying.name());
  }

  /// Of several nodes that see the same change the one that writes it records it.
  private boolean changed(Connection connection, Saying saying) throws SQLException {
    var last = last(connection, saying);
    boolean written =
        last.isEmpty()
            ? inserted(connection, saying)
            : !last.get().isSame(saying) && updated(connection, saying, last.get());
    if (written) {
      var evidence = JsonObject.builder().put("server", server).put("now", saying.now().toJson());
      last.ifPresent(before -> evidence.put("before", before.description()));
      var event =
          AuditEvent.of(
              saying.event() + (last.isEmpty() ? ".first" : ".changed"),
              Outcome.SUCCESS,
              clock.instant(),
              "metadata-document",
              evidence.build());
      AuditLog.row(saying.client().map(event::withClient).orElse(event)).insert(connection);
    }
    return written;
  }

  private boolean inserted(Connection connection, Saying saying) throws SQLException {
    return new Statements(connection)
            .update(
                """
                INSERT INTO client_document (server, client, description, changed_at, forget_after)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT (server, client) DO NOTHING
                """,
                server,
                saying.name(),
                saying.now().toJson(),
                clock.instant(),
                clock.instant().plus(KEPT))
        == 1;
  }

  private boolean updated(Connection connection, Saying saying, Last last) throws SQLException {
    return new Statements(connection)
            .update(
                "UPDATE client_document SET description = ?, changed_at = ?, forget_after = ?"
                    + " WHERE server = ? AND client = ? AND description = ?",
                saying.now().toJson(),
                clock.instant(),
                clock.instant().plus(KEPT),
                server,
                saying.name(),
                last.description())
        == 1;
  }

  private boolean kept(Connection connection, Saying saying) throws SQLException {
    return new Statements(connection)
            .update(
                "UPDATE client_document SET forget_after = ? WHERE server = ? AND client = ?",
                clock.instant().plus(KEPT),
                server,
                saying.name())
        == 1;
  }
}
