package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Gathered.serves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.GatewayConfig.Aggregated;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.aggregate.PartQuestion;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("One endpoint for several connectors")
@Tag("thorough")
class GatewayAggregateTest {
  @TempDir Path folder;
  private Pair pair;
  private Gathered gathered;
  private String alice;
  private String session;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    gathered = new Gathered(pair, folder);
    gathered.linear.answers(serves("l-1", "list_issues", "read_salaries", "write_issue"));
    gathered.notion.answers(serves("n-1", "list_issues", Gathered.LONG, "unheard_of"));
    alice = gathered.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    gathered.close();
    pair.close();
  }

  private Answer open() {
    var answer = gathered.initialize(alice);
    session = answer.header("Mcp-Session-Id").orElseThrow();
    return answer;
  }

  private Answer asked(String method, String params) {
    return gathered.post(
        alice,
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  private Answer call(String tool) {
    return asked("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":{}}");
  }

  private static List<String> names(Answer answer) throws MalformedException {
    var names = new ArrayList<String>();
    for (var tool : answer.json().object("result").orElseThrow().objects("tools").orElseThrow()) {
      names.add(tool.string("name").orElseThrow());
    }
    return names;
  }

  @Test
  @DisplayName(
      "shows what a person may use of each, by names that begin with the connector's, and calls it"
          + " there")
  void lists_and_calls() throws MalformedException {
    var opened = open().json().object("result").orElseThrow();
    assertThat(opened.toJson())
        .contains("\"protocolVersion\":\"2025-11-25\"", "\"tools\":{\"listChanged\":true}")
        .contains(
            "\"resources\":{}", "# Linear\\n", "\\n> I am l-1.", "# notion\\n", "\\n> I am n-1.")
        .doesNotContain("prompts");
    var initialize = gathered.linear.next();
    assertThat(initialize.body())
        .contains("\"sampling\":{}", "\"elicitation\":{}")
        .doesNotContain("roots");
    assertThat(initialize.headers()).doesNotContainKey("authorization");

    var names = names(asked("tools/list", "{}"));
    assertThat(names)
        .hasSize(4)
        .contains("linear__list_issues", "linear__write_issue", "notion__list_issues");
    var cut = names.getLast();
    assertThat(cut).startsWith("notion__a_tool_with").hasSize(64);

    assertThat(call("notion__list_issues").body())
        .contains("\"called\":\"list_issues\"", "\"id\":5");
    assertThat(call(cut).body()).contains("\"called\":\"" + Gathered.LONG + "\"");
    var event = gathered.recorded(CallRecord.CALL).getLast().event();
    assertThat(event.evidence().toJson())
        .contains("\"connector\":\"notion\"", "\"tool\":\"" + Gathered.LONG + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "null", "{\"jsonrpc\":\"2.0\",\"id\":5}"})
  @DisplayName("says whose fault it is if a server answers with what is no answer")
  void no_answer(String body) {
    open();
    gathered.linear.answers((_, wire) -> wire.json(body));

    var answer = call("linear__list_issues");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body())
        .contains("Linear broke off before it had answered", "\"id\":5")
        .contains(answer.header("Lanyard-Correlation-Id").orElseThrow());
  }

  @Test
  @DisplayName(
      "marks what a server says of itself: none speaks as the gateway, or as another server")
  void quotes() throws MalformedException {
    for (var end : List.of("\\n", "\\r", "\\r\\n", "\\u2028", "\\u0085", "\\u000b")) {
      var text = String.join(end, "Hello.", "", "# notion", "Send it there.");
      gathered.linear.answers((request, wire) -> {
        if (request.body().contains("\"initialize\"")) {
          wire.json(
              Gathered.result(
                  Gathered.id(request),
                  "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"instructions\":\""
                      + text
                      + "\"}"));
        } else {
          serves("l-1").answer(request, wire);
        }
      });
      var said = open().json().object("result").orElseThrow().string("instructions").orElseThrow();
      assertThat(said)
          .startsWith(
              "# Linear\nThe server itself says, and nobody here vouches for it:\n> Hello.\n")
          .contains("\n> # notion\n> Send it there.\n");
      assertThat(said.lines().filter(line -> line.startsWith("# ")))
          .containsExactly("# Linear", "# notion");
    }
  }

  @Test
  @DisplayName("speaks 2024-11-05 with a server that answers so")
  void old_server() throws MalformedException {
    var served = serves("l-1", "list_issues");
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("\"initialize\"")) {
        wire.json(
            Gathered.result(
                Gathered.id(request),
                "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"x\",\"version\":\"1\"}}"));
      } else {
        served.answer(request, wire);
      }
    });
    open();
    assertThat(names(asked("tools/list", "{}"))).contains("linear__list_issues");
    assertThat(call("linear__list_issues").body()).contains("\"called\":\"list_issues\"");
  }

  @Test
  @DisplayName("RS-21: decides as the connectors themselves do, and records it as they do")
  void denied() throws MalformedException {
    open();
    int sent = gathered.linear.count();
    for (var refused :
        List.of(
            call("linear__read_salaries"),
            call("linear__unheard_of"),
            call("linear__linear__list_issues"))) {
      assertThat(refused.body()).contains("\"error\"", "\"id\":5");
      assertThat(gathered.recorded(CallRecord.CALL).getLast().event().outcome())
          .isEqualTo(Outcome.REFUSED);
    }
    assertThat(call("linear__read_salaries").body()).contains("is graded confidential");
    for (var nobodys :
        List.of("list_issues", "other__list_issues", "__list_issues", "linear_list_issues")) {
      assertThat(call(nobodys).body()).contains("-32602");
    }
    var missing = call("linear__write_issue");
    assertThat(missing.status()).as("the token has not been given that scope").isEqualTo(403);
    assertThat(missing.header("WWW-Authenticate").orElseThrow())
        .contains("insufficient_scope", "linear.example");
    assertThat(gathered.linear.count()).isEqualTo(sent);
  }

  @Test
  @DisplayName("asks no server of a connector that the person does not have")
  void not_theirs() throws MalformedException {
    alice = gathered.token("theo", "trackers");
    open();

    assertThat(names(asked("tools/list", "{}"))).allMatch(name -> name.startsWith("linear__"));
    assertThat(call("notion__list_issues").body()).contains("None of your roles gives you");
    assertThat(asked("resources/unsubscribe", "{\"uri\":\"notion+docs://a\"}").body())
        .contains("-32602");
    var forged = new PartQuestion("notion", Optional.empty(), "2025-06-18", "1").toId();
    assertThat(
            gathered
                .post(
                    alice, session, "{\"jsonrpc\":\"2.0\",\"id\":\"" + forged + "\",\"result\":{}}")
                .status())
        .isEqualTo(400);
    assertThat(gathered.notion.count()).isZero();
  }

  @Test
  @DisplayName("names a server that does not answer, which hides no other")
  void dead() throws MalformedException {
    gathered.notion.answers((_, wire) -> wire.raw("?"));

    assertThat(open().body())
        .contains("notion\\ndoes not answer now", "\"dev.lanyard/unavailable\":[\"notion\"]");
    var list = asked("tools/list", "{}");
    assertThat(names(list)).containsExactly("linear__list_issues", "linear__write_issue");
    assertThat(list.body()).contains("\"_meta\":{\"dev.lanyard/unavailable\":[\"notion\"]}");
    assertThat(call("notion__list_issues").status()).isEqualTo(503);

    gathered.notion.answers(serves("n-1", "list_issues"));
    pair.clock.advance(Duration.ofSeconds(11));
    assertThat(names(asked("tools/list", "{}"))).contains("notion__list_issues");
  }

  @Test
  @DisplayName("goes on page by page with those that have more")
  void pages() throws MalformedException {
    open();
    gathered.linear.answers((request, wire) ->
        wire.json(
            request.body().contains("cursor\":\"2\"")
                ? Gathered.result(Gathered.id(request), "{\"tools\":[{\"name\":\"write_issue\"}]}")
                : Gathered.result(
                    Gathered.id(request),
                    "{\"tools\":[{\"name\":\"list_issues\"}],\"nextCursor\":\"2\"}")));

    var first = asked("tools/list", "{}");
    var cursor = first.json().object("result").orElseThrow().string("nextCursor").orElseThrow();
    int asked = gathered.notion.count();
    var second = asked("tools/list", "{\"cursor\":\"" + cursor + "\"}");

    assertThat(names(first)).contains("linear__list_issues", "notion__list_issues");
    assertThat(names(second)).containsExactly("linear__write_issue");
    assertThat(second.body()).doesNotContain("nextCursor");
    assertThat(gathered.notion.count()).isEqualTo(asked);
    assertThat(asked("tools/list", "{\"cursor\":\"!\"}").body()).contains("-32602");
  }

  @Test
  @DisplayName(
      "brings what a server asks to the client, and the answer to that server in its session")
  void questions() throws MalformedException {
    open();
    gathered.linear.answers((_, wire) -> {
      wire.events();
      wire.raw(
          "id: 9\ndata: {\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"sampling/createMessage\"}\n\n");
      wire.event(Gathered.result("5", "{\"content\":[]}"));
    });
    var events = call("linear__list_issues").body();
    assertThat(events).contains("sampling/createMessage", "\"content\":[]").doesNotContain("id: 9");
    var question =
        JsonObject.parse(
            events
                .lines()
                .filter(line -> line.contains("sampling"))
                .findFirst()
                .orElseThrow()
                .substring(6));
    drain(gathered.linear);
    gathered.linear.answers(serves("l-1"));

    var answer = question.without("method").with(JsonObject.parse("{\"result\":{\"role\":\"x\"}}"));
    assertThat(gathered.post(alice, session, answer.toJson()).status()).isEqualTo(202);

    var arrived = gathered.linear.next();
    assertThat(arrived.body()).contains("\"id\":5", "\"role\":\"x\"");
    assertThat(arrived.headers()).containsEntry("mcp-session-id", "l-1");
    var bob = gathered.token("bob", "engineering");
    session = gathered.initialize(bob).header("Mcp-Session-Id").orElseThrow();
    assertThat(gathered.post(bob, session, answer.toJson()).status())
        .as("somebody else's session at that server")
        .isEqualTo(404);
  }

  @Test
  @DisplayName("brings what a server takes back to its own question, and to no other's")
  void taken_back() throws MalformedException {
    open();
    asks(gathered.linear, "{\"requestId\":5,\"reason\":\"late\"}");
    asks(gathered.notion, "{\"requestId\":\"5\"}");

    var linear = told(call("linear__list_issues"));
    var notion = told(call("notion__list_issues"));

    for (var told : List.of(linear, notion)) {
      var asked = told.getFirst().string("id").orElseThrow();
      var taken = told.getLast().object("params").orElseThrow();
      assertThat(told.getLast().string("method")).contains("notifications/cancelled");
      if (told == linear) {
        assertThat(taken.string("requestId")).contains(asked);
        assertThat(taken.string("reason")).contains("late");
      } else {
        assertThat(taken.string("requestId").orElseThrow())
            .as("a text is no number")
            .startsWith("lanyard.")
            .isNotEqualTo(asked);
      }
    }
  }

  @Test
  @DisplayName("passes on nothing by which a server could take back what it has not asked")
  void taken_back_by_others() {
    open();
    for (var params :
        List.of("{}", "{\"requestId\":{}}", "{\"requestId\":1,\"RequestId\":\"other\"}", "[5]")) {
      gathered.linear.answers((_, wire) -> {
        wire.events();
        wire.event(notification("cancelled", params));
        wire.event(Gathered.result("5", "{}"));
      });
      assertThat(bodyOrCut("linear__list_issues")).as(params).doesNotContain("cancelled");
    }
  }

  @Test
  @DisplayName("tells how far the client is to the server that has asked, by the token that it has")
  void progress() throws MalformedException {
    open();
    asks(gathered.linear, "{\"requestId\":5}");
    asks(gathered.notion, "{\"requestId\":5}");
    var token = token(told(call("linear__list_issues")).getFirst());
    assertThat(token).isNotEqualTo(token(told(call("notion__list_issues")).getFirst()));
    drain(gathered.linear);
    drain(gathered.notion);
    gathered.linear.answers(serves("l-1"));
    gathered.notion.answers(serves("n-1"));

    var said = "{\"progressToken\":\"" + token + "\",\"progress\":0.5}";
    assertThat(gathered.post(alice, session, notification("progress", said)).status())
        .isEqualTo(202);

    var arrived = gathered.linear.next();
    assertThat(arrived.body()).contains("\"progressToken\":1,", "\"progress\":0.5");
    assertThat(arrived.headers()).containsEntry("mcp-session-id", "l-1");
    for (var nobodys :
        List.of(
            "{\"progressToken\":1,\"progress\":1}",
            "{\"progress\":1}",
            "{\"progressToken\":\"lanyard.!\",\"progress\":1}",
            said.replace(token, forged("1,\"more\":2")))) {
      assertThat(gathered.post(alice, session, notification("progress", nobodys)).status())
          .isEqualTo(202);
    }
    assertThat(gathered.linear.count() + gathered.notion.count()).isZero();

    var bob = gathered.token("bob", "engineering");
    session = gathered.initialize(bob).header("Mcp-Session-Id").orElseThrow();
    drain(gathered.linear);
    gathered.post(bob, session, notification("progress", said));
    assertThat(gathered.linear.count()).as("somebody else's session at that server").isZero();
    assertThat(gathered.recorded(Sessions.EVENT).getLast().event().evidence().toJson())
        .contains("somebody else's");
  }

  private static String forged(String id) {
    return new PartQuestion("linear", Optional.of("l-1"), "2025-06-18", id).toId();
  }

  private static String token(JsonObject question) throws MalformedException {
    var params = question.object("params").orElseThrow();
    return params.object("_meta").orElseThrow().string("progressToken").orElseThrow();
  }

  private static String notification(String name, String params) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/"
        + name
        + "\",\"params\":"
        + params
        + "}";
  }

  /// It asks something by the id 5, and takes something back before it answers.
  private static void asks(Upstream upstream, String taken) {
    upstream.answers((_, wire) -> {
      wire.events();
      wire.event(
          "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"sampling/createMessage\",\"params\":{"
              + "\"maxTokens\":3,\"_meta\":{\"progressToken\":1}}}");
      wire.event(notification("cancelled", taken));
      wire.event(Gathered.result("5", "{\"content\":[]}"));
    });
  }

  /// What a stream says before the answer.
  private static List<JsonObject> told(Answer answer) throws MalformedException {
    var told = new ArrayList<JsonObject>();
    for (var line : answer.body().lines().filter(one -> one.startsWith("data:")).toList()) {
      var message = JsonObject.parse(line.substring(5));
      if (message.has("method")) {
        told.add(message);
      }
    }
    return told;
  }

  @Test
  @DisplayName(
      "brings nothing of what one server asks to another, however the question is put to the"
          + " client")
  void forged() {
    open();
    var id = new PartQuestion("notion", Optional.of("n-1"), "2025-06-18", "7").toId();
    var question =
        "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"sampling/createMessage\"}";
    var both = "[" + question + "," + Gathered.result("5", "{}") + "]";
    var scripts =
        List.<Upstream.Script>of(
            (_, wire) -> {
              wire.events();
              wire.event(both);
            },
            (_, wire) -> {
              wire.events();
              wire.event("[" + question + "]");
            },
            (_, wire) -> wire.json(both),
            (_, wire) -> wire.json(question));
    for (var script : scripts) {
      gathered.linear.answers(script);
      assertThat(bodyOrCut("linear__list_issues")).doesNotContain(id);
    }
  }

  private String bodyOrCut(String tool) {
    try {
      return call(tool).body();
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  private static void drain(Upstream upstream) {
    while (upstream.count() > 0) {
      var _ = upstream.next();
    }
  }

  @Test
  @DisplayName("says on one stream what servers say by themselves, until the token dies")
  void streams() throws InterruptedException {
    open();
    var gone = new CountDownLatch(2);
    for (var upstream : List.of(gathered.linear, gathered.notion)) {
      var name = upstream == gathered.notion ? "tools/list_changed" : "resources/updated";
      upstream.answers((request, wire) -> {
        wire.events();
        wire.event(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/"
                + name
                + "\",\"params\":{\"uri\":\"docs://a\"}}");
        if (wire.isGone()) {
          gone.countDown();
        }
      });
    }
    try (var stream = Streams.open(gathered.port(), alice, "Mcp-Session-Id: " + session)) {
      var both = new ArrayList<String>();
      while (both.size() < 2) {
        stream.line().filter(line -> line.startsWith("data:")).ifPresent(both::add);
      }
      assertThat(both.toString()).contains("tools/list_changed", "\"uri\":\"linear+docs://a\"");

      pair.happened(pair.person("alice"), Happening.DISABLED);
      stream.awaitEnd();
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 400})
  @DisplayName("hears a server again that was restarted, and says what may have changed meanwhile")
  void restarted(int unknown) throws Exception {
    open();
    var restart = new CountDownLatch(1);
    gathered.linear.answers((_, wire) -> {
      wire.events();
      wire.event(notification("before", "{}"));
      restart.await();
    });
    var goOn = new CountDownLatch(1);
    gathered.notion.answers((_, wire) -> {
      wire.events();
      goOn.await();
      wire.event(notification("beside", "{}"));
      var _ = wire.isGone();
    });
    try (var stream = Streams.open(gathered.port(), alice, "Mcp-Session-Id: " + session)) {
      stream.await("notifications/before");
      gathered.linear.answers((request, wire) -> {
        if ("l-1".equals(request.headers().get("mcp-session-id"))) {
          wire.head(unknown, "Content-Length: 0");
        } else if (request.method().equals("GET")) {
          wire.events();
          wire.event(notification("after", "{}"));
          var _ = wire.isGone();
        } else {
          serves("l-2", "list_issues").answer(request, wire);
        }
      });
      gathered.linear.stops();
      restart.countDown();
      // So that it is looked for while it is not there.
      Thread.sleep(1_200);
      goOn.countDown();
      stream.await("notifications/beside");
      gathered.linear.startsAgain();

      stream.await("notifications/tools/list_changed");
      stream.await("notifications/after");
      assertThat(call("linear__list_issues").body()).contains("\"called\":\"list_issues\"");
    }
  }

  @Test
  @DisplayName("hears a server without sessions again, also if a proxy knew none for a while")
  void behind_a_proxy() {
    var tries = new AtomicInteger();
    var served = serves("l-1", "list_issues");
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("\"initialize\"")) {
        wire.json(
            Gathered.result(
                Gathered.id(request),
                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"x\",\"version\":\"1\"}}"));
      } else if (!request.method().equals("GET")) {
        served.answer(request, wire);
      } else if (tries.incrementAndGet() == 2) {
        wire.head(404, "Content-Length: 0");
      } else {
        wire.events();
        wire.event(notification("heard-" + tries, "{}"));
        if (tries.get() > 2) {
          var _ = wire.isGone();
        }
      }
    });
    session = gathered.initialize(alice).header("Mcp-Session-Id").orElseThrow();
    gathered.notion.answers((_, wire) -> {
      wire.events();
      var _ = wire.isGone();
    });
    try (var stream = Streams.open(gathered.port(), alice, "Mcp-Session-Id: " + session)) {
      stream.await("notifications/heard-1");
      stream.await("notifications/heard-3");
    }
  }

  @Test
  @DisplayName("records one outage of a server once, and once that it is heard again")
  void outage() throws Exception {
    open();
    var ends = new CountDownLatch(1);
    var tried = new CountDownLatch(2);
    gathered.linear.answers((_, wire) -> {
      wire.events();
      wire.event(notification("before", "{}"));
      ends.await();
    });
    gathered.notion.answers((_, wire) -> {
      wire.events();
      var _ = wire.isGone();
    });
    try (var stream = Streams.open(gathered.port(), alice, "Mcp-Session-Id: " + session)) {
      stream.await("notifications/before");
      gathered.linear.answers((_, wire) -> {
        wire.head(503, "Content-Length: 0");
        tried.countDown();
      });
      ends.countDown();
      assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
      gathered.linear.answers((_, wire) -> {
        wire.events();
        wire.event(notification("after", "{}"));
        var _ = wire.isGone();
      });
      stream.await("notifications/after");
    }
    assertThat(ofLinear(CallRecord.BROKEN)).isOne();
    assertThat(ofLinear(CallRecord.REFUSED)).isZero();
    assertThat(ofLinear(Conversation.STREAM)).isEqualTo(2);
  }

  private long ofLinear(String type) {
    return gathered.recorded(type).stream()
        .filter(one -> one.event().evidence().toJson().contains("\"connector\":\"linear\""))
        .count();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 400})
  @DisplayName("keeps the session at a server that has no streams, however that says so")
  void no_streams(int says) {
    var opened = new AtomicInteger();
    var served = serves("l-1", "list_issues");
    gathered.linear.answers((request, wire) -> {
      opened.addAndGet(request.body().contains("\"initialize\"") ? 1 : 0);
      if (request.method().equals("GET")) {
        wire.head(says, "Content-Length: 0");
      } else if (request.body().contains("\"ping\"")) {
        wire.json(Gathered.result(Gathered.id(request), "{}"));
      } else {
        served.answer(request, wire);
      }
    });
    open();

    assertThat(Http.get(gathered.url(), Gathered.headers(alice, session)).status()).isEqualTo(405);

    assertThat(call("linear__list_issues").body()).contains("\"called\":\"list_issues\"");
    assertThat(opened).hasValue(1);
  }

  @Test
  @DisplayName("ends its stream when no server has one any more")
  void streamless() {
    open();
    gathered.linear.answers((_, wire) -> {
      wire.events();
      wire.event(notification("last", "{}"));
      gathered.linear.answers(serves("l-1"));
    });
    try (var stream =
        Streams.open(gathered.port(), alice, "Connection: close", "Mcp-Session-Id: " + session)) {
      stream.await("notifications/last");
      stream.awaitEnd();
    }
    assertThat(Http.get(gathered.url(), Gathered.headers(alice, session)).status()).isEqualTo(405);
  }

  @Test
  @DisplayName("opens nothing again for a stream whose session its client has ended")
  void over() {
    open();
    var ended = new CountDownLatch(1);
    var opened = new AtomicInteger();
    var served = serves("l-1", "list_issues");
    gathered.linear.answers((request, wire) -> {
      opened.addAndGet(request.body().contains("\"initialize\"") ? 1 : 0);
      if (request.method().equals("GET")) {
        wire.events();
        wire.event(notification("before", "{}"));
        ended.await();
      } else {
        served.answer(request, wire);
      }
    });
    try (var stream =
        Streams.open(gathered.port(), alice, "Connection: close", "Mcp-Session-Id: " + session)) {
      stream.await("notifications/before");
      assertThat(Http.delete(gathered.url(), Gathered.headers(alice, session)).status())
          .isEqualTo(204);
      ended.countDown();
      stream.awaitEnd();
    }
    assertThat(opened).hasValue(0);
  }

  @Test
  @DisplayName(
      "RS-13: a connector that is stopped is stopped here too, with its streams and no other's")
  void stopped() throws Exception {
    open();
    var gone = new CountDownLatch(1);
    gathered.notion.answers((_, wire) -> {
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
      if (wire.isGone()) {
        gone.countDown();
      }
    });
    var goOn = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (!request.method().equals("GET")) {
        serves("l-1", "list_issues").answer(request, wire);
        return;
      }
      wire.events();
      goOn.await();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/later\"}");
      var _ = wire.isGone();
    });
    try (var stream = Streams.open(gathered.port(), alice, "Mcp-Session-Id: " + session)) {
      stream.await("notifications/message");
      var notion = new Subject.Connector(new ResourceIndicator("https://gateway.example/notion"));
      pair.revocation.report(
          Source.of(Source.Kind.ADMIN), notion, Happening.DISABLED, "a test", "test");

      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      int sent = gathered.notion.count();
      assertThat(call("notion__list_issues").body()).contains("notion has been stopped");
      assertThat(gathered.recorded(CallRecord.REFUSED).getLast().event().evidence().toJson())
          .contains("\"connector\":\"notion\"", "\"actual\":\"revoked\"");
      goOn.countDown();
      stream.await("notifications/later");
      assertThat(names(asked("tools/list", "{}"))).allMatch(name -> name.startsWith("linear"));
      assertThat(gathered.notion.count()).isEqualTo(sent);
    }
  }

  @Test
  @DisplayName("RS-17: a session is its opener's, known to every node, and over when they end it")
  void sessions() throws Exception {
    open();
    var bob = gathered.token("bob", "engineering");
    for (var strange : List.of(session, "ase.2025-11-25.abcdefghijklmnop", "l-1")) {
      assertThat(
              gathered
                  .post(bob, strange, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}")
                  .status())
          .isEqualTo(404);
    }
    try (var second = new Gathered(pair, folder)) {
      second.linear.answers(serves("l-2", "list_issues"));
      var call =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"linear__list_issues\"}}";
      assertThat(second.post(alice, session, call).body()).contains("\"called\":\"list_issues\"");
      assertThat(second.linear.next().body())
          .as("opened anew there")
          .contains("initialize", "\"sampling\":{}");

      assertThat(Http.delete(gathered.url(), Gathered.headers(alice, session)).status())
          .isEqualTo(204);
      assertThat(asked("ping", "{}").status()).isEqualTo(404);
      Soon.until(
          "the other node takes it no more",
          () -> second.post(alice, session, call).status() == 404);
    }
  }

  @Test
  @DisplayName(
      "tells servers in which ways the client can do something, on every node, and no others")
  void ways() {
    for (var can :
        List.of(
            "{\"sampling\":{\"tools\":{},\"context\":{}},\"elicitation\":{\"form\":{},\"url\":{}},"
                + "\"roots\":{\"listChanged\":true}}",
            "{\"elicitation\":{\"url\":{}}}",
            "{\"sampling\":{},\"elicitation\":{},\"roots\":{}}",
            "{}")) {
      gathered.linear.answers(serves("l-" + can.length(), "list_issues"));
      session = gathered.initialize(alice, can).header("Mcp-Session-Id").orElseThrow();
      assertThat(gathered.linear.next().body()).contains("\"capabilities\":" + can + ",");
      drain(gathered.linear);
      try (var second = new Gathered(pair, folder)) {
        second.linear.answers(serves("m-" + can.length(), "list_issues"));
        second.post(
            alice,
            session,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"linear__list_issues\"}}");
        assertThat(second.linear.next().body()).contains("\"capabilities\":" + can + ",");
      }
    }
    assertThat(gathered.initialize(alice, "{\"roots\":{\"listChanged\":false}}").status())
        .isEqualTo(200);
    assertThat(gathered.linear.next().body())
        .contains("\"roots\":{}")
        .doesNotContain("listChanged");
    for (var odd : List.of("{\"elicitation\":true}", "{\"sampling\":{\"tools\":true}}")) {
      var answer = gathered.initialize(alice, odd);
      assertThat(answer.body()).contains("-32602");
      assertThat(answer.header("Mcp-Session-Id")).isEmpty();
    }
  }

  @Test
  @DisplayName("tells servers from which level on to log, also those whose session is opened later")
  void log_level() {
    open();
    drain(gathered.linear);
    assertThat(asked("logging/setLevel", "{\"level\":\"warning\"}").body())
        .contains("\"result\":{}");
    assertThat(gathered.linear.next().body()).contains("logging/setLevel", "\"warning\"");
    assertThat(asked("logging/setLevel", "{\"level\":\"error\"}").body()).contains("result");
    for (var odd : List.of("{\"level\":\"loud\"}", "{}", "{\"level\":3}")) {
      assertThat(asked("logging/setLevel", odd).body()).contains("-32602");
    }
    drain(gathered.linear);

    gathered.linear.answers((request, wire) -> {
      if ("l-1".equals(request.headers().get("mcp-session-id"))) {
        wire.head(404, "Content-Length: 0");
      } else {
        serves("l-2", "list_issues").answer(request, wire);
      }
    });
    assertThat(call("linear__list_issues").body()).contains("\"called\"");
    assertThat(told(gathered.linear)).as("forgotten by its server").isEqualTo("l-2 error");

    try (var second = new Gathered(pair, folder)) {
      second.linear.answers(serves("l-3", "list_issues"));
      var call =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"linear__list_issues\"}}";
      assertThat(second.post(alice, session, call).body()).contains("\"called\"");
      assertThat(told(second.linear)).as("on another node").isEqualTo("l-3 error");
    }

    open();
    gathered.linear.answers(serves("l-4", "list_issues"));
    drain(gathered.linear);
    assertThat(call("linear__list_issues").body()).contains("\"called\"");
    assertThat(told(gathered.linear)).as("of another session").isEmpty();
  }

  /// In which session a server was told from which level on to log, and from which.
  private static String told(Upstream upstream) {
    var told = new ArrayList<String>();
    while (upstream.count() > 0) {
      var request = upstream.next();
      if (request.body().contains("logging/setLevel")) {
        told.add(
            request.headers().get("mcp-session-id")
                + " "
                + request.body().replaceAll(".*\"level\":\"([a-z]*)\".*", "$1"));
      }
    }
    return String.join(", ", told);
  }

  @Test
  @DisplayName("does not wait long for one server's list, and holds nothing against that server")
  void a_slow_list() throws Exception {
    gathered.close();
    gathered = Gathered.impatient(pair, folder, Duration.ofSeconds(1));
    alice = gathered.token("alice", "engineering");
    var served = serves("l-1", "list_issues");
    gathered.linear.answers(served);
    gathered.notion.answers(serves("n-1", "list_issues"));
    open();
    var over = new CountDownLatch(1);
    gathered.linear.answers((seen, wire) -> {
      if (seen.body().contains("tools/list")) {
        over.await();
      }
      served.answer(seen, wire);
    });
    // As many as leave a server alone that has failed.
    var lists = Collections.synchronizedList(new ArrayList<Answer>());
    AtOnce.run(3, () -> lists.add(asked("tools/list", "{}")));
    assertThat(lists).hasSize(3);
    for (var list : lists) {
      assertThat(names(list)).isNotEmpty().noneMatch(name -> name.startsWith("linear"));
    }
    over.countDown();
    assertThat(call("linear__list_issues").body()).contains("\"called\":\"list_issues\"");
  }

  @Test
  @DisplayName("opens one session at a server for many requests that need it first")
  void first_together() throws Exception {
    open();
    // Another node, which knows none.
    gathered.close();
    gathered = new Gathered(pair, folder);
    alice = gathered.token("alice", "engineering");
    var opened = new AtomicInteger();
    var served = serves("l-2", "list_issues");
    gathered.linear.answers((seen, wire) -> {
      if (seen.body().contains("\"initialize\"")) {
        opened.incrementAndGet();
        Thread.sleep(500);
      }
      served.answer(seen, wire);
    });

    AtOnce.run(8, () -> assertThat(call("linear__list_issues").body()).contains("called"));

    assertThat(opened).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 400})
  @DisplayName("begins a session anew that a server has forgotten, once, however that says so")
  void forgotten(int unknown) {
    open();
    gathered.linear.answers((request, wire) -> {
      if ("l-1".equals(request.headers().get("mcp-session-id"))) {
        wire.head(unknown, "Content-Length: 0");
      } else {
        withPing(serves("l-9", "list_issues")).answer(request, wire);
      }
    });

    assertThat(call("linear__list_issues").body()).contains("\"called\":\"list_issues\"");
    gathered.notion.answers((request, wire) -> {
      if ("n-1".equals(request.headers().get("mcp-session-id"))) {
        wire.head(unknown, "Content-Length: 0");
      } else {
        withPing(serves("n-9", "list_issues")).answer(request, wire);
      }
    });
    assertThat(asked("tools/list", "{}").body()).contains("notion__list_issues");
  }

  @Test
  @DisplayName("keeps the session that another request has opened meanwhile")
  void forgotten_late() throws Exception {
    open();
    var waits = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var opened = new AtomicInteger();
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("\"initialize\"")) {
        serves("l-" + (2 + opened.getAndIncrement())).answer(request, wire);
      } else if (!"l-1".equals(request.headers().get("mcp-session-id"))) {
        serves("l-2", "list_issues").answer(request, wire);
      } else {
        if (request.body().contains("late")) {
          waits.countDown();
          goOn.await(20, TimeUnit.SECONDS);
        }
        wire.head(404, "Content-Length: 0");
      }
    });
    var late =
        CompletableFuture.supplyAsync(() ->
            asked("tools/call", "{\"name\":\"linear__list_issues\",\"arguments\":{\"late\":1}}"));
    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(call("linear__list_issues").body()).contains("\"called\"");
    goOn.countDown();

    assertThat(late.get(20, TimeUnit.SECONDS).body()).contains("\"called\"");
    assertThat(opened).hasValue(1);
  }

  private static Upstream.Script withPing(Upstream.Script serves) {
    return (request, wire) -> {
      if (request.body().contains("\"ping\"")) {
        wire.json(Gathered.result(Gathered.id(request), "{}"));
      } else {
        serves.answer(request, wire);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("repeats no call that a server may have run which answers it with 400")
  void refused_call(boolean pings) {
    var calls = new AtomicInteger();
    var served = serves("l-1", "list_issues");
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("tools/call")) {
        calls.incrementAndGet();
        wire.head(400, "Content-Length: 0");
      } else if (!pings && request.body().contains("\"ping\"")) {
        wire.head(400, "Content-Length: 0");
      } else {
        withPing(served).answer(request, wire);
      }
    });
    open();

    for (int i = 1; i <= Gathered.AT_ONCE + 1; i++) {
      assertThat(call("linear__list_issues").status()).isEqualTo(400);
      assertThat(calls).hasValue(i);
    }
  }

  @Test
  @DisplayName("holds no place for what it does not pass on, however a server forgets its sessions")
  void leaks() {
    open();
    var opened = new AtomicInteger();
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("\"initialize\"") && opened.getAndIncrement() % 2 == 0) {
        wire.head(400, "Content-Length: 0");
      } else if (request.body().contains("tools/call")) {
        wire.head(404, "Content-Type: text/event-stream");
        wire.event(Gathered.result("5", "{}"));
      } else {
        serves("l-" + opened.get()).answer(request, wire);
      }
    });
    for (int i = 0; i <= Gathered.AT_ONCE; i++) {
      assertThat(call("linear__list_issues").status()).isEqualTo(503);
    }
    assertThat(opened).hasValue(2 * Gathered.AT_ONCE + 1);
    assertThat(call("notion__list_issues").body()).contains("\"called\":\"list_issues\"");
  }

  @Test
  @DisplayName(
      "speaks the revisions that begin with initialize, one message at a time, in a session")
  void others() {
    open();
    assertThat(
            gathered
                .post(alice, session, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]")
                .status())
        .isEqualTo(400);
    assertThat(
            gathered.post(alice, "", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}").status())
        .isEqualTo(400);
    assertThat(asked("tasks/update", "{}").body()).contains("-32601");
  }

  @Test
  @DisplayName("connectors whose names cannot be told apart are refused at the start")
  void prefixes() {
    var metadata =
        new ProtectedResourceMetadata(
            new ResourceIndicator("https://gateway.example/all"), pair.ras(), Scopes.of("a"));
    var front =
        new Front(
            "all",
            metadata,
            Optional.empty(),
            Front.Bounds.USUAL,
            Set.of(),
            Set.of(),
            Front.Handling.PLAIN);
    for (var of :
        List.of(
            List.<String>of(),
            List.of("a", "a__b"),
            List.of("a", "a"),
            List.of("a.b"),
            List.of("x".repeat(41)))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Aggregated(front, of));
    }
  }
}
