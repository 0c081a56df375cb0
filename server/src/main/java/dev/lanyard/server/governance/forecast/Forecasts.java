package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Everything that was ever said of launches, and what became of it. Nothing is changed or removed:
/// of a forecaster's statements about a connector the last one stands, of what was found out about
/// a launch the last record, which may take back the one before. Each is written with its audit
/// record in one transaction. Thread-safe.
public final class Forecasts {
  private static final RowKind FORECAST =
      RowKind.of(
          "forecast", "connector", "forecaster", "launch", "reason", "evidence", "at", "statement");

  private final Database database;
  private final Forecasters forecasters;

  /// Where nobody signs.
  public Forecasts(Database database) {
    this(database, Forecasters.NONE);
  }

  public Forecasts(Database database, Forecasters forecasters) {
    this.database = database;
    this.forecasters = forecasters;
  }

  /// Keeps what somebody says, all of it or nothing. What is under the name of somebody who signs
  /// and is not signed by them is refused, and that is recorded.
  ///
  /// @param by who sat at the command line
  public Saying say(List<Forecast> forecasts, String by, String correlationId) {
    var judgement = forecasters.now();
    for (var one : forecasts) {
      var why = judgement.of(one, one.signature()).refusal();
      if (why.isPresent()) {
        new AuditLog(database).append(refusal(one, why.get(), by, correlationId));
        return new Saying.Refused(why.get());
      }
    }
    return database.write(connection -> {
      Row.insertAll(connection, forecasts.stream().map(Forecasts::row).toList());
      AuditLog.append(
          connection, forecasts.stream().map(one -> event(one, by, correlationId)).toList());
      return new Saying.Kept(forecasts);
    });
  }

  private static AuditEvent refusal(Forecast one, String why, String by, String correlationId) {
    var evidence =
        JsonObject.builder()
            .put("connector", one.connector())
            .put("forecaster", one.forecaster())
            .put("by", by)
            .put("check", "authorship")
            .put("detail", why)
            .build();
    return AuditEvent.of("forecast.refused", Outcome.REFUSED, one.at(), correlationId, evidence);
  }

  private static Row row(Forecast one) {
    return new Row(
        FORECAST,
        one.connector(),
        one.forecaster(),
        one.chances().toJson().toJson(),
        one.reason(),
        one.evidence(),
        one.at(),
        one.signature());
  }

  private static AuditEvent event(Forecast one, String by, String correlationId) {
    var evidence =
        JsonObject.builder()
            .putAll(one.toJson())
            .putIfPresent(
                "statement_hash", one.signature().map(text -> OpaqueToken.hash(new Secret(text))))
            .put("by", by)
            .build();
    return AuditEvent.of("forecast.said", Outcome.SUCCESS, one.at(), correlationId, evidence);
  }

  /// Records launches as somebody says them. What stands already is not recorded again, whoever
  /// says it again, and however many do so at once.
  ///
  /// @return those that were recorded
  public List<Launch> launched(List<Launch> launches, String correlationId) {
    return record(
        launches,
        one -> new Condition("taken_back = 0 AND launched_on = ?", one.on().toString()),
        correlationId);
  }

  /// Records launches that the catalogue and the probes have found. What somebody has recorded
  /// stands, and of what was taken back only a launch on a later day is a new one.
  ///
  /// @return those that were recorded
  List<Launch> found(List<Launch> launches, String correlationId) {
    return record(
        launches,
        one ->
            new Condition(
                "(taken_back = 0 OR at >= ?)", one.on().atStartOfDay(ZoneOffset.UTC).toInstant()),
        correlationId);
  }

  /// When the last record of a connector makes a further one needless.
  private record Condition(String sql, Object value) {}

  private List<Launch> record(
      List<Launch> launches, Function<Launch, Condition> unless, String correlationId) {
    return database.write(connection -> {
      var recorded = new ArrayList<Launch>();
      for (var one : launches) {
        if (insert(connection, one, unless.apply(one))) {
          recorded.add(one);
        }
      }
      AuditLog.append(connection, recorded.stream().map(one -> event(one, correlationId)).toList());
      return recorded;
    });
  }

