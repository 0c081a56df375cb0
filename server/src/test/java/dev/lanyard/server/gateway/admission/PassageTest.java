package dev.lanyard.server.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.pair.AtOnce;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RS-24: a request from its admission to the last byte of its answer")
class PassageTest {
  private static final Caller ANA =
      new Caller(
          "ana",
          Optional.empty(),
          new ClientId("desk"),
          Scopes.NONE,
          AuthenticationContext.UNKNOWN,
          Optional.empty());

  private final CallLimits limits =
      new CallLimits(GatewayLimits.DEFAULT.shares(), InstantSource.system());
  private final Passage passage = passage();

  private Passage passage() {
    return new Passage(limits.place(ANA), _ -> {}, _ -> {});
  }

  @Test
  @DisplayName("Everybody who waits for its end is told, once")
  void listeners() {
    var first = new AtomicInteger();
    var second = new AtomicInteger();
    passage.atEnd(first::incrementAndGet);
    passage.atEnd(second::incrementAndGet);

    passage.abandoned();
    passage.answered();

    assertThat(first).hasValue(1);
    assertThat(second).hasValue(1);
  }

  @Test
  @DisplayName("Whoever comes when it is over is told at once")
  void late() {
    passage.answered();
    var told = new AtomicInteger();

    passage.atEnd(told::incrementAndGet);

    assertThat(told).hasValue(1);
  }

  @Test
  @DisplayName("Whoever comes while it ends is told once")
  void race() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      var ending = passage();
      var told = new AtomicInteger();
      var turn = new AtomicInteger();

      AtOnce.run(
          2,
          () -> {
            if (turn.getAndIncrement() == 0) {
              ending.abandoned();
            } else {
              ending.atEnd(told::incrementAndGet);
            }
          });

      assertThat(told).hasValue(1);
    }
  }

  @Test
  @DisplayName("What outlives it keeps its place until it has ended")
  void outlived() {
    var only = new CallLimits(one(), InstantSource.system());
    var place = only.place(ANA);
    assertThat(place.takes(1)).isEmpty();
    var left = new Passage(place, _ -> {}, _ -> {});
    var ended = left.outlived();

    left.answered();
    assertThat(only.place(ANA).takes(1)).isPresent();
    ended.run();
    assertThat(only.place(ANA).takes(1)).isEmpty();
  }

  private static GatewayLimits.Shares one() {
    return new GatewayLimits.Shares(600, 300, 1_000, 1, 16, 1_000);
  }

  @Test
  @DisplayName("A part that joins when the whole is cut off, or over, ends as well")
  void parts() {
    passage.now();
    var part = passage();
    passage.carries(part);
    assertThat(part.isCut()).isTrue();

    passage.abandoned();
    var late = passage();
    passage.carries(late);
    assertThat(late.isUnwanted()).isTrue();
  }
}
