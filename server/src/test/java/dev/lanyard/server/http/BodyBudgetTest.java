package dev.lanyard.server.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.tracing.Tracer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("All request bodies share one memory")
class BodyBudgetTest {
  private static final int KIB = 1024;
  private static final HttpLimits LIMITS =
      new HttpLimits(
          8 * KIB,
          200,
          Duration.ofSeconds(5),
          Duration.ofSeconds(4),
          10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          TestLimits.PARTING);

  private static final TrustedProxies BEHIND_US =
      new TrustedProxies(
          Optional.of("X-Forwarded-For"), List.of(TrustedProxies.Network.parse("127.0.0.0/8")));

  private final BodyBudget bodies = new BodyBudget(800 * KIB);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<Refusals.Refusal> refusals = new ConcurrentLinkedQueue<>();
  private final List<Wire> wires = new ArrayList<>();
  private HttpServer server;
  private int port;

  @BeforeEach
  void start() {
    var listener =
        new Listener(
            "main", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty());
    server = HttpServer.bind(List.of(listener), LIMITS, BEHIND_US, Tracer.OFF, bodies);
    server.serve(
        Map.of(
            "main",
            List.of(
                Route.post("/token", Access.CLIENT, BodyBudgetTest::length),
                Route.post("/large", Access.BEARER, BodyBudgetTest::length).bodyLimit(2000 * KIB),
                Route.post("/bug", Access.CLIENT, _ -> bug()),
                Route.post("/slow", Access.CLIENT, _ -> slow()))),
        refusals::add);
    port = server.port("main");
  }

  private static Response length(Request request) {
    return Response.text(200, Integer.toString(request.body().length));
  }

  private static Response bug() {
    throw new IllegalStateException("a bug");
  }

  private Response slow() {
    entered.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.text(200, "finished");
  }

  @AfterEach
  void stop() throws IOException {
    release.countDown();
    for (var wire : wires) {
      wire.close();
    }
    server.close();
  }

  /// Announces a body and sends some of it.
  private Wire begun(String path, int declared, int sent) throws IOException {
    return begun("192.0.2.1", path, declared, sent);
  }

  /// The same, somewhere else.
  private Wire begun(String address, String path, int declared, int sent) throws IOException {
    var wire = new Wire(port);
    wires.add(wire);
    return wire.lines(
            "POST " + path + " HTTP/1.1",
            "Host: x",
            "X-Forwarded-For: " + address,
            "Content-Length: " + declared,
            "")
        .bytes("x".repeat(sent));
  }

  private String whole(String path, int length) throws IOException {
    try (var wire = new Wire(port)) {
      return wire.lines(
              "POST " + path + " HTTP/1.1",
              "Host: x",
              "Connection: close",
              "Content-Length: " + length,
              "",
              "x".repeat(length))
          .untilClosed();
    }
  }

  private void nothingIsTaken() {
    Soon.until(() -> bodies.used() == 0);
  }

  @Test
  void of_many_that_stop_halfway_some_are_503_and_a_request_for_a_token_is_answered()
      throws Exception {
    for (int i = 0; i < 40; i++) {
      begun("/token", 63 * KIB, 50 * KIB);
    }
    Soon.until(() -> bodies.refused() > 0);

    var refused = "";
    for (var wire : wires) {
      if (refused.isEmpty() && wire.hasAnswer()) {
        refused = wire.oneResponse();
      }
    }
    assertThat(refused)
        .startsWith("HTTP/1.1 503 ")
        .contains("Retry-After: 5")
        .contains("Connection: close")
        .contains("temporarily_unavailable");
    assertThat(refusals).isNotEmpty().allMatch(one -> one.failed().check().equals("body"));
    assertThat(bodies.used()).isPositive().isLessThanOrEqualTo(700 * KIB);
    assertThat(whole("/token", 200)).startsWith("HTTP/1.1 200 ");

    for (var wire : wires) {
      wire.close();
    }
    nothingIsTaken();
  }

