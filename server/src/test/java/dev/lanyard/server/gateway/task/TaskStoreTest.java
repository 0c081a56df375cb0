package dev.lanyard.server.gateway.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.revocation.Denied;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-17: whose the tasks of MCP servers are")
class TaskStoreTest {
  @Nested
  class OnSqlite extends TaskStoreContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends TaskStoreContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }

    @Test
    @DisplayName(
        "a task that is written down in the midst of a kill is not dropped without a trace")
    void written_down_in_the_midst() {
      kill(
          Denied.person("alice"),
          connection ->
              beforeEach(
                  "DELETE FROM mcp_task",
                  connection,
                  () -> other.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS))));

      assertThat(sealedIn("mcp_task")).isEmpty();
      assertThat(sealedIn("mcp_task_end")).hasSize(1);
    }

    /// Does something before each statement that begins so.
    private static Connection beforeEach(String verb, Connection connection, Runnable meanwhile) {
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (_, method, arguments) -> {
                if (method.getName().equals("prepareStatement")
                    && ((String) arguments[0]).startsWith(verb)) {
                  meanwhile.run();
                }
                return method.invoke(connection, arguments);
              });
    }
  }
}
