package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What has expired is removed from the record")
class ExpiredTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;

  @Test
  void replay_records_stay_an_hour_longer_than_they_must_and_go_then() {
    var config = DatabaseConfig.sqlite(folder.resolve("record.db"));
    try (var database = Database.open(config, InstantSource.fixed(NOW))) {
      record(database, "needed", NOW.plusSeconds(60));
      record(database, "just expired", NOW.minusSeconds(60));
      record(database, "long expired", NOW.minus(Duration.ofHours(2)));

      var removed = new Expired(database).remove(NOW);

      assertThat(removed).containsEntry("dpop_proof", 1).containsEntry("redemption", 0).hasSize(10);
      assertThat(count(database)).isEqualTo(2);
    }
  }

  private static void record(Database database, String proof, Instant forgetAfter) {
    database.write(connection -> {
      var insert =
          "INSERT INTO dpop_proof (key_thumbprint, proof_id, forget_after) VALUES (?, ?, ?)";
      try (var statement = connection.prepareStatement(insert)) {
        statement.setString(1, "key");
        statement.setString(2, proof);
        statement.setLong(3, forgetAfter.toEpochMilli());
        return statement.executeUpdate();
      }
    });
  }

  private static int count(Database database) {
    return database.read(connection -> {
      try (var statement = connection.prepareStatement("SELECT COUNT(*) FROM dpop_proof");
          var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    });
  }
}
