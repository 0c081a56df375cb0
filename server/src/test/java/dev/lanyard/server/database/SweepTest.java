package dev.lanyard.server.database;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Rows are removed in portions, so that others commit in between")
class SweepTest {
  private static final String INSERT =
      "INSERT INTO dpop_proof (key_thumbprint, proof_id, forget_after) VALUES (?, ?, ?)";

  abstract static class Contract {
    private final Engine engine;
    private final List<Object> written = new ArrayList<>();

    Contract(Engine engine) {
      this.engine = engine;
    }

    @AfterEach
    void close() {
      engine.close();
    }

    @Test
    void no_transaction_takes_more_than_a_portion_and_what_is_needed_stays() throws SQLException {
      insert(5_000);

      assertThat(sweep()).isEqualTo(2_500);

      assertThat(written).containsExactly(1_000, 1_000, 500);
      assertThat(count("forget_after < 1000")).isZero();
      assertThat(count("forget_after = 1000")).isEqualTo(2_500);
      assertThat(sweep()).isZero();
    }

    @Test
    void the_last_portion_may_be_a_whole_one() throws SQLException {
      insert(4_000);

      assertThat(sweep()).isEqualTo(2_000);
      assertThat(written).containsExactly(1_000, 1_000);
    }

    /// An index of the condition hands on first what expired first, wherever it lies.
    @Test
    void rows_that_lie_before_others_that_expired_earlier_go_too() throws SQLException {
      var sets = new ArrayList<Object[]>();
      for (int i = 0; i < 3_500; i++) {
        sets.add(new Object[] {"s" + i, 999L - i / 10});
      }
      engine.<Boolean>write(connection -> {
        var insert = "INSERT INTO early_end (subject, forget_after) VALUES (?, ?)";
        new Statements(connection).each(insert, sets);
        return true;
      });

      var sweep = new Sweep(watched(() -> {}), "early_end", "forget_after < ?", 1_000L);

      assertThat(sweep.run()).isEqualTo(3_500);
    }

    /// What is removed is the same row still, and has still expired.
    @Test
    void a_row_that_was_used_again_meanwhile_stays() throws SQLException {
      insert(10);
      var later =
          watched(() -> {
            var _ =
                engine.<Integer>write(connection ->
                    new Statements(connection)
                        .update("UPDATE dpop_proof SET forget_after = 2000 WHERE proof_id = 'p4'"));
          });

      assertThat(new Sweep(later, "dpop_proof", "forget_after < ?", 1_000L).run()).isEqualTo(4);
      assertThat(count("proof_id = 'p4'")).isEqualTo(1);
    }

    private int sweep() throws SQLException {
      return new Sweep(watched(() -> {}), "dpop_proof", "forget_after < ?", 1_000L).run();
    }

    private interface Work {
      void run() throws SQLException;
    }

    /// The engine, with something that happens before each of its writing transactions.
    private Engine watched(Work before) {
      return (Engine)
          Proxy.newProxyInstance(
              Engine.class.getClassLoader(),
              new Class<?>[] {Engine.class},
              (_, method, arguments) -> {
                boolean writes = method.getName().equals("write");
                if (writes) {
                  before.run();
                }
                try {
                  var result = method.invoke(engine, arguments);
                  if (writes) {
                    written.add(requireNonNull(result));
                  }
                  return result;
                } catch (InvocationTargetException e) {
                  throw requireNonNull(e.getCause());
                }
              });
    }

    /// Every other one is needed still.
    private void insert(int rows) throws SQLException {
      var sets = new ArrayList<Object[]>();
      for (int i = 0; i < rows; i++) {
        sets.add(new Object[] {"key", "p" + i, i % 2 == 0 ? 999L : 1_000L});
      }
      engine.<Boolean>write(connection -> {
        new Statements(connection).each(INSERT, sets);
        return true;
      });
    }

    private long count(String condition) throws SQLException {
      return engine.<Long>read(connection ->
          new Statements(connection)
              .first("SELECT COUNT(*) FROM dpop_proof WHERE " + condition, rows -> rows.getLong(1))
              .orElseThrow());
    }
  }

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) throws SQLException {
      super(new Sqlite(TestDatabases.sqlite(folder)));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() throws SQLException {
      super(new Postgres(TestDatabases.postgres()));
    }
  }
}
