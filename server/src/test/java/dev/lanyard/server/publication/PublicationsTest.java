package dev.lanyard.server.publication;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("POL-3: versioned policy with a signed change log")
class PublicationsTest {
  @Nested
  class OnSqlite extends PublicationsContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Tag("thorough")
  @Nested
  class OnPostgres extends PublicationsContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
