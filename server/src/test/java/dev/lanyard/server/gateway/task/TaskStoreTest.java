package dev.lanyard.server.gateway.task;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-17: whose the tasks of MCP servers are")
class TaskStoreTest {
  @Nested
  class OnSqlite extends TaskStoreContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends TaskStoreContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
