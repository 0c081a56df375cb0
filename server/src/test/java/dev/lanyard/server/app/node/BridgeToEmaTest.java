package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.node.EmaUpstream.Started;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything over HTTP: the person's browser at the vendor, the calls, the vendor's tokens and
/// their revocation.
@DisplayName(
    "A vendor of the legacy bridge comes to Enterprise-Managed Authorization (RS-8, CLI-31)")
class BridgeToEmaTest {
  /// So long after a node has begun, nodes that have not been restarted go on by consents.
  private static final Duration MIGRATION = Duration.ofMinutes(10);

  private EmaUpstream world;
  private Started before;
  private String token;
  private String consented;

  @BeforeEach
  void connected(@TempDir Path folder) throws Exception {
    world = new EmaUpstream(folder);
    world.knows("ana", "engineering");
    before = world.bridged();
    token = new Desk(world.home).accessToken("ana", World.LINEAR);
    assertThat(before.call(token).body()).contains("You have not connected your account there");
    world.connects("ana", before);
    consented = shown(before);
    assertThat(world.countsThere(consented)).isTrue();
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
  }

  /// With what a call through this node goes to the vendor.
  private String shown(Started node) {
    var answer = node.call(token);
    assertThat(answer.body()).as(String.valueOf(answer.status())).contains("\"result\":{}");
    return world.lastShown();
  }

  private void time(Duration passes) {
    world.home.clock.advance(passes);
    world.vendor.clock.advance(passes);
  }

  @Test
  @DisplayName("the next call goes by it without a visit, and then the consent is revoked there")
  void silently() {
    var after = world.inOneProcess();

    var managed = shown(after);
    assertThat(managed).isNotEqualTo(consented);
    assertThat(after.credentials().sweep("sweep-1")).isEmpty();
    assertThat(shown(before)).as("a node that was not restarted yet").isEqualTo(consented);

    time(MIGRATION);
    assertThat(after.credentials().sweep("sweep-2")).hasSize(1);
    assertThat(world.carried(after)).containsExactly(new Courier.Result.Delivered("revoked"));
    assertThat(world.countsThere(consented)).isFalse();
    assertThat(shown(after)).isEqualTo(managed);
    assertThat(world.countsThere(managed)).isTrue();
  }

  @Test
  @DisplayName(
      "a process that dies in between, before or after the consent has ended, loses nothing")
  void dying() {
    var first = world.inOneProcess();
    var managed = shown(first);
    world.dies(first);

    var second = world.inOneProcess();
    assertThat(shown(second)).isEqualTo(managed);
    time(MIGRATION);
    assertThat(second.credentials().sweep("sweep-1")).hasSize(1);
    world.dies(second);
    assertThat(world.countsThere(consented)).as("nobody has told the vendor").isTrue();

    var third = world.inOneProcess();
    assertThat(world.carried(third)).containsExactly(new Courier.Result.Delivered("revoked"));
    assertThat(world.countsThere(consented)).isFalse();
    assertThat(shown(third)).isEqualTo(managed);
  }

  @Test
  @DisplayName("of two nodes at once one ends the consent, and the vendor is told once")
  void at_once() throws Exception {
    var nodes = List.of(world.inOneProcess(), world.inOneProcess());
    time(MIGRATION);
    var ended = new ConcurrentLinkedQueue<String>();
    var waiting = new ConcurrentLinkedQueue<>(nodes);
    AtOnce.run(2, () -> ended.addAll(waiting.remove().credentials().sweep("sweep-1")));

    assertThat(ended).hasSize(1);
    assertThat(world.carried(nodes.getFirst()))
        .containsExactly(new Courier.Result.Delivered("revoked"));
    assertThat(world.carried(nodes.getLast()))
        .containsExactly(new Courier.Result.Gone("it is revoked and forgotten already"));
    assertThat(world.countsThere(consented)).isFalse();
  }
}
