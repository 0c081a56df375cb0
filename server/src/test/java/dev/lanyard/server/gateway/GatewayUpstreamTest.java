package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.diagnosis.Diagnostics;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.upstream.Breaker;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Servers behind the gateway that fail or lie, and clients that want too much")
@Tag("thorough")
class GatewayUpstreamTest {
  private static final GatewayLimits SMALL =
      new GatewayLimits(
          new GatewayLimits.Sizes(2_000, 1_000, 5_000),
          new GatewayLimits.Shares(20, 5, 30, 2, 2, 3),
          new GatewayLimits.Patience(Duration.ofSeconds(3)),
          new GatewayLimits.Failures(2, Duration.ofSeconds(10)));

  private static final String LISTEN =
      """
      {"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"_meta":\
      {"io.modelcontextprotocol/protocolVersion":"2026-07-28"},\
      "notifications":{"toolsListChanged":true}}}\
      """;

  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;
  private String token;
  private final CountDownLatch over = new CountDownLatch(1);

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    fronted = Fronted.start(pair, folder, Fronted.With.USUAL.limits(SMALL));
    token = fronted.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    over.countDown();
    fronted.close();
    pair.close();
  }

  private Answer answerTo(String message, Upstream.Script script) {
    fronted.upstream.answers(script);
    return fronted.post(token, message);
  }

  private void broken(Answer answer, String what) {
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body())
        .contains("Linear " + what)
        .contains("\"code\":502")
        .contains(answer.header("Lanyard-Correlation-Id").orElseThrow());
  }

  @Nested
  @DisplayName("A server that")
  class Server {
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    @DisplayName("redirects is not followed (SEC-6)")
    void redirects(int status) {
      broken(
          answerTo(
              call("list_issues"),
              (_, wire) -> wire.head(status, "Location: http://127.0.0.1:1/", "Content-Length: 0")),
          "answered with a redirect");
      assertThat(fronted.upstream.count()).isEqualTo(1);
    }

    @Test
    @DisplayName("refuses our credentials never makes the client ask for others")
    void unauthorized() {
      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) ->
                  wire.head(
                      401,
                      "WWW-Authenticate: Bearer resource_metadata=\"https://evil.example\"",
                      "Content-Length: 0"));

      broken(answer, "does not accept the gateway's credentials");
      assertThat(answer.header("WWW-Authenticate")).isEmpty();
    }

    @Test
    @DisplayName("is down is explained so to an administrator, and accused of nothing (AUD-3)")
    void explained() {
      answerTo(call("list_issues"), (_, wire) -> wire.raw("hello\n\n"));
      assertThat(explanation(CallRecord.BROKEN))
          .contains("fault is the server's, or that of the way to it");
      fronted.post(token, request("sampling/createMessage"));
      assertThat(explanation(CallRecord.REFUSED))
          .as("what its client did wrong is not the server's")
          .contains("The client asked for something that the gateway passes on to no server");
    }

    private String explanation(String type) {
      var event = fronted.recorded(type).getFirst().event();
      var cause = new Diagnostics(new AuditLog(pair.database)).cause(event).orElseThrow();
      return cause.advice().orElseThrow().says();
    }

    @Test
    void answers_in_an_encoding() {
      broken(
          answerTo(request("tools/list"), (_, wire) -> wire.json("{}", "Content-Encoding: gzip")),
          "answered in an encoding nobody asked for");
    }

    @Test
    void answers_with_a_page() {
      broken(
          answerTo(
              call("list_issues"),
              (_, wire) -> wire.head(200, "Content-Type: text/html", "Content-Length: 0")),
          "answered with something else");
    }

    @Test
    @DisplayName("says that it does not serve streams is believed")
    void no_streams() {
      fronted.upstream.answers((_, wire) -> wire.head(405, "Allow: POST", "Content-Length: 0"));

      var answer = Http.get(fronted.url(), Fronted.headers(token, "2025-11-25"));

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).contains("POST");
    }

    @Test
    @DisplayName("is not HTTP")
    void no_http() {
      broken(answerTo(call("list_issues"), (_, wire) -> wire.raw("hello\n\n")), "could not be");
    }

    @Test
    @DisplayName("ends before it has said as much as it promised: a list is not half a list")
    void short_list() {
      broken(
          answerTo(
              request("tools/list"),
              (_, wire) ->
                  wire.raw(
                      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                          + "Content-Length: 500\r\n\r\n{\"jsonrpc\":")),
          "broke off");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"\u0000\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"result\":{}}",
          "null",
          // Whole, but there was to be more.
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}..."
        })
    @DisplayName("answers what cannot be passed on has failed itself, under the caller's id")
    void broken_at_once(String body) {
      var sent = body.replace("...", "");
      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) ->
                  wire.raw(
                      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                          + ("Content-Length: " + body.length() + "\r\n\r\n" + sent)));

      broken(answer, "broke off before it had answered");
      assertThat(answer.body()).contains("\"id\":1", "\"jsonrpc\"");
      assertThat(answer.header("Content-Type")).contains("application/json");
      var id = answer.header("Lanyard-Correlation-Id").orElseThrow();
      Soon.until(
          "the fault is recorded under this id",
          () ->
              fronted.recorded(CallRecord.BROKEN).stream()
                  .anyMatch(one -> one.event().correlationId().equals(id)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          // Half an event.
          "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n",
          "data: null\n\ndata: {}\n\n",
        })
    @DisplayName("ends a stream without the answer: the client is told, and it is recorded")
    void empty_stream(String events) {
      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) -> {
                wire.events();
                wire.raw(events);
              });

      assertThat(answer.body())
          .startsWith("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"error\"")
          .contains("Linear broke off before it had answered")
          .endsWith("\n\n")
          .doesNotContain("null");
      Soon.until("the fault is recorded", () -> fronted.recorded(CallRecord.BROKEN).size() == 1);
    }

    @Test
    @DisplayName("ends its lines with CR alone is heard to its end")
    void carriage_returns() {
      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) -> {
                wire.events();
                wire.raw("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\r\r");
              });

      assertThat(answer.body()).isEqualTo("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\r\r");
    }

    @Test
    @DisplayName("ends a stream that can be resumed leaves it at that: the client resumes")
    void ends_resumably() {
      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) -> {
                wire.events();
                wire.raw("id: 1\ndata:\n\n");
              });

      assertThat(answer.body()).isEqualTo("id: 1\ndata:\n\n");
    }

    @Test
    @DisplayName("ends what only listens has broken nothing off")
    void ends_listening() {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.raw(":\n\n");
      });
      assertThat(fronted.modern(token, LISTEN, "subscriptions/listen", Optional.empty()).body())
          .isEqualTo(":\n\n");
    }

    @Test
    @DisplayName("ends in the middle of an answer: the client is cut off too, not told it is whole")
    void short_answer() {
      assertThat(
              isCut(() ->
                  answerTo(
                      call("list_issues"),
                      (_, wire) ->
                          wire.raw(
                              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                  + "Content-Length: 500\r\n\r\n{\"jsonrpc\":"))))
          .isTrue();
    }

    @Test
    @DisplayName("dies in mid-stream: the client is told")
    void dies() {
      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) -> {
                wire.raw(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n");
                wire.raw("c\r\ndata: {}\n\nda\r\n");
              });

      assertThat(answer.body()).contains("data: {}").contains("Linear broke off before");
      assertThat(answer.body()).endsWith("\n\n").contains("\"id\":1");
    }

    @Test
    @DisplayName("dies in mid-stream that can be resumed: the client resumes by itself")
    void dies_resumably() {
      assertThat(
              isCut(() ->
                  answerTo(
                      call("list_issues"),
                      (_, wire) -> {
                        wire.raw(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n");
                        wire.raw("10\r\nid: 1\ndata: {}\n\n\r\n");
                      })))
          .isTrue();
    }

    @Test
    @DisplayName("sends an event that never ends")
    void endless_event() {
      assertThat(
              answerTo(
                      call("list_issues"),
                      (_, wire) -> {
                        wire.events();
                        while (over.getCount() > 0) {
                          wire.raw("data: " + "x".repeat(500) + "\n");
                        }
                      })
                  .body())
          .contains("Linear broke off before it had answered")
          .doesNotContain("xxx");
    }

    @Test
    @DisplayName("sends more than anybody may")
    void endless_answer() {
      assertThat(
              isCut(() ->
                  answerTo(
                      call("list_issues"),
                      (_, wire) -> {
                        wire.head(200, "Content-Type: application/json");
                        while (over.getCount() > 0) {
                          wire.raw("\"" + "x".repeat(500) + "\"");
                        }
                      })))
          .isTrue();
      broken(
          answerTo(
              request("tools/list"),
              (_, wire) -> {
                wire.head(200, "Content-Type: application/json");
                wire.raw("\"" + "x".repeat(1_500) + "\"");
              }),
          "broke off");
    }

    @Test
    @DisplayName("lists tools so deeply nested that a reader could fall over them")
    void deep_list() {
      var deep = "{\"a\":".repeat(120) + "1" + "}".repeat(120);
      var list =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[{\"name\":\"list_issues\",\"inputSchema\":%s}]}}";
      broken(
          answerTo(request("tools/list"), (_, wire) -> wire.json(list.formatted(deep))),
          "answered what cannot be judged");
    }

    @Test
    @DisplayName("begins an answer and never ends it")
    void never_ends() {
      assertThat(
              isCut(() ->
                  answerTo(
                      call("list_issues"),
                      (_, wire) -> {
                        wire.head(200, "Content-Type: application/json");
                        wire.raw("{\"jsonrpc\":");
                        over.await();
                      })))
          .isTrue();
    }

    @Test
    @DisplayName("answers shortly: the client learns how long the answer is, with its head")
    void told_at_once() {
      var text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

      var answer = answerTo(call("list_issues"), (_, wire) -> wire.json(text));

      assertThat(answer.body()).isEqualTo(text);
      assertThat(answer.header("Content-Length")).contains(Integer.toString(text.length()));
    }

    @Test
    @DisplayName("is not there: the person is told what to do")
    void not_there() {
      fronted.upstream.close();
      var answer = fronted.post(token, call("list_issues"));
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body())
          .contains("Linear could not be reached. Try again in a minute; if it stays so, tell")
          .contains("quote ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
    @DisplayName("says something before its answer is heard to its answer (RFC 9110 §15.2)")
    void interim(String status) {
      var text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) -> {
                wire.raw(("HTTP/1.1 " + status + "\r\nLink: </x>\r\n\r\n").repeat(3));
                wire.json(text);
              });

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(text);
      assertThat(answer.header("Link")).isEmpty();
    }

    @Test
    @DisplayName("says something before its answer without end is given up")
    void interim_without_end() {
      broken(
          answerTo(
              call("list_issues"),
              (_, wire) -> {
                wire.raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(21));
                over.await();
              }),
          "could not be reached");
    }

    @Test
    @DisplayName("is silent: 504, and the request is given up")
    void silent() throws InterruptedException {
      var gone = new CountDownLatch(1);
      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) -> {
                if (wire.isGone()) {
                  gone.countDown();
                }
              });

      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.body())
          .contains("Linear did not answer in time", "look before you try again", "quote ");
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("has failed several times in a row is left alone for a while, and then tried")
    void breaker() {
      for (int i = 0; i < 2; i++) {
        assertThat(answerTo(call("list_issues"), (_, wire) -> wire.raw("?")).status())
            .isEqualTo(502);
      }
      var _ = fronted.upstream.next();
      var _ = fronted.upstream.next();

      var answer =
          answerTo(
              call("list_issues"),
              (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).contains("11");
      assertThat(fronted.upstream.count()).isZero();

      pair.clock.advance(Duration.ofSeconds(11));
      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    @DisplayName("is behind something that cannot reach it is left alone as well")
    void down(int status) {
      for (int i = 0; i < 2; i++) {
        var answer =
            answerTo(call("list_issues"), (_, wire) -> wire.head(status, "Content-Length: 0"));
        assertThat(answer.status()).isEqualTo(status);
      }
      assertThat(fronted.post(token, call("list_issues")).body())
          .contains(
              "does not answer now. Try again in a minute; if it stays so, tell your", "quote ");
      assertThat(fronted.upstream.count()).isEqualTo(2);
    }

    @Test
    @DisplayName("dies in mid-stream each time is left alone, one that dies now and then is not")
    void dies_each_time() {
      Upstream.Script dies =
          (_, wire) -> {
            wire.raw(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n");
            wire.raw("c\r\ndata: {}\n\nda\r\n");
          };
      assertThat(answerTo(call("list_issues"), dies).body()).contains("broke off");
      answerTo(
          call("list_issues"),
          (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
      assertThat(answerTo(call("list_issues"), dies).body()).contains("broke off");
      assertThat(answerTo(call("list_issues"), dies).body()).contains("broke off");

      assertThat(answerTo(call("list_issues"), dies).body()).contains("does not answer now");
      assertThat(fronted.upstream.count()).isEqualTo(4);
    }

    @Test
    @DisplayName("behind a proxy that ends streams on which nothing is said is not left alone")
    void listening_ends() {
      for (int i = 0; i < 3; i++) {
        fronted.upstream.answers((_, wire) -> {
          wire.raw(
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n");
          wire.raw("3\r\n:\n\n\r\n");
        });
        var answer = fronted.modern(token, LISTEN, "subscriptions/listen", Optional.empty());
        assertThat(answer.body()).contains("broke off");
      }

      answerTo(
          call("list_issues"),
          (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
      assertThat(fronted.upstream.count()).isEqualTo(4);
    }

    @Test
    @DisplayName("that begins to answer when it is tried lets the others in; if it dies, they wait")
    void half_open() {
      var breaker = new Breaker(SMALL.failures(), pair.clock);
      breaker.unreachable();
      breaker.unreachable();
      pair.clock.advance(Duration.ofSeconds(11));
      assertThat(breaker.begins("bob")).isEmpty();
      assertThat(breaker.begins("bob")).isPresent();
      breaker.begun();
      assertThat(breaker.begins("bob")).isEmpty();
      breaker.unreachable();
      assertThat(breaker.begins("bob")).isPresent();
    }

    @Test
    @DisplayName("refuses our credentials late, for a stream, is not shown them again")
    void late_unauthorized() throws InterruptedException {
      fronted.close();
      var refused = new CountDownLatch(1);
      fronted =
          Fronted.start(
              pair,
              folder,
              Fronted.With.USUAL
                  .limits(
                      new GatewayLimits(
                          SMALL.sizes(),
                          SMALL.shares(),
                          new GatewayLimits.Patience(
                              Duration.ofSeconds(3),
                              Duration.ofSeconds(10),
                              Duration.ofMillis(200)),
                          SMALL.failures()))
                  .credentials(
                      new UpstreamCredentials() {
                        @Override
                        public Presented of(String connector, Caller caller, Bearing bearing) {
                          return new Presented.With(List.of());
                        }

                        @Override
                        public void refused(String connector, Caller caller, Bearing bearing) {
                          refused.countDown();
                        }
                      }));
      fronted.upstream.answers((_, wire) -> {
        Thread.sleep(1_000);
        wire.head(401, "Content-Length: 0");
      });
      try (var stream = Streams.open(fronted, token, "Connection: close")) {
        assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
        stream.awaitEnd();
      }
    }

    @Test
    @DisplayName("fails at what one person asks is left alone by that person, not by the others")
    void own_failures() {
      var eve = fronted.token("eve", "engineering");
      for (int i = 0; i < 2; i++) {
        assertThat(answerTo(call("list_issues"), (_, wire) -> wire.raw("?")).status())
            .isEqualTo(502);
      }

      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(503);
      fronted.upstream.answers(
          (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
      assertThat(fronted.post(eve, call("list_issues")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName(
        "fails at what several people ask is left alone by all; the last does not try first")
    void several_people() {
      var breaker = new Breaker(SMALL.failures(), pair.clock);
      breaker.failed("bob");
      breaker.failed("eve");
      assertThat(breaker.begins("alice")).contains(Duration.ofSeconds(10));

      pair.clock.advance(Duration.ofSeconds(10));
      assertThat(breaker.begins("eve")).contains(Duration.ofSeconds(10));
      assertThat(breaker.begins("alice")).isEmpty();
      assertThat(breaker.begins("bob")).isPresent();
      breaker.failed("alice");
      pair.clock.advance(Duration.ofSeconds(20));
      assertThat(breaker.begins("alice")).as("if nobody else does").isEmpty();
    }

    @Test
    @DisplayName("is tried by a request that goes there, not by one that is refused")
    void trial() {
      for (int i = 0; i < 2; i++) {
        assertThat(answerTo(call("list_issues"), (_, wire) -> wire.raw("?")).status())
            .isEqualTo(502);
      }
      pair.clock.advance(Duration.ofSeconds(11));

      assertThat(
              answerTo(
                      call("read_salaries"),
                      (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"))
                  .body())
          .contains("is graded confidential");

      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("is not left alone for longer when the clock is set back")
    void set_back() {
      var breaker = new Breaker(SMALL.failures(), pair.clock);
      breaker.unreachable();
      breaker.unreachable();
      pair.clock.advance(Duration.ofHours(-1));
      assertThat(breaker.begins("bob")).contains(Duration.ofSeconds(10));
      pair.clock.advance(Duration.ofSeconds(10));
      assertThat(breaker.begins("bob")).isEmpty();
    }

    @Test
    @DisplayName("is tried by one request at a time")
    void one_trial() {
      var breaker = new Breaker(SMALL.failures(), pair.clock);
      breaker.unreachable();
      breaker.unreachable();
      assertThat(breaker.begins("bob")).contains(Duration.ofSeconds(10));
      pair.clock.advance(Duration.ofSeconds(11));

      assertThat(breaker.closed("bob")).isEmpty();
      assertThat(breaker.closed("bob")).as("only looked").isEmpty();
      assertThat(breaker.begins("bob")).isEmpty();
      assertThat(breaker.begins("bob")).contains(Duration.ofSeconds(10));
      assertThat(breaker.closed("bob")).contains(Duration.ofSeconds(10));
      breaker.answered();
      assertThat(breaker.begins("bob")).isEmpty();
    }

    /// Whether the answer was cut off, or became an error before any of it had left: nobody can
    /// take it for a whole one.
    private boolean isCut(Supplier<Answer> request) {
      try {
        return request.get().status() >= 500;
      } catch (UncheckedIOException e) {
        return true;
      }
    }
  }

  @Nested
  @DisplayName("A client that")
  class Client {
    @Test
    @DisplayName("calls one tool too often")
    void one_tool() {
      for (int i = 0; i < 5; i++) {
        assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(200);
      }

      var answer = fronted.post(token, call("list_issues"));

      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.header("Retry-After")).isPresent();
      assertThat(fronted.post(fronted.token("bob", "engineering"), call("list_issues")).status())
          .as("somebody else")
          .isEqualTo(200);
      assertThat(fronted.upstream.count()).isEqualTo(6);
    }

    @Test
    @DisplayName("calls too often what it may not call: a refused call counts as well")
    void one_refused_tool() {
      for (int i = 0; i < 5; i++) {
        assertThat(fronted.post(token, call("read_salaries")).status()).isEqualTo(200);
      }

      assertThat(fronted.post(token, call("read_salaries")).status()).isEqualTo(429);
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("asks too much altogether")
    void altogether() {
      for (int i = 0; i < 20; i++) {
        assertThat(fronted.post(token, request("ping")).status()).isEqualTo(200);
      }

      var answer = fronted.post(token, request("ping"));
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.body()).contains("too often. Wait a minute");
      pair.clock.advance(Duration.ofMinutes(1));
      assertThat(fronted.post(token, request("ping")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("asks too often in a revision that nobody knows")
    void unspoken() {
      for (int i = 0; i < 20; i++) {
        assertThat(inRevisionOf2031().status()).isEqualTo(400);
      }

      assertThat(inRevisionOf2031().status()).isEqualTo(429);
    }

    private Answer inRevisionOf2031() {
      return fronted.post(token, request("ping"), "MCP-Protocol-Version", "2031-01-01");
    }

    @Test
    @DisplayName("has too much under way")
    void at_once() {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        over.await();
      });
      try (var one = Streams.open(fronted, token);
          var two = Streams.open(fronted, token)) {
        one.await("text/event-stream");
        two.await("text/event-stream");

        var answer = fronted.post(token, request("ping"));
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).contains("too many requests under way");
      }
    }

    @Test
    @DisplayName("comes when all people together have too much under way at a connector")
    void at_once_of_all() {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        over.await();
      });
      var bob = fronted.token("bob", "engineering");
      try (var one = Streams.open(fronted, token);
          var two = Streams.open(fronted, token);
          var three = Streams.open(fronted, bob)) {
        one.await("text/event-stream");
        two.await("text/event-stream");
        three.await("text/event-stream");

        var answer = fronted.post(bob, request("ping"));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("Linear has too many requests of all people under way");
        assertThat(answer.header("Retry-After")).isPresent();
      }
    }

    @Test
    @DisplayName("comes when all people together have asked a connector too often")
    void calls_per_minute_of_all() {
      var bob = fronted.token("bob", "engineering");
      for (int i = 0; i < 15; i++) {
        assertThat(fronted.post(token, request("ping")).status()).isEqualTo(200);
        assertThat(fronted.post(bob, request("ping")).status()).isEqualTo(200);
      }

      var answer = fronted.post(bob, request("ping"));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("All people together have asked Linear too often");
      assertThat(answer.header("Retry-After")).isPresent();
      assertThat(fronted.upstream.count()).isEqualTo(30);
    }

    @Test
    @DisplayName("counts by the limits of the connector, if it has some")
    void own_limits() {
      fronted.close();
      var own = new Front.Bounds(Set.of(), ScopeCoverage.EXACT, Optional.of(SMALL));
      fronted = Fronted.start(pair, folder, Fronted.With.USUAL.bounds(own));
      token = fronted.token("alice", "engineering");
      for (int i = 0; i < 5; i++) {
        assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(200);
      }

      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(429);
      assertThat(fronted.post(token, request("ping") + " ".repeat(3_000)).status()).isEqualTo(413);
    }

    @Test
    @DisplayName("asks too much in batches")
    void batches() {
      var note = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}";
      fronted.upstream.answers((_, wire) -> wire.head(202, "Content-Length: 0"));

      for (int i = 0; i < 2; i++) {
        assertThat(batch(Collections.nCopies(10, note)).status()).isEqualTo(202);
      }
      var answer = batch(List.of(note, note));

      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.body()).contains("too often. Wait a minute");
      assertThat(fronted.upstream.count()).isEqualTo(2);
    }

    @Test
    @DisplayName("has too much under way in a batch")
    void batch_at_once() {
      fronted.upstream.answers((_, wire) ->
          wire.json(
              "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}]"));
      var pings =
          IntStream.rangeClosed(1, 3)
              .mapToObj(id -> request("ping").replace(":1,", ":" + id + ","))
              .toList();

      for (int i = 0; i < 3; i++) {
        assertThat(batch(pings.subList(0, 2)).status()).as("it has ended").isEqualTo(200);
        var answer = batch(pings);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).contains("too many requests under way");
      }
    }

    private Answer batch(List<String> messages) {
      var all = "[" + String.join(",", messages) + "]";
      return fronted.post(token, all, "MCP-Protocol-Version", "2025-03-26");
    }

    @Test
    @DisplayName("makes up names is refused for them, and no limit remembers them")
    void made_up() {
      for (int i = 0; i < 7; i++) {
        var answer = fronted.post(token, call("made_up"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"code\":403");
      }
    }

    @Test
    @DisplayName("sends more than a message may have")
    void oversized() {
      var answer =
          Http.post(
              fronted.url(),
              "application/json",
              call("list_issues") + " ".repeat(3_000),
              Fronted.headers(token, "2025-11-25"));

      assertThat(answer.status()).isEqualTo(413);
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("sends no JSON")
    void form() {
      assertThat(
              Http.post(
                      fronted.url(),
                      "text/plain",
                      call("list_issues"),
                      Fronted.headers(token, "2025-11-25"))
                  .status())
          .isEqualTo(415);
    }
  }

  @Test
  @DisplayName("AUD-6: a call that cannot be recorded is not passed on")
  void audit_down() throws IOException {
    var _ =
        pair.database.write(connection -> {
          try (var statement = connection.createStatement()) {
            return statement.executeUpdate("ALTER TABLE audit RENAME TO audit_gone");
          }
        });

    assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(503);
    assertThat(fronted.upstream.count()).isZero();
  }
}