  /// The records of a connector are numbered, and the number is a claim: whoever takes it has seen
  /// the one before.
  private static boolean insert(Connection connection, Launch launch, Condition unless)
      throws SQLException {
    var insert =
        """
        INSERT INTO connector_launch (connector, number, launched_on, evidence, source, at)
        SELECT ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, ? FROM connector_launch
        WHERE connector = ?
        HAVING NOT EXISTS (SELECT 1 FROM connector_launch l WHERE l.connector = ?
          AND l.number = (SELECT MAX(number) FROM connector_launch m WHERE m.connector = ?)
        """
            + " AND "
            + unless.sql()
            + ") ON CONFLICT DO NOTHING";
    return new Statements(connection)
            .update(
                insert,
                launch.connector(),
                launch.on().toString(),
                launch.evidence(),
                launch.by(),
                launch.at(),
                launch.connector(),
                launch.connector(),
                launch.connector(),
                unless.value())
        > 0;
  }

  /// Takes back the launch of a connector that stands.
  ///
  /// @return empty if none stands, or if somebody recorded something of it at the same moment
  public Optional<TakenBack> takeBack(
      String connector, String evidence, String by, Instant at, String correlationId) {
    return database.write(transaction -> {
      var taken =
          new Statements(transaction)
              .first(
                  """
                  INSERT INTO connector_launch
                    (connector, number, launched_on, evidence, source, at, taken_back)
                  SELECT connector, number + 1, launched_on, ?, ?, ?, 1 FROM connector_launch one
                  WHERE connector = ? AND taken_back = 0 AND number =
                    (SELECT MAX(number) FROM connector_launch other WHERE other.connector = ?)
                  ON CONFLICT DO NOTHING RETURNING launched_on
                  """,
                  row ->
                      new TakenBack(connector, LocalDate.parse(row.getString(1)), evidence, by, at),
                  evidence,
                  by,
                  at,
                  connector,
                  connector);
      AuditLog.append(transaction, taken.stream().map(one -> event(one, correlationId)).toList());
      return taken;
    });
  }

  private static AuditEvent event(Resolution one, String correlationId) {
    return AuditEvent.of(
        one instanceof TakenBack ? "forecast.taken-back" : "forecast.resolved",
        Outcome.SUCCESS,
        one.at(),
        correlationId,
        one.toJson());
  }

  /// Everything that was said, the oldest first, each with what its signature is worth now. By the
  /// time that was signed, so that nobody makes an old one the newest by writing it down again.
  public List<Forecast> all() {
    var judgement = forecasters.now();
    return select(
        """
        SELECT connector, forecaster, launch, reason, evidence, at, statement FROM forecast
        ORDER BY at, seq
        """,
        row -> judgement.of(forecast(row), Optional.ofNullable(row.getString(7))));
  }

  /// Everything that was recorded of launches, connector by connector, the oldest first.
  public List<Resolution> resolutions() {
    return select(
        """
        SELECT connector, launched_on, evidence, source, at, taken_back FROM connector_launch
        ORDER BY connector, number
        """,
        Forecasts::resolution);
  }

  /// Of each connector what was recorded of it last.
  Map<String, Resolution> last() {
    var last = new LinkedHashMap<String, Resolution>();
    resolutions().forEach(one -> last.put(one.connector(), one));
    return last;
  }

  /// The launches that stand, in the order of the names.
  public List<Launch> launches() {
    return last().values().stream()
        .filter(Launch.class::isInstance)
        .map(Launch.class::cast)
        .toList();
  }

  /// The launch of a connector that stands.
  public Optional<Launch> launch(String connector) {
    return launches().stream().filter(one -> one.connector().equals(connector)).findFirst();
  }

  private <T> List<T> select(String sql, Statements.Reader<T> reader) {
    return database.read(connection -> new Statements(connection).list(sql, reader));
  }

  private static Resolution resolution(ResultSet row) throws SQLException {
    var day = LocalDate.parse(row.getString(2));
    var at = Instant.ofEpochMilli(row.getLong(5));
    return row.getLong(6) == 1
        ? new TakenBack(row.getString(1), day, row.getString(3), row.getString(4), at)
        : new Launch(row.getString(1), day, row.getString(3), row.getString(4), at);
  }

  private static Forecast forecast(ResultSet row) throws SQLException {
    try {
      return new Forecast(
          row.getString(1),
          Chances.of(JsonObject.parse(row.getString(3))),
          row.getString(2),
          row.getString(4),
          row.getString(5),
          Instant.ofEpochMilli(row.getLong(6)));
    } catch (MalformedException e) {
      throw new IllegalStateException("a forecast in the database is not readable", e);
    }
  }
}
