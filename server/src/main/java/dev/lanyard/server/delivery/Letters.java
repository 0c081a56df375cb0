package dev.lanyard.server.delivery;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.delivery.Letter.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The table of messages. Every method is one atomic fact in the transaction of its connection.
final class Letters {
  private static final RowKind ROW =
      RowKind.of(
          "delivery",
          "id",
          "kind",
          "destination",
          "lane",
          "body",
          "correlation_id",
          "organisation",
          "person",
          "state",
          "attempts",
          "created_at",
          "tried_since",
          "next_at",
          "lease_until");

  private static final String COLUMNS =
      "seq, id, kind, destination, lane, body, correlation_id, organisation, person, state,"
          + " attempts, unended, created_at, tried_since, next_at, answer, answered_at";

  /// Only the first of those that may be sent are put in order: ten thousand receipts may be asked
  /// for at once, and each that is done makes room for the next.
  ///
  /// The outer conditions are judged again on a row that another node has just taken: of two nodes
  /// one gets it.
  private static final String CLAIM =
      """
      UPDATE delivery SET holder = ?, lease_until = ?, attempts = attempts + 1,
        unended = unended + 1
      WHERE state = 'waiting' AND lease_until <= ? AND seq IN (
        SELECT seq FROM (
          SELECT seq, next_at,
            ROW_NUMBER() OVER (PARTITION BY destination ORDER BY next_at, seq) AS place
          FROM (
            SELECT seq, next_at, destination FROM delivery one
            WHERE state = 'waiting' AND next_at <= ? AND lease_until <= ?
              AND kind IN %s AND destination NOT IN %s
              AND (lane IS NULL OR NOT EXISTS (
                SELECT 1 FROM delivery earlier
                WHERE earlier.lane = one.lane AND earlier.state = 'waiting'
                  AND earlier.seq < one.seq))
            ORDER BY next_at, seq LIMIT 256) first
        ) due
        WHERE place <= ? ORDER BY next_at, seq LIMIT ?)
      RETURNING %s
      """;

  private static final String SETTLE =
      """
      UPDATE delivery SET state = ?, answer = ?, answered_at = ?, next_at = ?, forget_after = ?,
        tried_since = COALESCE(?, tried_since), holder = NULL, lease_until = 0, unended = 0
      WHERE seq = ? AND state = 'waiting' AND (holder = ? OR ? = 1)
      RETURNING %s
      """
          .formatted(COLUMNS);

  private static final String REVIVE =
      """
      UPDATE delivery SET state = 'waiting', attempts = 0, unended = 0, tried_since = ?,
        next_at = ?
      WHERE id = ? AND state = 'dead'
      RETURNING %s
      """
          .formatted(COLUMNS);

  private static final String RELEASE =
      """
      UPDATE delivery SET holder = NULL, lease_until = 0, unended = 0
      WHERE state = 'waiting' AND holder = ?
      """;

  private static final String BACKLOG =
      """
      SELECT state, COUNT(*), MIN(created_at) FROM delivery
      WHERE state = 'waiting' OR state = 'dead' GROUP BY state
      """;

  private final Journal journal;

  Letters(Journal journal) {
    this.journal = journal;
  }

  /// A message that this node is about to send.
  ///
  /// @param triedSince from when its age counts
  /// @param unended how many attempts in a row have begun and not ended, this one included
  record Claimed(long sequence, Letter letter, Instant triedSince, int unended) {}

  /// Who sends.
  ///
  /// @param holder this process
  /// @param kinds what it has couriers for
  record Sender(String holder, Collection<String> kinds) {}

  /// How an attempt ended.
  ///
  /// @param next when to try again, if it waits
  /// @param forgetAfter when the row may go, if it has arrived
  /// @param triedSince from when its age counts from now on, if not as before
  record Settlement(
      State state,
      String answer,
      Instant at,
      Optional<Instant> next,
      Optional<Instant> forgetAfter,
      Optional<Instant> triedSince) {}

  /// @param first when they may be sent
  void insert(Connection connection, Map<String, Delivery> byId, Instant now, Instant first)
      throws SQLException {
    var rows = new ArrayList<Row>();
    byId.forEach((id, delivery) -> rows.add(row(id, delivery, now, first)));
    Row.insertAll(connection, rows);
  }

  private static Row row(String id, Delivery delivery, Instant now, Instant first) {
    return new Row(
        ROW,
        id,
        delivery.kind(),
        delivery.destination(),
        delivery.lane(),
        delivery.body().toJson(),
        delivery.correlationId(),
        delivery.organisation(),
        delivery.person(),
        State.WAITING.value(),
        0,
        now,
        now,
        first,
        0L);
  }

  /// Takes messages that are due, so that no other node sends them until the lease has run out.
  ///
  /// @param except destinations that have enough to do
  /// @param each how many for one destination at most
  List<Claimed> claim(
      Connection connection,
      Sender sender,
      Collection<String> except,
      Instant now,
      Instant leaseUntil,
      int each,
      int most)
      throws SQLException {
    var sql =
        CLAIM.formatted(
            Statements.inList(sender.kinds()),
            Statements.inList(except.isEmpty() ? List.of("") : except),
            COLUMNS);
    var values = new ArrayList<Object>(List.of(sender.holder(), leaseUntil, now, now, now));
    values.addAll(sender.kinds());
    // No destination is empty, and an empty list is no SQL.
    values.addAll(except.isEmpty() ? List.of("") : except);
    values.addAll(List.of(each, most));
    return new Statements(connection)
        .list(
            sql,
            row ->
                new Claimed(
                    row.getLong("seq"),
                    letter(row),
                    Instant.ofEpochMilli(row.getLong("tried_since")),
                    row.getInt("unended")),
            values.toArray());
  }

