package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.gateway.admission.Begun;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Disclosure;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.message.Repeated;
import dev.lanyard.server.gateway.task.EndedTasks;
import dev.lanyard.server.gateway.task.KeptTask;
import dev.lanyard.server.gateway.task.TaskId;
import dev.lanyard.server.gateway.task.TaskSeal;
import dev.lanyard.server.gateway.task.TaskStore;
import dev.lanyard.server.gateway.task.Tasks;
import dev.lanyard.server.gateway.task.TestSeal;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("thorough")
@DisplayName("Decision 120: tasks through the gateway belong to who made the call")
class GatewayTasksTest {
  private static final String TASKS = "\"io.modelcontextprotocol/tasks\":{}";

  @TempDir private static Path folder;
  private static Pair pair;
  private static String library;

  private Fronted fronted;
  private final TaskServer server = new TaskServer();
  private String alice;
  private String bob;

  @BeforeAll
  static void pair() {
    pair = Pair.start(Setup.usual(folder), folder);
    library = Fronted.library(pair);
  }

  @AfterAll
  static void stopPair() {
    pair.close();
  }

  @BeforeEach
  void start() {
    start(Fronted.With.USUAL);
    // No test finds the tasks of another one.
    server.id = "t-" + UUID.randomUUID();
  }

  private void start(Fronted.With with) {
    if (fronted != null) {
      fronted.close();
    }
    fronted = Fronted.start(pair, folder, with);
    fronted.upstream.answers(server);
    alice = fronted.token("alice", "engineering");
    bob = fronted.token("bob", "engineering");
  }

  @AfterEach
  void stop() {
    fronted.close();
  }

  /// The two ways in which MCP has tasks.
  enum Dialect {
    SESSIONS,
    ALONE
  }

  private Answer calls(Dialect dialect, String token, String... headers) {
    return callsTool(dialect, token, "list_issues", headers);
  }

  private Answer callsTool(Dialect dialect, String token, String tool, String... headers) {
    return switch (dialect) {
      case SESSIONS ->
          fronted.post(token, call(tool).replace("\"name\"", "\"task\":{},\"name\""), headers);
      case ALONE ->
          fronted.modern(
              token,
              modern("tools/call", "\"name\":\"" + tool + "\""),
              "tools/call",
              Optional.of(tool));
    };
  }

  private static String modern(String method, String params) {
    return modern(method, params, TASKS);
  }

  private static String modern(String method, String params, String extensions) {
    return """
    {"jsonrpc":"2.0","id":1,"method":"%s","params":{"_meta":{\
    "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
    "io.modelcontextprotocol/clientCapabilities":{"extensions":{%s}}},%s}}\
    """
        .formatted(method, extensions, params);
  }

