package dev.lanyard.server.audit;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.GroupCommit.InFlight;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.database.Writing;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/// The append-only audit record. Features add to it and read it; what changes or removes an entry
/// is in [Alterations], and nothing else does. Thread-safe.
public final class AuditLog {
  private static final RowKind ENTRY =
      RowKind.of(
          "audit",
          "at",
          "type",
          "outcome",
          "correlation_id",
          "organisation",
          "person",
          "client",
          "evidence");

  private static final String SELECT =
      "SELECT seq, at, type, outcome, correlation_id, organisation, person, client, evidence"
          + " FROM audit";

  private static final int PAGE = 5_000;

  /// So far apart in time may be what has neighbouring numbers: nodes have clocks of their own.
  private static final Duration DISORDER = Duration.ofHours(1);

  /// With fewer characters nobody can look a request up: the index begins with so many.
  public static final int SHORTEST_BEGINNING = 4;

  static final String FIRST_CHARACTERS = "substr(correlation_id, 1, 4) = ?";

  /// In the words of the index `audit_lasting`: SQLite uses it for these words only.
  static final String LASTING =
      "type IN ('all.disabled', 'all.enabled', 'audit.removed', 'client.disabled',"
          + " 'client.enabled', 'connector.disabled', 'connector.enabled', 'issuer.disabled',"
          + " 'issuer.enabled', 'organisation.disabled', 'organisation.enabled')";

  private final Database database;
  private final Revealing revealing;

  /// What is concealed in evidence stays so for whoever reads by this.
  public AuditLog(Database database) {
    this(database, Revealing.NOTHING);
  }

  /// The same for whoever may see it.
  public AuditLog(Database database, Revealing revealing) {
    this.database = database;
    this.revealing = revealing;
  }

  /// The event as a row, to be committed in one unit with what it is about.
  public static Row row(AuditEvent event) {
    // Tests run with this. In production a record is worth more than its place in a catalogue: it
    // is written, and an alarm stands as soon as it becomes a leaf (transparency).
    assert EventType.named(event.type()).isPresent() : event.type() + " is not in EventType";
    return new Row(
        ENTRY,
        event.at(),
        event.type(),
        event.outcome().value(),
        event.correlationId(),
        event.organisation(),
        event.person(),
        event.client(),
        EvidenceText.of(event.evidence()));
  }

  /// Records an event that stands alone, and returns when it is durable.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if it is not: what the event is about
  ///   must then not happen
  public void append(AuditEvent event) {
    var _ = begin(event).outcome();
  }

  /// Begins to record an event that stands alone: it is durable when its outcome is there.
  public InFlight begin(AuditEvent event) {
    return database.groupCommit().begin(Unit.of(List.of(row(event))));
  }

  /// Records an event in a transaction with what it is about.
  public static void append(Connection connection, AuditEvent event) throws SQLException {
    row(event).insert(connection);
  }

  /// The same, whenever they are sent.
  public static void append(Writing writes, List<AuditEvent> events) throws SQLException {
    Row.insertAll(writes, events.stream().map(AuditLog::row).toList());
  }

  /// Records events in a transaction with what they are about.
  public static void append(Connection connection, List<AuditEvent> events) throws SQLException {
    Row.insertAll(connection, events.stream().map(AuditLog::row).toList());
  }

  /// The newest matching records, oldest of them first.
  public List<AuditRecord> query(AuditQuery query) {
    var where = Where.of(query);
    var select = SELECT + " WHERE " + where.sql() + " ORDER BY seq DESC LIMIT ?";
    var found = list(select, where.and(query.last()));
    return revealing.reveal(found).reversed();
  }

  /// Hands on the same in pages: however many they are, memory does not hold all of them at once.
  ///
  /// @return whether there is any
  public boolean each(AuditQuery query, Consumer<AuditRecord> reader) {
    var where = Where.of(query);
    var next = SELECT + " WHERE " + where.sql() + " AND seq > ? ORDER BY seq LIMIT ?";
    // Of those that are recorded meanwhile none is handed on beyond the number that is asked for.
    var left = new AtomicInteger(query.last());
    pages(
        beginning(where, query.last()) - 1,
        after -> {
          var page = list(next, where.and(after, Math.min(left.get(), PAGE)));
          left.addAndGet(-page.size());
          return revealing.reveal(page);
        },
        reader);
    return left.get() < query.last();
  }

