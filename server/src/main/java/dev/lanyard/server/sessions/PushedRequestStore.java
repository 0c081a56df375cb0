package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Authorization requests that clients have pushed to one server, and that browsers take up by a
/// reference. They are in the database, because the browser may come to another node than the
/// client did.
public final class PushedRequestStore {
  private static final String PUSHED = "pushed";
  private static final String BEGUN = "begun";
  private static final RowKind REQUEST =
      RowKind.of(
          "pushed_request",
          "reference_hash",
          "server",
          "client",
          "stage",
          "parameters",
          "expires_at");

  private final Database database;
  private final String server;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("pushed_request", "expires_at");
  }

  public PushedRequestStore(Database database, Issuer server) {
    this.database = database;
    this.server = server.value();
  }

  /// Keeps a request. When this returns, every node finds it.
  ///
  /// @param reference what the browser will bring
  /// @param parameters the request, form-encoded
  /// @throws java.io.UncheckedIOException if it is not durable
  public void push(Secret reference, ClientId client, String parameters, Instant expiresAt) {
    var row =
        new Row(
            REQUEST,
            OpaqueToken.hash(reference),
            server,
            client.value(),
            PUSHED,
            parameters,
            expiresAt);
    var _ = database.groupCommit().commit(Unit.of(List.of(row)));
  }

  /// Takes a request up: from now on it is found by another reference, and by the first one no
  /// more. One atomic, durable step: of several browsers that bring the same reference, on all
  /// nodes, exactly one takes it up.
  ///
  /// @param client who has to have pushed it
  /// @return whether there was such a request and it had not expired
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public boolean begin(Secret reference, ClientId client, Begun begun, Instant now) {
    if (!OpaqueToken.isPossible(reference)) {
      return false;
    }
    var update =
        "UPDATE pushed_request SET reference_hash = ?, stage = ?, expires_at = ?"
            + " WHERE reference_hash = ? AND server = ? AND client = ? AND stage = ?"
            + " AND expires_at > ?";
    return database.write(connection ->
        new Statements(connection)
                .update(
                    update,
                    OpaqueToken.hash(begun.reference()),
                    BEGUN,
                    begun.expiresAt(),
                    OpaqueToken.hash(reference),
                    server,
                    client.value(),
                    PUSHED,
                    now)
            == 1);
  }

  /// What a request becomes when a browser has taken it up.
  ///
  /// @param reference by which it is found from now on
  /// @param expiresAt when the sign-in has to be over
  public record Begun(Secret reference, Instant expiresAt) {}

  /// The parameters of a request that was taken up and has not expired.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<String> begun(Secret reference, ClientId client, Instant now) {
    if (!OpaqueToken.isPossible(reference)) {
      return Optional.empty();
    }
    var select =
        "SELECT parameters FROM pushed_request WHERE reference_hash = ? AND server = ?"
            + " AND client = ? AND stage = ? AND expires_at > ?";
    return database.read(connection ->
        new Statements(connection)
            .first(
                select,
                row -> row.getString(1),
                OpaqueToken.hash(reference),
                server,
                client.value(),
                BEGUN,
                now));
  }
}