  @Test
  @DisplayName("however much one address begins and does not end, another one is served")
  void one_address_leaves_room_for_others() throws Exception {
    for (int i = 0; i < 40; i++) {
      begun("2001:db8::" + i, "/token", 63 * KIB, 50 * KIB);
    }
    Soon.until(() -> bodies.refused() > 0);
    assertThat(bodies.used()).as("two thirds of 700 KiB").isLessThanOrEqualTo(467 * KIB);

    for (var path : List.of("/token", "/large")) {
      assertThat(
              begun("2001:db8:0:1::1", path, 60 * KIB, 40 * KIB)
                  .bytes("x".repeat(20 * KIB))
                  .oneResponse())
          .as(path)
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  @DisplayName("however many networks do, there is something left for one more")
  void many_networks_leave_room_for_others() throws Exception {
    for (int i = 0; i < 60; i++) {
      begun("192.0.2." + i % 4, "/token", 63 * KIB, 30 * KIB);
    }
    Soon.until(() -> bodies.refused() > 8);
    assertThat(bodies.used()).isBetween(500L * KIB, 700L * KIB - 32 * KIB);

    assertThat(
            begun("198.51.100.1", "/token", 30 * KIB, 20 * KIB)
                .bytes("x".repeat(10 * KIB))
                .oneResponse())
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  @DisplayName("behind one address an office of many is served, each body whole")
  void an_office() throws Exception {
    for (int i = 0; i < 10; i++) {
      begun("/token", 63 * KIB, 40 * KIB);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(begun("/token", 5 * KIB, 5 * KIB).oneResponse()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void large_ones_leave_room_for_small_ones_in_pieces() throws Exception {
    begun("/large", 390 * KIB, 380 * KIB);
    Soon.until(() -> bodies.used() >= 380 * KIB);
    begun("198.51.100.1", "/large", 140 * KIB, 130 * KIB);
    Soon.until(() -> bodies.used() >= 510 * KIB);

    assertThat(begun("198.51.100.1", "/large", 200 * KIB, 199 * KIB).oneResponse())
        .startsWith("HTTP/1.1 503 ");
    assertThat(
            begun("203.0.113.1", "/token", 60 * KIB, 40 * KIB)
                .bytes("x".repeat(20 * KIB))
                .oneResponse())
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void what_can_never_fit_is_413() throws Exception {
    assertThat(begun("/large", 401 * KIB, 0).oneResponse())
        .startsWith("HTTP/1.1 413 ")
        .contains("larger than " + 400 * KIB + " bytes");
    assertThat(whole("/large", 400 * KIB)).startsWith("HTTP/1.1 200 ");
    nothingIsTaken();
  }

  @Test
  void what_comes_byte_by_byte_is_read_whole() throws Exception {
    var wire = begun("/token", 100, 0);
    for (int i = 0; i < 100; i++) {
      wire.bytes("x");
    }
    assertThat(wire.oneResponse()).startsWith("HTTP/1.1 200 ").endsWith("100");
    nothingIsTaken();
  }

  @Test
  void an_announced_length_takes_nothing_before_it_comes() throws Exception {
    begun("/large", 390 * KIB, 1);
    Soon.until(() -> bodies.used() > 0);

    assertThat(bodies.used()).isLessThan(KIB);
  }

  @Test
  void it_counts_while_it_is_handled_and_no_longer() throws Exception {
    var wire = begun("/slow", 10 * KIB, 10 * KIB);
    assertThat(entered.await(5, SECONDS)).isTrue();
    assertThat(bodies.used()).isBetween(10L * KIB, 20L * KIB);

    release.countDown();
    assertThat(wire.oneResponse()).startsWith("HTTP/1.1 200 ");
    nothingIsTaken();
  }

  @Test
  void it_is_given_back_after_a_fault_a_timeout_and_what_is_too_large() throws Exception {
    assertThat(whole("/bug", 1000)).startsWith("HTTP/1.1 500 ");
    nothingIsTaken();
    try (var wire = new Wire(port)) {
      var chunk = "8000\r\n" + "x".repeat(32 * KIB) + "\r\n";
      wire.lines("POST /token HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "")
          .bytes(chunk + chunk + chunk);
      assertThat(wire.oneResponse()).startsWith("HTTP/1.1 413 ");
    }
    nothingIsTaken();
    var slow = begun("/token", 1000, 500);
    Soon.until(() -> bodies.used() > 0);
    assertThat(slow.oneResponse()).startsWith("HTTP/1.1 408 ");
    nothingIsTaken();
  }
}
