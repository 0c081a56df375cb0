package dev.lanyard.server.clients.entered;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientEntry;
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
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The clients that administrators have entered at one server: in the database, and in the memory
/// of every node. Thread-safe.
public final class EnteredClients implements ClientSource {
  /// Beginning of every id: none that looks like the URL of a document (REG-6), and longer than any
  /// id of a person (AC-20).
  private static final String PREFIX = "app-";

  private static final String CHANGE = "entered-client";
  private static final String CLIENTS = "SELECT * FROM entered_client WHERE server = ?";

  private final Database database;
  private final String server;
  private final SecureRandom random = new SecureRandom();
  private final Map<ClientId, EnteredClient> clients = new ConcurrentHashMap<>();

  /// Held from reading the record to applying it, so that an older state never replaces a newer
  /// one.
  private final ReentrantLock applying = new ReentrantLock();

  private EnteredClients(Database database, Issuer server) {
    this.database = database;
    this.server = server.value();
  }

  /// Those of a server, followed.
  public static EnteredClients open(Database database, Issuer server) {
    var entered = new EnteredClients(database, server);
    // First listen, then load: a change may arrive twice, but none is missed.
    database.changes().follow(CHANGE, entered.new Following());
    entered.apply(database, EnteredClients::all, true);
    return entered;
  }

  /// Those of a server, as the record has them now.
  public static List<EnteredClient> all(Database database, Issuer server) {
    return database.read(connection -> all(connection, server.value()));
  }

  private static List<EnteredClient> all(Connection connection, String server) throws SQLException {
    return new Statements(connection).list(CLIENTS, EnteredClients::row, server);
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
          take(record, new ClientId(body.nonEmptyString("client")));
        }
      } catch (MalformedException e) {
        throw new IllegalStateException("a change of our own making", e);
      }
    }

    @Override
    public void reload(Reading record) {
      apply(record, EnteredClients::all, true);
    }
  }

  private interface Query {
    List<EnteredClient> of(Connection connection, String server) throws SQLException;
  }

  /// @param whole whether whoever is not found is no client
  private void apply(Reading record, Query query, boolean whole) {
    var _ =
        record.read(connection -> {
          // With a connection in hand: who waits for one must not keep the change feed waiting.
          applying.lock();
          try {
            var found = query.of(connection, server);
            if (whole) {
              clients.keySet().retainAll(found.stream().map(EnteredClient::id).toList());
            }
            found.forEach(one -> clients.put(one.id(), one));
            return found.size();
          } finally {
            applying.unlock();
          }
        });
  }

  private void take(Reading record, ClientId id) {
    apply(record, (connection, _) -> load(connection, id).stream().toList(), false);
  }

  private Optional<EnteredClient> load(Connection connection, ClientId id) throws SQLException {
    return new Statements(connection)
        .first(CLIENTS + " AND client = ?", EnteredClients::row, server, id.value());
  }

  private static EnteredClient row(ResultSet row) throws SQLException {
    var id = new ClientId(row.getString("client"));
    var entry = row.getString("entry");
    var secretAt = row.getLong("secret_at");
    var secret = SecretHash.parse(row.getString("secret_hash"));
    return new EnteredClient(
        id,
        entry,
        ClientEntry.read(entry, id, secret) instanceof ClientEntry.Reading.Read(var client)
            ? Optional.of(client)
            : Optional.empty(),
        secretAt == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(secretAt)),
        Instant.ofEpochMilli(row.getLong("entered_at")),
        Instant.ofEpochMilli(row.getLong("changed_at")));
  }

  /// An id for a new client.
  public ClientId newId() {
    var name = new byte[16];
    random.nextBytes(name);
    return new ClientId(PREFIX + HexFormat.of().formatHex(name));
  }

  /// Whether an entry is, inside this transaction, what it was when somebody looked; of a client
  /// that is not there it is empty.
  public boolean isStill(Connection connection, ClientId id, String seen) throws SQLException {
    return load(connection, id).map(EnteredClient::entry).orElse("").equals(seen);
  }

  /// Enters a client, or changes it. A new one has a secret that nobody knows. In a transaction of
  /// the caller's, who has made sure that nobody else changes it; nodes learn of it when that is
  /// durable.
  public void write(Connection connection, ClientId id, String entry, Instant now)
      throws SQLException {
    var statements = new Statements(connection);
    int changed =
        statements.update(
            "UPDATE entered_client SET entry = ?, changed_at = ? WHERE server = ? AND client = ?",
            entry,
            now,
            server,
            id.value());
    if (changed == 0) {
      var _ =
          statements.update(
              "INSERT INTO entered_client"
                  + " (server, client, entry, secret_hash, secret_at, entered_at, changed_at)"
                  + " VALUES (?, ?, ?, ?, 0, ?, ?)",
              server,
              id.value(),
              entry,
              ClientSecret.generate(random).hash().text(),
              now,
              now);
    }
    announce(connection, id);
  }

  /// Makes a new secret, which the former one is not any more, in a transaction of the caller's.
  ///
  /// @param seen when the former one was made, as somebody looked at it
  /// @return to be told once; empty if another one was made meanwhile, or there is no such client
  public Optional<ClientSecret> renew(
      Connection connection, ClientId id, Optional<Instant> seen, Instant now) throws SQLException {
    var made = ClientSecret.generate(random);
    int changed =
        new Statements(connection)
            .update(
                "UPDATE entered_client SET secret_hash = ?, secret_at = ?"
                    + " WHERE server = ? AND client = ? AND secret_at = ?",
                made.hash().text(),
                now,
                server,
                id.value(),
                seen.map(Instant::toEpochMilli).orElse(0L));
    if (changed == 0) {
      return Optional.empty();
    }
    announce(connection, id);
    return Optional.of(made);
  }

  private void announce(Connection connection, ClientId id) throws SQLException {
    var body = JsonObject.builder().put("server", server).put("client", id.value()).build();
    var _ = database.changes().append(connection, CHANGE, body);
  }

  /// Takes over what the record says of a client now: what this node has written it knows at once.
  public void refresh(ClientId id) {
    take(database, id);
  }

  public Optional<EnteredClient> find(ClientId id) {
    return Optional.ofNullable(clients.get(id));
  }

  /// Every one, also those that cannot be read any more, the oldest first.
  public List<EnteredClient> list() {
    return clients.values().stream()
        .sorted(
            Comparator.comparing(EnteredClient::enteredAt).thenComparing(one -> one.id().value()))
        .toList();
  }

  @Override
  public Lookup look(ClientId id) {
    return known(id).<Lookup>map(Lookup.Found::new).orElseGet(Lookup.Unknown::new);
  }

  @Override
  public Optional<Client> known(ClientId id) {
    return find(id).flatMap(EnteredClient::client);
  }

  @Override
  public Collection<Client> all() {
    return clients.values().stream().flatMap(one -> one.client().stream()).toList();
  }

  @Override
  public boolean takesUrls() {
    return false;
  }
}
