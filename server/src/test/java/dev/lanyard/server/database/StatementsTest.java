package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Rows for some of many values are found in as many statements as they need")
class StatementsTest {
  abstract static class Contract {
    private final Database database;

    Contract(DatabaseConfig config) {
      database = Database.open(config, InstantSource.system());
    }

    @AfterEach
    void close() {
      database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Statements.MOST_IN_LIST, Statements.MOST_IN_LIST + 1, 2_300})
    @DisplayName("each once, and none that another condition leaves out")
    void among(int count) {
      var subjects = new ArrayList<String>();
      var sets = new ArrayList<Object[]>();
      for (int i = 0; i < count; i++) {
        subjects.add("s" + i);
        sets.add(new Object[] {"s" + i, 1_000});
      }
      sets.add(new Object[] {"another", 1_000});
      sets.add(new Object[] {"over", 10});
      var asked = new ArrayList<>(subjects);
      asked.addAll(List.of("nobody", "over"));

      var found =
          database.<List<String>>write(connection -> {
            var statements = new Statements(connection);
            statements.each("INSERT INTO early_end (subject, forget_after) VALUES (?, ?)", sets);
            return statements.among(
                "SELECT subject FROM early_end WHERE forget_after > ? AND subject IN",
                asked,
                rows -> rows.getString(1),
                500);
          });

      assertThat(found).containsExactlyInAnyOrderElementsOf(subjects);
    }
  }

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
