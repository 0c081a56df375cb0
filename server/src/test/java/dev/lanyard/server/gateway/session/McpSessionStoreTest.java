package dev.lanyard.server.gateway.session;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-17: sessions of MCP servers, and what their clients have said in them")
class McpSessionStoreTest {
  @Nested
  class OnSqlite extends McpSessionStoreContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends McpSessionStoreContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
