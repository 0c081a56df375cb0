package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Calls of one tool by one person that are under way at once")
class GatewayToolsAtOnceTest {
  /// One of each tool.
  private static final GatewayLimits ONE =
      new GatewayLimits(
          new GatewayLimits.Sizes(2_000, 1_000, 5_000),
          new GatewayLimits.Shares(1_000, 1_000, Integer.MAX_VALUE, 8, 1, 1_000),
          new GatewayLimits.Patience(Duration.ofSeconds(3)),
          new GatewayLimits.Failures(50, Duration.ofSeconds(10)));

  private static final String HELD = call("list_issues").replace("a secret", "hold");
  private static final String MESSAGE =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}";
  private static final String RESULT = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;
  private String token;
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile Upstream.Script held =
      (_, wire) -> {
        wire.events();
        wire.event(MESSAGE);
        goOn.await();
        wire.event(RESULT);
      };

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    var own = new Front.Bounds(Set.of(), ScopeCoverage.EXACT, Optional.of(ONE));
    fronted = Fronted.start(pair, folder, Fronted.With.USUAL.bounds(own));
    token = fronted.token("alice", "engineering");
    fronted.upstream.answers((seen, wire) -> {
      if (seen.body().contains("hold")) {
        held.answer(seen, wire);
      } else if (seen.body().startsWith("[")) {
        wire.json("[" + RESULT + "," + RESULT.replace("1,", "2,") + "]");
      } else if (seen.body().contains("initialize")) {
        wire.json(RESULT, "Mcp-Session-Id: s-1");
      } else if (seen.body().contains("notifications/")) {
        wire.head(202, "Content-Length: 0");
      } else {
        wire.json(RESULT);
      }
    });
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    fronted.close();
    pair.close();
  }

  private Streams posted() {
    var headers = Fronted.headers(token, "2025-11-25");
    headers.put("Mcp-Session-Id", "s-1");
    return Streams.posted(fronted.port(), headers, HELD);
  }

  private Streams hold() {
    var stream = posted();
    assertThat(fronted.upstream.next().body()).contains("hold");
    return stream;
  }

  private void assertRefused(Answer answer) {
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(answer.body())
        .contains("\"id\":1", "\"code\":429", "too many calls of 'list_issues' under way");
  }

  @Test
  @DisplayName("are bounded, and nobody else and no other tool is")
  void bounded() {
    opensSession();
    try (var stream = hold()) {
      stream.await("notifications/message");

      assertRefused(fronted.post(token, call("list_issues")));

      assertThat(fronted.upstream.count()).isZero();
      var refused = fronted.recorded(CallRecord.CALL).getLast().event();
      assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(refused.evidence().toJson())
          .contains("\"check\":\"calls_of_one_tool_at_once\"", "\"tool\":\"list_issues\"");
      assertThat(fronted.post(token, call("count_issues")).status()).isEqualTo(200);
      assertThat(fronted.post(fronted.token("bob", "engineering"), call("list_issues")).status())
          .isEqualTo(200);
    }
  }

  @Test
  @DisplayName("are bounded for what an entry with a star means all together")
  void star() {
    opensSession();
    var read =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"docs://%s\"}}";
    var headers = Fronted.headers(token, "2025-11-25");
    try (var stream = Streams.posted(fronted.port(), headers, read.formatted("hold"))) {
      stream.await("notifications/message");
      var answer = fronted.post(token, read.formatted("b"));
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.body()).contains("too many calls of 'docs://b' under way");
    }
  }

  @Test
  @DisplayName("are none of them subscriptions, which go on while what has changed is read")
  void subscriptions() {
    var headers = Fronted.headers(token, "2026-07-28");
    headers.put("Mcp-Method", "subscriptions/listen");
    var listen =
        """
        {"jsonrpc":"2.0","id":1,"method":"subscriptions/listen",\
        "params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"},\
        "notifications":{"resourceSubscriptions":["docs://hold"]}}}\
        """;
    var read =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"docs://b\"}}";
    try (var one = Streams.posted(fronted.port(), headers, listen);
        var other = Streams.posted(fronted.port(), headers, listen)) {
      one.await("notifications/message");
      other.await("notifications/message");
      assertThat(fronted.post(token, read).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("are counted each in a batch, of which all is passed on or nothing")
  void batch() {
    var one = call("list_issues");
    var two = one.replace(":1,", ":2,");
    for (int i = 0; i < 3; i++) {
      var refused = batch(one, two);
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.body())
          .contains("too many calls of 'list_issues' under way", "not carried out");
      assertThat(batch(one, two.replace("list_issues", "count_issues")).body())
          .as("another tool; and the others are over")
          .contains("\"id\":2,\"result\"");
    }
  }

  private Answer batch(String one, String two) {
    var both = "[" + one + "," + two + "]";
    return fronted.post(token, both, "MCP-Protocol-Version", "2025-03-26");
  }

  @Nested
  @DisplayName("give their place back once, however they end")
  class Ended {
    @Test
    void when_the_server_has_answered() throws Exception {
      givesBack(() -> goOn.countDown());
    }

    @Test
    void when_the_client_has_taken_it_back() throws Exception {
      var note =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";
      givesBack(() ->
          assertThat(fronted.post(token, note, "Mcp-Session-Id", "s-1").status()).isEqualTo(202));
    }

    @Test
    void when_the_client_has_gone() throws Exception {
      held =
          (_, wire) -> {
            wire.events();
            while (goOn.getCount() > 0) {
              wire.event(MESSAGE);
              Thread.sleep(20);
            }
          };
      opensSession();
      var stream = hold();
      stream.await("notifications/message");
      assertRefused(fronted.post(token, call("list_issues")));
      stream.close();
      assertGivenBack();
    }

    @Test
    void when_the_server_dies_in_mid_stream() throws Exception {
      held =
          (_, wire) -> {
            wire.events();
            wire.event(MESSAGE);
            goOn.await();
          };
      givesBack(() -> goOn.countDown());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_the_server_falls_silent(boolean begun) throws Exception {
      held =
          (_, wire) -> {
            if (begun) {
              wire.head(200, "Content-Type: application/json", "Content-Length: 500");
              wire.raw("{\"jsonrpc\":");
            }
            goOn.await();
          };
      opensSession();
      try (var _ = hold()) {
        assertRefused(fronted.post(token, call("list_issues")));
        assertGivenBack();
      }
    }

    private void givesBack(Runnable end) throws InterruptedException {
      opensSession();
      try (var stream = hold()) {
        stream.await("notifications/message");
        assertRefused(fronted.post(token, call("list_issues")));
        end.run();
        assertGivenBack();
      }
    }

    /// There is one place again, and not two.
    private void assertGivenBack() throws InterruptedException {
      Soon.until(() -> fronted.post(token, call("list_issues")).status() != 429);
      var again = new CountDownLatch(1);
      held = (_, _) -> again.await();
      while (fronted.upstream.count() > 0) {
        var _ = fronted.upstream.next();
      }
      try (var _ = heldAgain()) {
        assertRefused(fronted.post(token, call("list_issues")));
      } finally {
        again.countDown();
      }
    }

    /// A client may have read an answer a moment before the gateway has done with it.
    private Streams heldAgain() throws InterruptedException {
      for (int tries = 0; tries < 10; tries++) {
        var stream = posted();
        for (int i = 0; i < 20 && fronted.upstream.count() == 0; i++) {
          Thread.sleep(100);
        }
        if (fronted.upstream.count() > 0) {
          return stream;
        }
        stream.close();
      }
      throw new AssertionError("it is never passed on");
    }
  }

  private void opensSession() {
    assertThat(fronted.post(token, request("initialize")).status()).isEqualTo(200);
    var _ = fronted.upstream.next();
  }
}
