package dev.lanyard.server.signals;

import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SSF-16: receivers of our streams are OAuth clients")
@Tag("thorough")
class ReceiverClientsTest {
  @Nested
  class OnSqlite extends ReceiverClientsContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }

    @Override
    DatabaseConfig another(Path at) {
      return TestDatabases.sqlite(at);
    }
  }

  @Nested
  class OnPostgres extends ReceiverClientsContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }

    @Override
    DatabaseConfig another(Path at) {
      return TestDatabases.postgres();
    }
  }
}
