package dev.lanyard.server.revocation;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The kill pipeline (DPR-1 to DPR-5)")
class RevocationTest {
  @Nested
  class OnSqlite extends RevocationContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends RevocationContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
