package dev.lanyard.benchmarks.coverage;

import com.sun.management.OperatingSystemMXBean;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.governance.coverage.CoverageMap;
import dev.lanyard.server.governance.coverage.CoverageText;
import dev.lanyard.server.governance.coverage.Installation;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Fills a database with people in groups and a month of exchanges, and times the coverage map of
/// now and of a time.
///
/// Arguments: people, exchanges, a folder for the database (kept, and used again).
public final class CoverageAtScale {
  private static final int ROLES = 500;
  private static final int CONNECTORS = 200;
  private static final int CHUNK = 50_000;
  private static final int ROUNDS = 5;

  /// On a busy machine the CPU says more than the clock on the wall.
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private CoverageAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int people = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    int exchanges = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
    var folder =
        arguments.length > 2
            ? Path.of(arguments[2])
            : Files.createTempDirectory("lanyard-coverage");
    Files.createDirectories(folder);
    var clock = Clock.systemUTC();
    var file = folder.resolve("coverage-" + people + "-" + exchanges + ".db");
    boolean isNew = !Files.exists(file);
    try (var database = Database.open(DatabaseConfig.sqlite(file), clock)) {
      if (isNew) {
        fill(database, people, exchanges, clock.millis());
      }
      measure(database, clock);
    }
  }

  private static void measure(Database database, Clock clock) {
    long start = System.nanoTime();
    var library = library();
    System.out.printf("library read after %.2f s%n", seconds(start));
    var map =
        new CoverageMap(
            database,
            () -> library,
            KnownWorld::builtIn,
            new Installation(Optional.empty(), Set.of()),
            () -> Directory.open(database, clock),
            clock);
    for (int round = 0; round < ROUNDS; round++) {
      start = System.nanoTime();
      long all = PROCESS.getProcessCpuTime();
      long mine = THREADS.getCurrentThreadCpuTime();
      var coverage = map.now();
      System.out.printf(
          "coverage of %,d people, %d connectors, %d roles: %.2f s; CPU %.2f s of this thread, %.2f s of the process%n",
          coverage.people().all(),
          coverage.connectors().size(),
          coverage.roles().size(),
          seconds(start),
          (THREADS.getCurrentThreadCpuTime() - mine) / 1e9,
          (PROCESS.getProcessCpuTime() - all) / 1e9);
      if (round == ROUNDS - 1) {
        CoverageText.of(coverage).stream().limit(8).forEach(System.out::println);
      }
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Library library() {
    var connectors =
        IntStream.range(0, CONNECTORS)
            .mapToObj(i ->
                "  c%d: {name: C%d, category: category %d, authorization_server: \"https://as%d.example\", resource: \"https://c%d.example/mcp\", scopes: [read, write]}"
                    .formatted(i, i, i % 25, i % 20, i))
            .collect(Collectors.joining("\n", "connectors:\n", "\n"));
    var roles =
        IntStream.range(0, ROLES)
            .mapToObj(i ->
                "  r%d: {groups: [g%d], connectors: {%s}}"
                    .formatted(
                        i,
                        i,
                        IntStream.range(0, 8)
                            .map(k -> (i * 7 + k * 31) % CONNECTORS)
                            .distinct()
                            .mapToObj(c -> "c" + c + ": [read, write]")
                            .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("\n", "roles:\n", "\n"));
    var apart =
        """
        separation_of_duty:
          apart: {owner: a, reason: b, never_together: {c0: [write], c31: [write]}}
        """;
    return new LibrarySource(
            Path.of("generated"), new TreeMap<>(Map.of("a.yaml", connectors + roles + apart)))
        .read();
  }

  private static void fill(Database database, int people, int exchanges, long now) {
    var random = new Random(1);
    for (int from = 0; from < people; from += CHUNK) {
      int first = from;
      var _ =
          database.write(connection -> {
            people(connection, first, Math.min(first + CHUNK, people), random, now);
            return true;
          });
    }
    long month = Duration.ofDays(29).toMillis();
    for (int from = 0; from < exchanges; from += CHUNK) {
      int first = from;
      var _ =
          database.write(connection -> {
            for (int i = first; i < Math.min(first + CHUNK, exchanges); i++) {
              // In the order of time, as a record is written.
              exchange(connection, now - month + month * i / exchanges, random);
            }
            return true;
          });
      System.out.printf("%,d exchanges recorded%n", Math.min(from + CHUNK, exchanges));
    }
  }

  private static void people(Connection connection, int from, int to, Random random, long now)
      throws SQLException {
    long since = now - Duration.ofDays(60).toMillis();
    try (var row =
            connection.prepareStatement(
                "INSERT INTO person (id, organisation, user_name, user_name_key, display_name,"
                    + " active, created_at, updated_at) VALUES (?, 'acme', ?, ?, '', 1, ?, ?)");
        var standing =
            connection.prepareStatement(
                "INSERT INTO person_standing (person, since, standing) VALUES (?, ?, 'active')");
        var group =
            connection.prepareStatement(
                "INSERT INTO person_membership (person, group_name, since) VALUES (?, ?, ?)")) {
      for (int i = from; i < to; i++) {
        var person = "person-0123456789abcdef-" + i;
        for (int column = 1; column <= 3; column++) {
          row.setString(column, person);
        }
        row.setLong(4, since);
        row.setLong(5, since);
        row.addBatch();
        standing.setString(1, person);
        standing.setLong(2, since);
        standing.addBatch();
        // A department, an office that no role knows, and two roles more for nearly everybody.
        add(group, person, "g" + random.nextInt(250), since);
        add(group, person, "office" + random.nextInt(60), since);
        add(group, person, "g" + (250 + random.nextInt(150)), since);
        if (random.nextInt(4) > 0) {
          add(group, person, "g" + (400 + random.nextInt(100)), since);
        }
      }
      row.executeBatch();
      standing.executeBatch();
      group.executeBatch();
    }
  }

  private static void add(PreparedStatement group, String person, String name, long since)
      throws SQLException {
    group.setString(1, person);
    group.setString(2, name);
    group.setLong(3, since);
    group.addBatch();
  }

  private static void exchange(Connection connection, long at, Random random) throws SQLException {
    try (var audit =
        connection.prepareStatement(
            "INSERT INTO audit (at, type, outcome, correlation_id, organisation, person, client,"
                + " evidence) VALUES (?, 'token.exchange', 'success', ?, 'acme', ?, 'code', ?)")) {
      audit.setLong(1, at);
      audit.setString(2, Integer.toHexString(random.nextInt()));
      audit.setString(3, "person" + random.nextInt(100_000));
      audit.setString(
          4,
          JsonObject.builder()
              .put("connectors", List.of("c" + random.nextInt(CONNECTORS)))
              .put("jti", "0123456789abcdef0123456789abcdef")
              .build()
              .toJson());
      audit.executeUpdate();
    }
  }
}
