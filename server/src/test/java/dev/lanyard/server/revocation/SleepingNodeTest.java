package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Proxy;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Soon;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A node that slept longer than changes are kept misses no kill")
class SleepingNodeTest {
  @Test
  void it_refuses_until_it_has_loaded_everything_anew() throws Exception {
    var config =
        TestDatabases.postgres().withFreshness(Duration.ofMillis(100), Duration.ofMillis(800));
    try (var proxy = Proxy.to(config);
        var awake = new RevocationNode(config);
        var asleep = new RevocationNode(proxy.through(config))) {
      var alice = awake.person("alice");
      var bob = awake.person("bob");
      Soon.until(() -> asleep.directory.person(bob.id()).isPresent());
      proxy.cut();
      Soon.until(() -> isStale(asleep));

      awake.revocation.report(
          Source.of(Source.Kind.SCIM),
          new Subject.Person(alice.id()),
          Happening.DISABLED,
          "left",
          "test");
      var carol = awake.person("carol");
      assertThat(awake.database.changes().forget(awake.now().plusSeconds(1))).isPositive();
      assertThat(asleep.isActive(alice)).as("what it cannot know").isTrue();
      assertThat(isStale(asleep)).isTrue();

      proxy.mend();
      Soon.until(() -> !isStale(asleep));
      assertThat(asleep.isActive(alice)).isFalse();
      assertThat(asleep.isDead(alice, asleep.now())).isTrue();
      assertThat(asleep.isActive(bob)).isTrue();
      assertThat(asleep.isDead(bob, asleep.now())).isFalse();
      assertThat(asleep.directory.person(carol.id())).isPresent();
    }
  }

  private static boolean isStale(RevocationNode node) {
    return node.database.changes().freshness() instanceof Freshness.Stale;
  }
}
