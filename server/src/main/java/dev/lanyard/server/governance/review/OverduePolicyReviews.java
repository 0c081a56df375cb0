package dev.lanyard.server.governance.review;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.Quarter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Raises an alarm for each provider and quarter whose review is not signed in time, however long
/// ago that was: a newer quarter excuses nobody. It ends with the signature; one that is resolved
/// without it stands again a day later. Of quarters before the audit record begins nobody is
/// reminded. Not thread-safe.
public final class OverduePolicyReviews {
  private static final String KIND = "policy-review-overdue";
  private static final Duration REMIND = Duration.ofDays(1);

  private final Database database;
  private final List<String> providers;
  private final Duration within;
  private final InstantSource clock;
  private final Map<String, Instant> raised = new HashMap<>();

  /// @param within how long after the end of a quarter its review may be signed
  public OverduePolicyReviews(
      Database database, List<String> providers, Duration within, InstantSource clock) {
    this.database = database;
    this.providers = List.copyOf(providers);
    this.within = within;
    this.clock = clock;
  }

  /// Looks, and raises.
  ///
  /// @return the names of the reviews that are overdue
  public List<String> look() {
    var now = clock.instant();
    var signed = database.read(connection -> new ReviewTables(connection).signed());
    var overdue = new ArrayList<String>();
    for (var quarter : due(now)) {
      for (var provider : providers) {
        var id = PolicyReview.id(provider, quarter);
        if (!signed.contains(id)) {
          overdue.add(id);
          remind(id, provider, quarter, now);
        }
      }
    }
    return overdue;
  }

  /// Every quarter since the first record whose reviews had to be signed by now, the oldest first.
  private List<Quarter> due(Instant now) {
    return new AuditLog(database)
        .first().stream()
            .flatMap(first ->
                Stream.iterate(
                    Quarter.of(first.event().at()),
                    quarter -> !quarter.ends().plus(within).isAfter(now),
                    Quarter::next))
            .toList();
  }

  private void remind(String id, String provider, Quarter quarter, Instant now) {
    var before = raised.get(id);
    if (before == null || !before.plus(REMIND).isAfter(now)) {
      var review = database.read(connection -> new ReviewTables(connection).find(id));
      new Alarms(database).raise(new Alarm(KIND, id, detail(id, review, provider, quarter), now));
      raised.put(id, now);
    }
  }

  private String detail(
      String id, Optional<PolicyReview> review, String provider, Quarter quarter) {
    var due = quarter.ends().plus(within);
    return review.isEmpty()
        ? "the policy review of %s for %s was due on %s and is not even opened: `lanyard review open %s --quarter %s`"
            .formatted(provider, quarter, due, provider, quarter)
        : "the policy review %s was due on %s and is not signed; %d of %d items are decided: `lanyard review show %s`"
            .formatted(
                id, due, review.get().decisions().size(), Reviews.items(review.get()).size(), id);
  }

  /// The review was signed, in this transaction.
  static void end(Connection connection, String id, Instant at) throws SQLException {
    var _ = Alarms.resolve(connection, KIND, id, at);
  }
}
