package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.Restraint;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("AUD-3: whatever the gateway refuses, and whatever servers do wrong, is in the record")
class GatewayRefusalsTest {
  private static final GatewayLimits LIMITS =
      new GatewayLimits(
          new GatewayLimits.Sizes(2_000, 1_000, 5_000),
          new GatewayLimits.Shares(300, 300, Integer.MAX_VALUE, 20, 20, 1_000),
          new GatewayLimits.Patience(Duration.ofSeconds(3)),
          new GatewayLimits.Failures(50, Duration.ofSeconds(10)));

  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;
  private String token;
  private final CountDownLatch over = new CountDownLatch(1);

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    fronted = Fronted.start(pair, folder, Fronted.With.USUAL.limits(LIMITS));
    token = fronted.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    over.countDown();
    fronted.close();
    pair.close();
  }

  private AuditRecord only(String type) {
    var all = fronted.recorded(type);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /// What is written without anybody waiting for it.
  private AuditRecord soon(String type) {
    Soon.until(type + " is recorded", () -> !fronted.recorded(type).isEmpty());
    return only(type);
  }

  private void refused(String check, String actual) {
    var event = only("gateway.refused").event();
    assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(event.person()).isPresent();
    assertThat(event.client()).isPresent();
    assertThat(event.evidence().toJson())
        .contains("\"check\":\"" + check + "\"", "\"connector\":\"linear\"", actual)
        .doesNotContain("a secret");
    assertThat(fronted.upstream.count()).isZero();
  }

  @Nested
  @DisplayName("A request that")
  class Requests {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{'jsonrpc':'2.0','id':1,'id':2,'method':'ping'}|names a member twice",
          "{'jsonrpc':'2.0','id':1,'Method':'x','method':'ping'}|some read as",
          "{'jsonrpc':'2.0','id':1,'method':'ping'|not well-formed JSON",
          "[]|1 to 100 messages",
          "{'id':1,'method':'ping'}|jsonrpc"
        })
    @DisplayName("could be read in two ways, or in none")
    void body(String text, String why) {
      var answer = fronted.post(token, text.replace('\'', '"'));

      assertThat(answer.status()).isEqualTo(400);
      assertThat(only("gateway.refused").event().correlationId())
          .isEqualTo(answer.header("Lanyard-Correlation-Id").orElseThrow());
      refused("body", why);
    }

    @Test
    @DisplayName("is of a revision that nobody knows")
    void revision() {
      var answer = fronted.post(token, call("list_issues"), "MCP-Protocol-Version", "2031-01-01");

      assertThat(answer.status()).isEqualTo(400);
      refused("revision", "2031-01-01");
    }

    @Test
    @DisplayName("is no JSON")
    void type() {
      var headers = Fronted.headers(token, "2025-11-25");

      var answer = Http.post(fronted.url(), "text/plain", call("list_issues"), headers);

      assertThat(answer.status()).isEqualTo(415);
      refused("content type", "text/plain");
    }

    @Test
    @DisplayName("is a batch in a revision without")
    void batch() {
      var answer = fronted.post(token, "[" + call("list_issues") + "]");

      assertThat(answer.status()).isEqualTo(400);
      refused("batch", "several");
    }

    @Test
    @DisplayName("asks for a method that nobody knows")
    void method() {
      assertThat(fronted.post(token, request("elicitation/create")).body()).contains("-32601");
      refused("method", "elicitation/create");
    }

    @Test
    @DisplayName("asks without an id, so that nobody would have to answer")
    void no_id() {
      var message = call("list_issues").replace("\"id\":1,", "");

      assertThat(fronted.post(token, message).status()).isEqualTo(400);
      refused("id", "tools/call");
    }

    @Test
    @DisplayName("names nothing")
    void params() {
      assertThat(fronted.post(token, request("tools/call")).body()).contains("-32602");
      refused("params", "absent");
    }

    @Test
    @DisplayName(
        "wants a stream, or an end, that there is not in its revision or without a session")
    void streams() {
      assertThat(Http.get(fronted.url(), Fronted.headers(token, "2026-07-28")).status())
          .isEqualTo(405);
      refused("method", "GET");
    }
  }

  @Nested
  @DisplayName("A call is recorded as passed on when it is, and not before")
  class PassedOn {
    private void onlyRefused(int times) {
      var calls = fronted.recorded("gateway.call");
      assertThat(calls).hasSize(times);
      assertThat(calls).allMatch(one -> one.event().outcome() == Outcome.REFUSED);
      assertThat(calls)
          .anyMatch(one -> one.event().evidence().toJson().contains("\"tool\":\"list_issues\""));
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("not where another message of its batch is refused")
    void batch() {
      var batch =
          "["
              + call("list_issues")
              + ","
              + call("read_salaries").replace("\"id\":1", "\"id\":2")
              + "]";

      var answer = fronted.post(token, batch, "MCP-Protocol-Version", "2025-03-26");

      assertThat(answer.body()).contains("another message of its batch");
      onlyRefused(2);
    }

    @Test
    @DisplayName("not where there are no credentials for its server")
    void credentials() {
      for (var shown :
          List.of(
              new Presented.Missing("Connect first."),
              new Presented.StepUp(Optional.of(Duration.ofMinutes(1)), List.of()),
              new Presented.Unavailable("nobody answers"))) {
        fronted.close();
        fronted = Fronted.start(pair, folder, Fronted.With.USUAL.credentials((_, _, _) -> shown));
        var _ = fronted.post(token, call("list_issues"));
      }
      onlyRefused(3);
    }

    @Test
    @DisplayName("not where its server is left alone")
    void left_alone() {
      fronted.close();
      fronted = Fronted.start(pair, folder);
      fronted.upstream.answers((_, wire) -> wire.raw("?"));
      IntStream.range(0, 5).forEach(_ -> fronted.post(token, call("list_issues")));

      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(503);

      assertThat(fronted.recorded("gateway.call")).hasSize(5);
      assertThat(only("gateway.refused").event().evidence().toJson()).contains("left alone");
    }
  }

  @Test
  @DisplayName("one caller cannot fill the record: how many were left out is in it")
  void bounded() {
    IntStream.range(0, 50).forEach(_ -> fronted.post(token, "{"));

    assertThat(fronted.recorded("gateway.refused")).hasSize(Restraint.A_MINUTE);
    var bob = fronted.token("bob", "engineering");
    var _ = fronted.post(bob, "{");
    assertThat(fronted.recorded("gateway.refused"))
        .as("somebody else's is seen")
        .hasSize(Restraint.A_MINUTE + 1);

    pair.clock.advance(Duration.ofMinutes(1));
    var _ = fronted.post(token, "{");
    Soon.until("the next one, or the gateway itself, says what is left out", this::isLeftOutSaid);
  }

  private boolean isLeftOutSaid() {
    return fronted.recorded("gateway.refused").stream()
        .anyMatch(one -> one.event().evidence().toJson().contains("\"unrecorded\":30"));
  }

  @Test
  @DisplayName(
      "what was left out is in the record also if nobody comes again, and the gateway ends")
  void bounded_at_the_end() {
    IntStream.range(0, 25).forEach(_ -> fronted.post(token, "{"));

    fronted.close();

    assertThat(fronted.recorded("gateway.refused")).hasSize(Restraint.A_MINUTE + 1);
    assertThat(fronted.recorded("gateway.refused").getLast().event().evidence().toJson())
        .contains("\"unrecorded\":5");
    fronted = Fronted.start(pair, folder, Fronted.With.USUAL.limits(LIMITS));
  }

  @Nested
  @DisplayName("A server that")
  class Servers {
    private void answers(Upstream.Script script) {
      fronted.upstream.answers(script);
      try {
        var _ = fronted.post(token, call("list_issues"));
      } catch (UncheckedIOException e) {
        // Cut off, as it should be.
      }
    }

    private void broken(String what) {
      var event = soon("gateway.broken").event();
      assertThat(event.outcome()).isEqualTo(Outcome.FAULT);
      assertThat(event.person()).isPresent();
      assertThat(event.evidence().toJson())
          .contains("\"check\":\"upstream\"", "\"connector\":\"linear\"", what)
          .doesNotContain("a secret");
    }

    @Test
    @DisplayName("redirects")
    void redirects() {
      answers((_, wire) -> wire.head(302, "Location: http://127.0.0.1:1/", "Content-Length: 0"));
      broken("answered with a redirect: status 302");
    }

    @Test
    @DisplayName("does not take our credentials")
    void unauthorized() {
      answers((_, wire) -> wire.head(401, "Content-Length: 0"));
      broken("does not accept the gateway's credentials");
    }

    @Test
    @DisplayName("answers in an encoding")
    void encoded() {
      answers((_, wire) -> wire.json("{}", "Content-Encoding: gzip"));
      broken("answered in an encoding nobody asked for");
    }

    @Test
    @DisplayName("answers what could be read in two ways")
    void ambiguous() {
      answers((_, wire) -> {
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"result\":{}}");
      });
      broken("cannot be judged");
    }

    @Test
    @DisplayName("dies in mid-stream")
    void dies() {
      answers((_, wire) -> {
        wire.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
        wire.raw("c\r\ndata: {}\n\nda\r\n");
      });
      broken("broken off");
    }

    @Test
    @DisplayName("sends an event that never ends")
    void endless() {
      answers((_, wire) -> {
        wire.events();
        while (over.getCount() > 0) {
          wire.raw("data: " + "x".repeat(500) + "\n");
        }
      });
      broken("larger than 1000 bytes");
    }

    @Test
    @DisplayName("begins an answer and never ends it")
    void late() {
      answers((_, wire) -> {
        wire.head(200, "Content-Type: application/json");
        wire.raw("{\"jsonrpc\":");
        over.await();
      });
      broken("did not end in time");
    }

    @Test
    @DisplayName("is broken always cannot fill the record")
    void bounded() {
      fronted.upstream.answers((_, wire) -> wire.head(302, "Content-Length: 0"));
      IntStream.range(0, 40).forEach(_ -> fronted.post(token, request("ping")));

      assertThat(fronted.recorded("gateway.broken")).hasSize(Restraint.A_MINUTE);
    }

    @Test
    @DisplayName("refuses a request, as servers may, has done nothing wrong")
    void refuses() {
      answers((_, wire) -> wire.head(404, "Content-Length: 0"));
      assertThat(fronted.recorded("gateway.broken")).isEmpty();
    }

    @Test
    @DisplayName("is cut off because the token died has done nothing wrong")
    void cut() {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        over.await();
      });
      try (var stream = Streams.open(fronted, token)) {
        stream.await("text/event-stream");
        pair.clock.advance(Duration.ofHours(2));
        assertThat(soon("gateway.cut")).isNotNull();
      }
      assertThat(fronted.recorded("gateway.broken")).isEmpty();
    }
  }

  @Test
  @DisplayName("an answer with a made-up id at an aggregate")
  void made_up() {
    fronted.close();
    try (var gathered = new Gathered(pair, folder)) {
      var alice = gathered.token("alice", "engineering");
      var session = gathered.initialize(alice).header("Mcp-Session-Id").orElseThrow();

      var answer =
          gathered.post(alice, session, "{\"jsonrpc\":\"2.0\",\"id\":\"made-up\",\"result\":{}}");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(gathered.recorded("gateway.refused").getLast().event().evidence().toJson())
          .contains("\"check\":\"answer\"", "\"connector\":\"all\"");
    }
    fronted = Fronted.start(pair, folder, Fronted.With.USUAL.limits(LIMITS));
  }
}
