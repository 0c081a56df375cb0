package dev.lanyard.server.governance.review;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Raises an alarm for each provider and quarter whose review is not signed in time, however long
/// ago that was: a newer quarter excuses nobody. It ends with the signature; one that is resolved
/// without it stands again a day later. Of quarters before the audit record begins nobody is
/// reminded. Not thread-safe.
public final class OverduePolicyReviews {
  private static final String KIND = "policy-review-overdue";
  private static final Duration REMIND = Duration.ofDays(1);

  private final Database database;
  private final ReviewCalendar calendar;
  private final InstantSource clock;
  private final Map<String, Instant> raised = new HashMap<>();

  public OverduePolicyReviews(Database database, ReviewCalendar calendar, InstantSource clock) {
    this.database = database;
    this.calendar = calendar;
    this.clock = clock;
  }

  /// Looks, and raises.
  ///
  /// @return the names of the reviews that are overdue
  public List<String> look() {
    var now = clock.instant();
    var overdue = calendar.overdue();
    overdue.forEach(one -> remind(one, now));
    return overdue.stream().map(ReviewCalendar.Entry::id).toList();
  }

  private void remind(ReviewCalendar.Entry one, Instant now) {
    var before = raised.get(one.id());
    if (before == null || !before.plus(REMIND).isAfter(now)) {
      var review = database.read(connection -> new ReviewTables(connection).find(one.id()));
      new Alarms(database).raise(new Alarm(KIND, one.id(), detail(one, review), now));
      raised.put(one.id(), now);
    }
  }

  private static String detail(ReviewCalendar.Entry one, Optional<PolicyReview> review) {
    return review.isEmpty()
        ? "the policy review of %s for %s was due on %s and is not even opened: `lanyard review open %s --quarter %s`"
            .formatted(one.provider(), one.quarter(), one.due(), one.provider(), one.quarter())
        : "the policy review %s was due on %s and is not signed; %d of %d items are decided: `lanyard review show %s`"
            .formatted(
                one.id(),
                one.due(),
                review.get().decisions().size(),
                Reviews.items(review.get()).size(),
                one.id());
  }

  /// The review was signed, in this transaction.
  static void end(Connection connection, String id, Instant at) throws SQLException {
    var _ = Alarms.resolve(connection, KIND, id, at);
  }
}
