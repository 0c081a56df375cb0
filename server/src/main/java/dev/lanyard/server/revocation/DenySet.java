package dev.lanyard.server.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Everything that is dead before its time, in memory on every node: derived from the record, kept
/// up to date by the change feed. Whoever asks must also ask the feed whether it is fresh.
/// Thread-safe; asking is a few look-ups in a hash table.
///
/// **Whole seconds.** A token says when it was issued in whole seconds, a denial is known to the
/// millisecond. A token of the very second of a denial counts as older, so that no token from
/// before it can come back to life; and what is issued in that second afterwards is dated into the
/// next one, by [#issuable]. Clocks of others may differ by far more.
public final class DenySet {
  /// The kind of change that carries a denial.
  static final String CHANGE = "deny";

  private final ConcurrentHashMap<Denied, Entry> entries = new ConcurrentHashMap<>();

  /// The deny set of a database.
  public static DenySet following(Database database) {
    var set = new DenySet();
    // First listen, then load: a denial may arrive twice, but none is missed.
    database.changes().subscribe(CHANGE, set::apply);
    database.read(DenySet::load).forEach(set::apply);
    return set;
  }

  /// @param before whatever was issued before is dead
  /// @param forgetAfter when nothing can be left that it would have to kill
  record Entry(Denied denied, Instant before, Instant forgetAfter) {
    JsonObject toJson() {
      return JsonObject.builder()
          .put("kind", denied.kind().name())
          .put("value", denied.value())
          .put("before", before.toEpochMilli())
          .put("forget_after", forgetAfter.toEpochMilli())
          .build();
    }

    static Entry of(JsonObject json) throws MalformedException {
      return new Entry(
          new Denied(
              Denied.Kind.valueOf(json.string("kind").orElseThrow()),
              json.string("value").orElseThrow()),
          Instant.ofEpochMilli(json.integer("before").orElseThrow()),
          Instant.ofEpochMilli(json.integer("forget_after").orElseThrow()));
    }

    Entry later(Entry other) {
      return other.before.isAfter(before) ? other : this;
    }
  }

  private static List<Entry> load(Connection connection) throws SQLException {
    try (var query =
            connection.prepareStatement("SELECT kind, value, before, forget_after FROM deny");
        var rows = query.executeQuery()) {
      var loaded = new ArrayList<Entry>();
      while (rows.next()) {
        loaded.add(
            new Entry(
                new Denied(Denied.Kind.valueOf(rows.getString(1)), rows.getString(2)),
                Instant.ofEpochMilli(rows.getLong(3)),
                Instant.ofEpochMilli(rows.getLong(4))));
      }
      return loaded;
    }
  }

  private void apply(Change change) {
    try {
      apply(Entry.of(change.body()));
    } catch (MalformedException e) {
      throw new IllegalStateException("change " + change.sequence() + " is not a denial", e);
    }
  }

  void apply(Entry entry) {
    entries.merge(entry.denied(), entry, Entry::later);
  }

  /// What of the origins of something makes it dead; empty if nothing does.
  ///
  /// @param issuedAt when it was issued: of a token `iat`, of a session the millisecond of its
  ///   beginning
  /// @param origins the person, session and grant that it comes from, as far as it has them
  public Optional<Denied> denial(Instant issuedAt, List<Denied> origins) {
    for (var origin : origins) {
      var entry = entries.get(origin);
      if (entry != null && isDead(entry, issuedAt)) {
        return Optional.of(origin);
      }
    }
    return Optional.empty();
  }

  private static boolean isDead(Entry entry, Instant issuedAt) {
    return switch (entry.denied().kind()) {
      // A person may come back; a session or a grant never does.
      case PERSON -> issuedAt.isBefore(firstSecondAfter(entry.before()));
      case SESSION, GRANT -> true;
    };
  }

  /// The `iat` for something that is issued now for a person: now, or the next second if this one
  /// was denied to them.
  public Instant issuable(String person, Instant now) {
    var entry = entries.get(Denied.person(person));
    var earliest = entry == null ? Instant.MIN : firstSecondAfter(entry.before());
    return now.isBefore(earliest) ? earliest : now;
  }

  private static Instant firstSecondAfter(Instant before) {
    return before.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
  }

  /// Drops what no longer has anything to kill.
  public void forget(Instant now) {
    entries.values().removeIf(entry -> entry.forgetAfter().isBefore(now));
  }

  /// How many denials there are.
  public int size() {
    return entries.size();
  }
}
