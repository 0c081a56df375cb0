package dev.lanyard.server.signals;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.signals.SignalsConfig.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The access tokens of receivers of our streams that are OAuth clients (SSF-16), as hashes. A
/// token counts as long as its client is registered, may have one, is the receiver's, and was not
/// killed since. Thread-safe.
final class ReceiverTokens {
  /// Well below the hour that is the most for such tokens.
  static final Duration LIFE = Duration.ofMinutes(15);

  private static final String PREFIX = "lanyard_ssfat_";
  private static final RowKind TOKEN =
      RowKind.of(
          "signal_access_token",
          "hash",
          "receiver",
          "client",
          "manages",
          "issued_at",
          "expires_at");

  private final Issuer self;
  private final List<Receiver> receivers;
  private final Database database;
  private final ClientRegistry clients;
  private final DenySet denied;
  private final InstantSource clock;

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("signal_access_token", "expires_at");
  }

  ReceiverTokens(
      Issuer self,
      List<Receiver> receivers,
      Database database,
      ClientRegistry clients,
      DenySet denied,
      InstantSource clock) {
    this.self = self;
    this.receivers = List.copyOf(receivers);
    this.database = database;
    this.clients = clients;
    this.denied = denied;
    this.clock = clock;
  }

  /// The receiver that a client is.
  Optional<Receiver> of(ClientId client) {
    return receivers.stream()
        .filter(receiver -> receiver.client().equals(Optional.of(client)))
        .findFirst();
  }

  /// @param secret to be told once
  /// @param row what must be durable before it is
  record Made(Secret secret, Row row) {}

  /// @param manages whether it is good for changes, too
  Made make(Receiver receiver, ClientId client, boolean manages) {
    var secret = new Secret(PREFIX + OpaqueToken.secret().reveal());
    var now = clock.instant();
    // In the second of a kill of the client it is dated after it, like everything that is issued.
    var at = denied.issuable(origins(client, now), now);
    var row =
        new Row(
            TOKEN,
            OpaqueToken.hash(secret),
            receiver.name(),
            client.value(),
            manages,
            at,
            at.plus(LIFE));
    return new Made(secret, row);
  }

  private Origins origins(ClientId client, Instant issuedAt) {
    return Origins.accessToken("", issuedAt).client(self, client);
  }

  /// What a secret is.
  sealed interface Found {
    /// A living token of a receiver.
    record Living(Receiver receiver, boolean manages) implements Found {}

    record Nothing() implements Found {}

    /// This node may have missed that its client was killed.
    record Undecided() implements Found {}
  }

  private record Entry(
      String receiver, ClientId client, boolean manages, Instant issuedAt, Instant expiresAt) {}

  Found find(Secret secret) {
    if (!secret.reveal().startsWith(PREFIX)) {
      return new Found.Nothing();
    }
    if (database.changes().freshness() instanceof Freshness.Stale) {
      return new Found.Undecided();
    }
    return entry(secret)
        .filter(entry -> clock.instant().isBefore(entry.expiresAt()))
        .filter(entry -> denied.denial(origins(entry.client(), entry.issuedAt())).isEmpty())
        .filter(entry -> mayHaveOne(entry.client()))
        .flatMap(entry ->
            of(entry.client())
                .filter(receiver -> receiver.name().equals(entry.receiver()))
                .<Found>map(receiver -> new Found.Living(receiver, entry.manages())))
        .orElseGet(Found.Nothing::new);
  }

  private boolean mayHaveOne(ClientId id) {
    return clients
        .find(id)
        .filter(client -> client.grantTypes().contains(GrantType.CLIENT_CREDENTIALS))
        .isPresent();
  }

  private Optional<Entry> entry(Secret secret) {
    if (!OpaqueToken.isPossible(secret)) {
      return Optional.empty();
    }
    var select =
        "SELECT receiver, client, manages, issued_at, expires_at FROM signal_access_token"
            + " WHERE hash = ?";
    return database.read(connection ->
        new Statements(connection)
            .first(
                select,
                row ->
                    new Entry(
                        row.getString(1),
                        new ClientId(row.getString(2)),
                        row.getLong(3) == 1,
                        Instant.ofEpochMilli(row.getLong(4)),
                        Instant.ofEpochMilli(row.getLong(5))),
                OpaqueToken.hash(secret)));
  }
}
