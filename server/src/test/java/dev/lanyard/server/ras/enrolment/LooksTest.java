package dev.lanyard.server.ras.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.Issuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SEC-6: a page waits for no issuer that does not answer, and asks it once")
class LooksTest {
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer silent;

  @BeforeEach
  void start() throws IOException {
    silent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    silent.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    silent.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          try {
            end.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    silent.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    silent.stop(0);
  }

  @Test
  void all_at_once_and_no_longer_than_a_page_takes() {
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var clock = InstantSource.system();
    var looks =
        new Looks(
            new Surroundings(egress, Surroundings.DomainDocuments.AT_THE_DOMAIN, clock), clock);
    var issuers =
        IntStream.range(0, 5)
            .mapToObj(
                i -> new Issuer("http://127.0.0.1:" + silent.getAddress().getPort() + "/t-" + i))
            .toList();
    long began = System.nanoTime();
    assertThat(looks.at(issuers)).isEmpty();
    assertThat(looks.at(List.of(issuers.getFirst()))).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(asked).as("each is asked by one look").hasValueLessThanOrEqualTo(5);
    end.countDown();
    var known = looks.at(issuers);
    assertThat(known).hasSize(5);
    assertThat(known.values()).allMatch(one -> one.seen() instanceof Seen.Hidden);
    int soFar = asked.get();
    assertThat(looks.at(issuers)).hasSize(5);
    assertThat(asked).as("what was seen is kept").hasValue(soFar);
  }
}
