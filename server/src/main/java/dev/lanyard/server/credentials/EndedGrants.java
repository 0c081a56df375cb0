package dev.lanyard.server.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The grants that were taken back lately, at whatever node, so that what has shown their tokens
/// ends. Thread-safe.
///
/// A kill is not told of here: it ends the access tokens of the callers, and with them everything
/// that is under way.
final class EndedGrants {
  private static final String CHANGE = "upstream-grant-end";

  /// Longer than from showing a token to being watched over.
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private final Cache<String, Boolean> lately =
      Caffeine.newBuilder().expireAfterWrite(REMEMBERED).build();
  private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();

  private EndedGrants() {}

  static EndedGrants following(Database database) {
    var ended = new EndedGrants();
    database.changes().followFirst(CHANGE, ended.new Following());
    return ended;
  }

  /// Tells every node once the transaction is committed, if that is an end that cuts.
  static void tell(Connection connection, ChangeFeed changes, Ending ending, List<String> grants) {
    if (ending.cuts() && !grants.isEmpty()) {
      var body = JsonObject.builder().put("grants", grants).build();
      var _ = changes.append(connection, CHANGE, body);
    }
  }

  boolean has(String grant) {
    return lately.getIfPresent(grant) != null;
  }

  /// @param listener told of them, on the thread of the feed, once [#has] knows them
  void onEnd(Consumer<Set<String>> listener) {
    listeners.add(listener);
  }

  private void arrived(Set<String> grants) {
    grants.forEach(grant -> lately.put(grant, true));
    listeners.forEach(listener -> listener.accept(grants));
  }

  private final class Following implements Follower {
    @Override
    public void follow(List<Change> changes, Reading record) {
      var all = new HashSet<String>();
      for (var change : changes) {
        try {
          all.addAll(change.body().strings("grants").orElse(List.of()));
        } catch (MalformedException e) {
          throw new IllegalStateException("a change of our own cannot be read", e);
        }
      }
      arrived(all);
    }

    /// Those that their servers have not heard of yet; the others are dead there.
    @Override
    public void reload(Reading record) {
      arrived(
          Set.copyOf(
              record.read(connection ->
                  new Statements(connection)
                      .list(
                          "SELECT id FROM upstream_grant WHERE ended_at > 0",
                          row -> row.getString("id")))));
    }
  }
}