  /// The number of the oldest of so many newest ones; 1 if there are fewer.
  private long beginning(Where where, int most) {
    var select =
        "SELECT seq FROM audit WHERE " + where.sql() + " ORDER BY seq DESC LIMIT 1 OFFSET ?";
    return database
        .read(connection ->
            new Statements(connection).first(select, row -> row.getLong(1), where.and(most - 1)))
        .orElse(1L);
  }

  private List<AuditRecord> list(String select, Object... values) {
    return database.read(
        connection -> new Statements(connection).list(select, AuditLog::record, values));
  }

  /// The oldest record that there is.
  public Optional<AuditRecord> first() {
    return database.read(connection -> following(connection, 0, 1)).stream().findFirst();
  }

  /// Hands on every record of these types, the oldest first, whatever their number: in pages, so
  /// that neither memory nor the database holds all of them at once.
  ///
  /// @param types the types to be handed on
  /// @param since records from before are left out
  public void each(Set<String> types, Instant since, Consumer<AuditRecord> reader) {
    pages(0, after -> revealing.reveal(page(types, since, after, Long.MAX_VALUE)), reader);
  }

  /// Hands on page after page.
  ///
  /// @param following the first [#PAGE] records behind a number
  private static void pages(
      long from, LongFunction<List<AuditRecord>> following, Consumer<AuditRecord> reader) {
    long after = from;
    List<AuditRecord> page;
    do {
      page = following.apply(after);
      page.forEach(reader);
      after = page.isEmpty() ? after : page.getLast().sequence();
    } while (page.size() == PAGE);
  }

  private List<AuditRecord> page(Set<String> types, Instant since, long after, long last) {
    var where =
        "seq > ? AND seq <= ? AND at >= ? AND type IN "
            + Statements.inList(types)
            + " ORDER BY seq LIMIT "
            + PAGE;
    return read(where, types, after, last, since);
  }

  /// @param types the last values of the condition
  /// @param values those before them
  private List<AuditRecord> read(String where, Set<String> types, Object... values) {
    var all = Stream.concat(Stream.of(values), types.stream()).toArray();
    return list(SELECT + " WHERE " + where, all);
  }

  /// Hands on what was switched off and on for many, and what retention has removed, the oldest
  /// first: what is kept for ever and is needed to tell how something was. An index has just these.
  public void lasting(Consumer<AuditRecord> reader) {
    var where = LASTING + " AND seq > ? ORDER BY seq LIMIT " + PAGE;
    pages(0, after -> read(where, Set.of(), after), reader);
  }

  /// Correlation ids that begin like this, the exact one first. The index of the record begins with
  /// so many characters as the shortest beginning has.
  ///
  /// @param beginning [#SHORTEST_BEGINNING] characters or more
  /// @param most how many at most
  public List<String> correlationIds(String beginning, int most) {
    if (beginning.length() < SHORTEST_BEGINNING) {
      throw new IllegalArgumentException("too short: " + beginning.length());
    }
    var sql =
        "SELECT DISTINCT correlation_id FROM audit WHERE "
            + FIRST_CHARACTERS
            + " AND substr(correlation_id, 1, ?) = ? ORDER BY correlation_id LIMIT ?";
    return database.read(connection -> {
      try (var statement = connection.prepareStatement(sql)) {
        statement.setString(1, beginning.substring(0, SHORTEST_BEGINNING));
        statement.setInt(2, beginning.length());
        statement.setString(3, beginning);
        statement.setInt(4, most);
        try (var rows = statement.executeQuery()) {
          var ids = new ArrayList<String>();
          while (rows.next()) {
            ids.add(rows.getString(1));
          }
          return List.copyOf(ids);
        }
      }
    });
  }

  /// The records of these types within these numbers, the oldest first. Reads nothing else, however
  /// much was recorded since.
  public List<AuditRecord> between(Set<String> types, long after, long before) {
    var where = "seq > ? AND seq < ? AND type IN " + Statements.inList(types) + " ORDER BY seq";
    return revealing.reveal(read(where, types, after, before));
  }

  /// What is recorded about a person next to a record: so many before it and so many after it, the
  /// oldest first.
  public List<AuditRecord> around(String person, long sequence, int most) {
    return revealing.reveal(
        database.read(connection -> {
          var all = near(connection, person, "seq <= ? ORDER BY seq DESC", sequence, most);
          Collections.reverse(all);
          all.addAll(near(connection, person, "seq > ? ORDER BY seq", sequence, most));
          return all;
        }));
  }

