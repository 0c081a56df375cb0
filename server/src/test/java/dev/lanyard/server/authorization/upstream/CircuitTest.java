package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.server.pair.Soon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Calls to one provider: 32 at once")
class CircuitTest {
  private static final int MOST = 32;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Circuit circuit =
      new Circuit(
          new EgressClient(EgressPolicy.strict().exposingLoopback()), InstantSource.system());
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger highest = new AtomicInteger();
  private final CountDownLatch answers = new CountDownLatch(1);
  private HttpServer provider;

  @BeforeEach
  void start() throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.setExecutor(threads);
    provider.createContext(
        "/",
        exchange -> {
          highest.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          try {
            if (exchange.getRequestURI().getPath().equals("/hangs")) {
              answers.await();
            }
            Thread.sleep(200);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          // Before the answer: whoever has it makes room for the next.
          atOnce.decrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    provider.start();
  }

  @AfterEach
  void stop() {
    answers.countDown();
    provider.stop(0);
    threads.close();
  }

  private List<Future<EgressResult>> calls(String path, int many) {
    var url = URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + path);
    var all = new ArrayList<Future<EgressResult>>();
    for (int i = 0; i < many; i++) {
      all.add(threads.submit(() -> circuit.send(EgressRequest.get(url))));
    }
    return all;
  }

  @Test
  @DisplayName("of many who come together everybody gets through, in their turn")
  void turns() throws Exception {
    for (var call : calls("/", 3 * MOST)) {
      assertThat(call.get()).isInstanceOf(EgressResult.Answered.class);
    }
    assertThat(highest).hasValueLessThanOrEqualTo(MOST);
  }

  @Test
  @DisplayName("where nobody is answered, whoever comes after them waits a moment and is told")
  void no_turn() throws Exception {
    var waiting = calls("/hangs", MOST);
    Soon.until(() -> atOnce.get() >= MOST);

    for (var call : calls("/", 3)) {
      assertThat(call.get())
          .isEqualTo(new EgressResult.Failed("32 calls are waiting for it already"));
    }
    answers.countDown();
    for (var call : waiting) {
      assertThat(call.get()).isInstanceOf(EgressResult.Answered.class);
    }
    assertThat(calls("/", 1).getFirst().get()).isInstanceOf(EgressResult.Answered.class);
  }
}
