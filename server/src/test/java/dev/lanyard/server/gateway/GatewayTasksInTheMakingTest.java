package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.admission.FrontDoor;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.task.TaskId;
import dev.lanyard.server.gateway.task.TaskSeal;
import dev.lanyard.server.gateway.task.TaskStore;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Decision 149: a task in the making at the moment of the kill is ended")
class GatewayTasksInTheMakingTest {
  private static final String NOTE = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}";

  @TempDir private static Path folder;
  private static Pair pair;

  private Fronted fronted;
  private final TaskServer server = new TaskServer();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch made = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private String name;
  private String token;

  @BeforeAll
  static void pair() {
    pair = Pair.start(Setup.usual(folder), folder);
  }

  @AfterAll
  static void stopPair() {
    pair.close();
  }

  @BeforeEach
  void start() {
    fronted = Fronted.start(pair, folder);
    name = "p-" + UUID.randomUUID();
    server.id = "t-" + name;
    token = fronted.token(name, "engineering");
  }

  @AfterEach
  void stop() {
    made.countDown();
    fronted.close();
  }

  /// The two ways in which MCP has tasks.
  enum Dialect {
    SESSIONS("2025-11-25"),
    STATELESS("2026-07-28");

    private final String revision;

    Dialect(String revision) {
      this.revision = revision;
    }

    String call() {
      return this == SESSIONS
          ? Fronted.call("list_issues").replace("\"name\"", "\"task\":{},\"name\"")
          : message("tools/call", "\"name\":\"list_issues\"");
    }

    String asking(String id) {
      var params = "\"taskId\":\"" + id + "\"";
      return this == SESSIONS
          ? "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tasks/get\",\"params\":{" + params + "}}"
          : message("tasks/get", params);
    }

    private static String message(String method, String params) {
      return """
      {"jsonrpc":"2.0","id":1,"method":"%s","params":{"_meta":{\
      "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientCapabilities":\
      {"extensions":{"io.modelcontextprotocol/tasks":{}}}},%s}}\
      """
          .formatted(method, params);
    }

    Map<String, String> headers(String token, String method, String name) {
      var headers = new HashMap<>(Fronted.headers(token, revision));
      if (this == STATELESS) {
        headers.put("Mcp-Method", method);
        headers.put("Mcp-Name", name);
      }
      return headers;
    }
  }

  private CompletableFuture<Answer> calls(Dialect dialect) {
    return CompletableFuture.supplyAsync(() ->
        switch (dialect) {
          case SESSIONS -> fronted.post(token, dialect.call());
          case STATELESS ->
              fronted.modern(token, dialect.call(), "tools/call", Optional.of("list_issues"));
        });
  }

  private Answer asks(Dialect dialect, String with, String id) {
    return switch (dialect) {
      case SESSIONS -> fronted.post(with, dialect.asking(id));
      case STATELESS -> fronted.modern(with, dialect.asking(id), "tasks/get", Optional.of(id));
    };
  }

  /// It makes a task of the call when the test says so.
  private void makesLater() {
    fronted.upstream.answers((request, wire) -> {
      if (request.body().contains("tools/call")) {
        arrived.countDown();
        made.await();
      }
      if (request.body().contains("notifications/cancelled")) {
        wire.head(202, "Content-Length: 0");
      } else {
        server.answer(request, wire);
      }
    });
  }

  /// The same on a stream that has begun.
  private void makesOnAStream() {
    fronted.upstream.answers((request, wire) -> {
      if (!request.body().contains("tools/call")) {
        server.answer(request, wire);
        return;
      }
      wire.events();
      wire.event(NOTE);
      made.await();
      var task = "\"taskId\":\"" + server.id + "\",\"status\":\"working\"";
      wire.event(
          request.headers().get("mcp-protocol-version").equals("2026-07-28")
              ? "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"task\"," + task + "}}"
              : "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"task\":{" + task + "}}}");
    });
  }

  private void kill() {
    var _ = pair.happened(pair.person(name), Happening.DISABLED);
  }

  private void arrives() throws InterruptedException {
    assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
    var _ = fronted.upstream.next();
  }

  private void assertEnded() {
    assertThat(fronted.upstream.next().body()).contains("tasks/cancel", server.id);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("its caller is answered at once, and its server told as soon as it has said its id")
  void killed(Dialect dialect) throws Exception {
    makesLater();
    var answer = calls(dialect);
    arrives();

    kill();

    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
    assertThat(fronted.recorded(FrontDoor.CUT)).isNotEmpty();
    assertThat(fronted.upstream.count()).isZero();
    made.countDown();
    assertEnded();
    assertNobodys(dialect);
  }

  /// Also after the person may come back.
  private void assertNobodys(Dialect dialect) {
    assertThat(
            new TaskStore(pair.database, TaskSeal.NONE)
                .find("linear", new TaskId(server.id), pair.clock.instant()))
        .isEmpty();
    var _ = pair.happened(pair.person(name), Happening.ENABLED);
    pair.clock.advance(Duration.ofSeconds(2));
    var again = new Desk(pair).accessToken(name, World.LINEAR);
    assertThat(asks(dialect, again, server.id).body()).contains("-32602");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the same where the server has begun a stream")
  void streamed(Dialect dialect) {
    makesOnAStream();
    try (var stream =
        Streams.posted(
            fronted.port(), dialect.headers(token, "tools/call", "list_issues"), dialect.call())) {
      stream.await("notifications/message");
      var _ = fronted.upstream.next();

      kill();

      stream.awaitEnd();
      made.countDown();
      assertEnded();
      assertNobodys(dialect);
    }
  }

  @Test
  @DisplayName(
      "2025-11-25: a client that has gone, or takes the call back, leaves a task that a kill ends")
  void left_in_a_session() throws Exception {
    fronted.upstream.answers((_, wire) ->
        wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "Mcp-Session-Id: s-" + name));
    var _ = fronted.post(token, request("initialize"));
    var _ = fronted.upstream.next();
    makesLater();
    var answer =
        CompletableFuture.supplyAsync(
            () -> fronted.post(token, Dialect.SESSIONS.call(), "Mcp-Session-Id", "s-" + name));
    arrives();
    var back =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";
    var _ = fronted.post(token, back, "Mcp-Session-Id", "s-" + name);
    assertThat(fronted.upstream.next().body()).contains("notifications/cancelled");
    assertThat(answer.get(20, TimeUnit.SECONDS).body()).doesNotContain("\"id\"");
    made.countDown();
    awaitKept();

    kill();
    assertEnded();
  }

  @Test
  @DisplayName("2025-11-25: what was taken back counts in at_once until its server has answered")
  void counts() throws Exception {
    twoAtOnce(GatewayLimits.DEFAULT.failures().inARow());
    fronted.upstream.answers((_, wire) ->
        wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "Mcp-Session-Id: s-" + name));
    var _ = fronted.post(token, request("initialize"));
    makesLater();
    var session = new String[] {"Mcp-Session-Id", "s-" + name};
    for (int id = 1; id <= 2; id++) {
      var called = Dialect.SESSIONS.call().replace("\"id\":1", "\"id\":" + id);
      var answer = CompletableFuture.supplyAsync(() -> fronted.post(token, called, session));
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
      var back =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
              + id
              + "}}";
      if (id == 1) {
        var _ = fronted.post(token, back, session);
        assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
      } else {
        Soon.until(() -> fronted.post(token, request("ping")).status() == 429);
      }
    }
    made.countDown();
    awaitKept();
  }

  private void twoAtOnce(int failuresInARow) {
    fronted.close();
    var usual = GatewayLimits.DEFAULT;
    var two =
        new GatewayLimits(
            usual.sizes(),
            new GatewayLimits.Shares(600, 300, 1_000, 2, 16, 1_000),
            usual.patience(),
            new GatewayLimits.Failures(failuresInARow, usual.failures().leftAlone()));
    fronted = Fronted.start(pair, folder, Fronted.With.USUAL.limits(two));
    token = fronted.token(name, "engineering");
  }

  @Test
  @DisplayName("2025-11-25: a server that does not answer what was taken back has not failed")
  void unanswered() throws Exception {
    twoAtOnce(1);
    var plain = new CountDownLatch(1);
    fronted.upstream.answers((request, wire) -> {
      var body = request.body();
      if (body.contains("\"task\":{}")) {
        arrived.countDown();
        made.await();
        // Its connection ends, without an answer.
      } else if (body.contains("notifications/cancelled")) {
        wire.head(202, "Content-Length: 0");
      } else {
        if (body.contains("tools/call")) {
          plain.countDown();
          gone.await();
        }
        wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "Mcp-Session-Id: s-" + name);
      }
    });
    var session = new String[] {"Mcp-Session-Id", "s-" + name};
    var _ = fronted.post(token, request("initialize"));
    var called =
        CompletableFuture.supplyAsync(() -> fronted.post(token, Dialect.SESSIONS.call(), session));
    assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
    var back =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";
    var _ = fronted.post(token, back, session);
    assertThat(called.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    var other =
        CompletableFuture.supplyAsync(() -> fronted.post(token, call("list_issues"), session));
    try {
      // Both places are taken until what was taken back has ended.
      assertThat(plain.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(fronted.post(token, request("ping"), session).status()).isEqualTo(429);
      made.countDown();
      Soon.until(() -> fronted.post(token, request("ping"), session).status() == 200);
    } finally {
      gone.countDown();
    }
    assertThat(other.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  private void awaitKept() {
    var store = new TaskStore(pair.database, TaskSeal.NONE);
    Soon.until(
        "it is kept",
        () -> store.find("linear", new TaskId(server.id), pair.clock.instant()).isPresent());
  }

  @Test
  @DisplayName("2025-11-25: a client that hangs up on a stream leaves one too")
  void hung_up() {
    makesOnAStream();
    try (var stream =
        Streams.posted(
            fronted.port(),
            Dialect.SESSIONS.headers(token, "tools/call", "list_issues"),
            Dialect.SESSIONS.call())) {
      stream.await("notifications/message");
      var _ = fronted.upstream.next();
    }
    made.countDown();
    awaitKept();

    kill();
    assertEnded();
  }

  @Test
  @DisplayName("2026-07-28: whoever hangs up takes the call back, so its task is ended at once")
  void taken_back() throws Exception {
    fronted.upstream.answers((request, wire) -> {
      if (request.body().contains("tools/call")) {
        wire.events();
        wire.event(NOTE);
        made.await();
        try {
          // The gateway notices that its client has gone when it passes something on.
          for (int i = 0; i < 20; i++) {
            wire.event(NOTE);
            Thread.sleep(20);
          }
        } finally {
          gone.countDown();
        }
        wire.event(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"task\",\"taskId\":\""
                + server.id
                + "\",\"status\":\"working\"}}");
      } else {
        server.answer(request, wire);
      }
    });
    try (var stream =
        Streams.posted(
            fronted.port(),
            Dialect.STATELESS.headers(token, "tools/call", "list_issues"),
            Dialect.STATELESS.call())) {
      stream.await("notifications/message");
      var _ = fronted.upstream.next();
    }
    made.countDown();

    assertEnded();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "2026-07-28: a call that becomes none soon is cancelled at its server, as hanging up means there")
  void no_task(Dialect dialect) throws Exception {
    fronted.upstream.answers((_, wire) -> {
      arrived.countDown();
      if (wire.isGone()) {
        gone.countDown();
      }
    });
    var answer = calls(dialect);
    arrives();

    kill();

    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
    assertThat(gone.await(8, TimeUnit.SECONDS)).isEqualTo(dialect == Dialect.STATELESS);
    var person = Optional.of(pair.person(name).id().value());
    assertThat(fronted.recorded("gateway.broken"))
        .noneMatch(one -> one.event().person().equals(person));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("if this node dies before the server has taken it, any other tells it")
  void restarted(Dialect dialect) throws Exception {
    makesLater();
    var answer = calls(dialect);
    arrives();
    kill();
    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
    server.ends = false;
    made.countDown();
    assertEnded();
    fronted.close();

    fronted = Fronted.start(pair, folder);
    server.ends = true;
    fronted.upstream.answers(server);
    pair.clock.advance(Duration.ofSeconds(31));

    assertEnded();
  }

  @Test
  @DisplayName("a call that cannot become one is cut off at its server at once")
  void plain() throws Exception {
    fronted.upstream.answers((_, wire) -> {
      arrived.countDown();
      if (wire.isGone()) {
        gone.countDown();
      }
    });
    var answer = CompletableFuture.supplyAsync(() -> fronted.post(token, call("list_issues")));
    arrives();

    kill();

    assertThat(gone.await(4, TimeUnit.SECONDS)).isTrue();
    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
  }
}
