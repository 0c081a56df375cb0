package dev.lanyard.benchmarks.audit;

import com.sun.management.OperatingSystemMXBean;
import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.transparency.ExportFolder;
import dev.lanyard.server.transparency.TransparencyConfig;
import dev.lanyard.server.transparency.TransparencyLog;
import dev.lanyard.server.transparency.Verification;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// Fills an audit record, and times what the audit log does with it.
///
/// Arguments: records that are taken into the log; a folder (made anew); `sqlite` or `postgres`;
/// seconds for each of the runs that compare recording with and without the log; and with
/// PostgreSQL how many thousand more records are made before somebody's timeline is asked for,
/// which are not taken in.
public final class AuditAtScale {
  private static final int CHUNK = 10_000;
  private static final int PEOPLE = 10_000;
  private static final int WRITERS = 64;
  private static final int ROUNDS = 4;
  private static final int THOUSANDS_AT_ONCE = 50;

  /// Time on a machine that others use says little; what this process takes of the CPU says more.
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Database database;
  private final AuditLog audit;
  private final Clock clock = Clock.systemUTC();

  private AuditAtScale(Database database) {
    this.database = database;
    this.audit = new AuditLog(database);
  }

  public static void main(String[] arguments) throws IOException, SQLException {
    int records = Integer.parseInt(arguments[0]);
    var folder = Path.of(arguments[1]);
    int seconds = Integer.parseInt(arguments[3]);
    int thousands = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 0;
    if (arguments[2].equals("postgres")) {
      try (var postgres = DurablePostgres.start(folder.resolve("postgres"))) {
        var url = postgres.create("audit");
        var config = DatabaseConfig.of(url).withCredentials(DurablePostgres.USER, new Secret(""));
        run(config, records, folder, seconds, thousands);
      }
    } else {
      run(DatabaseConfig.sqlite(folder.resolve("audit.db")), records, folder, seconds, 0);
    }
  }

  private static void run(
      DatabaseConfig config, int records, Path folder, int seconds, int thousands) {
    try (var database = Database.open(config, Clock.systemUTC())) {
      new AuditAtScale(database).run(records, folder, seconds, thousands);
    }
  }

  private void run(int records, Path folder, int seconds, int thousands) {
    var key = MasterKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])), "made up");
    timed("recorded in bulk", records, () -> fill(records));
    try (var log = TransparencyLog.open(database, key, "bench.example/audit-log", clock)) {
      timed("taken into the log", records, log::takeIn);
      var trust = new Verification.Trust(List.of(log.key()), List.of(), List.of());
      timed("verified in the database", records, () -> check(log.verify(trust)));
      var export = new ExportFolder(folder.resolve("export"));
      timed("exported", records, () -> log.export(export, 0, Long.MAX_VALUE));
      for (int i = 0; i < ROUNDS; i++) {
        timed("verified in the export", records, () -> check(Verification.of(export, trust)));
      }
    }
    compare(key, seconds);
    if (thousands > 0) {
      timed("made in the database", thousands * 1_000L, () -> more(thousands));
    }
    timelines(100);
    timelines(5_000);
    for (int i = 0; i < ROUNDS; i++) {
      var id = "c" + i * 1_001;
      timed("the request " + id, 1, () -> audit.query(AuditQuery.newest(500).ofRequest(id)));
    }
  }

  private void timelines(int most) {
    for (int i = 0; i < ROUNDS; i++) {
      var person = "person" + i * 17;
      long start = System.nanoTime();
      int found = audit.query(AuditQuery.newest(most).ofPerson(person)).size();
      System.out.printf(
          "the newest %,d of %s: %,d records in %.1f ms%n",
          most, person, found, (System.nanoTime() - start) / 1e6);
    }
  }

  /// Copies of a record as it was taken in, of other requests and people, made by the database
  /// itself: by far the fastest way.
  private void more(int thousands) {
    for (int i = 0; i < thousands; i += THOUSANDS_AT_ONCE) {
      int from = i;
      int count = Math.min(THOUSANDS_AT_ONCE, thousands - i) * 1_000;
      database.<Integer>write(connection ->
          new Statements(connection)
              .update(
                  "INSERT INTO audit (at, type, outcome, correlation_id, organisation, person,"
                      + " client, evidence) SELECT at + n, type, outcome, 'm' || n, organisation,"
                      + " 'person' || (n * 7919) % "
                      + PEOPLE
                      + ", client, evidence FROM audit, generate_series(?, ?) n WHERE seq = 1",
                  from * 1_000L,
                  from * 1_000L + count - 1));
    }
  }

  private static void check(Verification.Report report) {
    if (!report.isGood()) {
      throw new IllegalStateException(report.findings().toString());
    }
  }

  private static void timed(String what, long count, Runnable task) {
    long start = System.nanoTime();
    long cpu = PROCESS.getProcessCpuTime();
    task.run();
    double took = (System.nanoTime() - start) / 1e9;
    double busy = (PROCESS.getProcessCpuTime() - cpu) / 1e9;
    System.out.printf(
        "%s: %,d in %.3f s, %,.0f a second; %.3f s of CPU in this process, %,.0f for each%n",
        what, count, took, count / took, busy, count / busy);
  }

  private void fill(int records) {
    for (int from = 0; from < records; from += CHUNK) {
      var events =
          IntStream.range(from, Math.min(from + CHUNK, records)).mapToObj(this::event).toList();
      database.write(connection -> {
        AuditLog.append(connection, events);
        return true;
      });
    }
  }

  /// As large as that of a redemption.
  private AuditEvent event(int number) {
    var evidence =
        JsonObject.builder()
            .put("issuer", "https://idp.example")
            .put("jti", "b1946ac92492d2347c6235b4d2611184" + number)
            .put("found_by", "link")
            .put("grant", "591785b794601e212b260e25925636fd")
            .put("token", "6f1ed002ab5595859014ebf0951522d9")
            .put("use", 0)
            .put("resource", List.of("https://mcp.example/files"))
            .put("scope", "files.read files.write")
            .put("bound", true)
            .build();
    return AuditEvent.of("token.redeem", Outcome.SUCCESS, clock.instant(), "c" + number, evidence)
        .withOrganisation("acme")
        .withPerson("person" + number % PEOPLE)
        .withClient("mcp-client");
  }

  /// Recording alone, in turn with and without the log at work.
  private void compare(MasterKey key, int seconds) {
    var without = new ArrayList<Double>();
    var with = new ArrayList<Double>();
    for (int i = 0; i < ROUNDS; i++) {
      without.add(rate(seconds));
      try (var log = TransparencyLog.open(database, key, "bench.example/audit-log", clock)) {
        log.takeIn();
        log.start(
            TransparencyConfig.NONE, new EgressClient(EgressPolicy.strict().exposingLoopback()));
        with.add(rate(seconds));
      }
    }
    System.out.printf("records a second without the log: %s, with it: %s%n", without, with);
  }

  private double rate(int seconds) {
    var count = new AtomicLong();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < WRITERS; i++) {
        threads.execute(() -> {
          while (System.nanoTime() < end) {
            audit.append(event((int) count.incrementAndGet()));
          }
        });
      }
    }
    return Math.rint(count.get() / (double) seconds);
  }
}
