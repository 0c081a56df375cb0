package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-9: a partner's people connect accounts for what the gateway gives them only")
class EntitlementsTest {
  @Test
  void of_a_partner(@TempDir Path folder) {
    try (var pair = Pair.start(Setup.on(TestDatabases.sqlite(folder), folder), folder)) {
      var zoe = pair.personOf("partner", "zoe", "zoe@partner.example", "engineering");
      var named = new Others(Map.of("partner", Set.of("engineering")), Set.of("linear"));
      var others = entitlements(pair, folder, Others.NONE);
      var hers = entitlements(pair, folder, named);
      var desk = new ClientId("desk");

      assertThat(others.has(pair.person("ana", "engineering"), "linear")).isTrue();
      assertThat(others.has(zoe, "linear")).isFalse();
      assertThat(others.reaches(zoe, desk, World.LINEAR)).isFalse();
      assertThat(hers.has(zoe, "linear")).isTrue();
      assertThat(hers.reaches(zoe, desk, World.LINEAR)).isTrue();
    }
  }

  private static Entitlements entitlements(Pair pair, Path folder, Others others) {
    var clients = ClientRegistry.open(folder.resolve("broker-clients.yaml"));
    return new Entitlements(
        new Policy(pair.library::current),
        () -> new WhosePeople(Optional.of(World.ORGANISATION), others),
        clients::all,
        pair.clock);
  }
}