  /// Notes how an attempt ended. What has arrived has arrived, whoever sent it; of everything else
  /// only the present holder may speak.
  ///
  /// @return whether it was noted
  boolean settle(Connection connection, long sequence, String holder, Settlement settlement)
      throws SQLException {
    boolean isFact = settlement.state() == State.DELIVERED || settlement.state() == State.GONE;
    var settled =
        new Statements(connection)
            .first(
                SETTLE,
                Letters::letter,
                settlement.state().value(),
                settlement.answer(),
                settlement.at(),
                settlement.next().orElse(settlement.at()),
                settlement.forgetAfter(),
                settlement.triedSince(),
                sequence,
                holder,
                isFact);
    if (settled.isPresent() && settlement.state() != State.WAITING) {
      journal.note(connection, settled.get(), settlement.at());
    }
    return settled.isPresent();
  }

  /// Gives back what this process holds, without waiting for the leases.
  void release(Connection connection, String holder) throws SQLException {
    new Statements(connection).write(RELEASE, holder);
  }

  Optional<Letter> revive(Connection connection, String id, Instant now) throws SQLException {
    var revived = new Statements(connection).first(REVIVE, Letters::letter, now, now, id);
    if (revived.isPresent()) {
      journal.note(connection, revived.get(), now);
    }
    return revived;
  }

  List<Letter> inState(Connection connection, State state) throws SQLException {
    return select(connection, "state = ?", state.value());
  }

  List<Letter> causedBy(Connection connection, String correlationId) throws SQLException {
    return select(connection, "correlation_id = ?", correlationId);
  }

  List<Letter> causedBy(Connection connection, String correlationId, Collection<String> people)
      throws SQLException {
    var values = new ArrayList<Object>(List.of(correlationId));
    values.addAll(people);
    return select(
        connection,
        "correlation_id = ? AND (person IS NULL OR person IN " + Statements.inList(people) + ")",
        values.toArray());
  }

  private static List<Letter> select(Connection connection, String condition, Object... values)
      throws SQLException {
    var sql = "SELECT " + COLUMNS + " FROM delivery WHERE " + condition + " ORDER BY seq";
    return new Statements(connection).list(sql, Letters::letter, values);
  }

  static boolean isAnyDue(Connection connection, Instant now) throws SQLException {
    var select =
        "SELECT 1 FROM delivery WHERE state = 'waiting' AND next_at <= ? AND lease_until <= ?"
            + " LIMIT 1";
    return new Statements(connection).finds(select, now, now);
  }

  static boolean isAnyDead(Connection connection, String destination) throws SQLException {
    var select = "SELECT 1 FROM delivery WHERE state = 'dead' AND destination = ? LIMIT 1";
    return new Statements(connection).finds(select, destination);
  }

  /// Makes due what was put off, or is held, for longer than anybody does: by a clock that was
  /// wrong.
  ///
  /// @param now by the clock that all nodes share
  /// @param latestNext no message is put off for longer
  /// @param latestLease no attempt takes longer
  /// @return how many
  static int hasten(Connection connection, Instant now, Instant latestNext, Instant latestLease)
      throws SQLException {
    var statements = new Statements(connection);
    return statements.update(
            "UPDATE delivery SET next_at = ? WHERE state = 'waiting' AND next_at > ?",
            now,
            latestNext)
        + statements.update(
            "UPDATE delivery SET lease_until = 0 WHERE state = 'waiting' AND lease_until > ?",
            latestLease);
  }

  static boolean isAnyLate(Connection connection, Instant latestNext, Instant latestLease)
      throws SQLException {
    var select =
        "SELECT 1 FROM delivery WHERE state = 'waiting' AND (next_at > ? OR lease_until > ?)"
            + " LIMIT 1";
    return new Statements(connection).finds(select, latestNext, latestLease);
  }

  static Map<String, Integer> waitingByKind(Connection connection) throws SQLException {
    var select = "SELECT kind, COUNT(*) FROM delivery WHERE state = 'waiting' GROUP BY kind";
    return new Statements(connection)
        .list(select, row -> Map.entry(row.getString(1), row.getInt(2))).stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static Backlog backlog(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(BACKLOG);
        var rows = statement.executeQuery()) {
      var backlog = Backlog.NONE;
      while (rows.next()) {
        int count = rows.getInt(2);
        backlog =
            rows.getString(1).equals(State.DEAD.value())
                ? new Backlog(backlog.waiting(), backlog.oldest(), count)
                : new Backlog(
                    count, Optional.of(Instant.ofEpochMilli(rows.getLong(3))), backlog.dead());
      }
      return backlog;
    }
  }

  private static Letter letter(ResultSet row) throws SQLException {
    var delivery =
        new Delivery(
            row.getString("kind"),
            row.getString("destination"),
            Optional.ofNullable(row.getString("lane")),
            body(row.getString("body")),
            row.getString("correlation_id"),
            Optional.ofNullable(row.getString("organisation")),
            Optional.ofNullable(row.getString("person")));
    long answeredAt = row.getLong("answered_at");
    return new Letter(
        row.getString("id"),
        delivery,
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getInt("attempts"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("next_at")),
        Optional.ofNullable(row.getString("answer")),
        answeredAt == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(answeredAt)));
  }

  private static JsonObject body(String json) {
    try {
      return JsonObject.parse(json);
    } catch (MalformedException e) {
      throw new IllegalStateException("a message in the outbox is not readable", e);
    }
  }
}
