package dev.lanyard.server.administration;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Idempotency-Key draft-07: what is remembered of calls with a key")
class RepeatsTest {
  @Nested
  class OnSqlite extends RepeatsContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends RepeatsContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
