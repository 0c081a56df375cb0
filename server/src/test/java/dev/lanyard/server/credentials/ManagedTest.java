package dev.lanyard.server.credentials;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Enterprise-Managed Authorization towards the servers of vendors (RS-8)")
@Tag("thorough")
class ManagedTest {
  @Nested
  class OnSqlite extends ManagedContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends ManagedContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
