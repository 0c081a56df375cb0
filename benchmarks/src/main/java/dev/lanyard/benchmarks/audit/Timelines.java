package dev.lanyard.benchmarks.audit;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.transparency.TransparencyLog;
import dev.lanyard.server.transparency.Verification;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/// How long somebody's timeline takes, among many records of many people, and the log over all of
/// them. Everybody has as many records as the others, scattered over all of the table, so that
/// nearly every record of a timeline is on a page of its own.
///
/// The records are made by the database itself, without its log of changes, and their indexes
/// afterwards: by far the fastest way. They are as large as those of calls of tools.
final class Timelines {
  /// At a quarter of all records, and at all: of what grows with their number one sees it.
  private static final List<Integer> QUARTERS = List.of(1, 4);

  private static final int VERIFIED = 2;
  private static final int THOUSANDS_AT_ONCE = 250;
  private static final int EACH = 340;
  private static final int ASKED = 8;

  /// Indexes are sorted in memory, as an administrator would have it who loads so much.
  private static final String FOR_SORTING = "SET maintenance_work_mem = '1GB'; ";

  /// Without the bound on silence that a server of ours has: indexes take minutes.
  private final String url;

  private final Database database;
  private final MasterKey key;
  private final Stopwatch stopwatch;
  private final AuditLog audit;

  Timelines(String url, Database database, MasterKey key, Stopwatch stopwatch) {
    this.url = url;
    this.database = database;
    this.key = key;
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
    execute("TRUNCATE audit_tile, audit_tree, audit_gap, audit RESTART IDENTITY");
    execute("ALTER TABLE audit SET UNLOGGED");
    int made = 0;
    for (int quarters : QUARTERS) {
      int from = made;
      int to = thousands / 4 * quarters;
      made = to;
      texts(
              "SELECT indexname FROM pg_indexes WHERE tablename = 'audit'"
                  + " AND indexname NOT LIKE '%pkey'")
          .forEach(name -> execute("DROP INDEX " + name));
      stopwatch.time("made in the database", (to - from) * 1_000L, () -> make(from, to, people));
      indexes.forEach(
          index -> stopwatch.time(index, to * 1_000L, () -> execute(FOR_SORTING + index)));
      // Which the database does by itself, some time.
      stopwatch.time("vacuumed", to * 1_000L, () -> execute("VACUUM ANALYZE audit"));
      System.out.printf("%nAmong %,d records of %,d people:%n", to * 1_000L, people);
      ask(quarters, people);
    }
    log(made * 1_000L);
  }

  /// The log takes all of them in, as after a long outage of every node with a key.
  private void log(long records) {
    try (var log =
        TransparencyLog.open(database, key, "bench.example/audit-log", Clock.systemUTC())) {
      stopwatch.time("taken into the log", records, log::takeIn);
      var trust = new Verification.Trust(List.of(log.key()), List.of(), List.of());
      for (int i = 0; i < VERIFIED; i++) {
        stopwatch.time(
            "verified in the database", records, () -> check(log.verify(trust), records));
      }
    }
    texts(
            "SELECT relname || ': ' || pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class"
                + " WHERE relname IN ('audit', 'audit_tile')")
        .forEach(System.out::println);
  }

  private static void check(Verification.Report report, long records) {
    if (!report.isGood() || report.verified() != records) {
      throw new IllegalStateException(report.toString());
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

  private void ask(int quarters, long people) {
    for (int i = 0; i < ASKED; i++) {
      // Nobody twice: the second time everything would be in memory.
      var person = "person" + (people / ASKED * i + quarters) % people;
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
                + (people - 1 - quarters)
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