  private Answer asks(Dialect dialect, String token, String method, String id, String... headers) {
    var params = "\"taskId\":\"" + id + "\"";
    return switch (dialect) {
      case SESSIONS ->
          fronted.post(
              token,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s}}"
                  .formatted(method, params),
              headers);
      case ALONE -> fronted.modern(token, modern(method, params), method, Optional.of(id));
    };
  }

  private static List<String> methods(Dialect dialect) {
    return switch (dialect) {
      case SESSIONS -> List.of("tasks/get", "tasks/result", "tasks/cancel");
      case ALONE -> List.of("tasks/get", "tasks/update", "tasks/cancel");
    };
  }

  private AuditRecord last(String type) {
    return fronted.recorded(type).getLast();
  }

  private String lastEvidence() {
    return last("gateway.task").event().evidence().toJson();
  }

  /// By the word of the provider of all tokens here.
  private static Begun begun(Instant at) {
    return new Begun(at, Optional.of(pair.broker().value()));
  }

  /// Forgets what has arrived upstream.
  private void drained() {
    while (fronted.upstream.count() > 0) {
      var _ = fronted.upstream.next();
    }
  }

  private void renamed(String from, String to) {
    var _ =
        pair.database.write(connection -> {
          try (var statement = connection.createStatement()) {
            return statement.executeUpdate("ALTER TABLE " + from + " RENAME TO " + to);
          }
        });
  }

  @Nested
  @DisplayName("Whose: the row is written before the id leaves")
  class Whose {
    @ParameterizedTest
    @EnumSource
    @DisplayName("one's own task can be asked for, with all methods")
    void own(Dialect dialect) {
      assertThat(calls(dialect, alice).body()).contains(server.id, "working");
      drained();
      for (var method : methods(dialect)) {
        var answer = asks(dialect, alice, method, server.id);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"result\"");
        var seen = fronted.upstream.next();
        assertThat(seen.body()).contains(method, server.id);
        assertThat(lastEvidence()).contains(method, "list_issues");
        if (dialect == Dialect.ALONE) {
          assertThat(seen.headers()).containsEntry("mcp-name", server.id);
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what is not kept is ended at the server, and the client does not learn its id")
    void not_kept(Dialect dialect) {
      fronted.upstream.answers((request, wire) -> {
        renamed("mcp_task", "mcp_gone");
        fronted.upstream.answers(server);
        server.answer(request, wire);
      });
      try {
        var answer = calls(dialect, alice);
        assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        assertThat(answer.body()).doesNotContain(server.id);
      } finally {
        renamed("mcp_gone", "mcp_task");
      }
      assertThat(fronted.upstream.next().body()).contains("tools/call");
      var ended = fronted.upstream.next();
      assertThat(ended.body()).contains("tasks/cancel", server.id);
      if (dialect == Dialect.ALONE) {
        assertThat(ended.body()).contains(TASKS, "\"2026-07-28\"");
        assertThat(ended.headers())
            .containsEntry("mcp-method", "tasks/cancel")
            .containsEntry("mcp-name", server.id);
      }
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("-32602");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("while nobody knows how many there are, nothing is called")
    void unknown(Dialect dialect) {
      renamed("mcp_task", "mcp_gone");
      try {
        assertThat(calls(dialect, alice).status()).isGreaterThanOrEqualTo(500);
        assertThat(fronted.upstream.count()).isZero();
      } finally {
        renamed("mcp_gone", "mcp_task");
      }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a server that gives one id to two people, or for two tools, is not believed")
    void given_twice(Dialect dialect) {
      assertThat(calls(dialect, alice).status()).isEqualTo(200);
      drained();

      for (var claim :
          List.<Supplier<Answer>>of(
              () -> calls(dialect, bob), () -> callsTool(dialect, alice, "count_issues"))) {
        var answer = claim.get();
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).doesNotContain(server.id);
        assertThat(lastEvidence()).contains("\"actual\":\"somebody's\"");
        assertThat(fronted.upstream.next().body()).contains("tools/call");
        assertThat(fronted.upstream.count()).as("it goes on for whose it is").isZero();
      }
      assertThat(asks(dialect, bob, "tasks/get", server.id).body()).contains("-32602");
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an id that is longer than anybody's is not passed on")
    void long_id(Dialect dialect) {
      server.id = "t".repeat(257);

      var answer = calls(dialect, alice);

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body()).doesNotContain(server.id);
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("-32602");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("RS-17: an id that some clients read from another member is not passed on")
    void read_in_two_ways(Dialect dialect) {
      fronted.upstream.answers((_, wire) ->
          wire.json(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":"
                  + (dialect == Dialect.ALONE
                      ? "{\"resultType\":\"task\",\"taskId\":\"a\",\"TaskId\":\"b\"}"
                      : "{\"task\":{\"taskId\":\"a\"},\"Task\":{\"taskId\":\"b\"}}")
                  + "}"));

      assertThat(calls(dialect, alice).status()).isEqualTo(502);
    }

    @Test
    @DisplayName("RS-17: a task that comes on the stream of the answer is the caller's as well")
    void on_a_stream() {
      var id = server.id;
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"task\":{\"taskId\":\"" + id + "\"}}}");
      });
      assertThat(calls(Dialect.SESSIONS, alice).body()).contains(id);
      fronted.upstream.answers(server);

      assertThat(asks(Dialect.SESSIONS, alice, "tasks/get", id).body()).contains("working");
      assertThat(asks(Dialect.SESSIONS, bob, "tasks/get", id).body()).contains("-32602");
    }

    @Test
    @DisplayName("a call that nobody wants as a task is no task, whatever the server says")
    void nobody_asked() {
      var tool = Optional.of("list_issues");
      var plain = modern("tools/call", "\"name\":\"list_issues\"", "\"x\":{}");
      var _ = fronted.modern(alice, plain, "tools/call", tool);
      var _ = fronted.post(alice, call("list_issues"));

      for (var dialect : Dialect.values()) {
        assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("-32602");
      }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a task without a life is kept for a day, and longer as long as somebody asks")
    void time(Dialect dialect) {
      server.life = "null";
      calls(dialect, alice);
      pair.clock.advance(Duration.ofHours(23));
      renewed();
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");
      pair.clock.advance(Duration.ofHours(23));
      renewed();
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");
      pair.clock.advance(Duration.ofHours(25));
      renewed();
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("-32602");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a task is kept for eight days at most: what killed it is not known for ever")
    void longest_life(Dialect dialect) {
      server.life = "604800000";
      calls(dialect, alice);
      pair.clock.advance(Duration.ofDays(6));
      renewed();
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");
      pair.clock.advance(Duration.ofHours(47));
      renewed();
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");
      pair.clock.advance(Duration.ofHours(2));
      renewed();
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("-32602");
    }

    /// Tokens of now.
    private void renewed() {
      var script = server;
      start(Fronted.With.USUAL);
      fronted.upstream.answers(script);
    }
  }

  @Nested
  @DisplayName("Who asks: what is not theirs does not exist")
  class WhoAsks {
    @ParameterizedTest
    @EnumSource
    @DisplayName("nobody's, somebody else's and another client's are told alike, and recorded")
    void not_theirs(Dialect dialect) {
      calls(dialect, alice);
      var other = fronted.tokenOfOtherClient("alice");
      drained();
      for (var method : methods(dialect)) {
        var answers = new ArrayList<String>();
        answers.add(unknown(dialect, alice, method, "t-nobody", "nobody's"));
        answers.add(unknown(dialect, bob, method, server.id, "somebody else's"));
        answers.add(unknown(dialect, other, method, server.id, "another client's"));
        assertThat(answers.stream().distinct()).hasSize(1);
      }
      assertThat(fronted.upstream.count()).isZero();
    }

    private String unknown(Dialect dialect, String token, String method, String id, String found) {
      var answer = asks(dialect, token, method, id);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("-32602", "There is no such task.");
      assertThat(lastEvidence()).contains("\"actual\":\"" + found + "\"", method);
      return answer.body().replaceAll("\"correlation_id\":\"[^\"]*\"", "");
    }

    @Test
    @DisplayName("a task of another session does not exist, nor any without a session")
    void another_session() {
      for (var session : List.of("s-1", "s-2")) {
        fronted.upstream.answers((_, wire) ->
            wire.json(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "Mcp-Session-Id: " + session));
        var _ = fronted.post(alice, request("initialize"));
      }
      fronted.upstream.answers(server);
      calls(Dialect.SESSIONS, alice, "Mcp-Session-Id", "s-1");

      var get = "tasks/get";
      assertThat(asks(Dialect.SESSIONS, alice, get, server.id, "Mcp-Session-Id", "s-1").body())
          .contains("working");
      assertThat(asks(Dialect.SESSIONS, alice, get, server.id, "Mcp-Session-Id", "s-2").body())
          .contains("-32602");
      assertThat(lastEvidence()).contains("another session's");
      assertThat(asks(Dialect.SESSIONS, alice, get, server.id).body()).contains("-32602");
      assertThat(asks(Dialect.ALONE, alice, get, server.id).body()).contains("-32602");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("whoever has lost the role, or the clearance, is denied their own")
    void lost(Dialect dialect) {
      calls(dialect, alice);
      drained();
      Fronted.grade(
          pair, folder, library.replace("list_issues: internal", "list_issues: confidential"));
      denied(dialect, "is graded confidential");
      Fronted.grade(pair, folder, library.replace("groups: [engineering]", "groups: [others]"));
      denied(dialect, "None of your roles gives you");
      Fronted.grade(pair, folder, library);
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");
    }

    private void denied(Dialect dialect, String why) {
      for (var method : methods(dialect)) {
        assertThat(asks(dialect, alice, method, server.id).body()).contains("403", why);
        assertThat(lastEvidence()).contains(method, "list_issues");
      }
      assertThat(fronted.upstream.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("whoever's tool the drift lock has set aside meanwhile is denied their own task")
    void drifted(Dialect dialect) {
      var changed = new AtomicBoolean();
      start(Fronted.With.USUAL.lock(new Changing(changed)));
      calls(dialect, alice);
      drained();
      changed.set(true);
      denied(dialect, "set aside");
    }

    @Test
    @DisplayName("2026-07-28: the header repeats the id, and the client says that it knows tasks")
    void headers() {
      calls(Dialect.ALONE, alice);
      drained();
      var get = modern("tasks/get", "\"taskId\":\"" + server.id + "\"");
      assertThat(fronted.modern(alice, get, "tasks/get", Optional.of("t-2")).body())
          .contains("-32020");
      assertThat(fronted.modern(alice, get, "tasks/get", Optional.empty()).body())
          .contains("-32020");

      var mute = modern("tasks/get", "\"taskId\":\"" + server.id + "\"", "\"x\":{}");
      var answer = fronted.modern(alice, mute, "tasks/get", Optional.of(server.id));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body())
          .contains("-32021", "\"requiredCapabilities\":{\"extensions\":{" + TASKS + "}}");
      assertThat(fronted.upstream.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/list", "tasks/result"})
    void what_2026_07_28_has_no_more(String method) {
      var answer =
          fronted.modern(
              alice, modern(method, "\"taskId\":\"" + server.id + "\""), method, Optional.empty());
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).contains("-32601");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"taskId\":\"\"", "\"x\":1", "\"taskId\":7", "\"taskId\":\"%s\""})
    void no_id(String params) {
      var message =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tasks/get\",\"params\":{%s}}"
              .formatted(params.formatted("t".repeat(257)));
      assertThat(fronted.post(alice, message).body()).contains("-32602");
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("two names of which some read the other are no message")
    void read_in_two_ways() {
      var message =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tasks/get\",\"params\":{\"taskId\":\"a\",\"taskid\":\"b\"}}";
      assertThat(fronted.post(alice, message).status()).isEqualTo(400);
      assertThat(fronted.upstream.count()).isZero();
    }
  }

  /// A lock that sets everything aside from some moment on.
  private record Changing(AtomicBoolean changed) implements ToolLock {
    @Override
    public Standing of(String connector, String tool) {
      return changed.get()
          ? new Standing.Quarantined(Quarantine.CHANGED)
          : ToolLock.GRADES_ONLY.of(connector, tool);
    }

    @Override
    public Standing introduced(String connector, String text) {
      return ToolLock.GRADES_ONLY.introduced(connector, text);
    }

    @Override
    public void seen(String connector, List<JsonObject> tools) {}

    @Override
    public List<Repeated> repeated(String connector, String tool) {
      return List.of();
    }
  }

  @Nested
  @DisplayName("What comes: the result is handled as that of a direct call")
  class WhatComes {
    private final Front.Handling marking =
        new Front.Handling(
            true, new Disclosure(List.of(), List.of("/structuredContent/id")), Optional.empty());

    @ParameterizedTest
    @EnumSource
    @DisplayName("marked and disclosed, and nothing is disclosed before there is a result")
    void marked(Dialect dialect) {
      start(Fronted.With.USUAL.handling(marking));
      int results = fronted.recorded(CallRecord.RESULT).size();
      assertThat(calls(dialect, alice).body()).contains(server.id);
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");
      assertThat(fronted.recorded(CallRecord.RESULT)).hasSize(results);

      server.status = "completed";
      var method = dialect == Dialect.ALONE ? "tasks/get" : "tasks/result";
      var answer = asks(dialect, alice, method, server.id).body();

      assertThat(answer).contains("I-7", "\"dev.lanyard/grade\":\"internal\"");
      if (dialect == Dialect.ALONE) {
        assertThat(answer.split("dev.lanyard/grade", -1)).as("inside and outside").hasSize(3);
      }
      var recorded = fronted.recorded(CallRecord.RESULT);
      assertThat(recorded).hasSize(results + 1);
      assertThat(recorded.getLast().event().evidence().toJson())
          .contains("\"/structuredContent/id\":\"I-7\"", "\"name\":\"list_issues\"");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an answer about another task than was asked for is not passed on")
    void another(Dialect dialect) {
      calls(dialect, alice);
      server.claims = Optional.of("t-of-bob");

      var answer = asks(dialect, alice, "tasks/get", server.id);

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body()).doesNotContain("t-of-bob");
    }

    @Test
    @DisplayName("the answer to a call that is no task after all is as always")
    void no_task() {
      fronted.upstream.answers((_, wire) ->
          wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + TaskServer.RESULT + "}"));
      for (var dialect : Dialect.values()) {
        assertThat(calls(dialect, alice).body()).contains("I-7");
      }
    }

    @Test
    @DisplayName("questions of a task reach its person, and the answers go to its server")
    void input() {
      calls(Dialect.ALONE, alice);
      fronted.upstream.answers((_, wire) ->
          wire.json(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"complete\",\"taskId\":\"%s\",\"status\":\"input_required\",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\"}}}}"
                  .formatted(server.id)));
      assertThat(asks(Dialect.ALONE, alice, "tasks/get", server.id).body())
          .contains("elicitation/create");
      fronted.upstream.answers(server);
      drained();

      var update =
          modern(
              "tasks/update",
              "\"taskId\":\"%s\",\"inputResponses\":{\"k\":{\"action\":\"accept\"}}"
                  .formatted(server.id));
      assertThat(fronted.modern(bob, update, "tasks/update", Optional.of(server.id)).body())
          .contains("-32602");
      assertThat(fronted.upstream.count()).isZero();
      assertThat(fronted.modern(alice, update, "tasks/update", Optional.of(server.id)).body())
          .contains("complete");
      assertThat(fronted.upstream.next().body()).contains("\"action\":\"accept\"");
    }
  }

  @Nested
  @DisplayName("Lists and news: only of one's own")
  class ListsAndNews {
    @Test
    @DisplayName("tasks/list has the caller's own, as far as they may have the result")
    void list() {
      calls(Dialect.SESSIONS, alice);
      assertThat(fronted.post(alice, request("tasks/list")).body())
          .contains("\"taskId\":\"" + server.id)
          .doesNotContain("t-else");
      assertThat(fronted.post(bob, request("tasks/list")).body()).contains("\"tasks\":[]");
      assertThat(fronted.post(fronted.tokenOfOtherClient("alice"), request("tasks/list")).body())
          .contains("\"tasks\":[]");
      Fronted.grade(
          pair, folder, library.replace("list_issues: internal", "list_issues: confidential"));
      try {
        assertThat(fronted.post(alice, request("tasks/list")).body()).contains("\"tasks\":[]");
      } finally {
        Fronted.grade(pair, folder, library);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"tasks\":[{\"taskId\":\"%1$s\",\"TaskId\":\"t\"}]}",
          "{\"tasks\":[],\"Tasks\":[{\"taskId\":\"t\"}]}",
          "{\"tasks\":[{}]}",
          "{\"tasks\":{\"taskId\":\"t\"}}"
        })
    @DisplayName("a list in which some read others is not passed on")
    void odd_list(String list) {
      calls(Dialect.SESSIONS, alice);
      fronted.upstream.answers((_, wire) ->
          wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + list.formatted(server.id) + "}"));
      assertThat(fronted.post(alice, request("tasks/list")).status()).isEqualTo(502);
    }

    private String status(String id) {
      return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks/status\",\"params\":{\"taskId\":\"%s\",\"status\":\"completed\"}}"
          .formatted(id);
    }

    @Test
    @DisplayName("2025-11-25: what is told of others' tasks is no news, and recorded as a stray")
    void status() throws Exception {
      calls(Dialect.SESSIONS, alice);
      var own = server.id;
      server.id = own + "-bob";
      calls(Dialect.SESSIONS, bob);
      int strays = fronted.recorded("gateway.stray").size();
      var over = new CountDownLatch(1);
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event(status(own + "-bob"));
        wire.event(status("t-nobody"));
        wire.event(status(own + "-bob").replace("notifications/", "notif\\u0069cations/"));
        wire.event("[" + status(own) + "," + status(own + "-bob") + "]");
        wire.event(status(own));
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
        over.await();
      });
      try (var stream = Streams.open(fronted, alice)) {
        var told = new ArrayList<String>();
        for (var line = stream.line(); ; line = stream.line()) {
          told.add(line.orElseThrow());
          if (told.getLast().contains("notifications/message")) {
            break;
          }
        }
        assertThat(told.stream().filter(line -> line.contains(own))).hasSize(1);
        assertThat(told).noneMatch(line -> line.contains("-bob") || line.contains("t-nobody"));
      }
      over.countDown();
      assertThat(fronted.recorded("gateway.stray")).hasSize(strays + 4);
    }

    private Answer listens(String token, String ids) {
      return fronted.modern(
          token,
          modern("subscriptions/listen", "\"notifications\":{\"taskIds\":" + ids + "}"),
          "subscriptions/listen",
          Optional.empty());
    }

    @Test
    @DisplayName(
        "2026-07-28: whoever wants to hear of others' tasks does not, also beside their own")
    void listened() {
      calls(Dialect.ALONE, alice);
      drained();
      assertThat(listens(bob, "[\"" + server.id + "\"]").body()).contains("-32602");
      assertThat(lastEvidence()).contains("somebody else's", "subscriptions/listen");
      assertThat(listens(alice, "[\"" + server.id + "\",\"t-else\"]").body()).contains("-32602");
      assertThat(listens(alice, "\"" + server.id + "\"").body()).contains("-32602");
      var many = "[" + "\"t\",".repeat(100) + "\"t\"]";
      assertThat(listens(alice, many).body()).contains("-32602", "more than 100");
      var mute =
          modern(
              "subscriptions/listen",
              "\"notifications\":{\"taskIds\":[\"" + server.id + "\"]}",
              "\"x\":{}");
      assertThat(fronted.modern(alice, mute, "subscriptions/listen", Optional.empty()).body())
          .contains("-32021");
      var folded = modern("subscriptions/listen", "\"notifications\":{\"TaskIds\":[\"t-else\"]}");
      assertThat(fronted.modern(alice, folded, "subscriptions/listen", Optional.empty()).body())
          .contains("-32602");
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("what is told of one's own task has its result as a direct call's")
    void news() {
      start(
          Fronted.With.USUAL.handling(new Front.Handling(true, Disclosure.NONE, Optional.empty())));
      calls(Dialect.ALONE, alice);
      var own = server.id;
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks\",\"params\":{\"taskId\":\"t-else\",\"result\":{}}}");
        wire.event(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks\",\"params\":{\"taskId\":\"%s\",\"status\":\"completed\",\"result\":%s}}"
                .formatted(own, TaskServer.RESULT));
      });
      assertThat(listens(alice, "[\"" + own + "\"]").body())
          .contains(own, "I-7", "\"dev.lanyard/grade\":\"internal\"")
          .doesNotContain("t-else");

      Fronted.grade(
          pair, folder, library.replace("list_issues: internal", "list_issues: confidential"));
      try {
        assertThat(listens(alice, "[\"" + own + "\"]").body())
            .contains("403")
            .doesNotContain("I-7");
        assertThat(listens(alice, "[]").body())
            .as("told without being asked")
            .doesNotContain("I-7");
      } finally {
        Fronted.grade(pair, folder, library);
      }
    }
  }

  @Nested
  @DisplayName("How many")
  class HowMany {
    @ParameterizedTest
    @EnumSource
    @DisplayName("a task counts in at_once until it has ended, or a minute after it was asked for")
    void at_once(Dialect dialect) {
      var limits = GatewayLimits.DEFAULT;
      start(
          Fronted.With.USUAL.limits(
              new GatewayLimits(
                  limits.sizes(),
                  new GatewayLimits.Shares(600, 300, 1_000, 2, 2, 1_000),
                  limits.patience(),
                  limits.failures())));
      var first = server.id;
      assertThat(calls(dialect, alice).status()).isEqualTo(200);
      server.id = first + "-2";
      assertThat(calls(dialect, alice).status()).isEqualTo(200);

      var answer = calls(dialect, alice);
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.body()).contains("too many tasks under way");
      assertThat(last(CallRecord.CALL).event().evidence().toJson())
          .contains("\"check\":\"at_once\"");
      assertThat(callsTool(dialect, bob, "count_issues").status())
          .as("another person, told of the same id")
          .isEqualTo(502);

      server.id = first;
      server.status = "completed";
      assertThat(asks(dialect, alice, "tasks/get", first).status())
          .as("questions about tasks are answered all the same")
          .isEqualTo(200);
      server.status = "working";
      assertThat(asks(dialect, alice, methods(dialect).get(1), first).status())
          .as("one that has ended does not go on by that")
          .isEqualTo(200);
      server.id = first + "-3";
      assertThat(calls(dialect, alice).status()).isEqualTo(200);
      assertThat(calls(dialect, alice).status()).isEqualTo(429);
      pair.clock.advance(Duration.ofSeconds(61));
      server.id = first + "-4";
      assertThat(calls(dialect, alice).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("nobody has more than a thousand of them at a connector")
    void bound(Dialect dialect) {
      var zoe = fronted.token("zoe-" + dialect, "engineering");
      var id = pair.person("zoe-" + dialect).id().value();
      var store = new TaskStore(pair.database, TaskSeal.NONE);
      var now = pair.clock.instant();
      var life = Duration.ofHours(1);
      var owner = new KeptTask.Owner(id, "desk-ras", "");
      for (int i = 0; i < Tasks.MOST; i++) {
        var kept = new KeptTask(owner, "list_issues", begun(now), life, now.plus(life));
        store.claim(Fronted.CONNECTOR, new TaskId(server.id + i), kept, Optional.empty());
      }

      var answer = calls(dialect, zoe);

      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.body()).contains("1000 of your tasks are kept");
      assertThat(last(CallRecord.CALL).event().evidence().toJson()).contains("\"check\":\"tasks\"");
      assertThat(fronted.upstream.count()).isZero();
      assertThat(fronted.post(zoe, call("list_issues")).status())
          .as("a call that is no task")
          .isEqualTo(200);
      assertThat(calls(dialect, alice).status()).isEqualTo(200);
    }
  }

  @Nested
  @DisplayName("The end")
  class TheEnd {
    @ParameterizedTest
    @EnumSource
    @DisplayName(
        "the kill drops what the person has and ends it at the server, and nothing of others")
    void killed(Dialect dialect) {
      var name = "mallory-" + dialect;
      var mallory = fronted.token(name, "engineering");
      calls(dialect, mallory);
      var killed = server.id;
      server.id = killed + "-alice";
      calls(dialect, alice);
      drained();

      var _ = pair.happened(pair.person(name), Happening.DISABLED);

      var ended = fronted.upstream.next();
      assertThat(ended.body()).contains("tasks/cancel", killed).doesNotContain("-alice");
      assertThat(ended.headers()).doesNotContainKey("authorization");
      assertThat(asks(dialect, mallory, "tasks/get", killed).status()).isEqualTo(401);
      assertThat(
              new TaskStore(pair.database, TaskSeal.NONE)
                  .find("linear", new TaskId(killed), pair.clock.instant()))
          .isEmpty();
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");

      var _ = pair.happened(pair.person(name), Happening.ENABLED);
      pair.clock.advance(Duration.ofSeconds(2));
      var again = new Desk(pair).accessToken(name, World.LINEAR);
      assertThat(asks(dialect, again, "tasks/get", killed).body()).contains("-32602");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("that a server has not taken it is in the record")
    void not_taken(Dialect dialect) {
      var name = "trudy-" + dialect;
      var trudy = fronted.token(name, "engineering");
      calls(dialect, trudy);
      server.ends = false;

      var _ = pair.happened(pair.person(name), Happening.DISABLED);

      assertThat(ended(pair.person(name)).outcome()).isEqualTo(Outcome.FAULT);
    }

    /// Waits for the record of how the end of a task of somebody's was taken, which comes after
    /// that.
    private void awaitRecord(Person of, Outcome outcome) {
      Soon.until(
          outcome + " is recorded of a task of " + of,
          () -> ends(of).anyMatch(event -> event.outcome() == outcome));
    }

    private Stream<AuditEvent> ends(Person of) {
      return fronted.recorded("gateway.task").stream()
          .map(AuditRecord::event)
          .filter(event -> event.person().equals(Optional.of(of.id().value())))
          .filter(event -> event.evidence().has("reason"));
    }

    /// The record of the end of somebody's only task, which comes after the kill.
    private AuditEvent ended(Person of) {
      return Soon.found("the end of the task of " + of, () -> ends(of).findFirst());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what has ended by itself is not ended again")
    void over(Dialect dialect) {
      var name = "oscar-" + dialect;
      var oscar = fronted.token(name, "engineering");
      var first = server.id;
      calls(dialect, oscar);
      server.status = "completed";
      asks(dialect, oscar, "tasks/get", first);
      server.status = "working";
      server.id = first + "-2";
      calls(dialect, oscar);
      drained();

      var _ = pair.happened(pair.person(name), Happening.DISABLED);

      assertThat(fronted.upstream.next().body()).contains("tasks/cancel", first + "-2");
      assertThat(fronted.upstream.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
        "a task of a call that was under way at the kill, and kept after it, is dead by its age")
    void under_way(Dialect dialect) {
      var name = "eve-" + dialect;
      var _ = fronted.token(name, "engineering");
      var eve = pair.person(name);
      var begun = pair.clock.instant();
      var _ = pair.happened(eve, Happening.DISABLED);
      var _ = pair.happened(eve, Happening.ENABLED);
      var life = Duration.ofHours(1);
      var owner = new KeptTask.Owner(eve.id().value(), "desk-ras", "");
      var kept = new KeptTask(owner, "list_issues", begun(begun), life, begun.plus(life));
      assertThat(
              new TaskStore(pair.database, TaskSeal.NONE)
                  .claim("linear", new TaskId(server.id), kept, Optional.empty()))
          .isTrue();

      pair.clock.advance(Duration.ofSeconds(2));
      var again = new Desk(pair).accessToken(name, World.LINEAR);
      assertThat(asks(dialect, again, "tasks/get", server.id).body()).contains("-32602");
      assertThat(fronted.post(again, request("tasks/list")).body()).contains("\"tasks\":[]");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a task dies with the provider by whose word it was made, and with no later one")
    void provider(Dialect dialect) {
      var former = new Issuer("https://former.example/" + dialect);
      made(server.id, former);
      assertThat(asks(dialect, alice, "tasks/get", server.id).body()).contains("working");

      stopped(pair.broker(), Happening.DISABLED);
      stopped(pair.broker(), Happening.ENABLED);
      pair.clock.advance(Duration.ofSeconds(2));
      var again = new Desk(pair).accessToken("alice", World.LINEAR);
      assertThat(asks(dialect, again, "tasks/get", server.id).body())
          .as("made before this provider was killed, by the word of another")
          .contains("working");

      stopped(former, Happening.DISABLED);
      assertThat(asks(dialect, again, "tasks/get", server.id).body()).contains("-32602");
      assertThat(fronted.post(again, request("tasks/list")).body()).contains("\"tasks\":[]");
    }

    private void made(String id, Issuer provider) {
      var now = pair.clock.instant();
      var life = Duration.ofHours(1);
      var task =
          new KeptTask(
              new KeptTask.Owner(pair.person("alice").id().value(), "desk-ras", ""),
              "list_issues",
              new Begun(now, Optional.of(provider.value())),
              life,
              now.plus(life));
      assertThat(
              new TaskStore(pair.database, TaskSeal.NONE)
                  .claim("linear", new TaskId(id), task, Optional.empty()))
          .isTrue();
    }

    private void stopped(Issuer provider, Happening what) {
      var _ =
          pair.revocation.report(
              Source.of(Source.Kind.ADMIN), new Subject.Provider(provider), what, "a test", "test");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a gateway that was down at the kill ends at the server what it does not remember")
    void restarted(Dialect dialect) {
      var name = "rupert-" + dialect;
      var rupert = fronted.token(name, "engineering");
      var opened = "s-" + dialect;
      fronted.upstream.answers((_, wire) ->
          wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "Mcp-Session-Id: " + opened));
      if (dialect == Dialect.SESSIONS) {
        var _ = fronted.post(rupert, request("initialize"));
      }
      fronted.upstream.answers(server);
      var headers =
          dialect == Dialect.SESSIONS ? new String[] {"Mcp-Session-Id", opened} : new String[] {};
      var over = server.id + "-over";
      server.id = over;
      assertThat(calls(dialect, rupert, headers).body()).contains(over);
      server.status = "completed";
      asks(dialect, rupert, "tasks/get", over, headers);
      server.status = "working";
      server.id = over + "-2";
      assertThat(calls(dialect, rupert, headers).body()).contains(server.id);

      fronted.close();
      unreadable("ivan-" + dialect);
      pair.clock.advance(Duration.ofSeconds(1));
      var _ = pair.happened(pair.person(name), Happening.DISABLED);
      server.ends = false;
      start(Fronted.With.USUAL);
      pair.clock.advance(Duration.ofSeconds(31));
      var refused = fronted.upstream.next();
      Soon.until("it is refused", () -> server.refused.get() > 0);
      server.ends = true;
      pair.clock.advance(Duration.ofSeconds(121));
      var ended = fronted.upstream.next();
      if (dialect == Dialect.SESSIONS) {
        var other = fronted.upstream.next();
        var session = ended.method().equals("DELETE") ? ended : other;
        assertThat(session.headers()).containsEntry("mcp-session-id", opened);
        ended = session.equals(ended) ? other : ended;
      }

      assertThat(ended.body()).isEqualTo(refused.body()).contains("tasks/cancel", server.id);
      assertThat(ended.headers()).doesNotContainKey("authorization");
      if (dialect == Dialect.SESSIONS) {
        assertThat(ended.headers()).containsEntry("mcp-session-id", opened);
      } else {
        assertThat(ended.headers()).containsEntry("mcp-name", server.id);
      }
      awaitRecord(pair.person(name), Outcome.SUCCESS);
      pair.clock.advance(Duration.ofMinutes(10));
      LockSupport.parkNanos(Duration.ofSeconds(6).toNanos());
      assertThat(fronted.upstream.count()).as("told once, and not of what was over").isZero();
    }

    /// Somebody is killed before the others, and nobody can read how the server is told of theirs.
    private void unreadable(String name) {
      var _ = fronted.token(name, "engineering");
      var now = pair.clock.instant();
      var life = Duration.ofHours(1);
      var owner = new KeptTask.Owner(pair.person(name).id().value(), "desk-ras", "");
      var task = new KeptTask(owner, "list_issues", begun(now), life, now.plus(life));
      assertThat(
              new TaskStore(pair.database, new TestSeal())
                  .claim("linear", new TaskId(name), task, Optional.of(new Secret("{}"))))
          .isTrue();
      var _ = pair.happened(pair.person(name), Happening.DISABLED);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the kill on one node ends at the server what another node has made")
    void killed_elsewhere(Dialect dialect, @TempDir Path elsewhere) {
      var database = TestDatabases.postgres();
      try (var first = Pair.start(Setup.on(database, elsewhere), elsewhere);
          var second = Pair.start(Setup.on(database, elsewhere).beside(first), elsewhere);
          var there = Fronted.start(second, elsewhere)) {
        there.upstream.answers(server);
        var token = there.token("alice", "engineering");
        first.awaitChanges();
        var here = fronted;
        fronted = there;
        calls(dialect, token);
        fronted = here;
        var _ = there.upstream.next();
        first.revocation.tells(new EndedTasks());

        var _ = first.happened(first.person("alice"), Happening.DISABLED);

        assertThat(there.upstream.next().body()).contains("tasks/cancel", server.id);
        assertThat(
                new TaskStore(second.database, TaskSeal.NONE)
                    .find("linear", new TaskId(server.id), second.clock.instant()))
            .isEmpty();
      }
    }
  }

  @Test
  @DisplayName("What a server and its tools say of tasks is passed on")
  void promised() {
    fronted.upstream.answers((_, wire) ->
        wire.json(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"capabilities\":{\"tasks\":{\"list\":{}}},\"tools\":[{\"name\":\"list_issues\",\"execution\":{\"taskSupport\":\"required\"}}]}}"));
    assertThat(fronted.post(alice, request("initialize")).body())
        .contains("\"tasks\":{\"list\":{}}");
    assertThat(fronted.post(alice, request("tools/list")).body())
        .contains("\"taskSupport\":\"required\"");
  }

  @Test
  @DisplayName("Nobody can name the methods of tasks among those that are passed on unjudged")
  void further_methods() {
    assertThatThrownBy(
            () -> new Front.Bounds(Set.of("tasks/get"), ScopeCoverage.EXACT, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whose each task is");
  }
}
