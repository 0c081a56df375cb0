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
import dev.lanyard.server.gateway.admission.Begun;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whose the sessions are that servers upstream have opened (RS-17), and what their clients have
/// said in them that a server is told of whose session is opened anew.
///
/// Sessions are kept by their hashes; those that are in use are also in memory. An owner never
/// changes, but another node may have ended the session, so memory is short.
public final class McpSessionStore {
  /// Subscriptions that are kept of one session at one server. As many as come in the same moment
  /// may be a few more.
  static final int MOST_SUBSCRIPTIONS = 50;

  /// Sessions of one person and client at one connector. As many as come in the same moment may be
  /// a few more.
  static final int MOST_SESSIONS = 100;

  private static final int MOST_IN_MEMORY = 50_000;

  /// How many are forgotten at a time: there were never more but for an older program.
  private static final int MOST_FORGOTTEN = 400;

  /// Of how many sessions this node knows how their servers call them.
  private static final int MOST_NAMES = 10_000;

  private static final Duration IN_MEMORY = Duration.ofSeconds(5);

  /// Longer than anything takes that was read before the end of a session.
  private static final Duration ENDED = Duration.ofMinutes(2);

  private static final RowKind SESSION =
      RowKind.claim(
          "mcp_session",
          List.of("connector", "session_hash"),
          "subject",
          "client",
          "forget_after",
          "begun_at",
          "provider",
          "sealed");

  private final Database database;
  private final Cache<Key, Held> known;

  /// Those that have ended here: what was read of one before may be remembered after its end.
  private final Cache<Key, Boolean> ended;

  /// When sessions were used here last, as the moment from which they would not be needed had they
  /// been opened then.
  private final Cache<Key, Instant> used =
      Caffeine.newBuilder().maximumSize(MOST_IN_MEMORY).build();

  /// How servers call the sessions that were opened here: the record has hashes only.
  private final Cache<Key, String> names = Caffeine.newBuilder().maximumSize(MOST_NAMES).build();

  /// Where rows say from when on nobody needs them.
  public static List<ExpiringTable> expiring() {
    return List.of(
        new ExpiringTable("mcp_session", "forget_after"),
        new ExpiringTable("mcp_subscription", "forget_after"));
  }

  public McpSessionStore(Database database) {
    this(database, Ticker.systemTicker());
  }

  /// @param time by which memory is short
  McpSessionStore(Database database, Ticker time) {
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

  /// Whose a session is.
  ///
  /// @param subject `sub`
  /// @param client at the resource authorization server
  record Owner(String subject, String client) {
    static Owner of(Caller caller) {
      return new Owner(caller.subject(), caller.client().value());
    }
  }

  /// Somebody's session.
  ///
  /// @param begun with which token it was opened: what kills that kills it
  record Held(Owner owner, Begun begun) {}

  /// Gives a session to somebody, unless it is somebody's. Check and record are one step: of two
  /// that come at once, on whatever node, one gets it. Beyond [#MOST_SESSIONS] those of theirs end
  /// that were not used for longest.
  ///
  /// @param session as the server upstream calls it
  /// @param end how its server is told of its end, sealed; empty if it is not
  /// @param forgetAfter when nobody can use it any more
  /// @return whose it is now
  /// @throws java.io.UncheckedIOException if the store cannot answer; the session must not be used
  Owner claim(
      String connector, String session, Held held, Optional<String> end, Instant forgetAfter) {
    var key = Key.of(connector, session);
    var remembered = remembered(key);
    if (remembered.isPresent()) {
      return remembered.get().owner();
    }
    var owner = held.owner();
    var row =
        new Row(
            SESSION,
            connector,
            key.hash(),
            owner.subject(),
            owner.client(),
            forgetAfter,
            held.begun().at(),
            held.begun().provider(),
            end);
    return switch (database
        .groupCommit()
        .commit(new Unit(Optional.of(row), List.of(), List.of()))) {
      case FIRST -> {
        ended.invalidate(key);
        known.put(key, held);
        names.put(key, session);
        var _ = forget(connector, owner, Optional.of(key), MOST_SESSIONS - 1);
        yield owner;
      }
      // Ended by its owner in this very moment: then it is nobody's, and not this caller's either.
      case TAKEN -> held(connector, session).map(Held::owner).orElse(new Owner("", ""));
    };
  }

  /// A session is in use by its owner: this node ends those first that are not.
  ///
  /// @param forgetAfter what [#claim] would be told now
  void used(String connector, String session, Instant forgetAfter) {
    used.put(Key.of(connector, session), forgetAfter);
  }

  /// Ends those sessions of somebody that were not used for longest, so that one more is within
  /// [#MOST_SESSIONS]. What other nodes know of their use this one does not.
  ///
  /// @return those of them that were opened on this node, as their servers call them
  /// @throws java.io.UncheckedIOException if the store cannot answer
  List<String> makeRoom(String connector, Owner owner) {
    return forget(connector, owner, Optional.empty(), MOST_SESSIONS - 1);
  }

  /// A session of somebody's.
  ///
  /// @param forgetAfter counted from its last use, as far as that is known here
  private record Kept(String hash, Instant forgetAfter) {}

  private Kept kept(String connector, String hash, Instant opened) {
    var here = used.getIfPresent(new Key(connector, hash));
    return new Kept(hash, here != null && here.isAfter(opened) ? here : opened);
  }

  /// Of two nodes that do so at once one finds nothing left to do.
  ///
  /// @param but one that stays in any case
  /// @param most how many others stay
  private List<String> forget(String connector, Owner owner, Optional<Key> but, int most) {
    var select =
        "SELECT session_hash, forget_after FROM mcp_session"
            + " WHERE connector = ? AND subject = ? AND client = ? AND session_hash <> ?"
            + " ORDER BY forget_after DESC, session_hash LIMIT ?";
    var all =
        database.read(connection ->
            new Statements(connection)
                .list(
                    select,
                    row -> kept(connector, row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
                    connector,
                    owner.subject(),
                    owner.client(),
                    but.map(Key::hash).orElse(""),
                    MOST_FORGOTTEN + most));
    var oldest =
        all.stream()
            .sorted(Comparator.comparing(Kept::forgetAfter).reversed())
            .skip(most)
            .map(Kept::hash)
            .toList();
    if (oldest.isEmpty()) {
      return List.of();
    }
    var these = " WHERE connector = ? AND session_hash IN " + Statements.inList(oldest);
    var values = Stream.concat(Stream.of(connector), oldest.stream()).toArray();
    var _ =
        database.write(connection -> {
          var statements = new Statements(connection);
          var _ = statements.update("DELETE FROM mcp_subscription" + these, values);
          return statements.update("DELETE FROM mcp_session" + these, values);
        });
    var named = new ArrayList<String>();
    for (var hash : oldest) {
      var key = new Key(connector, hash);
      ended.put(key, true);
      known.invalidate(key);
      used.invalidate(key);
      Optional.ofNullable(names.asMap().remove(key)).ifPresent(named::add);
    }
    return List.copyOf(named);
  }

  /// Whose a session is; empty if it is nobody's. What another node has ended is nobody's a few
  /// seconds later.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Held> held(String connector, String session) {
    var key = Key.of(connector, session);
    var remembered = remembered(key);
    return remembered.isPresent() ? remembered : found(key);
  }

  private Optional<Held> remembered(Key key) {
    return ended.getIfPresent(key) == null
        ? Optional.ofNullable(known.getIfPresent(key))
        : Optional.empty();
  }

  /// The same as the database has it now, whatever this node remembers.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Held> heldNow(String connector, String session) {
    var key = Key.of(connector, session);
    var found = found(key);
    if (found.isEmpty()) {
      known.invalidate(key);
    }
    return found;
  }

