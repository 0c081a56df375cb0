package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.http.EventSource;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.schedule.Jobs;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-13: everybody who listens hears a heartbeat every second")
class ListenersTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("also when one of them cannot be told, again and again")
  void whatever_one_of_them_throws() throws Exception {
    try (var database = Database.open(TestDatabases.sqlite(folder), new TestClock());
        var listeners =
            new Listeners(DenySet.following(database), database.changes(), () -> 0L, new Jobs())) {
      var heard = new CountDownLatch(3);
      for (int i = 0; i < 8; i++) {
        listening(listeners, "broken-" + i)
            .opened(
                heard(() -> {
                  throw new IllegalStateException("a test");
                }));
      }
      listening(listeners, "good").opened(heard(heard::countDown));

      assertThat(heard.await(10, TimeUnit.SECONDS)).as("heartbeats").isTrue();
    }
  }

  private static Listening listening(Listeners listeners, String client) {
    return listeners.listening(new ClientId(client), Optional.of(0L), _ -> true);
  }

  private static EventSource.Listener heard(Runnable woken) {
    return new EventSource.Listener() {
      @Override
      public void wake() {
        woken.run();
      }

      @Override
      public void end() {}
    };
  }
}
