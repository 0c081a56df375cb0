package dev.lanyard.server.publication;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Raises an alarm for each emergency publication that nobody else has looked at in time. The alarm
/// ends with the review; one that is resolved without it stands again a day later. Not thread-safe.
final class OverdueReviews {
  private static final String KIND = "library-review-overdue";
  private static final Duration REMIND = Duration.ofDays(1);

  private final Alarms alarms;
  private final Map<Long, Instant> raised = new HashMap<>();

  OverdueReviews(Database database) {
    this.alarms = new Alarms(database);
  }

  /// @param open emergencies that nobody else has looked at
  /// @return those of them that are overdue
  List<Publication> look(List<Publication> open, Instant now) {
    var overdue = open.stream().filter(one -> isOverdue(one, now)).toList();
    for (var publication : overdue) {
      var before = raised.get(publication.number());
      if (before == null || !before.plus(REMIND).isAfter(now)) {
        alarms.raise(alarm(publication, now));
        raised.put(publication.number(), now);
      }
    }
    return overdue;
  }

  private static boolean isOverdue(Publication publication, Instant now) {
    return publication.emergency().filter(one -> !now.isBefore(one.reviewDue())).isPresent();
  }

  private static Alarm alarm(Publication publication, Instant now) {
    return new Alarm(
        KIND,
        subject(publication.number()),
        "%s published version %s alone, and nobody else has looked at it until %s; read it with"
                .formatted(
                    publication.said().by(),
                    publication.version(),
                    publication.emergency().orElseThrow().reviewDue())
            + " 'lanyard library diff' and sign 'lanyard library review %d', or roll it back"
                .formatted(publication.number()),
        now);
  }

  /// The review was made, in this transaction.
  static void end(Connection connection, long number, Instant at) throws SQLException {
    var _ = Alarms.resolve(connection, KIND, subject(number), at);
  }

  private static String subject(long number) {
    return "publication-" + number;
  }
}
