package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.upstream.Answers;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-21: an answer is judged by the request that it answers, wherever it comes")
class GatewayAnswersTest {
  private static final String TOOLS =
      "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"tools\":[{\"name\":\"list_issues\"},"
          + "{\"name\":\"read_salaries\"}]}}";

  private static final String CALLED = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}";

  @TempDir static Path folder;
  private static Pair pair;
  private static Fronted fronted;
  private static String token;
  private int before;

  @BeforeAll
  static void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    fronted = Fronted.start(pair, folder);
    token = fronted.token("alice", "engineering");
  }

  @AfterAll
  static void stop() {
    fronted.close();
    pair.close();
  }

  @BeforeEach
  void count() {
    before = fronted.recorded(Answers.STRAY).size();
  }

  private int strays() {
    return fronted.recorded(Answers.STRAY).size() - before;
  }

  private void events(String... data) {
    fronted.upstream.answers((_, wire) -> {
      wire.events();
      for (var one : data) {
        wire.event(one);
      }
    });
  }

  private Answer called() {
    return fronted.post(token, call("list_issues"), "Mcp-Session-Id", "s-1");
  }

  private void inSession() {
    fronted.upstream.answers((_, wire) -> wire.json(CALLED, "Mcp-Session-Id: s-1"));
    var _ = fronted.post(token, request("initialize"));
  }

  @Nested
  @DisplayName("On the stream of a call")
  class OnAnotherStream {
    /// A client takes each of these for the answer to its `tools/list`, or might.
    @Test
    @DisplayName("nothing that answers another request is passed on, in whatever way it is written")
    void smuggled() {
      inSession();
      for (var id : List.of("2", "2.0", "\"1\"", "null", "\"\"", "\"2\"", "9007199254740993")) {
        events(TOOLS.formatted(id), CALLED);
        var answer = called();
        assertThat(answer.body()).as(id).contains("content").doesNotContain("read_salaries");
      }
      assertThat(strays()).isEqualTo(7);
      assertThat(fronted.recorded(Answers.STRAY).getFirst().event().evidence().toJson())
          .contains("\"actual\":\"of none\"")
          .doesNotContain("salaries");
    }

    @Test
    @DisplayName("nor a second answer to the same, nor one among several in an array")
    void second() {
      inSession();
      events(CALLED, TOOLS.formatted("1"));
      assertThat(called().body()).contains("content").doesNotContain("read_salaries");
      events("[{\"jsonrpc\":\"2.0\",\"method\":\"n\"}," + TOOLS.formatted("2") + "]", CALLED);
      assertThat(called().body()).contains("content").doesNotContain("read_salaries");
    }

    @Test
    @DisplayName("nobody is told of a change of a resource that their lists hide")
    void hidden_resources() {
      var changed =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"%s\"}}";
      events(
          changed.formatted("docs://secret/plan"),
          changed.formatted("docs://handbook"),
          changed.formatted("elsewhere://ungraded"),
          changed.formatted("docs://secret/plan").replace("/updated", "\\u002fupdated"),
          CALLED);

      assertThat(called().body())
          .contains("docs://handbook", "content")
          .doesNotContain("secret", "ungraded");
      assertThat(strays()).isZero();

      events(changed.formatted("docs://handbook").replace("\"uri\"", "\"URI\""), CALLED);
      assertThat(called().body()).doesNotContain("handbook").contains("broke off");
    }

    @Test
    @DisplayName("what could be read in two ways ends the stream")
    void two_ways() {
      inSession();
      for (var odd :
          List.of(
              "{\"id\":1,\"id\":2,\"result\":{\"tools\":[{\"name\":\"read_salaries\"}]}}",
              "{\"id\":1,\"ID\":2,\"result\":{\"tools\":[{\"name\":\"read_salaries\"}]}}",
              "{\"method\":\"n\",\"id\":2,\"result\":{\"tools\":[{\"name\":\"read_salaries\"}]}}",
              "{\"id\":2,\"result\":{\"tools\":[{\"name\":\"read_salaries\"}]}} x")) {
        events(odd);
        assertThat(bodyOrCut()).as(odd).doesNotContain("read_salaries");
      }
    }

    @Test
    @DisplayName("neither does a line end that only some clients know open another line")
    void line_ends() {
      inSession();
      for (var end : List.of("\u2028", "\u0085", "\u000b", "\u001e")) {
        fronted.upstream.answers((_, wire) -> {
          wire.events();
          wire.raw(": quiet" + end + "data: " + TOOLS.formatted("2") + "\n\n");
        });
        assertThat(bodyOrCut()).doesNotContain("read_salaries");
      }
    }

    @Test
    @DisplayName("what the server asks itself, tells, or cannot do is passed on as it is")
    void of_itself() {
      inSession();
      var asks = "{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"sampling/createMessage\"}";
      var fails = "{\"jsonrpc\": \"2.0\", \"id\": null, \"error\": {\"code\": 1}}";
      events(asks, fails, CALLED);

      assertThat(called().body()).contains(asks, fails, CALLED);
    }
  }

  @Test
  @DisplayName("what some clients would read as a list, or as a name, is not passed on unjudged")
  void other_letters() {
    inSession();
    for (var result :
        List.of(
            "{\"Tools\":[{\"name\":\"read_salaries\"}]}",
            "{\"tools\":[],\"tool\u017f\":[{\"name\":\"read_salaries\"}]}",
            "{\"tools\":[],\"resourcetemplates\":[{\"uriTemplate\":\"docs://read_salaries\"}]}",
            "{\"tools\":[{\"name\":\"list_issues\",\"Name\":\"read_salaries\"}]}")) {
      var odd = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}";
      fronted.upstream.answers((_, wire) -> wire.json(odd));
      assertThat(fronted.post(token, request("tools/list")).status()).as(odd).isEqualTo(502);
      events(odd);
      assertThat(bodyOrCut(request("tools/list"))).as(odd).doesNotContain("read_salaries");
    }
  }

  @Nested
  @DisplayName("In JSON")
  class InJson {
    @Test
    @DisplayName("an answer to another request never becomes whole")
    void another() {
      for (var other :
          List.of(TOOLS.formatted("2"), "[" + CALLED + "," + TOOLS.formatted("2") + "]")) {
        fronted.upstream.answers((_, wire) -> wire.json(other));
        assertThat(bodyOrCut()).as(other).doesNotContain("}]}}");
      }
      assertThat(strays()).isEqualTo(2);
    }

    @Test
    @DisplayName("also where a list was asked for")
    void list() {
      fronted.upstream.answers((_, wire) -> wire.json(TOOLS.formatted("2")));

      assertThat(fronted.post(token, request("tools/list")).status()).isEqualTo(502);
      assertThat(strays()).isEqualTo(1);
    }

    @Test
    @DisplayName("an answer of any size is passed on byte for byte while it arrives")
    void large() {
      var large = CALLED.replace("[]", "[\"" + "ä".repeat(3_000_000) + "\"]").replace(":", " : ");
      fronted.upstream.answers((_, wire) -> wire.json(large + "\n"));

      assertThat(called("list_issues").body()).isEqualTo(large + "\n");
    }

    @Test
    @DisplayName("what refuses a request may say so without its id, and nothing else")
    void refused() {
      var error =
          "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"no\"}}";
      for (var body : List.of(error, TOOLS.formatted("2"))) {
        fronted.upstream.answers((_, wire) ->
            wire.raw(
                "HTTP/1.1 400 X\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body));
        var answer = called("list_issues");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("read_salaries");
        assertThat(answer.body().equals(error)).isEqualTo(body.equals(error));
      }
    }

    private Answer called(String tool) {
      return fronted.post(token, call(tool));
    }
  }

  @Nested
  @DisplayName("On a stream that the client opens itself")
  class Resumed {
    private void polled() {
      inSession();
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.raw("id: 1\ndata:\n\n");
      });
      for (var asked : List.of(request("tools/list"), call("list_issues").replace(":1", ":7"))) {
        assertThat(fronted.post(token, asked, "Mcp-Session-Id", "s-1").body()).contains("id: 1");
      }
    }

    private static String resumed(Fronted at, String token) {
      try (var stream =
          Streams.open(at, token, "Mcp-Session-Id: s-1", "Last-Event-ID: 1", "Connection: close")) {
        var all = new StringBuilder();
        for (var line = stream.line(); line.isPresent(); line = stream.line()) {
          all.append(line.get()).append('\n');
        }
        return all.toString();
      }
    }

    @Test
    @DisplayName(
        "answers are those to what was asked before in its session, judged by that, also on another"
            + " node")
    void earlier() {
      polled();
      try (var second = Fronted.start(pair, folder)) {
        for (var at : List.of(fronted, second)) {
          at.upstream.answers((_, wire) -> {
            wire.events();
            wire.raw("id: 2\ndata: " + TOOLS.formatted("1") + "\n\n");
            wire.event(CALLED.replace(":1", ":7"));
            wire.raw("id: 3\ndata: " + TOOLS.formatted("8") + "\n\n");
          });
          assertThat(resumed(at, token))
              .contains("list_issues", "\"content\":[]", "id: 3")
              .doesNotContain("read_salaries", "\"id\":8");
        }
        assertThat(strays()).isEqualTo(2);
      }
    }

    @Test
    @DisplayName("an id that was used for a list and a call is judged as both")
    void used_again() {
      polled();
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.raw("id: 1\ndata:\n\n");
      });
      var _ = called();
      events(TOOLS.formatted("1"));

      assertThat(resumed(fronted, token)).contains("list_issues").doesNotContain("read_salaries");
    }

    @Test
    @DisplayName("there are none of another session, and none without one")
    void none() {
      polled();
      fronted.upstream.answers((_, wire) -> wire.json(CALLED, "Mcp-Session-Id: s-2"));
      var _ = fronted.post(token, request("initialize"));
      events(TOOLS.formatted("1"));

      for (var session : List.of(Optional.<String>empty(), Optional.of("s-2"))) {
        try (var stream =
            session
                .map(one ->
                    Streams.open(fronted, token, "Mcp-Session-Id: " + one, "Connection: close"))
                .orElseGet(() -> Streams.open(fronted, token, "Connection: close"))) {
          for (var line = stream.line(); line.isPresent(); line = stream.line()) {
            assertThat(line.get()).doesNotContain("issues", "salaries");
          }
        }
      }
    }

    private static void renamed(String from, String to) {
      var _ =
          pair.database.write(connection -> {
            try (var statement = connection.createStatement()) {
              return statement.executeUpdate("ALTER TABLE " + from + " RENAME TO " + to);
            }
          });
    }

    @Test
    @DisplayName(
        "a stream whose requests cannot be kept cannot be resumed: it ends before its first id")
    void not_kept() {
      inSession();
      renamed("mcp_asked", "mcp_gone");
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.raw("id: 1\ndata: " + CALLED + "\n\n");
      });

      assertThat(bodyOrCut(call("list_issues"), "Mcp-Session-Id", "s-1")).doesNotContain("content");
      renamed("mcp_gone", "mcp_asked");
    }
  }

  @Test
  @DisplayName("numbers of a list that 64 bits do not hold are passed on with all of their digits")
  void numbers() {
    var schema =
        "{\"maximum\":18446744073709551615,\"minimum\":-170141183460469231731687303715884105728,"
            + "\"multipleOf\":0.1234567890123456789,\"default\":1E+400}";
    fronted.upstream.answers((_, wire) ->
        wire.json(
            TOOLS
                .formatted("1")
                .replace("\"list_issues\"", "\"list_issues\",\"inputSchema\":" + schema)));

    assertThat(fronted.post(token, request("tools/list")).body())
        .contains("\"inputSchema\":" + schema)
        .doesNotContain("read_salaries");
  }

  private static String bodyOrCut() {
    return bodyOrCut(call("list_issues"));
  }

  private static String bodyOrCut(String message, String... headers) {
    try {
      return fronted.post(token, message, headers).body();
    } catch (UncheckedIOException e) {
      return "";
    }
  }
}
