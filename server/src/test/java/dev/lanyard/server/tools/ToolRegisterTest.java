package dev.lanyard.server.tools;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The drift lock: a new or changed tool is quarantined until somebody has judged it")
@Tag("thorough")
class ToolRegisterTest {
  @Nested
  class OnSqlite extends ToolRegisterContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends ToolRegisterContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
