package dev.lanyard.benchmarks.plan;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A large organisation, the same at each run: people in two or three of 560 groups, a library of
/// 500 roles and 200 connectors, and recorded exchanges of the last month.
public final class LargeOrganisation {
  /// Whose people they are. They are called `person0`, `person1` and so on.
  public static final String NAME = "acme";

  /// The authorization servers of the connectors, `https://as0.example` and so on.
  public static final int SERVERS = 20;

  private static final int ROLES = 500;
  private static final int CONNECTORS = 200;
  private static final int CHUNK = 50_000;
  private static final int EVERY = 10;

  private LargeOrganisation() {}

  /// The text of its library.
  ///
  /// @param taken whether every tenth role has lost its second scope
  public static String library(boolean taken) {
    var connectors =
        IntStream.range(0, CONNECTORS)
            .mapToObj(i ->
                "  c%d: {name: C%d, authorization_server: \"https://as%d.example\", resource: \"https://c%d.example/mcp\", scopes: [read, write]}"
                    .formatted(i, i, i % SERVERS, i))
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
                                    + (taken && i % EVERY == 0 ? ": [read]" : ": [read, write]"))
                            .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("\n", "roles:\n", "\n"));
    return connectors + roles;
  }

  /// Puts it into an empty database.
  public static void fill(Database database, int people, int exchanges, long now) {
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
        .put("audience", "https://as" + connector % SERVERS + ".example")
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
