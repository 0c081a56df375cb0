package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.keys.MasterKey;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPOP-2: nonces while a new master key takes over, node after node")
class DpopNoncesTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-30T12:00:00Z"));

  @TempDir Path folder;

  private MasterKey key(String name) {
    var file = folder.resolve(name);
    MasterKey.create(file);
    return MasterKey.load(file);
  }

  @Test
  @DisplayName("a node that was restarted takes what one that was not has told a client")
  void taken_by_the_node_that_is_ahead() {
    var former = key("former");
    var fresh = key("fresh");
    var before = new DpopNonces(former, CLOCK);
    var between = new DpopNonces(fresh.succeeding(former), CLOCK);
    var after = new DpopNonces(fresh, CLOCK);

    assertThat(between.good()).contains(before.latest(), between.latest());
    assertThat(after.good()).contains(between.latest()).doesNotContain(before.latest());
    assertThat(between.latest()).isEqualTo(after.latest());
  }
}