  private static List<AuditRecord> near(
      Connection connection, String person, String side, long sequence, int most)
      throws SQLException {
    return new Statements(connection)
        .list(
            SELECT + " WHERE person = ? AND " + side + " LIMIT ?",
            AuditLog::record,
            person,
            sequence,
            most);
  }

  /// Hands on every record of these types of this time, the oldest first. The record has no index
  /// of times: it is looked for among the numbers, which grow with it.
  ///
  /// @param until the first instant that does not belong to it
  public void during(
      Set<String> types, Instant since, Instant until, Consumer<AuditRecord> reader) {
    long last = firstAt(until.plus(DISORDER));
    pages(
        firstAt(since.minus(DISORDER)) - 1,
        after -> page(types, since, after, last),
        record -> {
          if (record.event().at().isBefore(until)) {
            reader.accept(record);
          }
        });
  }

  /// The number of the first record from this instant on, or the next number if there is none yet.
  private long firstAt(Instant instant) {
    return database.read(connection -> {
      long low = number(connection, "SELECT COALESCE(MIN(seq), 1) FROM audit");
      long high = number(connection, "SELECT COALESCE(MAX(seq), 0) + 1 FROM audit");
      var first = "SELECT at FROM audit WHERE seq >= ? ORDER BY seq LIMIT 1";
      try (var statement = connection.prepareStatement(first)) {
        while (low < high) {
          long middle = low + (high - low) / 2;
          statement.setLong(1, middle);
          try (var rows = statement.executeQuery()) {
            if (rows.next() && rows.getLong(1) < instant.toEpochMilli()) {
              low = middle + 1;
            } else {
              high = middle;
            }
          }
        }
      }
      return low;
    });
  }

  private static long number(Connection connection, String select) throws SQLException {
    try (var statement = connection.prepareStatement(select);
        var rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// Hands on every record of these types about a person within these times, the oldest first.
  public void eachOf(
      String person,
      Set<String> types,
      Instant since,
      Instant until,
      Consumer<AuditRecord> reader) {
    var where =
        "seq > ? AND person = ? AND at >= ? AND at <= ? AND type IN "
            + Statements.inList(types)
            + " ORDER BY seq LIMIT "
            + PAGE;
    pages(0, after -> read(where, types, after, person, since, until), reader);
  }

  /// Neighbouring numbers of records, both ends included.
  public record Range(long first, long last) {}

  /// Records that follow a number, in their order, in a transaction of the caller's.
  public static List<AuditRecord> following(Connection connection, long sequence, int most)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(SELECT + " WHERE seq > ? ORDER BY seq LIMIT ?")) {
      statement.setLong(1, sequence);
      statement.setInt(2, most);
      return records(statement);
    }
  }

  /// Records whose numbers are in one of these ranges, in a transaction of the caller's.
  public static List<AuditRecord> within(Connection connection, List<Range> ranges)
      throws SQLException {
    var found = new ArrayList<AuditRecord>();
    try (var statement =
        connection.prepareStatement(SELECT + " WHERE seq BETWEEN ? AND ? ORDER BY seq")) {
      for (var range : ranges) {
        statement.setLong(1, range.first());
        statement.setLong(2, range.last());
        found.addAll(records(statement));
      }
    }
    return found;
  }

  private static List<AuditRecord> records(PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      var records = new ArrayList<AuditRecord>();
      while (rows.next()) {
        records.add(record(rows));
      }
      return records;
    }
  }

  /// One record that somebody has made unreadable must not keep the others from anybody: it is told
  /// as far as it can be read, and says so.
  private static AuditRecord record(ResultSet rows) throws SQLException {
    var outcome = Outcome.of(rows.getString("outcome"));
    var evidence = evidence(rows.getString("evidence"));
    if (outcome.isEmpty()) {
      evidence = AuditRecord.unreadable("its outcome is none");
    }
    var event =
        new AuditEvent(
            rows.getString("type"),
            outcome.orElse(Outcome.FAULT),
            Instant.ofEpochMilli(rows.getLong("at")),
            rows.getString("correlation_id"),
            Optional.ofNullable(rows.getString("organisation")),
            Optional.ofNullable(rows.getString("person")),
            Optional.ofNullable(rows.getString("client")),
            evidence);
    return new AuditRecord(rows.getLong("seq"), event);
  }

  private static JsonObject evidence(String json) {
    try {
      return JsonObject.parseLarge(json.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      return AuditRecord.unreadable("its evidence is no JSON object");
    }
  }
}
