package dev.lanyard.server.sessions;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The stores of sessions, codes, refresh tokens and redemptions")
class SessionsTest {
  @Nested
  class OnSqlite extends SessionsContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends SessionsContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
