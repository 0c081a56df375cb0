package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The kill pipeline (DPR-1 to DPR-5)")
class RevocationTest {
  @Nested
  class OnSqlite extends RevocationContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends RevocationContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }

    /// Where two transactions can be at it at once. What is done by one while the other stands
    /// between its look at the record and its place in the line.
    @ParameterizedTest
    @CsvSource({"DISABLED, true", "ENABLED, false"})
    void who_takes_back_what_was_issued_leaves_a_stop_of_that_moment_as_it_is(
        Happening other, boolean stopped) throws Exception {
      var config = TestDatabases.postgres();
      var everything = new Subject.Everything();
      try (var one = new RevocationNode(config);
          var two = new RevocationNode(config);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        if (!stopped) {
          stop(two, everything, Happening.DISABLED);
          one.awaitAll();
        }
        var hasLooked = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        one.revocation.tells((_, _) -> {
          hasLooked.countDown();
          assertThat(await(goesOn)).isTrue();
        });
        var taking =
            threads.submit(() -> {
              stop(one, everything, Happening.TOKENS_REVOKED);
              return true;
            });
        assertThat(await(hasLooked)).isTrue();
        stop(two, everything, other);
        goesOn.countDown();
        assertThat(taking.get()).isTrue();
        for (var node : List.of(one, two)) {
          node.awaitAll();
          assertThat(node.revocation.denied().isEverythingDenied()).isEqualTo(stopped);
        }
        try (var third = new RevocationNode(config)) {
          assertThat(third.revocation.denied().isEverythingDenied()).isEqualTo(stopped);
        }
      }
    }

    private static void stop(RevocationNode at, Subject what, Happening happening) {
      var admin = Source.of(Source.Kind.ADMIN, "root");
      assertThat(at.revocation.report(admin, what, happening, "a test", "test"))
          .isInstanceOf(Reaction.Done.class);
    }

    private static boolean await(CountDownLatch latch) {
      try {
        return latch.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
