package dev.lanyard.server.signals;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What providers tell us has its effect, and nothing else has (SSF, GTR, BCL)")
@Tag("thorough")
class ReceivingTest {
  @Nested
  class OnSqlite extends ReceivingContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends ReceivingContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
