package dev.lanyard.server.credentials;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "The legacy bridge: consents at servers of others, under the same roles, audit and kill")
@Tag("thorough")
class BridgeTest {
  @Nested
  class OnSqlite extends BridgeContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends BridgeContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
