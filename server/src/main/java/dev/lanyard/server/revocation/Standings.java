package dev.lanyard.server.revocation;

import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Statements.Question;
import dev.lanyard.server.database.Writing;
import dev.lanyard.server.directory.PersonId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The table `standing`: the newest signal about whether a person may do anything (DPR-3).
final class Standings {
  /// How far the clocks of two sources may differ.
  static final Duration SKEW = Duration.ofSeconds(30);

  private static final int ROWS = 500;

  private Standings() {}

  /// @param what the newest signal about the state; empty if there was none
  /// @param at when it happened, by the clock of its source
  /// @param source the name of the source
  /// @param ourClock whether that is our own clock
  record Standing(Optional<Happening> what, Instant at, String source, boolean ourClock) {
    private static final Standing NONE = new Standing(Optional.empty(), Instant.EPOCH, "", true);

    static Standing of(Signal signal, Instant at) {
      return new Standing(
          Optional.of(signal.what()),
          at,
          signal.source().name(),
          signal.source().kind().usesOurClock());
    }

    /// Whether the person was switched off, or is gone.
    boolean isOff() {
      return what.isPresent() && what.get().has(Effect.SWITCH_OFF);
    }

    /// Whether this is newer, so that the signal must not switch anything. Times of two clocks are
    /// told apart only beyond the skew; in doubt the person is off.
    boolean outdates(Signal signal, Instant at) {
      if (what.isEmpty()) {
        return false;
      }
      if (signal.what().has(Effect.SWITCH_OFF)) {
        // Our own clock is that of several nodes.
        var doubt =
            isComparable(signal) && !signal.source().kind().usesOurClock() ? Duration.ZERO : SKEW;
        return !isOff() && at.plus(doubt).isBefore(this.at);
      }
      var doubt = isComparable(signal) ? Duration.ZERO : SKEW;
      return what.get() == Happening.DELETED || (isOff() && !isLater(signal, at.minus(doubt)));
    }

    /// Two of one moment: by our own clock they came in the order in which we were told.
    private boolean isLater(Signal signal, Instant at) {
      return at.isAfter(this.at)
          || (at.equals(this.at) && ourClock && signal.source().kind().usesOurClock());
    }

    private boolean isComparable(Signal signal) {
      return source.equals(signal.source().name())
          || (ourClock && signal.source().kind().usesOurClock());
    }

    /// What stands after a signal that was not outdated.
    Standing after(Signal signal, Instant at) {
      if (what.equals(Optional.of(Happening.DELETED))) {
        return this;
      }
      var switches = what.isEmpty() || isOff() != signal.what().has(Effect.SWITCH_OFF);
      return switches || signal.what() == Happening.DELETED || at.isAfter(this.at)
          ? of(signal, at)
          : this;
    }
  }

  /// What the record says of people.
  ///
  /// @param denied up to when the newest denial of each reaches, if there is any
  record Known(Map<PersonId, Standing> standings, Map<PersonId, Instant> denied) {}

  /// Reads where people stand, and makes every other transaction about them wait for this one.
  static Known lock(Connection connection, Collection<PersonId> people) throws SQLException {
    // In one order everywhere: two batches that share people must not wait for each other.
    var ids = new TreeSet<>(people.stream().map(PersonId::value).toList());
    var standings = new HashMap<PersonId, Standing>();
    var denied = new HashMap<PersonId, Instant>();
    for (var chunk : Chunks.of(List.copyOf(ids), ROWS)) {
      var lock =
          "INSERT INTO standing (person, occurred_at, source, our_clock) VALUES "
              + chunk.stream()
                  .map(_ -> "(?, " + Standing.NONE.at().toEpochMilli() + ", '', 1)")
                  .collect(Collectors.joining(","))
              + " ON CONFLICT (person) DO UPDATE SET person = excluded.person"
              + " RETURNING person, what, occurred_at, source, our_clock";
      // What PostgreSQL reads in a statement that has waited is older than what it has waited for.
      var select =
          "SELECT value, MAX(before) FROM deny WHERE kind IN ('PERSON', 'SIGN_IN', 'ASSERTION')"
              + " AND value IN "
              + Statements.inList(chunk)
              + " GROUP BY value";
      var both =
          new Statements(connection)
              .both(
                  new Question<>(
                      lock,
                      rows -> Map.entry(new PersonId(rows.getString(1)), standing(rows)),
                      chunk),
                  new Question<>(
                      select,
                      rows ->
                          Map.entry(
                              new PersonId(rows.getString(1)),
                              Instant.ofEpochMilli(rows.getLong(2))),
                      chunk));
      both.first().forEach(one -> standings.put(one.getKey(), one.getValue()));
      both.second().forEach(one -> denied.put(one.getKey(), one.getValue()));
    }
    return new Known(standings, denied);
  }

  private static Standing standing(ResultSet rows) throws SQLException {
    return new Standing(
        Optional.ofNullable(rows.getString(2)).map(Happening::valueOf),
        Instant.ofEpochMilli(rows.getLong(3)),
        rows.getString(4),
        rows.getInt(5) == 1);
  }

  static void write(Writing writes, Map<PersonId, Standing> standings) throws SQLException {
    for (var chunk : Chunks.of(List.copyOf(standings.entrySet()), ROWS)) {
      write(writes, chunk);
    }
  }

  /// The rows are there: found by the key, whatever the database thinks of the table's size.
  private static void write(Writing writes, List<Map.Entry<PersonId, Standing>> standings)
      throws SQLException {
    var upsert =
        "INSERT INTO standing (person, what, occurred_at, source, our_clock) VALUES "
            + String.join(",", Collections.nCopies(standings.size(), "(?,?,?,?,?)"))
            + " ON CONFLICT (person) DO UPDATE SET what = excluded.what,"
            + " occurred_at = excluded.occurred_at, source = excluded.source,"
            + " our_clock = excluded.our_clock";
    var values = new ArrayList<Object>();
    for (var entry : standings) {
      var standing = entry.getValue();
      Collections.addAll(
          values,
          entry.getKey().value(),
          standing.what().map(Enum::name),
          standing.at(),
          standing.source(),
          standing.ourClock());
    }
    writes.write(upsert, values.toArray());
  }
}
