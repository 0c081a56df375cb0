package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Proxy;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Fail closed: a node that may have missed a kill refuses, and recovers by itself")
class StaleNodeTest {
  @TempDir Path folder;

  @Test
  void it_answers_503_and_has_the_kill_when_it_is_back() throws Exception {
    var config =
        TestDatabases.postgres().withFreshness(Duration.ofMillis(100), Duration.ofMillis(600));
    try (var proxy = Proxy.to(config);
        var sound = Pair.start(Setup.on(config, folder), folder);
        var cut = Pair.start(Setup.on(proxy.through(config), folder).beside(sound), folder)) {
      var alice = sound.person("alice", "engineering");
      var desk = new Desk(sound);
      var there = new Desk(cut);
      var idToken = desk.idToken("alice");
      var token = desk.redeem(desk.exchange(idToken, World.LINEAR).text("access_token"));
      var access = token.text("access_token");
      cut.awaitChanges();
      assertThat(there.introspect(access, "linear-server").body()).contains("\"active\":true");
      proxy.cut();
      Soon.until(() -> isStale(cut));
      sound.happened(alice, Happening.DISABLED);
      assertThat(there.introspect(access, "linear-server").status()).isEqualTo(503);
      assertThat(there.exchange(idToken, World.LINEAR).status()).isEqualTo(503);
      assertThat(there.redeem("anything").status()).isEqualTo(503);
      assertThat(desk.introspect(access, "linear-server").body()).isEqualTo("{\"active\":false}");
      proxy.mend();
      Soon.until(() -> !isStale(cut));
      assertThat(there.introspect(access, "linear-server").body()).isEqualTo("{\"active\":false}");
      Soon.until(() -> there.exchange(idToken, World.LINEAR).status() == 400);
    }
  }

  private static boolean isStale(Pair pair) {
    return pair.database.changes().freshness() instanceof Freshness.Stale;
  }
}
