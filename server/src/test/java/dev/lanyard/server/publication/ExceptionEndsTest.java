package dev.lanyard.server.publication;

import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

@DisplayName("The end of an exception ends what only it gave, at that instant")
@Tag("thorough")
class ExceptionEndsTest {
  @Nested
  @DisplayName("on SQLite")
  class OnSqlite extends ExceptionEndsContract {
    @Override
    DatabaseConfig config(Path folder) {
      return TestDatabases.sqlite(folder);
    }
  }

  @Nested
  @DisplayName("on PostgreSQL")
  class OnPostgresql extends ExceptionEndsContract {
    @Override
    DatabaseConfig config(Path folder) {
      return TestDatabases.postgres();
    }
  }
}
