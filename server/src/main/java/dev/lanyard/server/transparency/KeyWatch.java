package dev.lanyard.server.transparency;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;

/// Goes round the audit record, a part at a time, and says so if something is concealed about
/// somebody that nobody can read, although no record says that it was erased. Verification finds
/// the same ([Finding.Kind#KEY_MISSING]), when somebody runs it. For one thread.
final class KeyWatch {
  static final String ALARM = "audit-key-missing";

  /// A minute apart, a million records are gone round in less than two hours.
  private static final int PART = 10_000;

  /// So many are in memory at once: strangers choose how long some are, and the heap is small.
  static final int PAGE = 50;

  private final Database database;
  private final LogKeys keys;
  private final PersonKeys people;
  private final InstantSource clock;
  private final LongUnaryOperator beginning;

  /// The number of the last record that was looked at; negative before the first look.
  private long last = -1;

  /// @param beginning behind which number to begin, by the largest number in the tree: processes
  ///   that end early must not all look at the same part
  KeyWatch(
      Database database,
      LogKeys keys,
      PersonKeys people,
      InstantSource clock,
      LongUnaryOperator beginning) {
    this.database = database;
    this.keys = keys;
    this.people = people;
    this.clock = clock;
    this.beginning = beginning;
  }

  /// Looks at the next part.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot
  void run() {
    var lost = new TreeSet<String>();
    lost.addAll(unreadable());
    lost.addAll(database.read(ConcealedPeople::erasedInSilence));
    if (!lost.isEmpty()) {
      var detail =
          "what is concealed about %s%s cannot be read, and no record says that it was erased. Run 'lanyard audit verify'."
              .formatted(
                  lost.first(),
                  lost.size() == 1 ? "" : " and %d others".formatted(lost.size() - 1));
      new Alarms(database)
          .raise(new Alarm(ALARM, keys.signer().publicKey().name(), detail, clock.instant()));
    }
  }

  private List<String> unreadable() {
    long after = last < 0 ? beginning.applyAsLong(largest()) : last;
    var concealed = new ConcealedPeople(people);
    int looked = 0;
    boolean isEnd = false;
    while (looked < PART && !isEnd) {
      var page = page(after);
      for (var record : page) {
        var line = record.line();
        concealed.look(record.sequence(), line, line.length);
      }
      looked += page.size();
      isEnd = page.size() < PAGE;
      after = isEnd ? 0 : page.getLast().sequence();
    }
    last = after;
    return database.read(concealed::unreadable).stream()
        .flatMap(record -> record.person().stream())
        .toList();
  }

  private long largest() {
    return database.<Long>read(
        connection -> new LogTables(connection).state().map(LogState::lookedAt).orElse(0L));
  }

  private List<StoredRecord> page(long after) {
    return database.read(connection -> new LogTables(connection).following(after, PAGE));
  }
}
