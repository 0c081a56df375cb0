package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The events that receivers of our streams do not have yet. Every method is within the caller's
/// transaction.
///
/// A paused stream holds its events back, a disabled one drops them (SSF-12). An event is here
/// until its receiver has acknowledged it, or it is so old that a receiver would refuse it.
final class EventQueue {
  /// The kind of delivery that pushes an event.
  static final String KIND = "security-event";

  static final Duration KEPT = Duration.ofDays(30);

  private static final RowKind ROW =
      RowKind.of("ssf_event", "stream", "id", "state", "claims", "created_at", "expires_at");

  private final Outbox outbox;

  /// Where rows say from when on nobody needs them.
  static ExpiringTable expiring() {
    return new ExpiringTable("ssf_event", "expires_at");
  }

  EventQueue(Outbox outbox) {
    this.outbox = outbox;
  }

  private enum State {
    WAITING,
    SENT,
    HELD,
    /// It says what has become of the stream, and goes out whatever that is.
    NOTICE
  }

  /// What is to be signed and sent.
  record Queued(String id, JsonObject claims) {}

  /// What an event is about, for the record of deliveries.
  record About(String correlationId, Optional<String> organisation, Optional<String> person) {
    private Delivery named(Delivery delivery) {
      var named = organisation.map(delivery::withOrganisation).orElse(delivery);
      return person.map(named::withPerson).orElse(named);
    }
  }

  /// An event for one stream.
  record Entry(Stream stream, Queued event, About about, Instant at) {
    private State state() {
      return stream.status() == StreamEvent.Status.PAUSED
          ? State.HELD
          : stream.endpoint().isPresent() ? State.SENT : State.WAITING;
    }

    private Delivery delivery() {
      return about.named(EventQueue.delivery(stream, event.id(), about.correlationId()));
    }
  }

  void put(Connection connection, List<Entry> entries) throws SQLException {
    var kept =
        entries.stream()
            .filter(one -> one.stream().status() != StreamEvent.Status.DISABLED)
            .toList();
    Row.insertAll(connection, kept.stream().map(EventQueue::row).toList());
    outbox.appendAll(
        connection,
        kept.stream().filter(one -> one.state() == State.SENT).map(Entry::delivery).toList());
  }

  /// Tells a receiver what has become of its stream, also if nothing else goes out any more.
  void tell(Connection connection, Entry entry) throws SQLException {
    Row.insertAll(connection, List.of(row(entry, State.NOTICE)));
    if (entry.stream().endpoint().isPresent()) {
      outbox.appendAll(connection, List.of(entry.delivery()));
    }
  }

  private static Row row(Entry one) {
    return row(one, one.state());
  }

  private static Row row(Entry one, State state) {
    return new Row(
        ROW,
        one.stream().id(),
        one.event().id(),
        state.name(),
        one.event().claims().toJson(),
        one.at(),
        one.at().plus(KEPT));
  }

  private static Delivery delivery(Stream stream, String event, String correlationId) {
    var body = JsonObject.builder().put("stream", stream.id()).put("event", event).build();
    return Delivery.of(KIND, stream.receiver(), body, correlationId).inOrder();
  }

  /// Sets free what was held back, in its order.
  void resume(Connection connection, Stream stream, String correlationId) throws SQLException {
    var next = stream.endpoint().isPresent() ? State.SENT : State.WAITING;
    var sent = new ArrayList<Delivery>();
    for (var event : inState(connection, stream, Set.of(State.HELD), Integer.MAX_VALUE)) {
      move(connection, event.id(), next);
      if (next == State.SENT) {
        sent.add(delivery(stream, event.id(), correlationId));
      }
    }
    outbox.appendAll(connection, sent);
  }

  /// Takes back what is on its way, because the way has changed or is closed.
  void hold(Connection connection, Stream stream) throws SQLException {
    var update = "UPDATE ssf_event SET state = ? WHERE stream = ?";
    new Statements(connection).write(update, State.HELD.name(), stream.id());
  }

  void drop(Connection connection, Stream stream) throws SQLException {
    new Statements(connection).write("DELETE FROM ssf_event WHERE stream = ?", stream.id());
  }

  /// The receiver has it, or wants it no more.
  boolean acknowledged(Connection connection, Stream stream, String id) throws SQLException {
    var delete = "DELETE FROM ssf_event WHERE stream = ? AND id = ?";
    return new Statements(connection).update(delete, stream.id(), id) > 0;
  }

  /// The oldest events that may be fetched.
  List<Queued> waiting(Connection connection, Stream stream, int atMost) throws SQLException {
    return inState(connection, stream, open(stream, State.WAITING), atMost);
  }

  /// What a stream's receiver has not got yet.
  record Backlog(int events, Instant oldest) {}

  /// By the ids of streams, of those whose receivers have not got everything.
  static Map<String, Backlog> backlogs(Connection connection) throws SQLException {
    return new Statements(connection)
            .list(
                "SELECT stream, COUNT(*), MIN(created_at) FROM ssf_event GROUP BY stream",
                row ->
                    Map.entry(
                        row.getString(1),
                        new Backlog(row.getInt(2), Instant.ofEpochMilli(row.getLong(3)))))
            .stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// An event that is on its way; empty if it was taken back, held or acknowledged.
  Optional<Queued> sent(Connection connection, Stream stream, String id) throws SQLException {
    var states = open(stream, State.SENT);
    var values = new ArrayList<Object>(List.of(stream.id(), id));
    states.forEach(state -> values.add(state.name()));
    return new Statements(connection)
        .first(
            "SELECT id, claims FROM ssf_event WHERE stream = ? AND id = ? AND state IN "
                + Statements.inList(states),
            EventQueue::queued,
            values.toArray());
  }

  private static Set<State> open(Stream stream, State usual) {
    return stream.status() == StreamEvent.Status.ENABLED
        ? EnumSet.of(usual, State.NOTICE)
        : EnumSet.of(State.NOTICE);
  }

  private static List<Queued> inState(
      Connection connection, Stream stream, Set<State> states, int atMost) throws SQLException {
    var values = new ArrayList<Object>(List.of(stream.id()));
    states.forEach(state -> values.add(state.name()));
    values.add(atMost);
    return new Statements(connection)
        .list(
            "SELECT id, claims FROM ssf_event WHERE stream = ? AND state IN "
                + Statements.inList(states)
                + " ORDER BY seq LIMIT ?",
            EventQueue::queued,
            values.toArray());
  }

  private static Queued queued(ResultSet row) throws SQLException {
    return new Queued(row.getString(1), claims(row.getString(2)));
  }

  private static void move(Connection connection, String id, State state) throws SQLException {
    new Statements(connection)
        .write("UPDATE ssf_event SET state = ? WHERE id = ?", state.name(), id);
  }

  private static JsonObject claims(String json) {
    try {
      return JsonObject.parse(json);
    } catch (MalformedException e) {
      throw new IllegalStateException("a queued event is not readable", e);
    }
  }
}
