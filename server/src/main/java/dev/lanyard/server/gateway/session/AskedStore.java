package dev.lanyard.server.gateway.session;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What was asked in sessions on streams that can be resumed: an answer that comes later, on
/// another stream, is judged by the request that it answers, on whatever node. Kept are hashes of
/// the session and the id.
public final class AskedStore {
  private static final RowKind ASKED =
      RowKind.claim(
          "mcp_asked",
          List.of("connector", "session_hash", "request_hash", "expected"),
          "forget_after");

  private final Database database;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("mcp_asked", "forget_after");
  }

  public AskedStore(Database database) {
    this.database = database;
  }

  /// Keeps what was asked. An id that was used before for something else then has both.
  ///
  /// @param session as the server upstream calls it
  /// @param forgetAfter when no answer can come any more
  /// @throws java.io.UncheckedIOException if it is not kept; the stream must not be resumable then
  void keep(String connector, String session, Map<RpcId, Expected> asked, Instant forgetAfter) {
    var sessionHash = hash(session);
    asked.forEach((id, expected) -> {
      var row = new Row(ASKED, connector, sessionHash, hash(id), expected.word(), forgetAfter);
      // Whether it is the first does not matter: it is there.
      var _ = database.groupCommit().commit(new Unit(Optional.of(row), List.of(), List.of()));
    });
  }

  /// What the answer to a request may hold; empty if it was not asked.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer; no answer may be passed on
  Set<Expected> expected(String connector, String session, RpcId id) {
    var select =
        "SELECT expected FROM mcp_asked"
            + " WHERE connector = ? AND session_hash = ? AND request_hash = ?";
    return database.read(connection -> {
      try (var query = connection.prepareStatement(select)) {
        query.setString(1, connector);
        query.setString(2, hash(session));
        query.setString(3, hash(id));
        var found = new HashSet<Expected>();
        try (var rows = query.executeQuery()) {
          while (rows.next()) {
            var expected = Expected.of(rows.getString(1));
            if (expected.isEmpty()) {
              return Set.of();
            }
            found.add(expected.get());
          }
        }
        return found;
      }
    });
  }

  private static String hash(RpcId id) {
    return hash(
        switch (id) {
          case RpcId.Text(var text) -> "text " + text;
          case RpcId.Whole(var number) -> "number " + number;
          case RpcId.None() -> throw new IllegalArgumentException("no request has no id");
        });
  }

  private static String hash(String text) {
    return OpaqueToken.hash(new Secret(text));
  }
}
