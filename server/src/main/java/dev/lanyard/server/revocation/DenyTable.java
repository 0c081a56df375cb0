package dev.lanyard.server.revocation;

import dev.lanyard.server.database.Appended;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Writing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The table `deny`, with the notice of it to all nodes.
final class DenyTable {
  /// Later is stronger, but what was denied until somebody lifts it is what the newest says.
  private static final String UPSERT =
      """
      INSERT INTO deny (kind, value, before, forget_after, reason, created_at, sequence)
      VALUES %s
      ON CONFLICT (kind, value) DO UPDATE SET
        before = CASE WHEN excluded.before > deny.before OR deny.before = UNTIL_LIFTED
          THEN excluded.before ELSE deny.before END,
        forget_after = CASE
          WHEN excluded.forget_after > deny.forget_after OR deny.before = UNTIL_LIFTED
          THEN excluded.forget_after ELSE deny.forget_after END,
        sequence = excluded.sequence,
        reason = excluded.reason,
        created_at = excluded.created_at
      """
          .replace("UNTIL_LIFTED", Long.toString(Denial.UNTIL_LIFTED.toEpochMilli()));

  /// How many denials one change carries.
  private static final int IN_ONE_CHANGE = 500;

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("deny", "forget_after");
  }

  private DenyTable() {}

  /// @param leavesStop whether it shall neither stop what can be lifted nor lift it: then the
  ///   denial says what this transaction has read of that, and is right only if it still is so
  /// @param reason for the record
  record Entry(Denial denial, boolean leavesStop, String reason) {
    /// The same of something that dies with what this is about.
    ///
    /// @param before what of it is dead
    Entry of(Denied part, Instant before) {
      return new Entry(new Denial(part, before, denial.forgetAfter()), false, reason);
    }

    /// Of several about one thing the last one counts, and who has decided about its stop.
    Entry and(Entry later) {
      var counts = later.denial().newer(denial) == later.denial() ? later : this;
      return new Entry(counts.denial(), leavesStop && later.leavesStop(), counts.reason());
    }
  }

  /// Denials with the change that tells of them.
  private record Told(List<Entry> entries, Appended change) {
    Stream<Denial> inForce() {
      return entries.stream().map(entry -> entry.denial().numbered(change.sequence()));
    }
  }

  /// Writes denials, each about something else.
  ///
  /// @return them as every node will have them, to be asked for after the commit
  ///
  /// @param writes takes those that are never lifted
  static Supplier<List<Denial>> write(
      Connection connection,
      Writing writes,
      ChangeFeed changes,
      Collection<Entry> entries,
      Instant now)
      throws SQLException {
    // In one order everywhere: two transactions that share some must not wait for each other.
    var inOrder =
        entries.stream()
            .sorted(
                Comparator.comparing((Entry entry) -> entry.denial().denied().kind())
                    .thenComparing(entry -> entry.denial().denied().value()))
            .collect(Collectors.partitioningBy(DenyTable::canBeLifted));
    var told = new ArrayList<Told>();
    for (var chunk : Chunks.of(inOrder.getOrDefault(false, List.of()), IN_ONE_CHANGE)) {
      upsert(writes, chunk, 0, now);
      told.add(tell(connection, changes, chunk));
    }
    for (var chunk : Chunks.of(inOrder.getOrDefault(true, List.of()), IN_ONE_CHANGE)) {
      var last = tell(connection, changes, chunk);
      changes.onceNumbered(
          connection,
          numbered -> {
            requireSameStops(connection, chunk);
            upsert(numbered, chunk, last.change().sequence(), now);
          });
      told.add(last);
    }
    return () -> told.stream().flatMap(Told::inForce).toList();
  }

  /// In line nobody else stops or lifts anything any more, but somebody may have since this
  /// transaction has looked.
  ///
  /// @throws SQLTransactionRollbackException if so: it is tried again
  private static void requireSameStops(Connection connection, List<Entry> entries)
      throws SQLException {
    for (var entry : entries) {
      var denial = entry.denial();
      if (entry.leavesStop()
          && DenySet.stop(connection, denial.denied()).isPresent() != denial.isUntilLifted()) {
        throw new SQLTransactionRollbackException(
            denial.denied().kind() + " was stopped or lifted meanwhile", Database.AGAIN);
      }
    }
  }

  private static boolean canBeLifted(Entry entry) {
    return entry.denial().denied().kind().canBeLifted();
  }

  private static Told tell(Connection connection, ChangeFeed changes, List<Entry> entries) {
    var body = Denial.change(entries.stream().map(Entry::denial).toList());
    return new Told(entries, changes.append(connection, Denial.CHANGE, body));
  }

  /// @param sequence of the change, if they can be lifted; 0 if not
  private static void upsert(Writing writes, List<Entry> entries, long sequence, Instant now)
      throws SQLException {
    var rows = String.join(",", Collections.nCopies(entries.size(), "(?,?,?,?,?,?,?)"));
    var values = new ArrayList<Object>();
    for (var entry : entries) {
      var denial = entry.denial();
      Collections.addAll(
          values,
          denial.denied().kind().name(),
          denial.denied().value(),
          denial.before(),
          denial.forgetAfter(),
          entry.reason(),
          now,
          sequence);
    }
    writes.write(UPSERT.formatted(rows), values.toArray());
  }
}
