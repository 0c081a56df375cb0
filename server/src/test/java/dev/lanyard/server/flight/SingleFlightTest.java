package dev.lanyard.server.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.flight.SingleFlight.Landed;
import dev.lanyard.server.pair.Meanwhile;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What many want at once is got by one of them")
class SingleFlightTest {
  private final SingleFlight<String, String> flights = new SingleFlight<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger times = new AtomicInteger();

  private String slow() {
    times.incrementAndGet();
    begun.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return "got";
  }

  /// Somebody who waits for another by now.
  private static <T> Meanwhile<T> waiting(Callable<T> what) throws Exception {
    var thread = new AtomicReference<Thread>();
    var waiting =
        Meanwhile.does(() -> {
          thread.set(Thread.currentThread());
          return what.call();
        });
    waiting.until(() -> thread.get() != null && thread.get().getState() == Thread.State.WAITING);
    return waiting;
  }

  @Test
  @DisplayName("Whoever wants the same waits for it, and knows that another has got it")
  void same() throws Exception {
    var first = Meanwhile.does(() -> flights.landed("a", this::slow));
    begun.await();
    var second = waiting(() -> flights.landed("a", this::slow));
    release.countDown();

    assertThat(first.outcome()).isEqualTo(new Landed<>("got", true));
    assertThat(second.outcome()).isEqualTo(new Landed<>("got", false));
    assertThat(times).hasValue(1);
  }

  @Test
  @DisplayName("Whoever wants something else does not wait")
  void other() throws Exception {
    var first = Meanwhile.does(() -> flights.of("a", this::slow));
    begun.await();

    assertThat(flights.of("b", () -> "at once")).isEqualTo("at once");

    release.countDown();
    assertThat(first.outcome()).isEqualTo("got");
  }

  @Test
  @DisplayName("A fault is one of all who waited, and of nobody who comes later")
  void fault() throws Exception {
    var first =
        Meanwhile.does(() ->
            flights.of(
                "a",
                () -> {
                  slow();
                  throw new IllegalStateException("broken");
                }));
    begun.await();
    var second = waiting(() -> flights.of("a", this::slow));
    release.countDown();

    assertThatThrownBy(first::outcome).hasRootCauseMessage("broken");
    assertThatThrownBy(second::outcome).hasRootCauseMessage("broken");
    assertThat(times).hasValue(1);
    assertThat(flights.of("a", () -> "anew")).isEqualTo("anew");
  }
}
