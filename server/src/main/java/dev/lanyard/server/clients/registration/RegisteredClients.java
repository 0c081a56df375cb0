package dev.lanyard.server.clients.registration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientMetadata;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.ClientSource;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.database.Statements;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The clients that have registered themselves at one server: in the database, and in the memory of
/// every node. Thread-safe.
public final class RegisteredClients implements ClientSource {
  /// Beginning of every id that we make: none that looks like the URL of a document (REG-6), and
  /// longer than any id of a person (AC-20).
  private static final String PREFIX = "dcr-";

  private static final String CHANGE = "registered-client";
  private static final Duration NOTED_EVERY = Duration.ofDays(1);

  /// No grant of EMA: who a client is has to be known for that (REG-11). No keys at a URL: whoever
  /// comes could have us call it.
  private static final ClientMetadata.Rules RULES =
      new ClientMetadata.Rules(
          Set.of(AuthMethod.values()),
          Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN),
          false,
          false);

  private final RegistrationConfig config;
  private final Database database;
  private final String server;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<ClientId, RegisteredClient> clients = new ConcurrentHashMap<>();

  /// Held from reading the record to applying it, so that a client that was removed meanwhile does
  /// not come back.
  private final ReentrantLock applying = new ReentrantLock();

  private RegisteredClients(
      RegistrationConfig config, Database database, Issuer server, InstantSource clock) {
    this.config = config;
    this.database = database;
    this.server = server.value();
    this.clock = clock;
  }

  /// The registered clients of a server, followed.
  public static RegisteredClients open(
      RegistrationConfig config, Database database, Issuer server, InstantSource clock) {
    var clients = new RegisteredClients(config, database, server, clock);
    // First listen, then load: a change may arrive twice, but none is missed.
    database.changes().follow(CHANGE, clients.new Following());
    clients.takeOver(database, Optional.empty());
    return clients;
  }

  /// Whether an id is one that a client gets when it registers itself.
  public static boolean isOne(ClientId id) {
    return id.value().startsWith(PREFIX);
  }

  private final class Following implements Follower {
    @Override
    public void follow(List<Change> changes, Reading record) {
      for (var change : changes) {
        look(change.body(), record);
      }
    }

    private void look(JsonObject body, Reading record) {
      try {
        if (body.string("server").equals(Optional.of(server))) {
          takeOver(record, Optional.of(body.nonEmptyString("client")));
        }
      } catch (MalformedException e) {
        throw new IllegalStateException("a change of our own making", e);
      }
    }

    @Override
    public void reload(Reading record) {
      takeOver(record, Optional.empty());
    }
  }

  /// Takes over one client, or all, as the record has them now.
  private void takeOver(Reading record, Optional<String> id) {
    var _ =
        record.read(connection -> {
          // With a connection in hand: who waits for one must not keep the change feed waiting.
          applying.lock();
          try {
            var found = load(connection, id);
            if (id.isEmpty()) {
              clients.keySet().retainAll(found.stream().map(one -> one.client().id()).toList());
            } else if (found.isEmpty()) {
              clients.remove(new ClientId(id.get()));
            }
            found.forEach(one -> clients.put(one.client().id(), one));
            return found.size();
          } finally {
            applying.unlock();
          }
        });
  }

  private List<RegisteredClient> load(Connection connection, Optional<String> id)
      throws SQLException {
    var select =
        "SELECT client, metadata, secret_hash, registered_at, used_at FROM registered_client"
            + " WHERE server = ?";
    var statements = new Statements(connection);
    var rows =
        id.isPresent()
            ? statements.list(select + " AND client = ?", RegisteredClients::row, server, id.get())
            : statements.list(select, RegisteredClients::row, server);
    return rows.stream().flatMap(Optional::stream).toList();
  }

  /// Empty if it was registered under rules that have changed since.
  private static Optional<RegisteredClient> row(ResultSet row) throws SQLException {
    try {
      var secret = Optional.ofNullable(row.getString("secret_hash")).map(SecretHash::parse);
      var id = new ClientId(row.getString("client"));
      var registeredAt = Instant.ofEpochMilli(row.getLong("registered_at"));
      var usedAt = Instant.ofEpochMilli(row.getLong("used_at"));
      return ClientMetadata.read(JsonObject.parse(row.getString("metadata")), RULES)
              instanceof ClientMetadata.Reading.Read(var metadata)
          ? Optional.of(new RegisteredClient(metadata.client(id, secret), registeredAt, usedAt))
          : Optional.empty();
    } catch (MalformedException e) {
      throw new IllegalStateException("metadata of our own making", e);
    }
  }

  /// What came of a registration.
  public sealed interface Registration {
    /// @param secret to be told once, if the client has one
    record Registered(
        ClientMetadata metadata, RegisteredClient client, Optional<ClientSecret> secret)
        implements Registration {}

    record Invalid(ClientMetadata.Reading.Invalid why) implements Registration {}

    /// There are as many as there may be.
    record Full(int most) implements Registration {}
  }

  /// Writes what has to become durable together with a change of a client.
  @FunctionalInterface
  public interface Witness {
    void saw(Connection connection, Client client) throws SQLException;
  }

  /// Registers a client, in one transaction with what the witness writes.
  ///
  /// @param asked what the client says of itself; untrusted
  public Registration register(JsonObject asked, Witness witness) {
    return switch (ClientMetadata.read(asked, RULES)) {
      case ClientMetadata.Reading.Invalid invalid -> new Registration.Invalid(invalid);
      case ClientMetadata.Reading.Read(var metadata) -> {
        var registered = made(metadata);
        boolean written =
            database.write(connection -> written(connection, asked, registered, witness));
        if (written) {
          // As the record has it: another node may have removed it already.
          takeOver(database, Optional.of(registered.client().client().id().value()));
        }
        yield written ? registered : new Registration.Full(config.most());
      }
    };
  }

  private Registration.Registered made(ClientMetadata metadata) {
    boolean hasSecret =
        metadata.method() == AuthMethod.CLIENT_SECRET_BASIC
            || metadata.method() == AuthMethod.CLIENT_SECRET_POST;
    var secret =
        hasSecret ? Optional.of(ClientSecret.generate(random)) : Optional.<ClientSecret>empty();
    var name = new byte[16];
    random.nextBytes(name);
    var id = new ClientId(PREFIX + HexFormat.of().formatHex(name));
    var now = clock.instant();
    var client = metadata.client(id, secret.map(ClientSecret::hash));
    return new Registration.Registered(metadata, new RegisteredClient(client, now, now), secret);
  }

  private boolean written(
      Connection connection, JsonObject asked, Registration.Registered registered, Witness witness)
      throws SQLException {
    var statements = new Statements(connection);
    var id = registered.client().client().id().value();
    // Registrations of all nodes are in line: none is counted past.
    database.changes().awaitTurn(connection);
    var count =
        statements.first(
            "SELECT COUNT(*) FROM registered_client WHERE server = ?",
            rows -> rows.getLong(1),
            server);
    if (count.orElse(0L) >= config.most()) {
      return false;
    }
    var _ =
        statements.update(
            "INSERT INTO registered_client"
                + " (server, client, metadata, secret_hash, registered_at, used_at)"
                + " VALUES (?, ?, ?, ?, ?, ?)",
            server,
            id,
            asked.toJson(),
            registered.secret().map(ClientSecret::hash).map(SecretHash::text),
            registered.client().registeredAt(),
            registered.client().usedAt());
    var _ = database.changes().append(connection, CHANGE, change(id));
    witness.saw(connection, registered.client().client());
    return true;
  }

  private JsonObject change(String id) {
    return JsonObject.builder().put("server", server).put("client", id).build();
  }

  /// Whether a client is there, also while none may register.
  public boolean isRegistered(ClientId id) {
    return clients.containsKey(id);
  }

  /// Removes a client, on every node, in one transaction with what the witness writes.
  ///
  /// @return whether it was there
  public boolean remove(ClientId id, Witness witness) {
    var known = Optional.ofNullable(clients.get(id));
    return known.isPresent() && removed(known.get(), Instant.MAX, witness);
  }

  /// Removes the clients that nobody has used for too long.
  ///
  /// @return how many
  public int forget(Witness witness) {
    var before = clock.instant().minus(config.forgottenAfter());
    int gone = 0;
    for (var one : clients.values()) {
      if (one.usedAt().isBefore(before) && removed(one, before, witness)) {
        gone++;
      }
    }
    return gone;
  }

  /// @param before another node may know that it was used since
  private boolean removed(RegisteredClient one, Instant before, Witness witness) {
    var id = one.client().id();
    boolean gone = database.write(connection -> deleted(connection, one, before, witness));
    if (gone) {
      drop(id);
    }
    return gone;
  }

  private void drop(ClientId id) {
    applying.lock();
    try {
      clients.remove(id);
    } finally {
      applying.unlock();
    }
  }

  private boolean deleted(
      Connection connection, RegisteredClient one, Instant before, Witness witness)
      throws SQLException {
    var id = one.client().id().value();
    boolean gone =
        new Statements(connection)
                .update(
                    "DELETE FROM registered_client"
                        + " WHERE server = ? AND client = ? AND used_at < ?",
                    server,
                    id,
                    before.equals(Instant.MAX) ? Long.MAX_VALUE : before.toEpochMilli())
            > 0;
    if (gone) {
      var _ = database.changes().append(connection, CHANGE, change(id));
      witness.saw(connection, one.client());
    }
    return gone;
  }

  /// Every one, those that were used last first.
  public List<RegisteredClient> list() {
    return clients.values().stream()
        .sorted((one, other) -> other.usedAt().compareTo(one.usedAt()))
        .toList();
  }

  @Override
  public Lookup look(ClientId id) {
    var known = Optional.ofNullable(clients.get(id)).filter(_ -> config.enabled());
    known.ifPresent(this::note);
    return known.<Lookup>map(one -> new Lookup.Found(one.client())).orElseGet(Lookup.Unknown::new);
  }

  /// Once a day, so that who is used stays.
  private void note(RegisteredClient used) {
    var now = clock.instant();
    if (now.isBefore(used.usedAt().plus(NOTED_EVERY))) {
      return;
    }
    var id = used.client().id();
    var _ =
        database.write(connection ->
            new Statements(connection)
                .update(
                    "UPDATE registered_client SET used_at = ?"
                        + " WHERE server = ? AND client = ? AND used_at < ?",
                    now,
                    server,
                    id.value(),
                    now));
    clients.computeIfPresent(
        id, (_, one) -> new RegisteredClient(one.client(), one.registeredAt(), now));
  }

  @Override
  public Optional<Client> known(ClientId id) {
    return Optional.ofNullable(clients.get(id))
        .filter(_ -> config.enabled())
        .map(RegisteredClient::client);
  }

  @Override
  public Collection<Client> all() {
    return config.enabled()
        ? clients.values().stream().map(RegisteredClient::client).toList()
        : List.of();
  }

  @Override
  public boolean takesUrls() {
    return false;
  }

  @Override
  public boolean takesRegistrations() {
    return config.enabled();
  }
}
