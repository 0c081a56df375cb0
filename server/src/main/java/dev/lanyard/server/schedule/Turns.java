package dev.lanyard.server.schedule;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.time.Duration;
import java.time.Instant;

/// Who of several nodes does something that need be done once. A turn has no owner, who prolongs it
/// or gives it back, as a [dev.lanyard.server.database.Lease] has: two at once would do no harm.
public final class Turns {
  /// A beginning in our future was noted by a clock that is wrong.
  private static final String TAKE =
      """
      INSERT INTO turn (what, begun_at) VALUES (?, ?)
      ON CONFLICT (what) DO UPDATE SET begun_at = excluded.begun_at
      WHERE turn.begun_at <= ? OR turn.begun_at > ?
      """;

  private Turns() {}

  /// Takes the turn, if nobody has had it for a while. A node that dies has had it all the same:
  /// the next one begins when the while is over.
  ///
  /// @param what is to be done
  /// @param every how long nobody else has a turn
  /// @param now by this node's clock
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot
  public static boolean take(Database database, String what, Duration every, Instant now) {
    return database.write(connection ->
        new Statements(connection).update(TAKE, what, now, now.minus(every), now.plus(every)) > 0);
  }
}
