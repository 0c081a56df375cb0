package dev.lanyard.server.delivery;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-5: what an endpoint outside must be told arrives, or somebody is alarmed")
@Tag("thorough")
class OutboxTest {
  @Nested
  class OnSqlite extends OutboxContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends OutboxContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
