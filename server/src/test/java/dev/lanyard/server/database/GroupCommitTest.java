package dev.lanyard.server.database;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  @Nested
  class OnSqlite extends GroupCommitContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends GroupCommitContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
