package dev.lanyard.benchmarks.kill;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the receipts in the record promise, in the time of this process.
final class ReceiptReading {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Kills kills;
  private final long offset;

  /// Made close to the kills: the two clocks of a machine drift apart slowly.
  ReceiptReading(Kills kills) {
    this.kills = kills;
    this.offset = System.nanoTime() - nanos(Instant.now());
  }

  private static long nanos(Instant at) {
    return ChronoUnit.NANOS.between(Instant.EPOCH, at);
  }

  /// @param people those of whom it reads, by the number in their id
  void read(Connection connection, int from, int to) throws SQLException {
    var select = "SELECT person, signed FROM receipt WHERE signed IS NOT NULL";
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(select)) {
      while (rows.next()) {
        int person = Integer.parseInt(rows.getString(1).substring(1));
        if (person >= from && person < to) {
          note(person, claims(rows.getString(2)));
        }
      }
    }
  }

  /// How many receipts are not signed yet.
  static int missing(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM receipt WHERE signed IS NULL")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static JsonNode claims(String signed) {
    var payload = Base64.getUrlDecoder().decode(signed.split("\\.", -1)[1]);
    return JSON.readTree(new String(payload, StandardCharsets.UTF_8));
  }

  private void note(int person, JsonNode claims) {
    kills.receipt(person, time(claims, "issued_at"));
    kills.takenIn(person, time(claims.get("signal"), "received_at"));
    for (var point : claims.get("enforcement")) {
      for (var place : Place.values()) {
        if (place.known.equals(point.get("name").asString())) {
          kills.refusedBy(person, place, time(point, "refused_by"));
        }
      }
    }
  }

  private long time(JsonNode node, String name) {
    return nanos(Instant.parse(node.get(name).asString())) + offset;
  }
}
