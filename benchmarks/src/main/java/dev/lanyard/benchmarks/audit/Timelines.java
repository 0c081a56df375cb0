package dev.lanyard.benchmarks.audit;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/// How long somebody's timeline takes, among more and more records of more and more people. Each of
/// them has as many records as the others, scattered over all of the table, so that nearly every
/// record of a timeline is on a page of its own.
///
/// The records are made by the database itself, without its log of changes, and their indexes
/// afterwards: by far the fastest way. They are as large as those of calls of tools.
final class Timelines {
  private static final int STEPS = 4;
  private static final int THOUSANDS_AT_ONCE = 250;
  private static final int EACH = 340;
  private static final int ASKED = 8;

  /// Without the bound on silence that a server of ours has: indexes take minutes.
  private final String url;

  private final Database database;
  private final Stopwatch stopwatch;
  private final AuditLog audit;

  Timelines(String url, Database database, Stopwatch stopwatch) {
    this.url = url;
    this.database = database;
    this.stopwatch = stopwatch;
    this.audit = new AuditLog(database);
  }

  /// @param thousands how many thousand records
  void run(int thousands) {
    if (thousands == 0) {
      return;
    }
    long people = Math.max(ASKED, thousands * 1_000L / EACH);
    var indexes =
        texts(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'audit'"
                + " AND indexname NOT LIKE '%pkey'");
    execute("TRUNCATE audit_tile, audit_tree, audit");
    execute("ALTER TABLE audit SET UNLOGGED");
    for (int step = 1; step <= STEPS; step++) {
      int from = thousands / STEPS * (step - 1);
      int to = thousands / STEPS * step;
      texts(
              "SELECT indexname FROM pg_indexes WHERE tablename = 'audit'"
                  + " AND indexname NOT LIKE '%pkey'")
          .forEach(name -> execute("DROP INDEX " + name));
      stopwatch.time("made in the database", (to - from) * 1_000L, () -> make(from, to, people));
      indexes.forEach(index -> stopwatch.time(index, to * 1_000L, () -> execute(index)));
      execute("ANALYZE audit");
      System.out.printf("%nAmong %,d records of %,d people:%n", to * 1_000L, people);
      ask(step, people);
    }
  }

  private void make(int from, int to, long people) {
    for (int i = from; i < to; i += THOUSANDS_AT_ONCE) {
      long first = i * 1_000L;
      long last = Math.min(i + THOUSANDS_AT_ONCE, to) * 1_000L - 1;
      database.<Integer>write(connection ->
          new Statements(connection)
              .update(
                  "INSERT INTO audit (at, type, outcome, correlation_id, organisation, person,"
                      + " client, evidence) SELECT 1780000000000 + n, 'tool.call', 'success',"
                      + " md5(n::text), 'acme', 'person' || n * 7919 % ?, 'mcp-client',"
                      + " '{\"connector\":\"files\",\"tool\":\"read_file\",\"decision\":\"permit\",\"rule\":\"engineers\",\"library\":\"591785b794601e21\",\"n\":'"
                      + " || n || '}' FROM generate_series(?, ?) n",
                  people, first, last));
    }
  }

  private void ask(int step, long people) {
    for (int i = 0; i < ASKED; i++) {
      // Nobody twice: the second time everything would be in memory.
      var person = "person" + (people / ASKED * i + step) % people;
      long start = System.nanoTime();
      int some = audit.query(AuditQuery.newest(100).ofPerson(person)).size();
      double first = (System.nanoTime() - start) / 1e6;
      start = System.nanoTime();
      int all = audit.query(AuditQuery.newest(5_000).ofPerson(person)).size();
      double second = (System.nanoTime() - start) / 1e6;
      System.out.printf(
          "%s: the newest %,d in %.1f ms, then all %,d in %.1f ms%n",
          person, some, first, all, second);
    }
    texts(
            "EXPLAIN (ANALYZE, BUFFERS) SELECT seq, at, type, outcome, correlation_id,"
                + " organisation, person, client, evidence FROM audit WHERE person = 'person"
                + (people - 1 - step)
                + "' ORDER BY seq DESC LIMIT 100")
        .forEach(System.out::println);
  }

  private void execute(String sql) {
    try (var connection = DriverManager.getConnection(url, DurablePostgres.USER, "");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private List<String> texts(String sql) {
    return database.read(
        connection -> new Statements(connection).list(sql, rows -> rows.getString(1)));
  }
}
