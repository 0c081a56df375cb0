package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Writing;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Loss;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The table of receipts. Thread-safe.
public final class Receipts {
  private static final RowKind ROW =
      RowKind.of(
          "receipt",
          "incident",
          "organisation",
          "person",
          "facts",
          "sequence",
          "correlation_id",
          "at",
          "final");

  /// In the column of persons, of a kill that is not about one.
  private static final String NOBODY = "";

  private static final String COLUMNS =
      "incident, organisation, person, facts, sequence, revision, correlation_id, at, seen_at, issued_at,"
          + " final, signed";

  private final Database database;

  public Receipts(Database database) {
    this.database = database;
  }

  /// Asks for receipts, in the transaction of the kills.
  ///
  /// @param sequence of the last denial
  static void ask(Writing writes, List<Incident> kills, long sequence) throws SQLException {
    Row.insertAll(writes, kills.stream().map(kill -> row(kill, sequence)).toList());
  }

  private static Row row(Incident incident, long sequence) {
    return new Row(
        ROW,
        incident.id(),
        incident.person().map(one -> one.organisation()),
        incident.person().map(one -> one.id().value()).orElse(NOBODY),
        facts(incident).toJson(),
        sequence,
        incident.signal().correlationId(),
        incident.at(),
        false);
  }

  private static JsonObject facts(Incident incident) {
    var signal = incident.signal();
    var denied = incident.denials().stream().map(Dead::of).map(Dead::toJson).toList();
    return JsonObject.builder()
        .put("what", signal.what().name())
        .put("source", signal.source().name())
        .put("signal", signal.id())
        .put("occurred_at", signal.occurredAt().toString())
        .put("received_at", incident.at().toString())
        .put("denied", denied)
        .build();
  }

  /// What is to be made, and notes that its kills were seen committed.
  ///
  /// @param incidents at most some hundred
  List<Asked> asked(List<String> incidents, Instant now) {
    var update =
        "UPDATE receipt SET seen_at = COALESCE(seen_at, ?) WHERE incident IN "
            + Statements.inList(incidents)
            + " RETURNING "
            + COLUMNS;
    var values = new ArrayList<Object>(List.of(now));
    values.addAll(incidents);
    return database.write(
        connection -> new Statements(connection).list(update, Receipts::asked, values.toArray()));
  }

  /// @param revision of what it was made of
  /// @param isFinal whether everybody outside has answered
  record Signed(String incident, long revision, String text, boolean isFinal) {}

  /// Keeps signed receipts in the place of earlier ones of their incidents, unless something has
  /// changed since they were made.
  ///
  /// @return the incidents of those that are kept
  static Set<String> sign(Connection connection, List<Signed> receipts, Instant now)
      throws SQLException {
    var update =
        "UPDATE receipt SET signed = ?, final = ?, issued_at = ?"
            + " WHERE incident = ? AND revision = ?";
    try (var statement = connection.prepareStatement(update)) {
      for (var one : receipts) {
        statement.setString(1, one.text());
        statement.setInt(2, one.isFinal() ? 1 : 0);
        statement.setLong(3, now.toEpochMilli());
        statement.setString(4, one.incident());
        statement.setLong(5, one.revision());
        statement.addBatch();
      }
      var counts = statement.executeBatch();
      return IntStream.range(0, counts.length)
          .filter(i -> counts[i] > 0)
          .mapToObj(i -> receipts.get(i).incident())
          .collect(Collectors.toSet());
    }
  }

  /// Adds grants to what is dead because of incidents, in the transaction that denies them. Nobody
  /// signs a receipt of these that was made before.
  ///
  /// @return those whose receipts were final: they have to be asked for again
  static List<Asked> lose(Connection connection, List<Loss> losses, Instant at)
      throws SQLException {
    var lost = new TreeMap<String, List<String>>();
    for (var loss : losses) {
      lost.computeIfAbsent(loss.cause().incident(), _ -> new ArrayList<>()).add(loss.grant());
    }
    var changed = change(connection, List.copyOf(lost.keySet()));
    new Statements(connection)
        .each(
            "UPDATE receipt SET facts = ? WHERE incident = ?",
            changed.stream()
                .map(one -> {
                  var grants = lost.getOrDefault(one.incident(), List.of());
                  return new Object[] {
                    Facts.with(one.facts(), grants, at).toJson(), one.incident()
                  };
                })
                .toList());
    return changed.stream().filter(Asked::isFinal).toList();
  }

  /// Notes that a message is tried again which was given up: whoever has signed that it does not
  /// arrive has spoken too soon.
  ///
  /// @return those whose receipts were final: they have to be asked for again
  static List<Asked> reopen(Connection connection, Letter letter) throws SQLException {
    var select = "SELECT " + COLUMNS + " FROM receipt WHERE correlation_id = ?";
    var delivery = letter.delivery();
    var led =
        new Statements(connection)
            .list(select, Receipts::asked, delivery.correlationId()).stream()
                .filter(one -> one.ledTo(letter))
                .map(Asked::incident)
                .sorted()
                .toList();
    return change(connection, led).stream().filter(Asked::isFinal).toList();
  }

