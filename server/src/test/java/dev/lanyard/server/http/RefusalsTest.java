package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Meanwhile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What is refused before a handler sees it is told, under the id that its sender gets")
class RefusalsTest {
  private static final HttpLimits LIMITS =
      new HttpLimits(
          8 * 1024,
          100,
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1));

  private final LinkedBlockingQueue<Refusals.Refusal> told = new LinkedBlockingQueue<>();
  private final AtomicInteger failed = new AtomicInteger();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private HttpServer server;
  private int port;

  @BeforeEach
  void start() {
    var listener =
        new Listener(
            "main", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty());
    server = HttpServer.bind(List.of(listener), LIMITS);
    server.serve(
        Map.of(
            "main",
            List.of(
                Route.post("/token", Access.CLIENT, _ -> Response.empty(200)).bodyLimit(100),
                Route.get("/slow", Access.PUBLIC, _ -> slow()))),
        new Refusals() {
          @Override
          public void refused(Refusal refusal) {
            told.add(refusal);
          }

          @Override
          public void failed() {
            failed.incrementAndGet();
          }
        });
    port = server.port("main");
  }

  private Response slow() {
    entered.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.empty(200);
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  private Refusals.Refusal next() throws InterruptedException {
    var refusal = told.poll(5, TimeUnit.SECONDS);
    assertThat(refusal).isNotNull();
    assertThat(refusal.source().isLoopbackAddress()).isTrue();
    return refusal;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | request | GET /token HTTP/1.1;Host: x;no colon;;",
        "400 | request | GET /token HTTP/1.1;;",
        "400 | request | nonsense;;",
        "400 | request | POST /token HTTP/1.1;Host: x;Content-Length: 1;Content-Length: 2;;",
        "505 | request | GET /token HTTP/3.7;Host: x;;",
        "400 | request | POST /token HTTP/1.1;Host: x;Transfer-Encoding: gzip, chunked;;",
        "414 | headers | GET /LONG HTTP/1.1;Host: x;;",
        "431 | headers | GET /token HTTP/1.1;Host: x;X-Long: LONG;;",
        "413 | body | POST /token HTTP/1.1;Host: x;Content-Length: 101;;",
        "408 | body | POST /token HTTP/1.1;Host: x;Content-Length: 100;;some"
      })
  void with_an_answer(int status, String check, String sent) throws Exception {
    try (var wire = new Wire(port)) {
      var response =
          wire.bytes(sent.replace(";", "\r\n").replace("LONG", "x".repeat(9000))).oneResponse();

      assertThat(response).startsWith("HTTP/1.1 " + status);
      var refusal = next();
      assertThat(response).contains(refusal.correlationId());
      assertThat(refusal.failed().check()).isEqualTo(check);
    }
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("what it answers by itself and for a reason of ours is counted")
  void of_its_own() throws Exception {
    var others = new ArrayList<Wire>();
    try (var held = new Wire(port)) {
      for (int i = 0; i < 20; i++) {
        others.add(new Wire(port));
      }
      held.lines("GET /slow HTTP/1.1", "Host: x", "");
      entered.await();
      var closing =
          Meanwhile.does(() -> {
            server.close();
            return true;
          });
      assertThat(unavailable(others)).isTrue();
      release.countDown();
      assertThat(closing.outcome()).isTrue();
    } finally {
      for (var other : others) {
        other.close();
      }
    }
    assertThat(failed).hasValue(1);
    assertThat(told).isEmpty();
  }

  /// Whether one of them is told so: some may still have their answer, and are closed after it or
  /// between two.
  private boolean unavailable(List<Wire> others) {
    return others.stream().anyMatch(this::unavailable);
  }

  private boolean unavailable(Wire other) {
    try {
      var answer = "";
      while (!answer.contains("Connection: close")) {
        assertThat(failed).hasValue(0);
        answer = other.lines("GET /nowhere HTTP/1.1", "Host: x", "").oneResponse();
        if (answer.startsWith("HTTP/1.1 503 ")) {
          return true;
        }
      }
    } catch (IOException closed) {
      return false;
    }
    return false;
  }

  @Test
  @DisplayName("a header that does not end in time gets no answer, and is told all the same")
  void without_an_answer() throws Exception {
    try (var wire = new Wire("127.0.0.2", port)) {
      wire.bytes("GET /token HTTP/1.1\r\nHost: x\r\nX-Slow: ");

      assertThat(wire.untilClosed()).isEmpty();
    }
    var refusal = next();
    assertThat(refusal.failed().actual()).isEqualTo("too slow");
    assertThat(refusal.source().getHostAddress()).isEqualTo("127.0.0.2");
    assertThat(told).isEmpty();
  }
}
