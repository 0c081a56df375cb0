package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 9449 §11.1: replay of proofs")
class MemoryDpopReplayTest {
  private final TestClock clock = new TestClock();
  private final URI url = URI.create("https://mcp.example/mcp");

  @Test
  void a_full_memory_takes_nothing_new_until_something_is_forgotten() {
    var replay = new MemoryDpopReplay(clock, 2);
    var soon = clock.instant().plusSeconds(10);
    assertThat(replay.recordFirst("k", url, "1", soon)).isTrue();
    assertThat(replay.recordFirst("k", url, "1", soon)).isFalse();
    assertThat(replay.recordFirst("k", url, "2", soon)).isTrue();
    assertThat(replay.recordFirst("k", url, "3", soon)).isFalse();

    clock.advance(Duration.ofSeconds(11));

    assertThat(replay.recordFirst("k", url, "3", clock.instant().plusSeconds(10))).isTrue();
  }
}
