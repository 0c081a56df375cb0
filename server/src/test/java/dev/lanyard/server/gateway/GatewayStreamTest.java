package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.admission.FrontDoor;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.revocation.Happening;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-14, RS-17, RS-24: sessions and streams through the gateway")
@Tag("thorough")
class GatewayStreamTest {
  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;
  private String token;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final AtomicBoolean goOn = new AtomicBoolean(true);

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    fronted = Fronted.start(pair, folder);
    token = fronted.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    goOn.set(false);
    fronted.close();
    pair.close();
  }

  /// A server that opens a stream, says hello, and waits until the other side has gone.
  private void streams() {
    fronted.upstream.answers((_, wire) -> {
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}");
      if (wire.isGone()) {
        gone.countDown();
      }
    });
  }

  private void opensSession(String id) {
    fronted.upstream.answers((_, wire) ->
        wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "Mcp-Session-Id: " + id));
  }

  private void answers() {
    fronted.upstream.answers(
        (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
  }

  @Nested
  @DisplayName("A session is its opener's")
  class OfSessions {
    @Test
    void is_passed_on_in_both_directions() {
      opensSession("s-1");
      assertThat(fronted.post(token, request("initialize")).header("Mcp-Session-Id"))
          .contains("s-1");
      answers();

      assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1").status())
          .isEqualTo(200);

      var _ = fronted.upstream.next();
      assertThat(fronted.upstream.next().headers()).containsEntry("mcp-session-id", "s-1");
    }

    @Test
    @DisplayName("and another person who brings its id is told that there is none")
    void anothers() {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      var _ = fronted.upstream.next();
      var bob = fronted.token("bob", "engineering");

      for (var session : new String[] {"s-1", "s-2", "s 1"}) {
        var answer = fronted.post(bob, call("list_issues"), "Mcp-Session-Id", session);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("There is no such session.");
      }
      assertThat(fronted.recorded(Sessions.EVENT)).hasSize(3);
      assertThat(fronted.recorded(Sessions.EVENT).getFirst().event().evidence().text("actual"))
          .contains("\"somebody else's\"");
    }

    @Test
    @DisplayName("and the first ends, at its server as well, when there are more than a hundred")
    void too_many() {
      for (int i = 1; i <= 101; i++) {
        opensSession("s-" + i);
        pair.clock.advance(Duration.ofMillis(1));
        assertThat(fronted.post(token, request("initialize")).status()).isEqualTo(200);
      }
      answers();
      var ended = new ArrayList<String>();
      while (fronted.upstream.count() > 0) {
        var seen = fronted.upstream.next();
        if (seen.method().equals("DELETE")) {
          ended.add(seen.headers().get("mcp-session-id"));
        }
      }
      assertThat(ended).containsExactly("s-1");
      assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1").status())
          .isEqualTo(404);
      for (var kept : List.of("s-2", "s-101")) {
        assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", kept).status())
            .isEqualTo(200);
      }
      assertThat(fronted.recorded("gateway.session-ended"))
          .singleElement()
          .satisfies(record ->
              assertThat(record.event().evidence().text("why").orElseThrow())
                  .contains("too many sessions"));
    }

    @Test
    @DisplayName("and one that is in use does not, as long as there is one that is not")
    void in_use() {
      for (int i = 1; i <= 100; i++) {
        opensSession("s-" + i);
        pair.clock.advance(Duration.ofMillis(1));
        assertThat(fronted.post(token, request("initialize")).status()).isEqualTo(200);
      }
      answers();
      assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1").status())
          .isEqualTo(200);
      opensSession("s-101");
      assertThat(fronted.post(token, request("initialize")).status()).isEqualTo(200);
      answers();
      assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1").status())
          .isEqualTo(200);
      assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-2").status())
          .isEqualTo(404);
    }

    @Test
    @DisplayName("also on a stream and at its end")
    void anothers_stream() {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      var _ = fronted.upstream.next();
      var bob = fronted.token("bob", "engineering");
      var headers = Fronted.headers(bob, "2025-11-25");
      headers.put("Mcp-Session-Id", "s-1");

      assertThat(Http.get(fronted.url(), headers).status()).isEqualTo(404);
      assertThat(Http.delete(fronted.url(), headers).status()).isEqualTo(404);
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("and is known to every node, and after a restart")
    void two_nodes() {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      answers();
      try (var second = Fronted.start(pair, folder)) {
        assertThat(second.post(token, call("list_issues"), "Mcp-Session-Id", "s-1").status())
            .isEqualTo(200);
        var bob = second.token("bob", "engineering");
        assertThat(second.post(bob, call("list_issues"), "Mcp-Session-Id", "s-1").status())
            .isEqualTo(404);
      }
    }

    @Test
    @DisplayName("and a server that gives one to two people gives it to the first")
    void given_twice() {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));

      var answer = fronted.post(fronted.token("bob", "engineering"), request("initialize"));

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.header("Mcp-Session-Id")).isEmpty();
    }

    @Test
    @DisplayName(
        "and goes on if its end cannot be told to the server, for want of an account there")
    void no_account() {
      fronted.close();
      var missing = new AtomicBoolean();
      fronted =
          Fronted.start(
              pair,
              folder,
              Fronted.With.USUAL.credentials((_, _, _) ->
                  missing.get()
                      ? new UpstreamCredentials.Presented.Missing("Please connect Linear first.")
                      : new UpstreamCredentials.Presented.With(List.of())));
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      answers();
      var headers = Fronted.headers(token, "2025-11-25");
      headers.put("Mcp-Session-Id", "s-1");
      missing.set(true);

      var answer = Http.delete(fronted.url(), headers);

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("Please connect Linear first.");
      assertThat(fronted.recorded(Sessions.ENDED)).isEmpty();
      missing.set(false);
      assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1").status())
          .isEqualTo(200);
    }

    @Test
    void is_over_when_its_owner_ends_it() {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      var headers = Fronted.headers(token, "2025-11-25");
      headers.put("Mcp-Session-Id", "s-1");
      fronted.upstream.answers((_, wire) -> wire.head(204));

      assertThat(Http.delete(fronted.url(), headers).status()).isEqualTo(204);

      assertThat(fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1").status())
          .isEqualTo(404);
    }

    @Test
    @DisplayName("and without one nothing is resumed")
    void resumed_without() {
      var headers = Fronted.headers(token, "2025-11-25");
      headers.put("Last-Event-ID", "41");

      assertThat(Http.get(fronted.url(), headers).status()).isEqualTo(400);
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    void resumes_where_it_broke() {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      streams();
      try (var stream = Streams.open(fronted, token, "Mcp-Session-Id: s-1", "Last-Event-ID: 41")) {
        stream.await("notifications/message");
      }
      var _ = fronted.upstream.next();
      assertThat(fronted.upstream.next().headers()).containsEntry("last-event-id", "41");
    }

    @Test
    @DisplayName("2026-07-28 has none: an id is neither looked at nor passed on")
    void stateless() {
      opensSession("s-1");
      var call =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}";
      var headers = Fronted.headers(token, "2026-07-28");
      headers.put("Mcp-Method", "tools/list");
      headers.put("Mcp-Session-Id", "somebody's");

      var answer = Http.post(fronted.url(), "application/json", call, headers);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Mcp-Session-Id")).isEmpty();
      assertThat(fronted.upstream.next().headers()).doesNotContainKey("mcp-session-id");
    }
  }

  @Nested
  @DisplayName("A stream")
  class OfStreams {
    @Test
    void says_each_event_when_it_comes() {
      streams();
      try (var stream = Streams.open(fronted, token)) {
        stream.await("text/event-stream");
        stream.await("notifications/message");
      }
    }

    @Test
    @DisplayName("is there for the client before the server has said that there is one")
    void late() {
      var asked = new CountDownLatch(1);
      fronted.upstream.answers((_, wire) -> {
        asked.await();
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
      });
      try (var stream = Streams.open(fronted, token)) {
        stream.await("text/event-stream");
        asked.countDown();
        stream.await("notifications/message");
      }
    }

    @ParameterizedTest
    @DisplayName("also in a session, which its server need not name again")
    @ValueSource(strings = {"", "Mcp-Session-Id: s-1"})
    void late_in_session(String header) {
      var asked = inSession(header);
      try (var stream = Streams.open(fronted, token, "Mcp-Session-Id: s-1")) {
        stream.await("text/event-stream");
        asked.countDown();
        stream.await("notifications/message");
      }
    }

    @Test
    @DisplayName("and ends there if its server names another session")
    void late_in_another_session() {
      var asked = inSession("Mcp-Session-Id: s-2");
      try (var stream = Streams.open(fronted, token, "Mcp-Session-Id: s-1", "Connection: close")) {
        stream.await("text/event-stream");
        asked.countDown();
        for (var line = stream.line(); line.isPresent(); line = stream.line()) {
          assertThat(line.get()).doesNotContain("notifications/message");
        }
      }
    }

    /// A server that opens a session, and answers the wish for a stream when it has something to
    /// say.
    private CountDownLatch inSession(String header) {
      opensSession("s-1");
      assertThat(fronted.post(token, request("initialize")).status()).isEqualTo(200);
      var asked = new CountDownLatch(1);
      fronted.upstream.answers((_, wire) -> {
        asked.await();
        wire.head(
            200, "Content-Type: text/event-stream" + (header.isEmpty() ? "" : "\r\n" + header));
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
      });
      return asked;
    }

    @Test
    @DisplayName("ends when its bearer is killed, within the kill's bound, and nobody else's does")
    void killed() throws InterruptedException {
      streams();
      try (var hers = Streams.open(fronted, token);
          var his = Streams.open(fronted, fronted.token("bob", "engineering"))) {
        hers.await("notifications/message");
        his.await("notifications/message");

        long before = System.nanoTime();
        pair.happened(pair.person("alice"), Happening.DISABLED);
        hers.awaitEnd();
        var took = Duration.ofNanos(System.nanoTime() - before);

        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(gone.await(20, TimeUnit.SECONDS)).as("upstream is told").isTrue();
        var other = fronted.post(fronted.token("bob", "engineering"), request("ping"));
        assertThat(other.status()).isEqualTo(200);
      }
    }

    @Test
    @DisplayName("ends when the token expires")
    void expired() {
      streams();
      try (var stream = Streams.open(fronted, token)) {
        stream.await("notifications/message");
        pair.clock.advance(Duration.ofHours(1));

        stream.awaitEnd();
      }
    }

    @Test
    @DisplayName("a call that waits for its answer ends with its token too")
    void waiting() throws Exception {
      var arrived = new CountDownLatch(1);
      fronted.upstream.answers((_, wire) -> {
        arrived.countDown();
        if (wire.isGone()) {
          gone.countDown();
        }
      });
      var answer = CompletableFuture.supplyAsync(() -> fronted.post(token, call("list_issues")));
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

      pair.happened(pair.person("alice"), Happening.DISABLED);

      assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
      assertThat(answer.get().body()).contains("Your access ended", "Sign in again");
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(fronted.recorded(FrontDoor.CUT)).hasSize(1);
    }

    @Test
    @DisplayName("a call that its client takes back ends without an answer, and nobody has failed")
    void taken_back() throws Exception {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      var arrived = new Semaphore(0);
      fronted.upstream.answers((seen, wire) -> {
        if (seen.body().contains("notifications/cancelled")) {
          wire.head(202, "Content-Length: 0");
          return;
        }
        arrived.release();
        if (seen.body().contains("streamed")) {
          wire.events();
          wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
        }
        if (wire.isGone()) {
          gone.countDown();
        }
      });
      var bob = fronted.token("bob", "engineering");
      for (int i = 0; i < 6; i++) {
        // The second of two waits in a stream that has begun.
        var message = call("list_issues").replace("a secret", i % 2 == 0 ? "silent" : "streamed");
        var answer =
            CompletableFuture.supplyAsync(
                () -> fronted.post(token, message, "Mcp-Session-Id", "s-1"));
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        var note =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";

        assertThat(fronted.post(bob, note, "Mcp-Session-Id", "s-1").status()).isEqualTo(404);
        assertThat(fronted.post(token, note).status()).as("in no session").isEqualTo(202);
        Thread.sleep(200);
        assertThat(answer).isNotDone();
        assertThat(fronted.post(token, note, "Mcp-Session-Id", "s-1").status()).isEqualTo(202);

        var ended = answer.get(20, TimeUnit.SECONDS);
        assertThat(ended.status()).isEqualTo(200);
        assertThat(ended.header("Content-Type")).contains("text/event-stream");
        assertThat(ended.body()).doesNotContain("\"id\"");
      }
      assertThat(gone.await(20, TimeUnit.SECONDS)).as("upstream is told").isTrue();
      assertThat(fronted.recorded("gateway.broken")).isEmpty();
      assertThat(fronted.recorded(FrontDoor.CUT)).isEmpty();
      answers();
      assertThat(fronted.post(token, call("list_issues")).status())
          .as("its server is not left alone")
          .isEqualTo(200);
    }

    @Test
    @DisplayName("what was taken back is not resumed: its client is told that there is no stream")
    void taken_back_resumably() throws Exception {
      opensSession("s-1");
      var _ = fronted.post(token, request("initialize"));
      var arrived = new Semaphore(0);
      fronted.upstream.answers((seen, wire) -> {
        if (seen.body().contains("tools/call")) {
          wire.events();
          wire.raw("id: e-7\nretry: 1\ndata:\n\n");
          arrived.release();
          if (wire.isGone()) {
            gone.countDown();
          }
        } else if (seen.method().equals("GET")) {
          wire.events();
          wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
        } else {
          wire.head(202, "Content-Length: 0");
        }
      });
      var answer =
          CompletableFuture.supplyAsync(
              () -> fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1"));
      assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      assertThat(resumed("e-7")).as("as long as it is wanted").isEqualTo(200);
      var note =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";

      assertThat(fronted.post(token, note, "Mcp-Session-Id", "s-1").status()).isEqualTo(202);

      assertThat(answer.get(20, TimeUnit.SECONDS).body()).endsWith("data:\n\n");
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      int before = fronted.upstream.count();
      assertThat(resumed("e-7")).isEqualTo(405);
      assertThat(fronted.upstream.count()).isEqualTo(before);
      assertThat(resumed("e-6")).isEqualTo(200);
    }

    private int resumed(String event) {
      var headers = Fronted.headers(token, "2025-11-25");
      headers.put("Mcp-Session-Id", "s-1");
      headers.put("Last-Event-ID", event);
      return Http.get(fronted.url(), headers).status();
    }

    @Test
    @DisplayName("a call whose token dies while it is judged is not sent any more")
    void not_sent() {
      fronted.close();
      var alice = pair.person("alice");
      fronted =
          Fronted.start(
              pair,
              folder,
              Fronted.With.USUAL.credentials((_, _, _) -> {
                pair.happened(alice, Happening.DISABLED);
                awaitCut();
                return new UpstreamCredentials.Presented.With(List.of());
              }));

      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(401);
      assertThat(fronted.upstream.count()).isZero();
    }

    /// Longer than a stream outlives its token.
    private static void awaitCut() {
      try {
        Thread.sleep(2_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Test
    @DisplayName("of a client that has gone is ended upstream")
    void client_gone() throws InterruptedException {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        try {
          while (goOn.get()) {
            wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
            Thread.sleep(5);
          }
        } catch (IOException e) {
          gone.countDown();
        }
      });
      try (var stream = Streams.open(fronted, token)) {
        stream.await("notifications/message");
      }

      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("carries questions of the server, and the client answers them")
    void questions() {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"sampling/createMessage\"}");
        wire.event("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}");
      });
      assertThat(fronted.post(token, call("list_issues")).body())
          .contains("sampling/createMessage", "\"result\"");
      fronted.upstream.answers((_, wire) -> wire.head(202, "Content-Length: 0"));

      var answer = fronted.post(token, "{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"result\":{}}");

      assertThat(answer.status()).isEqualTo(202);
    }

    @Test
    @DisplayName("a client that reads slowly holds the server back, not memory")
    void back_pressure() throws InterruptedException {
      var sent = new AtomicLong();
      var event =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":\""
              + "x".repeat(100_000)
              + "\"}}";
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        while (goOn.get()) {
          wire.event(event);
          sent.addAndGet(event.length());
        }
      });
      try (var stream = Streams.open(fronted, token)) {
        stream.await("text/event-stream");
        long before = -1;
        for (int quiet = 0; quiet < 20; quiet = sent.get() == before ? quiet + 1 : 0) {
          before = sent.get();
          Thread.sleep(50);
        }
        assertThat(sent.get()).as("what fits into buffers of sockets").isLessThan(40_000_000);
      }
    }
  }
}
