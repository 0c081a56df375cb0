package dev.lanyard.server.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.BodySource.Piece;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamAnswer;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An MCP server on standard input and output, as if it spoke Streamable HTTP")
class StdioServerTest {
  /// Does what the method of a request is called.
  private static final String SERVER =
      """
      while IFS= read -r line; do
        rest=${line#*\\"id\\":}
        id=${rest%%[,\\}]*}
        done='{"jsonrpc":"2.0","id":'$id',"result":{}}'
        case "$line" in
          *'"initialize"'*)
            greeting=$line
            echo "$done" ;;
          *'"greeting"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":'"$greeting"'}' ;;
          *list_changed*) greeting='"changed"' ;;
          *'"where"'*)
            echo '{"jsonrpc":"2.0","id":"s-2","method":"roots/list"}'
            read -r answer
            echo '{"jsonrpc":"2.0","id":'$id',"result":'"$answer"'}' ;;
          *'"env"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"env":"'$HOME/$TOKEN'","in":"'$PWD'","told":"'$KEPT' '$1'"}}' ;;
          *'"limits"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"files":'$(ulimit -n)',"data":'$(ulimit -d)',"blocks":'$(ulimit -f)'}}' ;;
          *'"exit"'*) exit 3 ;;
          *'"child"'*) ( /bin/sleep 1000 & echo '{"jsonrpc":"2.0","id":'$id',"result":{"pid":'$!'}}' ) ;;
          *'"progress"'*)
            echo '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}}'
            echo "$done" ;;
          *'"ask"'*)
            echo '{"jsonrpc":"2.0","id":"s-1","method":"elicitation/create","params":{}}'
            read -r answer
            echo '{"jsonrpc":"2.0","id":'$id',"result":'"$answer"'}' ;;
          *'"endless"'*) while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done ;;
          *'"large"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"zeros":"'$(printf '%0300000d' 0)'"}}' ;;
          *'"banner"'*) echo 'Hello!'; echo "$done" ;;
          *notifications/cancelled*)
            rest=${line#*\\"requestId\\":}
            echo '{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"no '${rest%%[,\\}]*}'"}}' ;;
          *'"silence"'*) ;;
          *'"long"'*)
            until [ -e go ]; do /bin/sleep 0.02; done
            echo "$done" ;;
        esac
      done
      """;

  private record Somebody(String name, Set<String> dead) implements Owner {
    @Override
    public List<String> pair() {
      return List.of(name, "a client");
    }

    @Override
    public Set<String> names() {
      return Set.of(name, "everybody");
    }

    @Override
    public boolean isDead() {
      return dead.contains(name);
    }
  }

