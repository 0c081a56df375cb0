package dev.lanyard.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.gateway.task.EndedTasks;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Decision 129: tasks at an aggregate are their connectors', and named after them")
class GatewayTasksAtAggregatesTest {
  private static final String TASKS = "\"io.modelcontextprotocol/tasks\":{}";
  private static final String RELATED =
      "\"io.modelcontextprotocol/related-task\":{\"taskId\":\"%s\"}";

  @TempDir Path folder;
  private Pair pair;
  private Gathered gathered;
  private final Tasked linear = new Tasked("s-linear");
  private final Tasked notion = new Tasked("s-notion");
  private String alice;
  private String bob;
  private final Map<String, String> sessions = new HashMap<>();

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.revocation.tells(new EndedTasks());
    gathered = new Gathered(pair, folder);
    alice = gathered.token("alice", "engineering");
    bob = gathered.token("bob", "engineering");
    gathered.linear.answers(linear);
    gathered.notion.answers(notion);
  }

  @AfterEach
  void stop() {
    gathered.close();
    pair.close();
  }

  /// The two ways in which MCP has tasks.
  enum Dialect {
    SESSIONS,
    ALONE
  }

  /// A server with tools whose calls are tasks, in both dialects.
  private static final class Tasked implements Upstream.Script {
    private final String session;
    private final AtomicInteger opened = new AtomicInteger();
    final TaskServer tasks = new TaskServer();

    /// Whether it knows 2026-07-28.
    volatile boolean modern = true;

    volatile String tools =
        "{\"name\":\"list_issues\",\"execution\":{\"taskSupport\":\"optional\"}}";

    Tasked(String session) {
      this.session = session;
    }

    @Override
    public void answer(Upstream.Seen request, Upstream.Wire wire) throws IOException {
      if (!request.method().equals("POST")) {
        wire.head(request.method().equals("DELETE") ? 204 : 405, "Content-Length: 0");
        return;
      }
      var id = request.body().contains("\"id\"") ? Gathered.id(request) : "null";
      switch (method(request)) {
        case "initialize" ->
            wire.json(
                Gathered.result(
                    id,
                    """
                    {"protocolVersion":"2025-11-25","serverInfo":{"name":"x","version":"1"},\
                    "capabilities":{"tools":{},"tasks":{"list":{},"cancel":{},\
                    "requests":{"tools":{"call":{}}}}}}\
                    """),
                "Mcp-Session-Id: " + session + opened.incrementAndGet());
        case "server/discover" ->
            wire.json(
                modern
                    ? Gathered.result(
                        id,
                        """
                        {"resultType":"complete","supportedVersions":["2026-07-28"],\
                        "capabilities":{"tools":{},"extensions":{%s}}}\
                        """
                            .formatted(TASKS))
                    : "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-32601,\"message\":\"?\"}}"
                        .formatted(id));
        case "tools/list" -> wire.json(Gathered.result(id, "{\"tools\":[" + tools + "]}"));
        case "notifications/initialized", "" -> wire.head(202, "Content-Length: 0");
        default -> tasks.answer(request, wire);
      }
    }
  }

  private static String method(Upstream.Seen request) {
    try {
      return JsonObject.parse(request.body()).string("method").orElse("");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private String session(String token) {
    return sessions.computeIfAbsent(
        token, one -> gathered.initialize(one).header("Mcp-Session-Id").orElseThrow());
  }

  private Answer asks(Dialect dialect, String token, String method, String params, String name) {
    return switch (dialect) {
      case SESSIONS -> asksIn(session(token), token, method, params);
      case ALONE -> {
        var headers = Gathered.alone(token, method);
        if (!name.isEmpty()) {
          headers.put("Mcp-Name", name);
        }
        yield Http.post(gathered.url(), "application/json", alone(method, params), headers);
      }
    };
  }

  private static String alone(String method, String params) {
    return Gathered.message(method, "," + params)
        .replace("{\"elicitation\":{}}", "{\"extensions\":{" + TASKS + "}}");
  }

  private Answer asksIn(String session, String token, String method, String params) {
    return gathered.post(
        token,
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":{%s}}"
            .formatted(method, params));
  }

  private Answer calls(Dialect dialect, String token, String tool) {
    var params = "\"name\":\"" + tool + "\"";
    return asks(
        dialect,
        token,
        "tools/call",
        dialect == Dialect.SESSIONS ? "\"task\":{}," + params : params,
        tool);
  }

  private Answer asksFor(Dialect dialect, String token, String method, String id) {
    return asks(dialect, token, method, "\"taskId\":\"" + id + "\"", id);
  }

  private static List<String> methods(Dialect dialect) {
    return switch (dialect) {
      case SESSIONS -> List.of("tasks/get", "tasks/result", "tasks/cancel");
      case ALONE -> List.of("tasks/get", "tasks/update", "tasks/cancel");
    };
  }

  /// What has arrived at a server that is about tasks.
  private static List<Upstream.Seen> aboutTasks(Upstream at) {
    var all = new ArrayList<Upstream.Seen>();
    while (at.count() > 0) {
      var seen = at.next();
      if (seen.method().equals("POST") && method(seen).startsWith("tasks/")) {
        all.add(seen);
      }
    }
    return all;
  }

  private void nothingWentUp() {
    assertThat(aboutTasks(gathered.linear)).isEmpty();
    assertThat(aboutTasks(gathered.notion)).isEmpty();
  }

  private String lastEvidence() {
    return gathered.recorded("gateway.task").getLast().event().evidence().toJson();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("two servers that give one id have two tasks, and each is asked of its own")
  void own(Dialect dialect) {
    assertThat(calls(dialect, alice, "linear__list_issues").body())
        .contains("\"taskId\":\"linear+t-1\"");
    assertThat(calls(dialect, alice, "notion__list_issues").body())
        .contains("\"taskId\":\"notion+t-1\"");
    aboutTasks(gathered.linear);
    linear.tasks.status = "completed";
    for (var method : methods(dialect)) {
      var answer = asksFor(dialect, alice, method, "notion+t-1");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("\"result\"").doesNotContain("\"taskId\":\"t-1\"");
      if (!(dialect == Dialect.ALONE && !method.equals("tasks/get"))) {
        assertThat(answer.body()).contains("\"taskId\":\"notion+t-1\"");
      }
      var seen = aboutTasks(gathered.notion);
      assertThat(seen).hasSize(1);
      assertThat(seen.getFirst().body()).contains(method, "\"taskId\":\"t-1\"");
      if (dialect == Dialect.ALONE) {
        assertThat(seen.getFirst().headers()).containsEntry("mcp-name", "t-1");
      }
      assertThat(aboutTasks(gathered.linear)).isEmpty();
      assertThat(lastEvidence()).contains(method, "list_issues", "\"connector\":\"notion\"");
    }
    if (dialect == Dialect.ALONE) {
      assertThat(asksFor(dialect, alice, "tasks/get", "linear+t-1").body()).contains("I-7");
    } else {
      assertThat(asksFor(dialect, alice, "tasks/result", "linear+t-1").body())
          .contains("I-7", RELATED.formatted("linear+t-1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what is not the caller's does not exist, whatever stands before its id")
  void not_theirs(Dialect dialect) {
    calls(dialect, alice, "linear__list_issues");
    var other =
        new Desk(pair, "other", "other-ras", "https://other.example/callback")
            .accessToken("alice", World.LINEAR);
    session(bob);
    session(other);
    nothingWentUp();
    for (var method : methods(dialect)) {
      var answers = new ArrayList<String>();
      answers.add(unknown(dialect, bob, method, "linear+t-1"));
      answers.add(unknown(dialect, other, method, "linear+t-1"));
      for (var id : List.of("t-1", "notion+t-1", "linear+t-2", "else+t-1", "linear+", "+t-1")) {
        answers.add(unknown(dialect, alice, method, id));
      }
      // An empty id is none at all.
      answers.removeIf(one -> one.contains("params:"));
      assertThat(answers.stream().distinct()).hasSize(1);
    }
    nothingWentUp();
  }

  private String unknown(Dialect dialect, String token, String method, String id) {
    var answer = asksFor(dialect, token, method, id);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("-32602").doesNotContain("working");
    return answer.body().replaceAll("\"correlation_id\":\"[^\"]*\"", "");
  }

  @Test
  @DisplayName("nor does what was made in another session at the aggregate")
  void another_session() {
    calls(Dialect.SESSIONS, alice, "linear__list_issues");
    var other = gathered.initialize(alice).header("Mcp-Session-Id").orElseThrow();
    nothingWentUp();

    assertThat(asksIn(other, alice, "tasks/get", "\"taskId\":\"linear+t-1\"").body())
        .contains("-32602");
    assertThat(asksIn(other, alice, "tasks/list", "").body()).contains("\"tasks\":[]");
    assertThat(asksFor(Dialect.ALONE, alice, "tasks/get", "linear+t-1").body()).contains("-32602");
    assertThat(aboutTasks(gathered.linear)).allMatch(seen -> seen.body().contains("tasks/list"));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a server that gives the id of another one has a task of its own, and no other")
  void another_servers(Dialect dialect) {
    calls(dialect, bob, "notion__list_issues");
    linear.tasks.id = "notion+t-1";
    assertThat(calls(dialect, alice, "linear__list_issues").body())
        .contains("\"taskId\":\"linear+notion+t-1\"");
    nothingWentUp();

    assertThat(asksFor(dialect, alice, "tasks/get", "notion+t-1").body()).contains("-32602");
    assertThat(aboutTasks(gathered.notion)).isEmpty();
    assertThat(asksFor(dialect, alice, "tasks/get", "linear+notion+t-1").body())
        .contains("\"taskId\":\"linear+notion+t-1\"");
    linear.tasks.claims = Optional.of("t-of-bob");
    assertThat(asksFor(dialect, alice, "tasks/get", "linear+notion+t-1").status()).isEqualTo(502);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("whoever has lost the role is denied their own, and nothing goes up")
  void lost(Dialect dialect) {
    calls(dialect, alice, "notion__list_issues");
    nothingWentUp();
    gathered.regraded(pair, folder, "list_issues: internal", "list_issues: confidential");
    for (var method : methods(dialect)) {
      assertThat(asksFor(dialect, alice, method, "notion+t-1").body())
          .contains("\"error\"")
          .doesNotContain("working");
    }
    nothingWentUp();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a kill ends what somebody has at every server, each by its own id")
  void killed(Dialect dialect) {
    var mallory = gathered.token("mallory", "engineering");
    calls(dialect, mallory, "linear__list_issues");
    notion.tasks.id = "t-2";
    calls(dialect, mallory, "notion__list_issues");
    nothingWentUp();

    var _ = pair.happened(pair.person("mallory"), Happening.DISABLED);

    assertThat(awaited(gathered.linear).body()).contains("tasks/cancel", "\"t-1\"");
    assertThat(awaited(gathered.notion).body()).contains("tasks/cancel", "\"t-2\"");
    assertThat(asksFor(dialect, mallory, "tasks/get", "linear+t-1").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a kill ends a task in the making, too (decision 149)")
  void in_the_making(Dialect dialect) throws Exception {
    var mallory = gathered.token("mallory", "engineering");
    if (dialect == Dialect.SESSIONS) {
      session(mallory);
    }
    var arrived = new CountDownLatch(1);
    var made = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (request.body().contains("tools/call")) {
        arrived.countDown();
        made.await();
      }
      linear.answer(request, wire);
    });
    var answer =
        CompletableFuture.supplyAsync(() -> calls(dialect, mallory, "linear__list_issues"));
    assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

    var _ = pair.happened(pair.person("mallory"), Happening.DISABLED);

    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
    nothingWentUp();
    made.countDown();
    assertThat(awaited(gathered.linear).body()).contains("tasks/cancel", "\"t-1\"");
  }

  private static Upstream.Seen awaited(Upstream at) {
    return Soon.found("something about tasks arrives", () -> aboutTasks(at).stream().findFirst());
  }

  @Test
  @DisplayName("2025-11-25: the list has the own ones of all, page by page")
  void list() throws MalformedException {
    linear.tasks.more = ",\"nextCursor\":\"p-2\"";
    calls(Dialect.SESSIONS, alice, "linear__list_issues");
    calls(Dialect.SESSIONS, alice, "notion__list_issues");
    nothingWentUp();
    var first = asksIn(session(alice), alice, "tasks/list", "").body();
    assertThat(first)
        .contains("\"taskId\":\"linear+t-1\"", "\"taskId\":\"notion+t-1\"")
        .doesNotContain("t-else");
    nothing(gathered.notion, 1);
    nothing(gathered.linear, 1);
    var cursor =
        JsonObject.parse(first).object("result").orElseThrow().nonEmptyString("nextCursor");
    linear.tasks.more = "";

    var second =
        asksIn(session(alice), alice, "tasks/list", "\"cursor\":\"" + cursor + "\"").body();

    assertThat(second).contains("linear+t-1").doesNotContain("notion", "nextCursor");
    var seen = aboutTasks(gathered.linear);
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().body()).contains("\"cursor\":\"p-2\"");
    nothing(gathered.notion, 0);
    assertThat(asksIn(session(bob), bob, "tasks/list", "").body()).contains("\"tasks\":[]");
    assertThat(asks(Dialect.ALONE, alice, "tasks/list", "\"x\":1", "").body()).contains("-32601");
  }

  private static void nothing(Upstream at, int but) {
    assertThat(aboutTasks(at)).hasSize(but);
  }

  private static String status(String id) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks/status\",\"params\":{\"taskId\":\"%s\",\"status\":\"completed\"}}"
        .formatted(id);
  }

  @Test
  @DisplayName("2025-11-25: of what servers tell of tasks the own ones arrive, by their names here")
  void told() throws Exception {
    calls(Dialect.SESSIONS, alice, "linear__list_issues");
    notion.tasks.id = "t-bob";
    calls(Dialect.SESSIONS, bob, "notion__list_issues");
    int strays = gathered.recorded("gateway.stray").size();
    var over = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (!request.method().equals("GET")) {
        linear.answer(request, wire);
        return;
      }
      wire.events();
      wire.event(status("t-2"));
      wire.event(status("linear+t-1"));
      wire.event(status("t-1"));
      wire.event(
          "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"elicitation/create\",\"params\":{\"message\":\"Which?\",\"_meta\":{"
              + RELATED.formatted("t-1")
              + "}}}");
      over.await();
    });
    gathered.notion.answers((request, wire) -> {
      if (!request.method().equals("GET")) {
        notion.answer(request, wire);
        return;
      }
      wire.events();
      wire.event(status("t-1"));
      wire.event(status("t-bob"));
      wire.event(status("linear+t-1"));
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/last\"}");
      over.await();
    });
    try (var stream = Streams.open(gathered.port(), alice, "Mcp-Session-Id: " + session(alice))) {
      var told = new ArrayList<String>();
      boolean last = false;
      boolean asked = false;
      while (!last || !asked) {
        var line = stream.line().orElseThrow();
        told.add(line);
        last |= line.contains("notifications/last");
        asked |= line.contains("elicitation/create");
      }
      assertThat(told.stream().filter(line -> line.contains("tasks/status")))
          .singleElement()
          .asString()
          .contains("\"taskId\":\"linear+t-1\"");
      var question = told.stream().filter(line -> line.contains("elicitation")).toList().getFirst();
      assertThat(question).contains(RELATED.formatted("linear+t-1"), "Linear asks: Which?");
      var id =
          JsonObject.parse(question.substring(question.indexOf('{')).replaceAll("[^}]*$", ""))
              .text("id")
              .orElseThrow();
      aboutTasks(gathered.linear);
      gathered.post(
          alice,
          session(alice),
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + id
              + ",\"result\":{\"action\":\"accept\",\"_meta\":{"
              + RELATED.formatted("linear+t-1")
              + "}}}");
      assertThat(gathered.linear.next().body()).contains("accept", RELATED.formatted("t-1"));
    }
    over.countDown();
    assertThat(gathered.recorded("gateway.stray")).hasSize(strays + 5);
  }

  @Test
  @DisplayName("no server learns of a task of another one from what a client says")
  void said() {
    calls(Dialect.SESSIONS, alice, "linear__list_issues");
    nothingWentUp();
    var meta = "\"_meta\":{" + RELATED.formatted("linear+t-1") + "}";
    asksIn(session(alice), alice, "tools/call", "\"name\":\"notion__list_issues\"," + meta);
    asksIn(session(alice), alice, "tools/call", "\"name\":\"linear__list_issues\"," + meta);
    assertThat(call(gathered.notion)).doesNotContain("t-1");
    assertThat(call(gathered.linear)).contains(RELATED.formatted("t-1"));
  }

  private static String call(Upstream at) {
    while (true) {
      var seen = at.next();
      if (seen.body().contains("tools/call")) {
        return seen.body();
      }
    }
  }

  @Test
  @DisplayName("2026-07-28: whoever listens hears of their own tasks by their names here")
  void listened() throws Exception {
    calls(Dialect.ALONE, alice, "linear__list_issues");
    nothingWentUp();
    for (var ids : List.of("[\"notion+t-1\"]", "[\"t-1\"]", "[\"linear+t-1\",\"linear+t-2\"]")) {
      assertThat(listens(alice, ids).body()).contains("-32602", "There is no such task.");
    }
    assertThat(listens(bob, "[\"linear+t-1\"]").body()).contains("-32602");
    for (var upstream : List.of(gathered.linear, gathered.notion)) {
      while (upstream.count() > 0) {
        assertThat(method(upstream.next())).as("what it speaks").isEqualTo("server/discover");
      }
    }
    var over = new CountDownLatch(1);
    gathered.linear.answers((request, wire) -> {
      if (!method(request).equals("subscriptions/listen")) {
        linear.answer(request, wire);
        return;
      }
      wire.events();
      wire.event(news("t-2"));
      wire.event(news("t-1"));
      over.await();
    });
    var message = alone("subscriptions/listen", "\"notifications\":{\"taskIds\":[\"linear+t-1\"]}");
    try (var stream =
        Streams.posted(gathered.port(), Gathered.alone(alice, "subscriptions/listen"), message)) {
      var told = new StringBuilder();
      while (!told.toString().contains("I-7")) {
        told.append(stream.line().orElseThrow());
      }
      assertThat(told.toString())
          .contains("\"taskIds\":[\"linear+t-1\"]", "\"taskId\":\"linear+t-1\"", "subscriptionId")
          .doesNotContain("t-2");
    }
    over.countDown();
    var seen = gathered.linear.next();
    while (!method(seen).equals("subscriptions/listen")) {
      seen = gathered.linear.next();
    }
    assertThat(seen.body()).contains("\"taskIds\":[\"t-1\"]");
  }

  private static String news(String id) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks\",\"params\":{\"taskId\":\"%s\",\"status\":\"completed\",\"result\":%s}}"
        .formatted(id, TaskServer.RESULT);
  }

  private Answer listens(String token, String ids) {
    return asks(
        Dialect.ALONE,
        token,
        "subscriptions/listen",
        "\"notifications\":{\"taskIds\":" + ids + "}",
        "");
  }

  @Test
  @DisplayName("what no server can is not promised")
  void promised() {
    gathered.notion.answers(Gathered.serves("n"));
    assertThat(gathered.initialize(alice).body())
        .contains("\"tasks\":{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}")
        .doesNotContain("extensions");
    gathered.notion.answers(Gathered.servesAlone());
    assertThat(asks(Dialect.ALONE, alice, "server/discover", "\"x\":1", "").body())
        .contains(TASKS)
        .doesNotContain("\"tasks\":");
    gathered.linear.answers(Gathered.serves("l"));
    assertThat(gathered.initialize(bob).body()).doesNotContain("tasks");
    gathered.linear.answers(Gathered.servesAlone());
    assertThat(asks(Dialect.ALONE, bob, "server/discover", "\"x\":1", "").body())
        .doesNotContain("tasks");
  }

  @Test
  @DisplayName("2026-07-28: at a server that begins with initialize nothing becomes a task")
  void older_server() {
    linear.modern = false;
    linear.tools =
        linear.tools + ",{\"name\":\"write_issue\",\"execution\":{\"taskSupport\":\"required\"}}";
    assertThat(asks(Dialect.ALONE, alice, "tools/list", "\"x\":1", "").body())
        .contains("linear__list_issues", "notion__list_issues")
        .doesNotContain("write_issue");
    assertThat(
            asks(
                    Dialect.ALONE,
                    alice,
                    "tools/call",
                    "\"task\":{},\"name\":\"linear__list_issues\"",
                    "linear__list_issues")
                .body())
        .contains("-32602", "no part of this revision");
    assertThat(asksFor(Dialect.ALONE, alice, "tasks/get", "linear+t-1").body())
        .contains("-32602", "There is no such task.");
    assertThat(asks(Dialect.SESSIONS, alice, "tools/list", "", "").body())
        .contains("\"taskSupport\":\"required\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"task\":{\"taskId\":\"t-1\"},\"_meta\":{\"io.modelcontextprotocol/Related-Task\":{\"taskId\":\"notion+t\"}}}",
        "{\"task\":{\"taskId\":\"t-1\"},\"_Meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"notion+t\"}}}"
      })
  @DisplayName("an answer in which some read another task is not passed on")
  void read_in_two_ways(String result) {
    session(alice);
    gathered.linear.answers(
        (request, wire) -> wire.json(Gathered.result(Gathered.id(request), result)));
    assertThat(calls(Dialect.SESSIONS, alice, "linear__list_issues").status()).isEqualTo(502);
  }

  @Test
  @DisplayName("another node of the gateway finds a task in the same session of its client")
  void another_node() {
    calls(Dialect.SESSIONS, alice, "linear__list_issues");
    try (var there = new Gathered(pair, folder)) {
      there.linear.answers(new Tasked("s-there"));
      there.notion.answers(new Tasked("n-there"));
      var message =
          "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tasks/get\",\"params\":{\"taskId\":\"%s\"}}";
      assertThat(there.post(alice, session(alice), message.formatted("linear+t-1")).body())
          .contains("working", "linear+t-1");
      assertThat(there.post(bob, session(bob), message.formatted("linear+t-1")).body())
          .contains("-32602");
    }
  }
}
