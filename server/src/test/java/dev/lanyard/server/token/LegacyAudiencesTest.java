package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("D-4: who addresses assertions to the token endpoint is on record")
class LegacyAudiencesTest {
  private static final ClientId CLIENT = new ClientId("chat");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-30T04:00:00Z"));

  @TempDir Path folder;

  @Test
  @DisplayName("once an hour")
  void once_an_hour() {
    try (var database = Database.open(TestDatabases.sqlite(folder), now::get)) {
      var legacy = new LegacyAudiences(database.groupCommit(), now::get);
      legacy.accept(CLIENT);
      legacy.accept(CLIENT);
      assertThat(recorded(database)).isEqualTo(1);

      now.updateAndGet(then -> then.plusSeconds(3600));
      legacy.accept(CLIENT);
      assertThat(recorded(database)).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("or is not let in, however often it asks")
  void not_without() {
    var database = Database.open(TestDatabases.sqlite(folder), now::get);
    var legacy = new LegacyAudiences(database.groupCommit(), now::get);
    database.close();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> legacy.accept(CLIENT)).isInstanceOf(DatabaseException.class);
    }
  }

  private static int recorded(Database database) {
    return database.read(connection -> {
      try (var select = connection.prepareStatement("SELECT COUNT(*) FROM audit WHERE type = ?")) {
        select.setString(1, LegacyAudiences.EVENT);
        try (var rows = select.executeQuery()) {
          rows.next();
          return rows.getInt(1);
        }
      }
    });
  }
}