  private Optional<Held> found(Key key) {
    var select =
        "SELECT subject, client, begun_at, provider FROM mcp_session"
            + " WHERE connector = ? AND session_hash = ?";
    var found =
        database.read(connection ->
            new Statements(connection)
                .first(
                    select,
                    row ->
                        new Held(
                            new Owner(row.getString(1), row.getString(2)),
                            new Begun(
                                Instant.ofEpochMilli(row.getLong(3)),
                                Optional.ofNullable(row.getString(4)))),
                    key.connector(),
                    key.hash()));
    found.ifPresent(held -> known.put(key, held));
    return found;
  }

  /// Keeps from which level on the client of a session wants to hear what servers log. The last one
  /// counts; of a session that nobody has nothing is kept.
  ///
  /// @throws java.io.UncheckedIOException if it is not kept
  void setLogLevel(String connector, String session, String level) {
    var key = Key.of(connector, session);
    var update = "UPDATE mcp_session SET log_level = ? WHERE connector = ? AND session_hash = ?";
    var _ =
        database.write(connection ->
            new Statements(connection).update(update, level, key.connector(), key.hash()));
  }

  /// The level that was kept last; empty if the client has not said.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<String> logLevel(String connector, String session) {
    var key = Key.of(connector, session);
    var select =
        "SELECT log_level FROM mcp_session"
            + " WHERE connector = ? AND session_hash = ? AND log_level IS NOT NULL";
    return database.read(connection ->
        new Statements(connection)
            .first(select, row -> row.getString(1), key.connector(), key.hash()));
  }

  /// Keeps that the client of a session wants to hear of a resource; of a session that nobody has
  /// nothing is kept, and nothing beyond [#MOST_SUBSCRIPTIONS].
  ///
  /// @param part whose resource it is
  /// @param uri as its server has it
  /// @return whether it is kept now and was not before
  /// @throws java.io.UncheckedIOException if it is not kept
  boolean subscribe(String connector, String session, String part, String uri) {
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

  /// Keeps that no more.
  ///
  /// @throws java.io.UncheckedIOException if it is still kept
  void unsubscribe(String connector, String session, String part, String uri) {
    var key = Key.of(connector, session);
    var delete =
        "DELETE FROM mcp_subscription"
            + " WHERE connector = ? AND session_hash = ? AND part = ? AND uri_hash = ?";
    var _ =
        database.write(connection ->
            new Statements(connection)
                .update(delete, key.connector(), key.hash(), part, hashed(uri)));
  }

  /// The URIs of which the client of a session wants to hear of one server.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  List<String> subscriptions(String connector, String session, String part) {
    var key = Key.of(connector, session);
    var select =
        "SELECT uri FROM mcp_subscription"
            + " WHERE connector = ? AND session_hash = ? AND part = ? ORDER BY uri_hash";
    return database.read(connection ->
        new Statements(connection)
            .list(select, row -> row.getString(1), key.connector(), key.hash(), part));
  }

  /// Forgets a session that has ended, and what they have said in it.
  void end(String connector, String session) {
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
    used.invalidate(key);
    names.invalidate(key);
  }
}