  private final Set<String> dead = ConcurrentHashMap.newKeySet();
  private final TestClock clock = new TestClock();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final List<Long> started = new ArrayList<>();
  private Path folder;
  private StdioServer<Somebody> server;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    server = server(limits(100_000));
  }

  private static StdioConfig.Limits limits(int messageBytes) {
    return new StdioConfig.Limits(
        3, 2, minutes(10), minutes(120), messageBytes, 1L << 30, minutes(1), 64, 1L << 20);
  }

  private static Duration minutes(int count) {
    return Duration.ofMinutes(count);
  }

  private StdioServer<Somebody> server(StdioConfig.Limits limits) throws IOException {
    var script = Files.writeString(folder.resolve("server.sh"), SERVER);
    var config =
        new StdioConfig(
            List.of("/bin/sh", script.toString(), "--in={folder}"),
            Map.of("TOKEN", new Secret("t0ken"), "KEPT", new Secret("{folder}/kept")),
            folder.resolve("work"),
            limits);
    return new StdioServer<>(
        config,
        new Journal<>() {
          @Override
          public void started(Somebody owner, long pid) {
            started.add(pid);
          }

          @Override
          public void ended(Somebody owner, long pid, String why) {
            ends.add(why);
          }
        },
        clock);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private UpstreamCall begin(String owner, String method, String session, String body) {
    var headers = new ArrayList<Field>();
    if (!session.isEmpty()) {
      headers.add(new Field("Mcp-Session-Id", session));
    }
    return server.begin(
        new Somebody(owner, dead),
        new UpstreamRequest(
            method,
            URI.create("https://front.example/mcp"),
            headers,
            ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
  }

  private static Answered answer(UpstreamCall call) {
    return (Answered) call.await(Duration.ofSeconds(20));
  }

  private static String request(String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":{}}";
  }

  private String opened(String owner) {
    var answer = answer(begin(owner, "POST", "", request("initialize")));
    assertThat(answer.status()).isEqualTo(200);
    return answer.header("Mcp-Session-Id").orElseThrow();
  }

  private Answered asked(String session, String method) {
    return answer(begin("ana", "POST", session, request(method)));
  }

  /// All of a body, or its first pieces if it does not end.
  private static String read(BodySource body, int pieces) throws InterruptedException {
    var news = new Semaphore(0);
    body.opened(
        new BodySource.Listener() {
          @Override
          public void wake() {
            news.release();
          }

          @Override
          public void cut(String why) {
            news.release();
          }
        });
    var text = new StringBuilder();
    for (int count = 0; count < pieces; ) {
      switch (body.next()) {
        case Piece.Some(var bytes) -> {
          text.append(StandardCharsets.UTF_8.decode(bytes));
          count++;
        }
        case Piece.NothingYet() -> assertThat(news.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        case Piece.End() -> {
          return text.toString();
        }
        case Piece.Broken(var why) -> {
          return text + " BROKEN " + why;
        }
      }
    }
    return text.toString();
  }

  private static String all(Answered answer) throws InterruptedException {
    return read(answer.body(), Integer.MAX_VALUE);
  }

  /// Of one that nobody has buried there is a place left.
  private static boolean isGone(long pid) {
    try {
      // Between its fork and its exec a process that lives has no command line.
      var status = Files.readString(Path.of("/proc/" + pid + "/status"));
      return status.contains("State:\tZ") || status.contains("State:\tX");
    } catch (IOException e) {
      return true;
    }
  }

  private String end() throws InterruptedException {
    return String.valueOf(ends.poll(20, TimeUnit.SECONDS));
  }

  @Nested
  @DisplayName("A session is a process")
  class Sessions {
    @Test
    void opened_and_used_and_ended() throws Exception {
      var session = opened("ana");
      assertThat(session).hasSize(32);
      var answer = asked(session, "banner");
      assertThat(answer.header("Content-Type")).contains("application/json");
      assertThat(all(answer)).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
      assertThat(answer(begin("ana", "DELETE", session, "")).status()).isEqualTo(204);
      assertThat(end()).isEqualTo("its session was ended");
      assertThat(asked(session, "banner").status()).isEqualTo(404);
      assertThat(isGone(started.getFirst())).isTrue();
    }

    @Test
    void nothing_of_it_waits_for_ever_when_it_has_ended() throws InterruptedException {
      var session = opened("ana");
      var name = "stdio " + started.getFirst() + " ";
      var threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith(name))
              .toList();
      assertThat(threads).hasSize(2);
      var _ = answer(begin("ana", "DELETE", session, ""));
      for (var thread : threads) {
        assertThat(thread.join(Duration.ofSeconds(20))).as(thread.getName()).isTrue();
      }
    }

    @Test
    void of_each_opening_another() {
      assertThat(opened("ana")).isNotEqualTo(opened("ana"));
      assertThat(server.size()).isEqualTo(2);
      assertThat(started.getFirst()).isNotEqualTo(started.getLast());
    }

    @Test
    void without_one_nothing_is_done() {
      assertThat(asked("", "banner").status()).isEqualTo(400);
      assertThat(asked("invented", "banner").status()).isEqualTo(404);
      assertThat(answer(begin("ana", "GET", "", "")).status()).isEqualTo(400);
      assertThat(answer(begin("ana", "POST", "", "[" + request("initialize") + "]")).status())
          .isEqualTo(400);
      assertThat(server.size()).isZero();
    }

    @Test
    @DisplayName("Lines stay lines, whatever blank space is in a message")
    void lines() throws Exception {
      var session = opened("ana");
      var spread = request("banner").replace(",", ",\r\n  ");
      assertThat(all(answer(begin("ana", "POST", session, spread)))).contains("\"id\":7");
    }

    @Test
    @DisplayName("A message of hundreds of kilobytes passes, in both directions")
    void large() throws Exception {
      server.close();
      server = server(limits(1024 * 1024));
      var session = opened("ana");
      var padded = request("large").replace("{}", "{\"pad\":\"" + "x".repeat(300_000) + "\"}");
      assertThat(all(answer(begin("ana", "POST", session, padded)))).contains("\"zeros\":\"0000");
    }
  }

  @Nested
  @DisplayName("A process has what it is given, and no more")
  class Sandbox {
    @Test
    void the_variables_that_are_named_and_a_folder_of_its_own() throws Exception {
      var text = all(asked(opened("ana"), "env"));
      assertThat(text)
          .contains("\"env\":\"/t0ken\"", "\"in\":\"" + folder.resolve("work").toRealPath());
      server.close();
      try (var left = Files.list(folder.resolve("work"))) {
        assertThat(left).isEmpty();
      }
    }

    @Test
    @DisplayName("and the name of that folder, where the configuration has {folder}")
    void folder() throws Exception {
      var text = all(asked(opened("ana"), "env"));
      var own = text.replaceFirst("(?s).*\"in\":\"([^\"]+)\".*", "$1");
      assertThat(text).contains("\"told\":\"" + own + "/kept --in=" + own + "\"");
      assertThat(all(asked(opened("ana"), "env"))).doesNotContain(own);
    }

    /// Some take them for the folders that they may use, instead of those of their arguments.
    @Test
    @DisplayName("and no folders of its caller's: neither told, nor asked for, nor sent unasked")
    void roots() throws Exception {
      var greeting =
          request("initialize")
              .replace(
                  "\"params\":{}",
                  "\"params\":{\"capabilities\":{\"roots\":{},\"Roots\":{},\"sampling\":{}}}");
      var session =
          answer(begin("ana", "POST", "", greeting)).header("Mcp-Session-Id").orElseThrow();
      var change = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}";
      assertThat(answer(begin("ana", "POST", session, change)).status()).isEqualTo(202);
      assertThat(all(asked(session, "greeting")))
          .contains("\"params\":{\"capabilities\":{\"sampling\":{}}}");

      assertThat(all(asked(session, "where")))
          .contains("\"id\":\"s-2\"", "Nobody answers")
          .doesNotContain("roots/list");

      var call = begin("ana", "POST", session, request("ask"));
      var question = answer(call);
      var told =
          "{\"jsonrpc\":\"2.0\",\"id\":\"s-1\",\"result\":{\"roots\":[{\"uri\":\"file:///\"}]}}";
      assertThat(answer(begin("ana", "POST", session, told)).status()).isEqualTo(202);
      assertThat(all(question)).contains("\"id\":\"s-1\",\"result\":{}");
    }

    @Test
    void limits() throws Exception {
      assertThat(all(asked(opened("ana"), "limits")))
          .contains("\"files\":64", "\"data\":" + (1L << 20), "\"blocks\":" + (1L << 20) / 512);
    }

    @Test
    void of_one_person_so_many_and_of_all_so_many() throws Exception {
      var first = opened("ana");
      var _ = begin("ana", "POST", first, request("silence"));
      var _ = begin("ana", "POST", opened("ana"), request("silence"));
      var third = answer(begin("ana", "POST", "", request("initialize")));
      assertThat(third.status()).isEqualTo(503);
      assertThat(all(third)).contains("\"id\":7", "Too many sessions");
      opened("ben");
      assertThat(answer(begin("cleo", "POST", "", request("initialize"))).status()).isEqualTo(503);
      var _ = answer(begin("ana", "DELETE", first, ""));
      opened("cleo");
    }

    @Test
    @DisplayName(
        "and another one ends the one that was not used for longest, if nobody waits for it")
    void room() throws Exception {
      var waited = opened("ana");
      var call = begin("ana", "POST", waited, request("silence"));
      clock.advance(minutes(1));
      var left = opened("ana");
      clock.advance(minutes(1));
      var another = opened("ana");
      assertThat(end()).isEqualTo("its person opened another session");
      assertThat(asked(left, "banner").status()).isEqualTo(404);
      assertThat(all(asked(another, "banner"))).contains("\"result\"");
      assertThat(call.peek(Duration.ZERO)).as("goes on").isEmpty();
      assertThat(server.size()).isEqualTo(2);
    }

    @Test
    void a_line_that_does_not_end_ends_it() throws Exception {
      assertThat(all(asked(opened("ana"), "endless"))).contains("\"code\":-32603", "\"id\":7");
      assertThat(end()).isEqualTo("it has written what nobody reads");
      assertThat(server.size()).isZero();
    }

    @Test
    void what_cannot_be_run_within_limits_stops_the_start() {
      var limits = StdioConfig.Limits.DEFAULT;
      assertThatThrownBy(() -> new StdioConfig(List.of("node"), Map.of(), folder, limits))
          .hasMessageContaining("whole path");
      assertThatThrownBy(() -> StdioServerTest.limits(4 * 1024 * 1024 + 1))
          .as("nothing larger is read as JSON")
          .hasMessageContaining("max_message_bytes of a command may be 4194304 at most");
      assertThatThrownBy(() ->
              new StdioConfig(
                  List.of("/bin/sh"), Map.of("LANYARD_STDIO", new Secret("x")), folder, limits))
          .hasMessageContaining("no name for a variable");
      var missing = new StdioConfig(List.of("/nowhere/server"), Map.of(), folder, limits);
      assertThatThrownBy(() -> new Launcher(missing)).hasMessageContaining("/nowhere/server");
    }
  }

  @Nested
  @DisplayName("What a process says beside its answers")
  class Beside {
    @Test
    void about_a_request_goes_before_its_answer() throws Exception {
      var session = opened("ana");
      var asking = request("progress").replace("{}", "{\"_meta\":{\"progressToken\":\"t\"}}");
      var answer = answer(begin("ana", "POST", session, asking));
      assertThat(answer.header("Content-Type")).contains("text/event-stream");
      var text = all(answer);
      assertThat(text).startsWith("event: message\ndata: ").contains("notifications/progress");
      assertThat(text.indexOf("\"result\":{}")).isGreaterThan(text.indexOf("progress"));
    }

    @Test
    void a_question_of_its_own_is_answered_by_the_client() throws Exception {
      var session = opened("ana");
      var call = begin("ana", "POST", session, request("ask"));
      var answer = answer(call);
      var said = "{\"jsonrpc\":\"2.0\",\"id\":\"s-1\",\"result\":{}}";
      assertThat(answer(begin("ana", "POST", session, said)).status()).isEqualTo(202);
      assertThat(all(answer)).contains("elicitation/create", "\"result\":" + said);
    }

    @Test
    @DisplayName("What the client takes back ends at once, without an answer, and is told to it")
    void taken_back() throws Exception {
      var session = opened("ana");
      var stream = answer(begin("ana", "GET", session, ""));
      var call = begin("ana", "POST", session, request("silence"));
      var note =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7,\"reason\":\"r\"}}";
      assertThat(call.peek(Duration.ofMillis(100))).isEmpty();

      assertThat(answer(begin("ana", "POST", session, note)).status()).isEqualTo(202);

      var over = answer(call);
      assertThat(over.status()).isEqualTo(200);
      assertThat(all(over)).isEmpty();
      assertThat(read(stream.body(), 1)).contains("notifications/message", "no 7");
      assertThat(all(asked(session, "banner"))).as("the id is free").contains("\"id\":7");
    }

    @Test
    @DisplayName("An answer that nobody waits for is cancelled, and the rest goes on the stream")
    void cancelled() throws Exception {
      var session = opened("ana");
      var stream = answer(begin("ana", "GET", session, ""));
      assertThat(answer(begin("ana", "GET", session, "")).status()).isEqualTo(409);
      var call = begin("ana", "POST", session, request("silence"));
      assertThat(answer(begin("ana", "POST", session, request("banner"))).status())
          .as("the id is in use")
          .isEqualTo(400);
      call.cut("a test");
      assertThat(call.await(Duration.ZERO)).isInstanceOf(UpstreamAnswer.Failed.class);
      assertThat(read(stream.body(), 1)).contains("notifications/message", "no 7");
    }
  }

  @Nested
  @DisplayName("It ends")
  class Ends {
    @Test
    void by_itself_and_whoever_waits_is_told() throws Exception {
      var session = opened("ana");
      assertThat(all(asked(session, "exit")))
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32603,\"message\":\"The server of"
                  + " this session has ended: its process has ended with 3.\"}}");
      assertThat(end()).contains("ended with 3");
      assertThat(asked(session, "banner").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("DPR-1: with its person, and with its children, wherever they have gone")
    void with_the_person() throws Exception {
      var session = opened("ana");
      var text = all(answer(begin("ana", "POST", session, request("child"))));
      long child = Long.parseLong(text.replaceFirst(".*\"pid\":(\\d+).*", "$1"));
      assertThat(isGone(child)).isFalse();
      var other = opened("ben");
      var stream = answer(begin("ana", "GET", session, ""));
      dead.add("ana");
      server.look();
      assertThat(end()).isEqualTo("its person may not go on");
      assertThat(isGone(child)).isTrue();
      assertThat(all(stream)).isEmpty();
      assertThat(answer(begin("ben", "POST", other, request("banner"))).status())
          .as("others go on")
          .isEqualTo(200);
    }

    @Test
    void when_nobody_uses_it_and_when_it_has_run_for_too_long() throws Exception {
      var session = opened("ana");
      clock.advance(minutes(9));
      var _ = asked(session, "banner");
      clock.advance(minutes(9));
      server.look();
      assertThat(server.size()).isEqualTo(1);
      clock.advance(minutes(1));
      server.look();
      assertThat(end()).isEqualTo("nobody used it");
      opened("ana");
      var busy = answer(begin("ana", "GET", opened("ana"), ""));
      clock.advance(minutes(120));
      server.look();
      assertThat(List.of(end(), end())).containsOnly("it has run for too long");
      assertThat(all(busy)).isEmpty();
    }

    @Test
    @DisplayName("It is in use until the last answer and stream has ended, and not when it began")
    void in_use_until() throws Exception {
      var session = opened("ana");
      var place = all(asked(session, "env")).replaceFirst(".*\"in\":\"([^\"]+)\".*", "$1");
      var call = begin("ana", "POST", session, request("long"));
      assertThat(goesOnAfter(minutes(11))).as("somebody waits").isTrue();
      Files.writeString(Path.of(place, "go"), "");
      assertThat(all(answer(call))).contains("\"result\"");
      assertThat(goesOnAfter(minutes(9))).as("it was answered").isTrue();

      var stream = answer(begin("ana", "GET", session, ""));
      assertThat(goesOnAfter(minutes(11))).as("somebody listens").isTrue();
      stream.body().closed();
      assertThat(goesOnAfter(minutes(9))).as("it was listened to").isTrue();

      var silent = begin("ana", "POST", session, request("silence"));
      assertThat(goesOnAfter(minutes(11))).as("somebody waits in vain").isTrue();
      silent.cut("a test");
      assertThat(goesOnAfter(minutes(9))).as("it was given up").isTrue();

      clock.advance(minutes(1));
      server.look();
      assertThat(end()).isEqualTo("nobody used it");
    }

    private boolean goesOnAfter(Duration time) throws InterruptedException {
      clock.advance(time);
      server.look();
      return ends.poll(200, TimeUnit.MILLISECONDS) == null;
    }

    @Test
    @DisplayName("Who tells of somebody has only theirs looked at, by the name they have now")
    void of_whom_is_told() throws Exception {
      var session = opened("ana");
      opened("ben");
      dead.addAll(Set.of("ana", "ben"));
      server.look(Set.of("cleo"));
      assertThat(ends.poll(200, TimeUnit.MILLISECONDS)).isNull();
      server.look(Set.of("ana", "cleo"));
      assertThat(end()).isEqualTo("its person may not go on");
      assertThat(asked(session, "banner").status()).isEqualTo(404);
      assertThat(server.size()).as("of ben nothing is told").isEqualTo(1);

      var renewed = opened("cleo");
      assertThat(answer(begin("cleo 2", "POST", renewed, request("banner"))).status())
          .isEqualTo(200);
      dead.add("cleo 2");
      server.look(Set.of("cleo"));
      assertThat(ends.poll(200, TimeUnit.MILLISECONDS)).isNull();
      server.look(Set.of("everybody"));
      assertThat(List.of(end(), end())).containsOnly("its person may not go on");
      assertThat(server.size()).isZero();
    }

    @Test
    @DisplayName("What is told between the admission and the start ends it all the same")
    void told_before() throws Exception {
      dead.add("ana");
      var _ = answer(begin("ana", "POST", "", request("initialize")));
      assertThat(end()).isEqualTo("its person may not go on");

      var session = opened("ben");
      dead.add("ben 2");
      var _ = answer(begin("ben 2", "POST", session, request("banner")));
      assertThat(end()).isEqualTo("its person may not go on");
      assertThat(server.size()).isZero();
    }

    @Test
    void with_this_node() throws Exception {
      opened("ana");
      server.close();
      assertThat(end()).isEqualTo("this node stops");
      assertThat(answer(begin("ana", "POST", "", request("initialize"))).status()).isEqualTo(503);
    }
  }
}
