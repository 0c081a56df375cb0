package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Gathered.serves;
import static dev.lanyard.server.gateway.Gathered.servesAlone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `linear` speaks the revision, `notion` begins with `initialize`.
@DisplayName("MCP 2026-07-28 at one endpoint for several connectors")
class GatewayStatelessAggregateTest {
  @TempDir Path folder;
  private Pair pair;
  private Gathered gathered;
  private String alice;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    gathered = new Gathered(pair, folder);
    gathered.linear.answers(servesAlone("list_issues", "read_salaries"));
    gathered.notion.answers(serves("n-1", "list_issues", "unheard_of"));
    alice = gathered.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    gathered.close();
    pair.close();
  }

  private Answer called(String token, String header, String tool) {
    var headers = Gathered.alone(token, "tools/call");
    headers.put("Mcp-Name", header);
    var params = ",\"name\":\"%s\",\"arguments\":{}".formatted(tool);
    return Http.post(
        gathered.url(), "application/json", Gathered.message("tools/call", params), headers);
  }

  private Answer called(String tool) {
    return called(alice, tool, tool);
  }

  @Test
  @DisplayName("RS-19: says what all of them can, each asked in the way that it speaks")
  void discovered() {
    var answer = gathered.alone(alice, "server/discover", "");

    assertThat(answer.body())
        .contains("\"id\":\"5\"", "\"resultType\":\"complete\"", "\"2026-07-28\",\"2025-11-25\"")
        .contains("\"tools\":{\"listChanged\":true}", "\"resources\":{\"subscribe\":true}")
        .contains("# Linear\\n", "\\n> I stand alone.", "\\n> I am n-1.")
        .contains("\"io.modelcontextprotocol/enterprise-managed-authorization\":{}")
        .contains("\"ttlMs\":0", "\"cacheScope\":\"private\"");
    var probe = gathered.linear.next();
    assertThat(probe.headers())
        .containsEntry("mcp-method", "server/discover")
        .containsEntry("mcp-protocol-version", "2026-07-28")
        .doesNotContainKey("authorization");
    assertThat(gathered.linear.count()).as("nothing but that").isZero();
    assertThat(gathered.notion.next().body()).contains("server/discover");
    assertThat(gathered.notion.next().body())
        .as("nobody is there for what it would ask")
        .contains("initialize", "\"capabilities\":{}", "2025-11-25");
  }

  @Test
  @DisplayName("RS-21, RS-16: lists what a person may use of each, for nobody else to keep")
  void lists() {
    var answer = gathered.alone(alice, "tools/list", "");

    assertThat(answer.body())
        .contains("linear__list_issues", "notion__list_issues", "\"resultType\":\"complete\"")
        .contains("\"cacheScope\":\"private\"", "\"ttlMs\":0")
        .doesNotContain("read_salaries", "unheard_of", "public");
    gathered.linear.next();
    var asked = gathered.linear.next();
    assertThat(asked.headers()).containsEntry("mcp-method", "tools/list");
    assertThat(asked.body())
        .as("what the client can is for the server")
        .contains("\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}");
  }

  @Test
  @DisplayName("RS-15: calls go on by the name there, in the header as in the body")
  void calls() {
    assertThat(called("linear__list_issues").body())
        .isEqualTo(Gathered.result("\"5\"", "{\"resultType\":\"complete\",\"here\":true}"));
    gathered.linear.next();
    var call = gathered.linear.next();
    assertThat(call.headers())
        .containsEntry("mcp-name", "list_issues")
        .containsEntry("mcp-method", "tools/call")
        .doesNotContainKey("mcp-session-id");
    assertThat(call.body()).contains("\"name\":\"list_issues\"", "\"id\":\"5\"");

    var older = called("notion__list_issues");
    assertThat(older.body())
        .contains("\"called\":\"list_issues\"", "\"resultType\":\"complete\"", "\"id\":\"5\"");
    assertThat(older.header("Mcp-Session-Id")).isEmpty();
    for (int i = 0; i < 3; i++) {
      gathered.notion.next();
    }
    assertThat(gathered.notion.next().headers())
        .containsEntry("mcp-session-id", "n-1")
        .doesNotContainKey("mcp-method");
    var event = gathered.recorded(CallRecord.CALL).getLast().event();
    assertThat(event.evidence().toJson()).contains("\"connector\":\"notion\"");
  }

  @Test
  @DisplayName("RS-15: a name that no header can hold goes on encoded, and is read decoded")
  void encoded() {
    var headers = Gathered.alone(alice, "resources/read");
    headers.put("Mcp-Name", MirroredHeaders.encoded("linear+docs://käse"));
    var read = Gathered.message("resources/read", ",\"uri\":\"linear+docs://käse\"");
    assertThat(Http.post(gathered.url(), "application/json", read, headers).body())
        .contains("\"here\":true");
    gathered.linear.next();
    var up = gathered.linear.next();
    assertThat(up.headers().get("mcp-name")).startsWith("=?base64?");
    assertThat(MirroredHeaders.decoded(up.headers().get("mcp-name"))).contains("docs://käse");
    assertThat(up.body()).contains("\"uri\":\"docs://käse\"");
  }

  @Test
  @DisplayName("RS-14: what header and body say differently is refused, and nothing goes up")
  void smuggled() {
    for (var other : List.of("list_issues", "notion__list_issues", "linear__read_salaries")) {
      var answer = called(alice, other, "linear__list_issues");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("-32020");
    }
    var listed = Gathered.alone(alice, "tools/list");
    var call = Gathered.message("tools/call", ",\"name\":\"linear__read_salaries\"");
    assertThat(Http.post(gathered.url(), "application/json", call, listed).body())
        .contains("-32020");
    assertThat(gathered.recorded(CallRecord.CALL).getLast().event().evidence().toJson())
        .contains("\"check\":\"headers\"");
    assertThat(gathered.linear.count() + gathered.notion.count()).isZero();
  }

  @Test
  @DisplayName("RS-21: decides as the connectors themselves do, and asks nobody else's")
  void denied() {
    assertThat(called("linear__read_salaries").body()).contains("is graded confidential");
    assertThat(called("nobody__list_issues").body()).contains("-32602");
    assertThat(gathered.recorded(CallRecord.CALL).getLast().event().outcome())
        .isEqualTo(Outcome.REFUSED);
    for (var gone : List.of("initialize", "ping", "logging/setLevel", "resources/subscribe")) {
      var answer = gathered.alone(alice, gone, "");
      assertThat(answer.status()).as(gone).isEqualTo(404);
      assertThat(answer.body()).contains("-32601");
    }
    var theo = gathered.token("theo", "trackers");
    assertThat(gathered.alone(theo, "tools/list", "").body()).doesNotContain("notion");
    assertThat(called(theo, "notion__list_issues", "notion__list_issues").body())
        .contains("None of your roles gives you");
    assertThat(gathered.notion.count()).isZero();
    assertThat(Http.delete(gathered.url(), Gathered.alone(alice, "x")).status()).isEqualTo(405);
  }

  @Test
  @DisplayName("A result that wants input comes down, and what answers it goes to the same server")
  void input() {
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
      } else {
        wire.json(
            Gathered.result(
                "\"5\"",
                "{\"resultType\":\"input_required\",\"requestState\":\"opaque\",\"inputRequests\":{}}"));
      }
    });
    assertThat(called("linear__list_issues").body())
        .contains("\"resultType\":\"input_required\"", "\"requestState\":\"opaque\"");
    var headers = Gathered.alone(alice, "tools/call");
    headers.put("Mcp-Name", "linear__list_issues");
    var again =
        ",\"name\":\"linear__list_issues\",\"requestState\":\"opaque\",\"inputResponses\":{\"a\":{}}";
    Http.post(gathered.url(), "application/json", Gathered.message("tools/call", again), headers);
    gathered.linear.next();
    gathered.linear.next();
    assertThat(gathered.linear.next().body())
        .contains("\"requestState\":\"opaque\",\"inputResponses\":{\"a\":{}}");
  }

  @Test
  @DisplayName(
      "RS-24: one stream for what those tell that can, by the client's names, until the kill")
  void subscriptions() throws Exception {
    var gone = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
        return;
      }
      wire.events();
      wire.event(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"theirs\":1}}");
      wire.event("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"elicitation/create\"}");
      wire.event(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"docs://a\"}}");
      if (wire.isGone()) {
        gone.countDown();
      }
    });
    var wish =
        ",\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,"
            + "\"resourceSubscriptions\":[\"linear+docs://a\",\"notion+docs://b\"]}";
    var message = Gathered.message("subscriptions/listen", wish);
    try (var stream =
        Streams.posted(gathered.port(), Gathered.alone(alice, "subscriptions/listen"), message)) {
      var told = new StringBuilder();
      while (!told.toString().contains("resources/updated")) {
        told.append(stream.line().orElseThrow()).append('\n');
      }
      assertThat(told.toString())
          .contains(
              "\"io.modelcontextprotocol/subscriptionId\":\"5\"},\"notifications\":{"
                  + "\"toolsListChanged\":true,\"resourceSubscriptions\":[\"linear+docs://a\"]}")
          .contains("\"uri\":\"linear+docs://a\"")
          .doesNotContain("theirs", "elicitation", "notion");
      gathered.linear.next();
      assertThat(gathered.linear.next().body())
          .contains(
              "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"docs://a\"]}");

      pair.happened(pair.person("alice"), Happening.DISABLED);
      stream.awaitEnd();
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @DisplayName(
      "A server that was restarted is listened to again, and what may have changed is said")
  void restarted() {
    gathered.notion.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
      } else {
        wire.events();
        var _ = wire.isGone();
      }
    });
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
        return;
      }
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/heard\"}");
      wire.event("{\"jsonrpc\":\"2.0\",\"id\":\"5\",\"result\":{\"resultType\":\"complete\"}}");
    });
    var wish =
        ",\"notifications\":{\"toolsListChanged\":true,"
            + "\"resourceSubscriptions\":[\"linear+docs://a\"]}";
    var message = Gathered.message("subscriptions/listen", wish);
    try (var stream =
        Streams.posted(gathered.port(), Gathered.alone(alice, "subscriptions/listen"), message)) {
      stream.await("notifications/heard");
      var told = new StringBuilder();
      while (!told.toString().contains("notifications/heard")) {
        told.append(stream.line().orElseThrow()).append('\n');
      }
      assertThat(told.toString())
          .contains(
              "tools/list_changed\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"5\"}}")
          .contains("resources/updated", "\"uri\":\"linear+docs://a\"")
          .doesNotContain("result");
    }
  }

  @Test
  @DisplayName("It is listened to again also if a proxy knows no such server while it is restarted")
  void behind_a_proxy() {
    var listened = new AtomicInteger();
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
        return;
      }
      int time = listened.incrementAndGet();
      if (time == 2) {
        wire.head(404, "Content-Length: 0");
        return;
      }
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/heard-" + time + "\"}");
      if (time == 3) {
        var _ = wire.isGone();
      }
    });
    gathered.notion.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
      } else {
        wire.events();
        var _ = wire.isGone();
      }
    });
    var message =
        Gathered.message("subscriptions/listen", ",\"notifications\":{\"toolsListChanged\":true}");
    try (var stream =
        Streams.posted(gathered.port(), Gathered.alone(alice, "subscriptions/listen"), message)) {
      stream.await("notifications/heard-1");
      stream.await("notifications/heard-3");
    }
  }

  @Test
  @DisplayName("What a server tells belongs to the request that it tells it on, and to no other")
  void speaks_for_itself() {
    var id = "io.modelcontextprotocol/subscriptionId";
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
        return;
      }
      wire.events();
      for (var told :
          List.of("subscriptions/acknowledged", "tools/list_changed", "elicitation/complete")) {
        wire.event(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/"
                + told
                + "\",\"params\":{\"elicitationId\":\"e\",\"_meta\":{\""
                + id
                + "\":\"9\"}}}");
      }
      for (var token : List.of("\"theirs\"", "\"mine\"")) {
        wire.event(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                + token
                + ",\"progress\":1}}");
      }
      wire.event(Gathered.result("\"5\"", "{\"resultType\":\"complete\",\"done\":1}"));
    });
    var headers = Gathered.alone(alice, "tools/call");
    headers.put("Mcp-Name", "linear__list_issues");
    var call =
        Gathered.message("tools/call", ",\"name\":\"linear__list_issues\",\"arguments\":{}")
            .replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"mine\",");
    assertThat(Http.post(gathered.url(), "application/json", call, headers).body())
        .contains("\"done\":1", "\"progressToken\":\"mine\"")
        .doesNotContain("theirs", "acknowledged", "elicitation/");

    var listen =
        Gathered.message(
            "subscriptions/listen",
            ",\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":null}");
    try (var stream =
        Streams.posted(gathered.port(), Gathered.alone(alice, "subscriptions/listen"), listen)) {
      stream.await("acknowledged");
      var told = new StringBuilder();
      while (!told.toString().contains("list_changed")) {
        told.append(stream.line().orElseThrow()).append('\n');
      }
      assertThat(told.toString())
          .contains("\"" + id + "\":\"5\"")
          .doesNotContain("\"9\"", "acknowledged", "progress");
    }
  }

  @Test
  @DisplayName("An outage of a server that is listened to is recorded once, and once its end")
  void outage() throws Exception {
    var ends = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("server/discover")) {
        servesAlone().answer(request, wire);
      } else {
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/before\"}");
        ends.await();
      }
    });
    var wish = ",\"notifications\":{\"resourceSubscriptions\":[\"linear+docs://a\"]}";
    var message = Gathered.message("subscriptions/listen", wish);
    try (var stream =
        Streams.posted(gathered.port(), Gathered.alone(alice, "subscriptions/listen"), message)) {
      stream.await("notifications/before");
      var tried = new CountDownLatch(2);
      gathered.linear.answers((_, wire) -> {
        wire.head(503, "Content-Length: 0");
        tried.countDown();
      });
      ends.countDown();
      assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
      gathered.linear.answers((_, wire) -> {
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/after\"}");
        var _ = wire.isGone();
      });
      stream.await("notifications/after");
    }
    assertThat(gathered.recorded(CallRecord.BROKEN)).hasSize(1);
    assertThat(gathered.recorded(CallRecord.CALL))
        .hasSize(2)
        .allMatch(one -> one.event().evidence().toJson().contains("subscriptions/listen"));
  }

  @Test
  @DisplayName("Where nobody tells anything there is nothing to listen to")
  void silence() {
    var theo = gathered.token("theo", "trackers");
    gathered.linear.answers(serves("l-1", "list_issues"));
    assertThat(
            gathered
                .alone(
                    theo, "subscriptions/listen", ",\"notifications\":{\"toolsListChanged\":true}")
                .status())
        .isEqualTo(404);
  }

  @Test
  @DisplayName("RS-17: a session at a server is one person's; one that is forgotten is opened anew")
  void sessions() {
    assertThat(called("notion__list_issues").body()).contains("\"called\"");
    gathered.notion.answers((request, wire) -> {
      if ("n-1".equals(request.headers().get("mcp-session-id"))) {
        wire.head(404, "Content-Length: 0");
      } else {
        serves("n-2", "list_issues").answer(request, wire);
      }
    });
    assertThat(called("notion__list_issues").body()).contains("\"called\"");

    var bob = gathered.token("bob", "engineering");
    gathered.notion.answers(serves("n-3", "list_issues"));
    while (gathered.notion.count() > 0) {
      gathered.notion.next();
    }
    assertThat(called(bob, "notion__list_issues", "notion__list_issues").body())
        .contains("\"called\"");
    assertThat(gathered.notion.next().body()).contains("server/discover");
    assertThat(gathered.notion.next().body()).contains("initialize");
  }

  @Test
  @DisplayName("What an older server asks by itself reaches nobody, and its stream goes on")
  void questions() {
    gathered.notion.answers((request, wire) -> {
      if (!request.body().contains("tools/call")) {
        serves("n-1", "list_issues").answer(request, wire);
        return;
      }
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\"}");
      wire.event(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":1}}");
      wire.event(Gathered.result(Gathered.id(request), "{\"content\":[]}"));
    });
    assertThat(called("notion__list_issues").body())
        .contains("notifications/message", "\"resultType\":\"complete\",\"content\":[]")
        .doesNotContain("sampling");
  }

  @Test
  @DisplayName("Two windows that use the same ids get their own answers of a server that keeps ids")
  void windows() throws Exception {
    var open = new ConcurrentHashMap<String, Upstream.Wire>();
    var both = new CountDownLatch(2);
    var first = new CountDownLatch(1);
    gathered.notion.answers((request, wire) -> {
      if (!request.body().contains("tools/call")) {
        serves("n-1", "list_issues").answer(request, wire);
        return;
      }
      // As the TypeScript SDK does: where an answer goes is found by the id of its request.
      open.put(Gathered.id(request), wire);
      var token = request.body().replaceAll(".*\"progressToken\":([^,}]*).*", "$1");
      var window = request.body().replaceAll(".*\"window\":\"(.)\".*", "$1");
      wire.events();
      both.countDown();
      both.await(10, TimeUnit.SECONDS);
      if (window.equals("b")) {
        first.await(10, TimeUnit.SECONDS);
      }
      var back = open.get(Gathered.id(request));
      var other = token.equals("1") ? "2" : "1";
      for (var told : List.of(other, token)) {
        back.event(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                + told
                + ",\"progress\":"
                + told
                + "}}");
      }
      back.event(
          Gathered.result(Gathered.id(request), "{\"content\":[],\"of\":\"" + window + "\"}"));
      first.countDown();
    });

    var answers =
        Stream.of("a", "b")
            .map(window -> CompletableFuture.supplyAsync(() -> inWindow(window)))
            .toList();

    for (int i = 0; i < 2; i++) {
      var answer = answers.get(i).get(20, TimeUnit.SECONDS).body();
      assertThat(answer)
          .contains("\"of\":\"" + "ab".charAt(i) + "\"", "\"id\":\"5\"")
          .contains("\"progressToken\":\"mine\"")
          .containsOnlyOnce("notifications/progress")
          .doesNotContain("\"of\":\"" + "ba".charAt(i) + "\"");
    }
  }

  private Answer inWindow(String window) {
    var headers = Gathered.alone(alice, "tools/call");
    headers.put("Mcp-Name", "notion__list_issues");
    var params = ",\"name\":\"notion__list_issues\",\"arguments\":{\"window\":\"" + window + "\"}";
    var message =
        Gathered.message("tools/call", params)
            .replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"mine\",");
    return Http.post(gathered.url(), "application/json", message, headers);
  }

  @Test
  @DisplayName("What a shared session's server is refused has the client's id, not ours")
  void refused_in_shared_session() {
    assertThat(called("notion__list_issues").body()).contains("\"called\"");

    assertThat(called("notion__unheard_of").body())
        .contains("\"id\":\"5\"", "\"code\":403", "has no grade yet");
  }

  @Test
  @DisplayName("Lists that are asked for at once have ids of their own in a session")
  void ids_of_lists() {
    for (int i = 0; i < 2; i++) {
      assertThat(gathered.alone(alice, "tools/list", "").body()).contains("notion__list_issues");
    }
    var ids = new ArrayList<String>();
    while (gathered.notion.count() > 0) {
      var request = gathered.notion.next();
      if (request.body().contains("tools/list")) {
        ids.add(Gathered.id(request));
      }
    }
    assertThat(ids).hasSize(2).doesNotHaveDuplicates();
  }
}
