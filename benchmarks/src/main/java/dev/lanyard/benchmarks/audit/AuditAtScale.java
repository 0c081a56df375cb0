package dev.lanyard.benchmarks.audit;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.audit.Revealing;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.export.ExportConfig;
import dev.lanyard.server.export.ExportConfig.Place;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Exports;
import dev.lanyard.server.export.Format;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.transparency.ExportFolder;
import dev.lanyard.server.transparency.TransparencyConfig;
import dev.lanyard.server.transparency.TransparencyLog;
import dev.lanyard.server.transparency.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
/// seconds for each of the runs that compare recording with and without the log, or 0.
public final class AuditAtScale {
  private static final int CHUNK = 10_000;
  private static final int PEOPLE = 10_000;
  private static final int WRITERS = 64;
  private static final int ROUNDS = 4;
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final MasterKey KEY =
      MasterKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])), "made up");

  private final Database database;
  private final Stopwatch stopwatch;
  private final AuditLog audit;
  private final Clock clock = Clock.systemUTC();

  private AuditAtScale(Database database, Stopwatch stopwatch) {
    this.database = database;
    this.stopwatch = stopwatch;
    this.audit = new AuditLog(database);
  }

  public static void main(String[] arguments) throws IOException, SQLException {
    int records = Integer.parseInt(arguments[0]);
    var folder = Path.of(arguments[1]);
    int seconds = Integer.parseInt(arguments[3]);
    if (arguments[2].equals("postgres")) {
      try (var postgres = DurablePostgres.start(folder.resolve("postgres"))) {
        var url = postgres.create("audit");
        var config = DatabaseConfig.of(url).withCredentials(DurablePostgres.USER, new Secret(""));
        var stopwatch = Stopwatch.with(postgres.pid());
        try (var database = Database.open(config, Clock.systemUTC())) {
          new AuditAtScale(database, stopwatch).run(records, folder, seconds);
        }
      }
    } else {
      var config = DatabaseConfig.sqlite(folder.resolve("audit.db"));
      try (var database = Database.open(config, Clock.systemUTC())) {
        new AuditAtScale(database, Stopwatch.alone()).run(records, folder, seconds);
      }
    }
  }

  private void run(int records, Path folder, int seconds) {
    int part = records / ROUNDS;
    try (var log = TransparencyLog.open(database, KEY, "bench.example/audit-log", clock)) {
      for (int i = 0; i < ROUNDS; i++) {
        int from = i * part;
        stopwatch.time("recorded in bulk", part, () -> fill(from, part));
        stopwatch.time("taken into the log", part, log::takeIn);
      }
      var trust = new Verification.Trust(List.of(log.key()), List.of(), List.of());
      for (int i = 0; i < ROUNDS; i++) {
        stopwatch.time("verified in the database", records, () -> check(log.verify(trust)));
      }
      var export = new ExportFolder(folder.resolve("export"));
      stopwatch.time("exported", records, () -> log.export(export, 0, Long.MAX_VALUE));
      for (int i = 0; i < ROUNDS; i++) {
        stopwatch.time(
            "verified in the export", records, () -> check(Verification.of(export, trust)));
      }
    }
    sent(records, folder.resolve("sent.ocsf"));
    if (seconds > 0) {
      compare(seconds);
    }
  }

  /// As a security team gets them.
  private void sent(int records, Path file) {
    var place = new Place("bench", Format.OCSF, new Target.File(file));
    stopwatch.time(
        "sent to a file as OCSF",
        records,
        () -> {
          try (var _ =
              Exports.start(
                  new ExportConfig(List.of(place)),
                  new Issuer("https://bench.example"),
                  database,
                  Revealing.NOTHING,
                  EgressPolicy.strict(),
                  clock)) {
            awaitLines(file, records);
          }
        });
  }

  private static void awaitLines(Path file, int count) {
    try {
      while (!Files.exists(file)) {
        Thread.sleep(LOOK);
      }
      try (var in = Files.newInputStream(file)) {
        var block = new byte[1 << 16];
        for (int left = count; left > 0; ) {
          int read = in.read(block);
          if (read < 0) {
            Thread.sleep(LOOK);
          }
          for (int i = 0; i < read; i++) {
            left -= block[i] == '\n' ? 1 : 0;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void check(Verification.Report report) {
    if (!report.isGood()) {
      throw new IllegalStateException(report.findings().toString());
    }
  }

  private void fill(int first, int count) {
    for (int from = first; from < first + count; from += CHUNK) {
      int end = Math.min(from + CHUNK, first + count);
      var events = IntStream.range(from, end).mapToObj(this::event).toList();
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
  private void compare(int seconds) {
    var without = new ArrayList<Double>();
    var with = new ArrayList<Double>();
    for (int i = 0; i < ROUNDS; i++) {
      without.add(rate(seconds));
      try (var log = TransparencyLog.open(database, KEY, "bench.example/audit-log", clock)) {
        log.takeIn();
        log.start(
            TransparencyConfig.NONE,
            new EgressClient(EgressPolicy.strict().exposingLoopback()),
            new Jobs());
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
