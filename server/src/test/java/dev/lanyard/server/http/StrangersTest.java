package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.tracing.Tracer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Somebody who proves nothing can cost us only so much")
class StrangersTest {
  private static final TrustedProxies PROXIES =
      new TrustedProxies(
          Optional.of("X-Forwarded-For"), List.of(TrustedProxies.Network.parse("127.0.0.0/8")));

  private final TestClock clock = new TestClock();
  private final AtomicInteger looked = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private Strangers strangers;
  private HttpServer server;

  @BeforeEach
  void start() {
    serve(PROXIES);
  }

  private void serve(TrustedProxies proxies) {
    strangers = new Strangers(new StrangerLimits(5, 50, 3, proxies), clock);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        HttpServer.bind(
            List.of(new Listener("main", address, Optional.empty())),
            TestLimits.USUAL,
            strangers.proxies(),
            Tracer.OFF);
    server.serve(
        Map.of(
            "main",
            List.of(
                strangers.bounded(Route.post("/door/{name}", Access.PUBLIC, this::door)),
                strangers.bounded(Route.post("/other", Access.PUBLIC, this::door)),
                strangers.bounded(Route.post("/token", Access.CLIENT, this::door)))));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private Response door(Request request) {
    looked.incrementAndGet();
    if (request.header("Genuine").isPresent()) {
      return Response.empty(202);
    }
    if (request.header("Known").isPresent()) {
      return Response.empty(400);
    }
    var _ = strangers.mayRecord(request, "door.refused");
    return Response.empty(401)
        .withHeader("X-Source", request.source().getHostAddress())
        .provedNothing();
  }

  private HttpResponse<String> send(String path, String source, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("main") + path))
            .POST(HttpRequest.BodyPublishers.noBody());
    if (!source.isEmpty()) {
      request.header("X-Forwarded-For", source);
    }
    for (var header : headers) {
      request.header(header, "yes");
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private int status(String path, String source, String... headers) throws Exception {
    return send(path, source, headers).statusCode();
  }

  private void exhaust(String path, String source) throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(status(path, source)).isEqualTo(401);
    }
    assertThat(status(path, source)).isEqualTo(429);
  }

  @Test
  @DisplayName("whoever has failed too often is not looked at, until time has passed")
  void too_often() throws Exception {
    exhaust("/other", "192.0.2.1");
    var answer = send("/other", "192.0.2.1");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After").map(Integer::parseInt).orElseThrow())
        .isBetween(1, 13);
    assertThat(answer.body()).contains("correlation_id");
    assertThat(looked).hasValue(5);
    clock.advance(Duration.ofSeconds(13));
    assertThat(status("/other", "192.0.2.1")).isEqualTo(401);
  }

  @Test
  @DisplayName("a flood keeps nobody out at another address, and nothing at another route")
  void apart() throws Exception {
    exhaust("/door/a", "192.0.2.1");
    assertThat(status("/door/a", "192.0.2.2", "Genuine")).isEqualTo(202);
    assertThat(status("/other", "192.0.2.1", "Genuine")).isEqualTo(202);
    // The names that a stranger makes up are one route.
    assertThat(status("/door/b", "192.0.2.1")).isEqualTo(429);
  }

  @Test
  @DisplayName("success counts nothing, however much of it there is; neither does a known sender's")
  void success_counts_nothing() throws Exception {
    for (int i = 0; i < 200; i++) {
      assertThat(status("/other", "192.0.2.1", "Genuine")).isEqualTo(202);
      assertThat(status("/other", "192.0.2.1", "Known")).isEqualTo(400);
    }
  }

  @Test
  @DisplayName("an address that has proved itself may fail more often, for ten minutes")
  void known_addresses() throws Exception {
    assertThat(status("/other", "192.0.2.1", "Genuine")).isEqualTo(202);
    for (int i = 0; i < 50; i++) {
      assertThat(status("/other", "192.0.2.1")).isEqualTo(401);
    }
    assertThat(status("/other", "192.0.2.1")).isEqualTo(429);
    clock.advance(Duration.ofMinutes(11));
    exhaust("/other", "192.0.2.1");
  }

  @Test
  @DisplayName("where clients prove themselves an office is one address: known, and 503 in the end")
  void clients() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(status("/token", "192.0.2.1", "Genuine")).isEqualTo(202);
      assertThat(status("/token", "192.0.2.1")).isEqualTo(401);
    }
    var answer = send("/token", "192.0.2.1", "Genuine");
    assertThat(answer.statusCode()).as("on 4xx clients throw away a sign-in").isEqualTo(503);
    assertThat(answer.body()).contains("temporarily_unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  @DisplayName("many at once do not get past it for long, and leave no debt")
  void many_at_once() throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      var calls =
          IntStream.range(0, 300)
              .<Callable<Integer>>mapToObj(_ -> () -> status("/other", "192.0.2.1"))
              .toList();
      var statuses = new HashMap<Integer, Integer>();
      for (var call : threads.invokeAll(calls)) {
        statuses.merge(call.get(), 1, Integer::sum);
      }
      assertThat(statuses.get(401)).isBetween(5, 5 + 16);
      assertThat(statuses.get(429)).isGreaterThan(250);
    }
    clock.advance(Duration.ofSeconds(13));
    assertThat(status("/other", "192.0.2.1")).isEqualTo(401);
  }

  @Test
  @DisplayName("what leaves no record of its own is summed up: how many, from where, at what")
  void summed_up() throws Exception {
    exhaust("/other", "192.0.2.1");
    exhaust("/other", "192.0.2.2");
    var summary = strangers.take().orElseThrow();
    assertThat(summary.turnedAway()).isEqualTo(Map.of("/other", 2L));
    assertThat(summary.unrecorded()).isEqualTo(Map.of("door.refused", 7L));
    assertThat(summary.sources().keySet()).containsExactly("192.0.2.1", "192.0.2.2");
    assertThat(summary.count()).isEqualTo(9);
    assertThat(strangers.take()).isEmpty();
  }

  @Test
  @DisplayName("one network that floods us leaves half of the records to others, a tenth each")
  void records_of_others() {
    var many = new Strangers(new StrangerLimits(5, 50, 40, PROXIES), clock);
    assertThat(recorded(many, "2001:db8::%x", 100)).isEqualTo(20);
    assertThat(recorded(many, "192.0.2.1", 100)).isEqualTo(4);
    assertThat(recorded(many, "192.0.2.2", 100)).isEqualTo(4);
    assertThat(many.take().orElseThrow().count()).isEqualTo(272);
    clock.advance(Duration.ofMinutes(1));
    assertThat(recorded(many, "192.0.2.1", 100)).isEqualTo(20);
  }

  private static long recorded(Strangers strangers, String address, int times) {
    return IntStream.range(0, times)
        .mapToObj(i -> InetAddress.ofLiteral(address.formatted(i)))
        .filter(source -> strangers.mayRecord(source, "door.refused"))
        .count();
  }

  @Test
  @DisplayName("from more addresses than anybody has, what is kept stays small")
  void many_addresses() throws Exception {
    for (int i = 0; i < 1200; i++) {
      status("/other", "10.1." + i / 200 + "." + i % 200);
    }
    var summary = strangers.take().orElseThrow();
    assertThat(summary.sources()).hasSize(1001).containsKey("others");
    assertThat(summary.count()).isEqualTo(1197);
  }

  @Nested
  @DisplayName("From where a request comes")
  class Sources {
    private String source(String... chain) throws Exception {
      // What went before from the same address does not count here.
      clock.advance(Duration.ofMinutes(1));
      return send("/other", String.join(", ", chain))
          .headers()
          .firstValue("X-Source")
          .orElseThrow();
    }

    @Test
    void is_what_the_last_proxy_says() throws Exception {
      assertThat(source("192.0.2.9")).isEqualTo("192.0.2.9");
      assertThat(source("203.0.113.66", "192.0.2.9"))
          .as("what the sender made up")
          .isEqualTo("192.0.2.9");
      assertThat(source("192.0.2.9", "127.0.0.7")).as("two proxies").isEqualTo("192.0.2.9");
    }

    @ParameterizedTest
    @CsvSource({
      "192.0.2.9:51234, 192.0.2.9",
      "[2001:db8::9]:443, 2001:db8:0:0:0:0:0:9",
      "[2001:db8::9], 2001:db8:0:0:0:0:0:9"
    })
    @DisplayName("is what it says also where it writes the port")
    void with_a_port(String said, String address) throws Exception {
      assertThat(source(said)).isEqualTo(address);
    }

    @Test
    @DisplayName("is not taken from Forwarded: that is said at the start")
    void forwarded() {
      assertThatThrownBy(() -> new TrustedProxies(Optional.of("forwarded"), PROXIES.networks()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("X-Forwarded-For");
    }

    @Test
    void is_never_a_name_or_rubbish() throws Exception {
      for (var rubbish : List.of("localhost", "evil.example", "192.0.2", "1", "[::1", "unknown")) {
        assertThat(source("203.0.113.66", rubbish)).isEqualTo("127.0.0.1");
      }
      var long_ =
          IntStream.range(0, 500).mapToObj(_ -> "127.0.0.9").collect(Collectors.joining(","));
      assertThat(source(long_)).isEqualTo("127.0.0.9");
    }

    @Test
    @DisplayName("does not change with the header where no proxy is trusted: no limit is evaded")
    void without_proxies() throws Exception {
      server.close();
      serve(TrustedProxies.NONE);
      for (int i = 0; i < 5; i++) {
        assertThat(status("/other", "192.0.2." + i)).isEqualTo(401);
      }
      assertThat(status("/other", "192.0.2.77")).isEqualTo(429);
    }

    @Test
    @DisplayName("does not count each of the addresses of IPv6 that one sender has")
    void one_network_of_ipv6() throws Exception {
      for (int i = 0; i < 5; i++) {
        assertThat(status("/other", "2001:db8:1:2::" + i)).isEqualTo(401);
      }
      assertThat(status("/other", "2001:db8:1:2:ffff::1")).isEqualTo(429);
      assertThat(status("/other", "2001:db8:1:3::1")).isEqualTo(401);
    }
  }

  @Test
  void a_configuration_that_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> new StrangerLimits(0, 1, 1, TrustedProxies.NONE))
        .hasMessageContaining("failures_per_minute");
    assertThatThrownBy(() -> new StrangerLimits(10, 5, 1, TrustedProxies.NONE))
        .hasMessageContaining("known_failures_per_minute");
    assertThatThrownBy(() -> new TrustedProxies(Optional.of("X"), List.of()))
        .hasMessageContaining("trusted_proxies");
    assertThatThrownBy(() -> new TrustedProxies(Optional.empty(), PROXIES.networks()))
        .hasMessageContaining("address_header");
    for (var bad :
        List.of("10.0.0.0/33", "10.0.0.0/x", "proxy.example", "10.0.0.0/8/8", "::/129")) {
      assertThatThrownBy(() -> TrustedProxies.Network.parse(bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
