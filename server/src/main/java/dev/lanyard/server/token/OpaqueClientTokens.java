package dev.lanyard.server.token;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientDenials;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Access tokens that OAuth clients hold for themselves, for one service of this process, as
/// hashes. A token counts as long as it has not expired, its client is registered and may have one,
/// and nothing has killed it since.
///
/// **Does not check** that the client is still the holder's: only the service knows. Thread-safe.
public final class OpaqueClientTokens {
  /// Well below the hour that is the most for such tokens.
  static final Duration LIFE = Duration.ofMinutes(15);

  private final Kind kind;
  private final RowKind row;
  private final Database database;
  private final ClientRegistry clients;
  private final ClientDenials denials;
  private final InstantSource clock;

  public OpaqueClientTokens(
      Kind kind,
      Database database,
      ClientRegistry clients,
      ClientDenials denials,
      InstantSource clock) {
    this.kind = kind;
    this.row = RowKind.of(kind.table(), kind.columns().toArray(String[]::new));
    this.database = database;
    this.clients = clients;
    this.denials = denials;
    this.clock = clock;
  }

  /// What sets the tokens of a service apart.
  ///
  /// @param prefix how each begins, so that whoever finds one knows what it is
  /// @param table where their hashes are
  /// @param holder the column that says in whose name a client holds one
  /// @param scopes the scopes that not every token has, each with the column that says so
  public record Kind(String prefix, String table, String holder, Map<String, String> scopes) {
    public Kind {
      scopes = Map.copyOf(scopes);
    }

    /// Where rows say from when on nobody needs them.
    public ExpiringTable expiring() {
      return new ExpiringTable(table, "expires_at");
    }

    private List<String> columns() {
      var columns = new ArrayList<>(List.of("hash", holder, "client", "issued_at", "expires_at"));
      columns.addAll(scopes.values());
      return columns;
    }
  }

  /// @param secret to be told once
  /// @param row what must be durable before it is
  record Made(Secret secret, Row row) {}

  Made make(String holder, ClientId client, Scopes scopes) {
    var secret = new Secret(kind.prefix() + OpaqueToken.secret().reveal());
    // In the second of a kill of the client it is dated after it, like everything that is issued.
    var at = denials.issuable(client, clock.instant());
    var values =
        new ArrayList<Object>(
            List.of(OpaqueToken.hash(secret), holder, client.value(), at, at.plus(LIFE)));
    kind.scopes().keySet().forEach(scope -> values.add(scopes.contains(scope)));
    return new Made(secret, new Row(row, values.toArray()));
  }

  /// What a secret is.
  public sealed interface Found {
    /// A living token.
    ///
    /// @param scopes of those that not every token has
    record Living(String holder, ClientId client, Scopes scopes) implements Found {}

    record Nothing() implements Found {}

    /// This node may have missed that its client was killed.
    record Undecided() implements Found {}
  }

  private record Entry(Found.Living token, Instant issuedAt, Instant expiresAt) {}

  /// Looks up what somebody presents.
  public Found find(Secret secret) {
    if (!secret.reveal().startsWith(kind.prefix()) || !OpaqueToken.isPossible(secret)) {
      return new Found.Nothing();
    }
    if (database.changes().freshness() instanceof Freshness.Stale) {
      return new Found.Undecided();
    }
    return entry(secret)
        .filter(entry -> clock.instant().isBefore(entry.expiresAt()))
        .filter(entry -> !denials.kill(entry.token().client(), entry.issuedAt()))
        .filter(entry -> mayHaveOne(entry.token().client()))
        .<Found>map(Entry::token)
        .orElseGet(Found.Nothing::new);
  }

  /// Ends a token of a client's, on every node.
  ///
  /// @return in whose name it held it; empty if this is no token of the client's
  public Optional<String> revoke(ClientId client, Secret secret) {
    if (!secret.reveal().startsWith(kind.prefix()) || !OpaqueToken.isPossible(secret)) {
      return Optional.empty();
    }
    var delete =
        "DELETE FROM %s WHERE hash = ? AND client = ? RETURNING %s"
            .formatted(kind.table(), kind.holder());
    return database.write(connection ->
        new Statements(connection)
            .first(delete, row -> row.getString(1), OpaqueToken.hash(secret), client.value()));
  }

  private boolean mayHaveOne(ClientId id) {
    return clients
        .find(id)
        .filter(client -> client.grantTypes().contains(GrantType.CLIENT_CREDENTIALS))
        .isPresent();
  }

  private Optional<Entry> entry(Secret secret) {
    var select =
        "SELECT %s FROM %s WHERE hash = ?"
            .formatted(String.join(", ", kind.columns()), kind.table());
    return database.read(connection ->
        new Statements(connection).first(select, this::entry, OpaqueToken.hash(secret)));
  }

  private Entry entry(ResultSet row) throws SQLException {
    var scopes = Scopes.NONE;
    for (var column : kind.scopes().entrySet()) {
      if (row.getLong(column.getValue()) == 1) {
        scopes = scopes.union(Scopes.of(column.getKey()));
      }
    }
    return new Entry(
        new Found.Living(
            row.getString(kind.holder()), new ClientId(row.getString("client")), scopes),
        Instant.ofEpochMilli(row.getLong("issued_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")));
  }
}
