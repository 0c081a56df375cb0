package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// Measures what one unit of an ID-JAG redemption (its claim, a grant, an audit record) costs in
/// processor time, of this process and of PostgreSQL together, while callers wait for their units.
///
/// Run it with the class path of the tests: `GroupCommitCpu [callers] [seconds]`. Look at the
/// differences between runs on one machine, not at a single number.
final class GroupCommitCpu {
  private static final RowKind REDEMPTION =
      RowKind.claim(
          "redemption",
          List.of("issuer", "assertion_id", "use_number"),
          "client",
          "assertion_hash",
          "grant_id",
          "redeemed_at",
          "forget_after");
  private static final RowKind GRANT =
      RowKind.of(
          "ras_grant",
          "id",
          "organisation",
          "issuer",
          "assertion_id",
          "person",
          "client",
          "resources",
          "scopes",
          "key_thumbprint",
          "issued_at",
          "expires_at");

  private GroupCommitCpu() {}

  public static void main(String[] args) throws Exception {
    int callers = args.length > 0 ? Integer.parseInt(args[0]) : 8;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    var config = TestDatabases.postgres();
    try (var database = Database.open(config, InstantSource.system())) {
      var postmaster = postmaster(database);
      for (int round = 0; round < 4; round++) {
        measure(database, postmaster, callers, seconds, round == 0 ? "warm-up" : "measured");
      }
    }
    System.exit(0);
  }

  private static void measure(
      Database database, ProcessHandle postmaster, int callers, int seconds, String label)
      throws InterruptedException {
    var running = new AtomicBoolean(true);
    var units = new LongAdder();
    var ended = new CountDownLatch(callers);
    long own = ownCpu();
    long postgres = postgresCpu(postmaster);
    long transactions = transactions(database);
    long start = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      Thread.startVirtualThread(() -> {
        while (running.get()) {
          database.groupCommit().commit(unit());
          units.increment();
        }
        ended.countDown();
      });
    }
    Thread.sleep(seconds * 1000L);
    running.set(false);
    ended.await();
    double count = units.sum();
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f units/s, %.1f units a transaction, CPU per unit: process %.1f us, PostgreSQL %.1f us%n",
        label,
        count * 1e9 / (System.nanoTime() - start),
        count / (transactions(database) - transactions),
        (ownCpu() - own) / count / 1e3,
        (postgresCpu(postmaster) - postgres) / count / 1e3);
  }

  private static long transactions(Database database) {
    return database.<Long>read(connection -> {
      try (var statement = connection.createStatement();
          var rows =
              statement.executeQuery(
                  "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")) {
        rows.next();
        return rows.getLong(1);
      }
    });
  }

  private static ProcessHandle postmaster(Database database) {
    var folder =
        database.<String>read(connection -> {
          try (var statement = connection.createStatement();
              var rows = statement.executeQuery("SHOW data_directory")) {
            rows.next();
            return rows.getString(1);
          }
        });
    try {
      var pid = Files.readAllLines(Path.of(folder, "postmaster.pid")).getFirst();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Unit unit() {
    var id = UUID.randomUUID().toString();
    var now = InstantSource.system().instant();
    var issuer = "https://idp.acme.example";
    var claim =
        new Row(
            REDEMPTION,
            issuer,
            id,
            "0",
            "claude-code-ras",
            "w".repeat(43),
            id,
            now,
            now.plusSeconds(330));
    var grant =
        new Row(
            GRANT,
            id,
            "acme",
            issuer,
            id,
            "person-0001",
            "claude-code-ras",
            "https://mcp.linear.example/mcp",
            "issues.read issues.write",
            Optional.empty(),
            now,
            now.plusSeconds(2700));
    var evidence =
        JsonObject.builder()
            .put("issuer", issuer)
            .put("jti", id)
            .put("resource", "https://mcp.linear.example/mcp")
            .put("scope", "issues.read issues.write")
            .put("grant_id", id)
            .put("reuse", 0)
            .build();
    var event =
        AuditEvent.of("token.redeem", dev.lanyard.server.audit.Outcome.SUCCESS, now, id, evidence)
            .withOrganisation("acme")
            .withPerson("person-0001")
            .withClient("claude-code-ras");
    return new Unit(
        Optional.of(claim), List.of(grant, AuditLog.row(event)), List.of(AuditLog.row(event)));
  }

  private static long ownCpu() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime();
  }

  /// Nanoseconds of every process below this one; the kernel counts hundredths of a second.
  private static long postgresCpu(ProcessHandle postmaster) {
    try (Stream<ProcessHandle> processes = postmaster.descendants()) {
      return Stream.concat(Stream.of(postmaster), processes)
              .mapToLong(process -> ticks(process.pid()))
              .sum()
          * 10_000_000L;
    }
  }

  private static long ticks(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      var fields = Arrays.asList(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
      return Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
