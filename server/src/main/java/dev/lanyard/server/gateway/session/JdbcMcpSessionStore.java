package dev.lanyard.server.gateway.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sessions in the database, by their hashes; those that are in use are also in memory. An owner
/// never changes, but another node may have ended the session, so memory is short.
public final class JdbcMcpSessionStore implements McpSessionStore {
  private static final int MOST_IN_MEMORY = 50_000;
  private static final Duration IN_MEMORY = Duration.ofSeconds(5);

  /// Longer than anything takes that was read before the end of a session.
  private static final Duration ENDED = Duration.ofMinutes(2);

  private static final RowKind SESSION =
      RowKind.claim(
          "mcp_session", List.of("connector", "session_hash"), "subject", "client", "forget_after");

  private final Database database;
  private final Cache<Key, Owner> known;

  /// Those that have ended here: what was read of one before may be remembered after its end.
  private final Cache<Key, Boolean> ended;

  /// Where rows say from when on nobody needs them.
  public static List<ExpiringTable> expiring() {
    return List.of(
        new ExpiringTable("mcp_session", "forget_after"),
        new ExpiringTable("mcp_subscription", "forget_after"));
  }

  public JdbcMcpSessionStore(Database database) {
    this(database, Ticker.systemTicker());
  }

  /// @param time by which memory is short
  JdbcMcpSessionStore(Database database, Ticker time) {
    this.database = database;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MOST_IN_MEMORY)
            .expireAfterWrite(IN_MEMORY)
            .ticker(time)
            .build();
    this.ended =
        Caffeine.newBuilder()
            .maximumSize(MOST_IN_MEMORY)
            .expireAfterWrite(ENDED)
            .ticker(time)
            .build();
  }

  private record Key(String connector, String hash) {
    static Key of(String connector, String session) {
      return new Key(connector, hashed(session));
    }
  }

  private static String hashed(String text) {
    return OpaqueToken.hash(new Secret(text));
  }

  @Override
  public Owner claim(String connector, String session, Owner owner, Instant forgetAfter) {
    var key = Key.of(connector, session);
    var remembered = remembered(key);
    if (remembered.isPresent()) {
      return remembered.get();
    }
    var row = new Row(SESSION, connector, key.hash(), owner.subject(), owner.client(), forgetAfter);
    return switch (database
        .groupCommit()
        .commit(new Unit(Optional.of(row), List.of(), List.of()))) {
      case FIRST -> {
        ended.invalidate(key);
        known.put(key, owner);
        yield owner;
      }
      // Ended by its owner in this very moment: then it is nobody's, and not this caller's either.
      case TAKEN -> owner(connector, session).orElse(new Owner("", ""));
    };
  }

  @Override
  public Optional<Owner> owner(String connector, String session) {
    var key = Key.of(connector, session);
    var remembered = remembered(key);
    return remembered.isPresent() ? remembered : found(key);
  }

  private Optional<Owner> remembered(Key key) {
    return ended.getIfPresent(key) == null
        ? Optional.ofNullable(known.getIfPresent(key))
        : Optional.empty();
  }

  @Override
  public Optional<Owner> ownerNow(String connector, String session) {
    var key = Key.of(connector, session);
    var found = found(key);
    if (found.isEmpty()) {
      known.invalidate(key);
    }
    return found;
  }

  private Optional<Owner> found(Key key) {
    var select = "SELECT subject, client FROM mcp_session WHERE connector = ? AND session_hash = ?";
    var found =
        database.read(connection ->
            new Statements(connection)
                .first(
                    select,
                    row -> new Owner(row.getString(1), row.getString(2)),
                    key.connector(),
                    key.hash()));
    found.ifPresent(owner -> known.put(key, owner));
    return found;
  }

  @Override
  public void setLogLevel(String connector, String session, String level) {
    var key = Key.of(connector, session);
    var update = "UPDATE mcp_session SET log_level = ? WHERE connector = ? AND session_hash = ?";
    var _ =
        database.write(connection ->
            new Statements(connection).update(update, level, key.connector(), key.hash()));
  }

  @Override
  public Optional<String> logLevel(String connector, String session) {
    var key = Key.of(connector, session);
    var select =
        "SELECT log_level FROM mcp_session"
            + " WHERE connector = ? AND session_hash = ? AND log_level IS NOT NULL";
    return database.read(connection ->
        new Statements(connection)
            .first(select, row -> row.getString(1), key.connector(), key.hash()));
  }

  @Override
  public boolean subscribe(String connector, String session, String part, String uri) {
    var key = Key.of(connector, session);
    var insert =
        """
        INSERT INTO mcp_subscription (connector, session_hash, part, uri_hash, uri, forget_after)
        SELECT connector, session_hash, ?, ?, ?, forget_after FROM mcp_session
        WHERE connector = ? AND session_hash = ?
          AND (SELECT COUNT(*) FROM mcp_subscription kept
               WHERE kept.connector = mcp_session.connector
                 AND kept.session_hash = mcp_session.session_hash AND kept.part = ?) < ?
        ON CONFLICT DO NOTHING
        """;
    int rows =
        database.write(connection ->
            new Statements(connection)
                .update(
                    insert,
                    part,
                    hashed(uri),
                    uri,
                    key.connector(),
                    key.hash(),
                    part,
                    MOST_SUBSCRIPTIONS));
    return rows > 0;
  }

  @Override
  public void unsubscribe(String connector, String session, String part, String uri) {
    var key = Key.of(connector, session);
    var delete =
        "DELETE FROM mcp_subscription"
            + " WHERE connector = ? AND session_hash = ? AND part = ? AND uri_hash = ?";
    var _ =
        database.write(connection ->
            new Statements(connection)
                .update(delete, key.connector(), key.hash(), part, hashed(uri)));
  }

  @Override
  public List<String> subscriptions(String connector, String session, String part) {
    var key = Key.of(connector, session);
    var select =
        "SELECT uri FROM mcp_subscription"
            + " WHERE connector = ? AND session_hash = ? AND part = ? ORDER BY uri_hash";
    return database.read(connection ->
        new Statements(connection)
            .list(select, row -> row.getString(1), key.connector(), key.hash(), part));
  }

  @Override
  public void end(String connector, String session) {
    var key = Key.of(connector, session);
    var delete = "DELETE FROM mcp_session WHERE connector = ? AND session_hash = ?";
    var others = "DELETE FROM mcp_subscription WHERE connector = ? AND session_hash = ?";
    var _ =
        database.write(connection -> {
          var statements = new Statements(connection);
          var _ = statements.update(others, key.connector(), key.hash());
          return statements.update(delete, key.connector(), key.hash());
        });
    ended.put(key, true);
    known.invalidate(key);
  }
}
