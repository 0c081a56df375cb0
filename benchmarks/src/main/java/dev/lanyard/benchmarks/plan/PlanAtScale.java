package dev.lanyard.benchmarks.plan;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.publication.plan.PlanText;
import dev.lanyard.server.publication.plan.Planner;
import dev.lanyard.server.sessions.IssuedGrants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Fills a database with people and recorded exchanges, and times the plan for a version that takes
/// one scope of every tenth role away.
///
/// Arguments: people, exchanges, a folder for the database (kept, and used again).
public final class PlanAtScale {
  private static final int ROLES = 500;
  private static final int CONNECTORS = 200;
  private static final int CHUNK = 50_000;

  private PlanAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int people = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    int exchanges = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
    var folder =
        arguments.length > 2 ? Path.of(arguments[2]) : Files.createTempDirectory("lanyard-plan");
    Files.createDirectories(folder);
    var clock = Clock.systemUTC();
    var file = folder.resolve("plan-" + people + "-" + exchanges + ".db");
    boolean isNew = !Files.exists(file);
    try (var database = Database.open(DatabaseConfig.sqlite(file), clock)) {
      if (isNew) {
        fill(database, people, exchanges, clock.millis());
      }
      measure(database, ClientRegistry.open(clients(folder)).all(), clock);
    }
  }

  private static Path clients(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("clients.yaml"),
        """
        clients:
          - id: code
            authentication: [none]
            grants: [refresh_token]
          - id: desk
            authentication: [none]
            grants: [refresh_token]
        """);
  }

  private static void measure(Database database, Collection<Client> clients, Clock clock) {
    long start = System.nanoTime();
    var directory = Directory.open(database, clock);
    System.out.printf("people loaded after %.1f s%n", seconds(start));
    var before = library(10, false);
    var after = library(10, true);
    start = System.nanoTime();
    var losses =
        new Losses(
            directory, new IssuedGrants(database), "https://broker.example", () -> clients, clock);
    var planner =
        new Planner(directory, new AuditLog(database), clients, losses, System.out::println, clock);
    var plan = planner.plan(before, after, Duration.ofDays(30));
    PlanText.of(plan).stream().limit(3).forEach(System.out::println);
    System.out.printf(
        "plan of %,d people and %,d exchanges: %.1f s%n",
        plan.scene().people(), plan.replayed().total(), seconds(start));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /// @param every which of the roles lose their second scope
  private static Library library(int every, boolean taken) {
    var connectors =
        IntStream.range(0, CONNECTORS)
            .mapToObj(i ->
                "  c%d: {name: C%d, authorization_server: \"https://as%d.example\", resource: \"https://c%d.example/mcp\", scopes: [read, write]}"
                    .formatted(i, i, i % 20, i))
            .collect(Collectors.joining("\n", "connectors:\n", "\n"));
    var roles =
        IntStream.range(0, ROLES)
            .mapToObj(i ->
                "  r%d: {groups: [g%d], connectors: {%s}}"
                    .formatted(
                        i,
                        i,
                        IntStream.range(0, 6)
                            .map(k -> (i * 7 + k * 31) % CONNECTORS)
                            .distinct()
                            .mapToObj(c ->
                                "c"
                                    + c
                                    + (taken && i % every == 0 ? ": [read]" : ": [read, write]"))
                            .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("\n", "roles:\n", "\n"));
    return new LibrarySource(
            Path.of("generated"), new TreeMap<>(Map.of("a.yaml", connectors + roles)))
        .read();
  }

  private static void fill(Database database, int people, int exchanges, long now) {
    var random = new Random(1);
    for (int from = 0; from < people; from += CHUNK) {
      int first = from;
      database.write(connection -> {
        people(connection, first, Math.min(first + CHUNK, people), random, now);
        return true;
      });
    }
    for (int from = 0; from < exchanges; from += CHUNK) {
      int first = from;
      database.write(connection -> {
        exchanges(connection, Math.min(CHUNK, exchanges - first), people, random, now);
        return true;
      });
      System.out.printf("%,d exchanges recorded%n", Math.min(from + CHUNK, exchanges));
    }
  }

  private static void people(Connection connection, int from, int to, Random random, long now)
      throws SQLException {
    try (var person =
            connection.prepareStatement(
                "INSERT INTO person (id, organisation, user_name, user_name_key, display_name,"
                    + " active, created_at, updated_at) VALUES (?, 'acme', ?, ?, ?, 1, ?, ?)");
        var group =
            connection.prepareStatement(
                "INSERT INTO person_group (person, group_name) VALUES (?, ?)")) {
      for (int i = from; i < to; i++) {
        var name = "person" + i;
        for (int column = 1; column <= 4; column++) {
          person.setString(column, name);
        }
        person.setLong(5, now);
        person.setLong(6, now);
        person.addBatch();
        // A department, an office that no role knows, and for some a second role.
        add(group, name, "g" + random.nextInt(400));
        add(group, name, "office" + random.nextInt(60));
        if (random.nextInt(3) == 0) {
          add(group, name, "g" + (400 + random.nextInt(100)));
        }
      }
      person.executeBatch();
      group.executeBatch();
    }
  }

  private static void add(PreparedStatement group, String person, String name) throws SQLException {
    group.setString(1, person);
    group.setString(2, name);
    group.addBatch();
  }

  private static void exchanges(
      Connection connection, int number, int people, Random random, long now) throws SQLException {
    try (var audit =
        connection.prepareStatement(
            "INSERT INTO audit (at, type, outcome, correlation_id, organisation, person, client,"
                + " evidence) VALUES (?, 'token.exchange', 'success', ?, 'acme', ?, 'code', ?)")) {
      for (int i = 0; i < number; i++) {
        int connector = random.nextInt(CONNECTORS);
        audit.setLong(1, now - random.nextInt(29 * 86_400) * 1_000L);
        audit.setString(2, Integer.toHexString(random.nextInt()));
        audit.setString(3, "person" + random.nextInt(people));
        audit.setString(4, evidence(connector).toJson());
        audit.addBatch();
      }
      audit.executeBatch();
    }
  }

  private static JsonObject evidence(int connector) {
    var rule =
        JsonObject.builder()
            .put("role", "r" + connector)
            .put("groups", List.of("g" + connector))
            .put("connector", "c" + connector)
            .put("scope", "read write")
            .put("effect", "applied")
            .build();
    return JsonObject.builder()
        .put("audience", "https://as" + connector % 20 + ".example")
        .put("resource", List.of("https://c" + connector + ".example/mcp"))
        .put("session", "0123456789abcdef0123456789abcdef")
        .put("decision", "allow")
        .put("policy_version", "0".repeat(64))
        .put("connectors", List.of("c" + connector))
        .put("granted_scope", "read write")
        .put("rules", List.of(rule))
        .put("jti", "0123456789abcdef0123456789abcdef")
        .put("client_at_audience", "code-there")
        .put("bound", false)
        .build();
  }
}
