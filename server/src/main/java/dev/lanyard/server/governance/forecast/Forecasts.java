package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/// Everything that was ever said of launches, and what became of it. Nothing is changed or removed:
/// of a forecaster's statements about a connector the last one stands, of what was found out about
/// a launch the last record. Each is written with its audit record in one transaction. Thread-safe.
public final class Forecasts {
  private static final RowKind FORECAST =
      RowKind.of("forecast", "connector", "forecaster", "launch", "reason", "evidence", "at");

  private final Database database;

  public Forecasts(Database database) {
    this.database = database;
  }

  /// Keeps what somebody says, all of it or nothing.
  ///
  /// @param by who sat at the command line
  public void say(List<Forecast> forecasts, String by, String correlationId) {
    database.write(connection -> {
      Row.insertAll(connection, forecasts.stream().map(Forecasts::row).toList());
      AuditLog.append(
          connection, forecasts.stream().map(one -> event(one, by, correlationId)).toList());
      return forecasts;
    });
  }

  private static Row row(Forecast one) {
    return new Row(
        FORECAST,
        one.connector(),
        one.forecaster(),
        one.chances().toJson().toJson(),
        one.reason(),
        one.evidence(),
        one.at());
  }

  private static AuditEvent event(Forecast one, String by, String correlationId) {
    var evidence = JsonObject.builder().putAll(one.toJson()).put("by", by).build();
    return AuditEvent.of("forecast.said", Outcome.SUCCESS, one.at(), correlationId, evidence);
  }

  /// Records launches that the record does not have like this: the same day of the same connector
  /// is recorded once, whoever finds it again, and however many do so at once.
  ///
  /// @return those that were recorded
  public List<Launch> launched(List<Launch> launches, String correlationId) {
    return database.write(connection -> {
      var recorded = new ArrayList<Launch>();
      for (var one : launches) {
        if (insert(connection, one)) {
          recorded.add(one);
        }
      }
      AuditLog.append(connection, recorded.stream().map(one -> event(one, correlationId)).toList());
      return recorded;
    });
  }

  /// The days of a connector are numbered, and the number is a claim: whoever takes it has seen the
  /// one before.
  private static boolean insert(Connection connection, Launch launch) throws SQLException {
    var insert =
        """
        INSERT INTO connector_launch (connector, number, launched_on, evidence, source, at)
        SELECT ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, ? FROM connector_launch
        WHERE connector = ?
        HAVING NOT EXISTS (SELECT 1 FROM connector_launch l WHERE l.connector = ?
          AND l.launched_on = ? AND l.number =
            (SELECT MAX(number) FROM connector_launch m WHERE m.connector = ?))
        ON CONFLICT DO NOTHING
        """;
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
                launch.on().toString(),
                launch.connector())
        > 0;
  }

  private static AuditEvent event(Launch launch, String correlationId) {
    return AuditEvent.of(
        "forecast.resolved", Outcome.SUCCESS, launch.at(), correlationId, launch.toJson());
  }

  /// Everything that was said, the oldest first.
  public List<Forecast> all() {
    return select(
        "SELECT connector, forecaster, launch, reason, evidence, at FROM forecast ORDER BY seq",
        Forecasts::forecast);
  }

  /// Of each connector that is there, what was recorded of it last, in the order of the names.
  public List<Launch> launches() {
    return select(
        """
        SELECT connector, launched_on, evidence, source, at FROM connector_launch one
        WHERE number = (SELECT MAX(number) FROM connector_launch other
          WHERE other.connector = one.connector)
        ORDER BY connector
        """,
        Forecasts::launch);
  }

  private <T> List<T> select(String sql, Statements.Reader<T> reader) {
    return database.read(connection -> new Statements(connection).list(sql, reader));
  }

  private static Launch launch(ResultSet row) throws SQLException {
    return new Launch(
        row.getString(1),
        LocalDate.parse(row.getString(2)),
        row.getString(3),
        row.getString(4),
        Instant.ofEpochMilli(row.getLong(5)));
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
