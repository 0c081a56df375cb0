package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Gathered.serves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.aggregate.PartQuestion;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bob is the one who means no good.
@DisplayName("A client of an aggregate reaches its own sessions and requests only")
class GatewayAggregateClientsTest {
  @TempDir Path folder;
  private Pair pair;
  private Gathered gathered;
  private String alice;
  private String session;
  private String bob;
  private String bobs;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    gathered = new Gathered(pair, folder);
    gathered.linear.answers(serves("l-1", "list_issues"));
    gathered.notion.answers(serves("n-1", "list_issues"));
    alice = gathered.token("alice", "engineering");
    session = gathered.initialize(alice).header("Mcp-Session-Id").orElseThrow();
    gathered.linear.answers(serves("l-2", "list_issues"));
    gathered.notion.answers(serves("n-2", "list_issues"));
    bob = gathered.token("bob", "trackers");
    bobs = gathered.initialize(bob).header("Mcp-Session-Id").orElseThrow();
  }

  @AfterEach
  void stop() {
    gathered.close();
    pair.close();
  }

  private static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  private static void drain(Upstream upstream) {
    while (upstream.count() > 0) {
      var _ = upstream.next();
    }
  }

  @Test
  @DisplayName("whatever it takes back")
  void cancels() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("tools/call")) {
        begun.countDown();
        goOn.await(20, TimeUnit.SECONDS);
      }
      serves("l-1", "list_issues").answer(request, wire);
    });
    var call =
        CompletableFuture.supplyAsync(() ->
            gathered.post(
                alice, session, request("tools/call", "{\"name\":\"linear__list_issues\"}")));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    drain(gathered.linear);
    var cancelled =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":5}}";

    assertThat(gathered.post(bob, bobs, cancelled).status()).isEqualTo(202);
    assertThat(gathered.post(bob, session, cancelled).status()).isEqualTo(404);

    assertThat(gathered.linear.next().headers()).containsEntry("mcp-session-id", "l-2");
    assertThat(gathered.linear.count()).isZero();
    goOn.countDown();
    assertThat(call.get(20, TimeUnit.SECONDS).body()).contains("\"called\"");
  }

  @Test
  @DisplayName("however many it opens: its own first ends, at its servers as well")
  void many() {
    for (int i = 1; i <= 100; i++) {
      gathered.linear.answers(serves("b-" + i, "list_issues"));
      pair.clock.advance(Duration.ofMillis(1));
      var _ = gathered.initialize(bob);
    }
    var ended = new ArrayList<String>();
    while (gathered.linear.count() > 0) {
      var seen = gathered.linear.next();
      if (seen.method().equals("DELETE")) {
        ended.add(seen.headers().get("mcp-session-id"));
      }
    }
    assertThat(ended).containsExactly("l-2");
    var list = request("tools/list", "{}");
    assertThat(gathered.post(bob, bobs, list).status()).isEqualTo(404);

    gathered.linear.answers(serves("l-1", "list_issues"));
    assertThat(gathered.post(alice, session, list).body()).contains("linear__list_issues");
    while (gathered.linear.count() > 0) {
      var seen = gathered.linear.next();
      assertThat(seen.headers()).as(seen.body()).containsEntry("mcp-session-id", "l-1");
    }
  }

  @Test
  @DisplayName("however many it opens and ends: what it still has stays as it is at its servers")
  void ended() {
    for (int i = 1; i <= 101; i++) {
      gathered.linear.answers(serves("b-" + i, "list_issues"));
      var opened = gathered.initialize(bob).header("Mcp-Session-Id").orElseThrow();
      assertThat(Http.delete(gathered.url(), Gathered.headers(bob, opened)).status())
          .isEqualTo(204);
    }
    drain(gathered.linear);
    var list = request("tools/list", "{}");
    assertThat(gathered.post(bob, bobs, list).body()).contains("linear__list_issues");
    assertThat(gathered.linear.count()).isPositive();
    while (gathered.linear.count() > 0) {
      var seen = gathered.linear.next();
      assertThat(seen.headers()).as(seen.body()).containsEntry("mcp-session-id", "l-2");
    }
  }

  @Test
  @DisplayName("wherever it wants a list to go on")
  void cursors() {
    drain(gathered.notion);
    for (var made :
        List.of("[1]", "{\"linear\":1}", "{\"linear\":null}", "x", "{\"a\":\"b\",\"a\":\"c\"}")) {
      assertThat(listed(made)).as(made).contains("-32602");
    }
    assertThat(listed("{\"notion\":\"1\",\"nobody\":\"2\"}"))
        .as("it does not have that connector")
        .contains("\"tools\":[]")
        .doesNotContain("notion");
    assertThat(listed("{\"linear\":\"1\\\"},\\\"x\\\":{\"}")).contains("linear__list_issues");
    assertThat(gathered.notion.count()).isZero();
  }

  private String listed(String cursor) {
    var encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
    return gathered
        .post(bob, bobs, request("tools/list", "{\"cursor\":\"" + encoded + "\"}"))
        .body();
  }

  @Test
  @DisplayName("wherever it wants a stream to go on")
  void resumes() {
    var seen = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (request.headers().containsKey("last-event-id")) {
        seen.countDown();
      }
      wire.events();
      wire.raw("id: 7\n");
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/hello\"}");
      var _ = wire.isGone();
    });
    try (var stream =
        Streams.open(
            gathered.port(), bob, "Mcp-Session-Id: " + bobs, "Last-Event-ID: l-1-event-3")) {
      stream.await("notifications/hello");
    }
    try (var stream =
        Streams.open(
            gathered.port(),
            bob,
            "Connection: close",
            "Mcp-Session-Id: " + session,
            "Last-Event-ID: 3")) {
      assertThat(stream.line().orElseThrow()).contains("404");
    }
    assertThat(seen.getCount()).isOne();
  }

  @Test
  @DisplayName("whatever it answers")
  void answers() {
    drain(gathered.linear);
    for (var revision : List.of("2026-07-28", "x", "2025-06-18")) {
      var id = new PartQuestion("linear", Optional.of("l-1"), revision, "7").toId();
      var answer = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{}}";
      assertThat(gathered.post(bob, bobs, answer).status()).as(revision).isIn(400, 404);
    }
    for (var odd : List.of("{\"a\":1}", "[7]", "7,\"method\":\"tools/call\"", "")) {
      var id = new PartQuestion("linear", Optional.of("l-2"), "2025-06-18", odd).toId();
      var answer = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{}}";
      assertThat(gathered.post(bob, bobs, answer).status()).as(odd).isEqualTo(400);
    }
    assertThat(gathered.linear.count()).isZero();
  }

  @Test
  @DisplayName("and may write null for what it does not say, as at a connector")
  void nulls() {
    var can =
        "{\"sampling\":null,\"elicitation\":{\"form\":{},\"url\":null},\"roots\":{\"listChanged\":null}}";
    drain(gathered.linear);
    bobs = gathered.initialize(bob, can).header("Mcp-Session-Id").orElseThrow();
    assertThat(gathered.linear.next().body())
        .contains("\"capabilities\":{\"elicitation\":{\"form\":{}},\"roots\":{}}");
    assertThat(gathered.post(bob, bobs, request("tools/list", "{\"cursor\":null}")).body())
        .contains("linear__list_issues");
  }
}