  /// Notes that something changes that receipts are about: they are not final any more. Others who
  /// do so wait for this transaction.
  ///
  /// @return how they were
  private static List<Asked> change(Connection connection, List<String> incidents)
      throws SQLException {
    var found = new ArrayList<Asked>();
    for (var some : Chunks.of(incidents, Statements.MOST_IN_LIST)) {
      var in = Statements.inList(some);
      found.addAll(
          new Statements(connection)
              .list(
                  "UPDATE receipt SET revision = revision + 1 WHERE incident IN "
                      + in
                      + " RETURNING "
                      + COLUMNS,
                  Receipts::asked,
                  some.toArray()));
      new Statements(connection)
          .update("UPDATE receipt SET final = 0 WHERE incident IN " + in, some.toArray());
    }
    return found;
  }

  /// Has receipts settle up to a later change, in the transaction that appended it.
  static void move(Writing writes, List<String> incidents, long sequence) throws SQLException {
    for (var some : Chunks.of(incidents, Statements.MOST_IN_LIST)) {
      var values = new ArrayList<Object>(List.of(sequence));
      values.addAll(some);
      writes.write(
          "UPDATE receipt SET sequence = ? WHERE incident IN " + Statements.inList(some),
          values.toArray());
    }
  }

  /// The newest receipts, newest first.
  ///
  /// @param person only about them, if given
  public List<Receipt> newest(Optional<String> person, int most) {
    var select =
        "SELECT "
            + COLUMNS
            + " FROM receipt"
            + (person.isPresent() ? " WHERE person = ?" : "")
            + " ORDER BY at DESC, incident LIMIT ?";
    var values = new ArrayList<Object>(person.stream().toList());
    values.add(most);
    return database.read(
        connection -> new Statements(connection).list(select, Receipts::receipt, values.toArray()));
  }

  /// Those that follow one in the order of [#newest].
  public List<Receipt> before(Instant at, String incident, int most) {
    var select =
        "SELECT "
            + COLUMNS
            + " FROM receipt WHERE at < ? OR (at = ? AND incident > ?)"
            + " ORDER BY at DESC, incident LIMIT ?";
    return database.read(connection ->
        new Statements(connection).list(select, Receipts::receipt, at, at, incident, most));
  }

  /// Those of kills between these times, the oldest first.
  ///
  /// @param to the first instant after
  public List<Receipt> during(Instant from, Instant to) {
    var select =
        "SELECT " + COLUMNS + " FROM receipt WHERE at >= ? AND at < ? ORDER BY at, incident";
    return database.read(
        connection -> new Statements(connection).list(select, Receipts::receipt, from, to));
  }

  public Optional<Receipt> find(String incident) {
    var select = "SELECT " + COLUMNS + " FROM receipt WHERE incident = ?";
    return database.read(
        connection -> new Statements(connection).first(select, Receipts::receipt, incident));
  }

  private static Receipt receipt(ResultSet row) throws SQLException {
    var facts = facts(row);
    return new Receipt(
        row.getString("incident"),
        Optional.ofNullable(row.getString("organisation")),
        person(row),
        Facts.denied(facts).stream().map(Dead::what).toList(),
        Cause.of(facts, facts),
        Instant.ofEpochMilli(row.getLong("at")),
        issuedAt(row),
        row.getInt("final") == 1,
        Optional.ofNullable(row.getString("signed")));
  }

  private static Optional<Instant> issuedAt(ResultSet row) throws SQLException {
    long at = row.getLong("issued_at");
    return at == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at));
  }

  private static Optional<String> person(ResultSet row) throws SQLException {
    return Optional.of(row.getString("person")).filter(id -> !id.equals(NOBODY));
  }

  private static JsonObject facts(ResultSet row) throws SQLException {
    try {
      return JsonObject.parse(row.getString("facts"));
    } catch (MalformedException e) {
      throw new IllegalStateException("a receipt is not readable", e);
    }
  }

  private static List<Connectors.One> connectors(Optional<String> signed)
      throws MalformedException {
    return signed.isPresent() ? Connectors.of(Receipt.claims(signed.get())) : List.of();
  }

  private static Asked asked(ResultSet row) throws SQLException {
    try {
      return new Asked(
          row.getString("incident"),
          Optional.ofNullable(row.getString("organisation")),
          person(row),
          JsonObject.parse(row.getString("facts")),
          row.getLong("sequence"),
          row.getLong("revision"),
          row.getString("correlation_id"),
          Instant.ofEpochMilli(row.getLong("at")),
          Instant.ofEpochMilli(row.getLong("seen_at")),
          issuedAt(row),
          connectors(Optional.ofNullable(row.getString("signed"))),
          row.getInt("final") == 1);
    } catch (MalformedException e) {
      throw new IllegalStateException("a receipt is not readable", e);
    }
  }
}
