package dev.lanyard.server.directory;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("People and groups that a source keeps")
class ProvisioningTest {
  @Nested
  class OnSqlite extends ProvisioningContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends ProvisioningContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
