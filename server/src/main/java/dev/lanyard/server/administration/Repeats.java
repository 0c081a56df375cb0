package dev.lanyard.server.administration;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Outcome;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Remembers for a day what calls with an idempotency key have come to, so that a caller that did
/// not hear an answer may ask again. Of two at once, on whatever nodes, one does it.
///
/// A node that dies on the way leaves the call as under way. After [#LEASE] it may be made again:
/// what was done before is then found done, because each change looks at how things stand.
/// Thread-safe.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.6
///   Idempotency-Key draft-07 §2.6
public final class Repeats {
  static final Duration KEPT = Duration.ofDays(1);

  /// Longer than any call takes.
  static final Duration LEASE = Duration.ofMinutes(1);

  private static final RowKind REPEAT =
      RowKind.claim(
          "api_repeat",
          List.of("caller", "key_hash"),
          "call_hash",
          "claim",
          "claimed_at",
          "status",
          "answer",
          "expires_at");

  private final Database database;
  private final InstantSource clock;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("api_repeat", "expires_at");
  }

  public Repeats(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// A call with a key.
  ///
  /// @param caller whose key it is: others may use the same
  /// @param what method, path, query and body
  record Keyed(String caller, Secret key, String what) {
    String keyHash() {
      return OpaqueToken.hash(key);
    }

    String hash() {
      return OpaqueToken.hash(new Secret(what));
    }
  }

  sealed interface Turn {
    /// It is to be done, and said what came of it.
    ///
    /// @param claim names this attempt
    record Mine(String claim) implements Turn {}

    /// It was done before.
    record Answered(int status, String body) implements Turn {}

    /// The key was used for another call.
    record Another() implements Turn {}

    /// Somebody does it at this moment, or has died of it less than [#LEASE] ago.
    record UnderWay() implements Turn {}
  }

  private record Kept(String callHash, String claim, Instant claimedAt, int status, String answer) {
    boolean isUnderWay() {
      return status == 0;
    }
  }

  /// Whose turn it is. Check and claim are one atomic step.
  Turn turn(Keyed call) {
    var now = clock.instant();
    var claim = OpaqueToken.identifier();
    var row =
        new Row(
            REPEAT, call.caller(), call.keyHash(), call.hash(), claim, now, 0L, "", now.plus(KEPT));
    var unit = new Unit(Optional.of(row), List.of(), List.of());
    return database.groupCommit().commit(unit) == Outcome.FIRST
        ? new Turn.Mine(claim)
        : again(call, claim, now);
  }

  private Turn again(Keyed call, String claim, Instant now) {
    var found = find(call);
    if (found.isEmpty()) {
      // Given back in this moment.
      return new Turn.UnderWay();
    }
    var kept = found.get();
    if (!now.isBefore(kept.claimedAt().plus(KEPT))) {
      return taken(call, kept, claim, now);
    }
    if (!kept.callHash().equals(call.hash())) {
      return new Turn.Another();
    }
    if (!kept.isUnderWay()) {
      return new Turn.Answered(kept.status(), kept.answer());
    }
    return now.isBefore(kept.claimedAt().plus(LEASE))
        ? new Turn.UnderWay()
        : taken(call, kept, claim, now);
  }

  private Optional<Kept> find(Keyed call) {
    var select =
        "SELECT call_hash, claim, claimed_at, status, answer FROM api_repeat"
            + " WHERE caller = ? AND key_hash = ?";
    return database.read(connection ->
        new Statements(connection).first(select, Repeats::kept, call.caller(), call.keyHash()));
  }

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        row.getString("call_hash"),
        row.getString("claim"),
        Instant.ofEpochMilli(row.getLong("claimed_at")),
        row.getInt("status"),
        row.getString("answer"));
  }

  /// From whoever held it: only one finds it as it was.
  private Turn taken(Keyed call, Kept before, String claim, Instant now) {
    var update =
        "UPDATE api_repeat SET call_hash = ?, claim = ?, claimed_at = ?, status = ?, answer = ?,"
            + " expires_at = ? WHERE caller = ? AND key_hash = ? AND claim = ?";
    int changed =
        database.write(connection ->
            new Statements(connection)
                .update(
                    update,
                    call.hash(),
                    claim,
                    now,
                    0L,
                    "",
                    now.plus(KEPT),
                    call.caller(),
                    call.keyHash(),
                    before.claim()));
    return changed == 1 ? new Turn.Mine(claim) : new Turn.UnderWay();
  }

  /// What came of it. Whoever was overtaken says nothing any more.
  void answered(Keyed call, Turn.Mine mine, int status, String body) {
    var update =
        "UPDATE api_repeat SET status = ?, answer = ?"
            + " WHERE caller = ? AND key_hash = ? AND claim = ?";
    var _ =
        database.write(connection ->
            new Statements(connection)
                .update(update, (long) status, body, call.caller(), call.keyHash(), mine.claim()));
  }

  /// It could not be done: it may be tried again at once.
  void givenBack(Keyed call, Turn.Mine mine) {
    var delete = "DELETE FROM api_repeat WHERE caller = ? AND key_hash = ? AND claim = ?";
    var _ =
        database.write(connection ->
            new Statements(connection).update(delete, call.caller(), call.keyHash(), mine.claim()));
  }
}
