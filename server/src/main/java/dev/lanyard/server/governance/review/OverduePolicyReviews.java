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

/// Raises an alarm for each provider whose review of the last quarter is not signed in time. It
/// ends with the signature; one that is resolved without it stands again a day later. Of quarters
/// before this installation nobody is reminded. Not thread-safe.
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
    var quarter = Quarter.of(now).previous();
    if (now.isBefore(quarter.ends().plus(within)) || !wasHere(quarter)) {
      return List.of();
    }
    var overdue = new ArrayList<String>();
    for (var provider : providers) {
      var id = PolicyReview.id(provider, quarter);
      if (!database.read(connection -> new ReviewTables(connection).isSigned(id))) {
        overdue.add(id);
        remind(id, provider, quarter, now);
      }
    }
    return overdue;
  }

  /// The first record is not younger than the quarter.
  private boolean wasHere(Quarter quarter) {
    return new AuditLog(database)
        .first()
        .filter(first -> first.event().at().isBefore(quarter.ends()))
        .isPresent();
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
