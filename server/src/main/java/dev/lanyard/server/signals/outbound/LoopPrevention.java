package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The table `signal_told`: what we told whom, so that a ring of installations that tell each other
/// everything comes to rest. It decides what is **sent on**, never whether something has its effect
/// here: what comes back is the same thing once more, and accepting it again costs nothing.
///
/// Somebody in the ring may give what comes round another time of its own. So also what looks new
/// is told a few times an hour only, and then an administrator hears of it.
public final class LoopPrevention {
  private static final Duration KEPT = Duration.ofDays(31);

  /// Ends a ring that calls everything new, and lets through whoever is ended several times.
  public static final int MOST_TIMES = 10;

  private static final Duration COUNTED = Duration.ofHours(1);

  private static final String PUT =
      """
      INSERT INTO signal_told (what, newest_at, times, counted_from, forget_after)
      VALUES (?, ?, 1, ?, ?)
      ON CONFLICT (what) DO UPDATE SET
        newest_at = CASE WHEN signal_told.newest_at > excluded.newest_at
          THEN signal_told.newest_at ELSE excluded.newest_at END,
        times = CASE WHEN signal_told.counted_from < ?
          THEN 1 ELSE signal_told.times + 1 END,
        counted_from = CASE WHEN signal_told.counted_from < ?
          THEN excluded.counted_from ELSE signal_told.counted_from END,
        forget_after = excluded.forget_after
      """;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("signal_told", "forget_after");
  }

  private LoopPrevention() {}

  /// Something to be told.
  ///
  /// @param to whom
  /// @param what all that makes it the same thing, hashed
  public record Announcement(String to, String what) {
    /// @param receiver of a stream of ours
    /// @param transaction to which the event belongs
    public static Announcement event(
        String receiver, String transaction, String type, SubjectIdentifier subject) {
      return new Announcement(
          receiver,
          hash(
              JsonObject.builder()
                  .put("receiver", receiver)
                  .put("txn", transaction)
                  .put("event", type)
                  .put("sub_id", subject.toJson())));
    }

    static Announcement call(String target, String person) {
      return new Announcement(
          target, hash(JsonObject.builder().put("target", target).put("person", person)));
    }

    /// The same because of one source, for counting: who tells us without end must not keep what
    /// somebody else tells from anybody.
    public Announcement by(Source source) {
      return new Announcement(
          to, hash(JsonObject.builder().put("what", what).put("source", source.name())));
    }

    private static String hash(JsonObject.Builder json) {
      return OpaqueToken.hash(new Secret(json.build().toJson()));
    }

    /// That it was told too often.
    public Alarm goesRound(String correlationId, Instant now) {
      return new Alarm(
          "signals-going-round",
          to,
          "was told the same of somebody "
              + MOST_TIMES
              + " times within an hour, each time because others told us, and is told no more of it"
              + " for now: find out who tells us what we tell; see "
              + correlationId,
          now);
    }
  }

  /// What was told last.
  ///
  /// @param newest when it occurred; of a call, when it was written down
  /// @param times how often since `from`
  private record Last(Instant newest, long times, Instant from) {
    static Last of(ResultSet row) throws SQLException {
      return new Last(
          Instant.ofEpochMilli(row.getLong(2)),
          row.getLong(3),
          Instant.ofEpochMilli(row.getLong(4)));
    }
  }

  /// What was told of some things.
  public static final class Known {
    private final Map<String, Last> byWhat;

    private Known(Map<String, Last> byWhat) {
      this.byWhat = Map.copyOf(byWhat);
    }

    /// Whether this was told already, and nothing newer has occurred.
    public boolean hasCovered(Announcement announcement, Instant occurredAt) {
      var last = byWhat.get(announcement.what());
      return last != null && !occurredAt.isAfter(last.newest());
    }

    /// Whether this was told so often that it must be going round.
    ///
    /// @param announcement because of one source
    public boolean goesRound(Announcement announcement, Instant now) {
      var last = byWhat.get(announcement.what());
      return last != null && last.times() >= MOST_TIMES && now.isBefore(last.from().plus(COUNTED));
    }
  }

  /// What was told so far of what is to be told.
  public static Known of(Connection connection, Collection<Announcement> announcements)
      throws SQLException {
    var found = new HashMap<String, Last>();
    var hashes = announcements.stream().map(Announcement::what).distinct().toList();
    new Statements(connection)
        .among(
            "SELECT what, newest_at, times, counted_from FROM signal_told WHERE what IN",
            hashes,
            row -> found.put(row.getString(1), Last.of(row)));
    return new Known(found);
  }

  /// Records what is being told, in the same transaction.
  ///
  /// @param occurredAt of each; one in our future counts as now, or nothing later would ever be
  ///   told
  public static void put(Connection connection, Map<Announcement, Instant> occurredAt, Instant now)
      throws SQLException {
    var uncounted = now.minus(COUNTED);
    var sets = new ArrayList<Object[]>();
    // In one order everywhere: two that tell the same must not wait for each other.
    for (var one : inOrder(occurredAt)) {
      var at = one.getValue().isAfter(now) ? now : one.getValue();
      sets.add(new Object[] {one.getKey().what(), at, now, now.plus(KEPT), uncounted, uncounted});
    }
    new Statements(connection).each(PUT, sets);
  }

  private static List<Map.Entry<Announcement, Instant>> inOrder(
      Map<Announcement, Instant> occurredAt) {
    return occurredAt.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().what()))
        .toList();
  }
}
