package dev.lanyard.server.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.BodySource.Piece;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("MCP 2026-07-28 before a server on standard input and output")
class StatelessStdioTest {
  /// `held` waits for `release`, as two clients of a person do who ask at once.
  private static final String SERVER =
      """
      while IFS= read -r line; do
        rest=${line#*\\"id\\":}
        id=${rest%%[,\\}]*}
        done='{"jsonrpc":"2.0","id":'$id',"result":{"resultType":"complete"}}'
        case "$line" in
          *'"server/discover"'*) DISCOVERED ;;
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"old","version":"1"},"instructions":"Be kind."}}' ;;
          *'"tools/list"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[]}}' ;;
          *'"held"'*)
            held=$id
            echo '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":'$id',"progress":1}}' ;;
          *'"release"'*)
            echo '{"jsonrpc":"2.0","id":"q","method":"ping"}'
            read -r pong
            echo '{"jsonrpc":"2.0","id":'$held',"result":{"resultType":"complete","held":true,"pong":'"$pong"'}}'
            echo "$done" ;;
          *'"subscriptions/listen"'*)
            about='"params":{"_meta":{"io.modelcontextprotocol/subscriptionId":'$id'},"notifications":{}}}'
            echo '{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged",'$about
            echo '{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"about nothing"}}'
            echo '{"jsonrpc":"2.0","method":"notifications/tools/list_changed",'$about ;;
          *'"goodbye"'*)
            echo '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":'$((id - 1))'}}'
            echo "$done" ;;
          *'"unknown"'*) echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"?"}}' ;;
          *'"exit"'*) exit 3 ;;
          *'"heard"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"heard":'"$line"'}}' ;;
          *'"pid"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"resultType":"complete","pid":'$$'}}' ;;
        esac
      done
      """;

  private static final String MODERN =
      """
      echo '{"jsonrpc":"2.0","id":'$id',"result":{"supportedVersions":["2026-07-28"],"capabilities":{},"resultType":"complete"}}'\
      """;

  private static final String OLDER =
      """
      echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"Method not found"}}'\
      """;

  private record Somebody(String name, String client, Set<String> dead) implements Owner {
    @Override
    public List<String> pair() {
      return List.of(name, client);
    }

    @Override
    public Set<String> names() {
      return Set.of(name);
    }

    @Override
    public boolean isDead() {
      return dead.contains(name);
    }
  }

  private final Set<String> dead = ConcurrentHashMap.newKeySet();
  private final TestClock clock = new TestClock();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private volatile Consumer<Somebody> onStart = _ -> {};
  private Path folder;
  private StdioServer<Somebody> server;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    server = server(MODERN);
  }

  private StdioServer<Somebody> server(String discovered) throws IOException {
    var script =
        Files.writeString(folder.resolve("server.sh"), SERVER.replace("DISCOVERED", discovered));
    var limits =
        new StdioConfig.Limits(
            9,
            2,
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            100_000,
            1L << 30,
            Duration.ofMinutes(1),
            64,
            1L << 30);
    var config =
        new StdioConfig(
            List.of("/bin/sh", script.toString()), Map.of(), folder.resolve("work"), limits);
    return new StdioServer<>(
        config,
        new Journal<>() {
          @Override
          public void started(Somebody owner, long pid) {
            onStart.accept(owner);
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

  private UpstreamCall begin(String owner, String client, String id, String method, String meta) {
    var body =
        """
        {"jsonrpc":"2.0","id":%s,"method":"%s","params":{"_meta":{%s}}}\
        """
            .formatted(id, method, meta);
    return server.begin(
        new Somebody(owner, client, dead),
        new UpstreamRequest(
            "POST",
            URI.create("https://front.example/mcp"),
            List.of(new Field("MCP-Protocol-Version", "2026-07-28")),
            ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
  }

  private static Answered answer(UpstreamCall call) {
    return (Answered) call.await(Duration.ofSeconds(60));
  }

  private String asked(String id, String method) throws InterruptedException {
    return all(answer(begin("ana", "one", id, method, "")));
  }

  private static String all(Answered answer) throws InterruptedException {
    return read(answer.body(), Integer.MAX_VALUE);
  }

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
        case Piece.NothingYet() -> assertThat(news.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
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

  @Test
  @DisplayName(
      "Two requests of one person may have the same id and token: each gets its own answer")
  void ids() throws Exception {
    var held = begin("ana", "one", "\"7\"", "held", "\"progressToken\":\"mine\"");
    var first = answer(held);
    assertThat(read(first.body(), 1)).contains("\"progressToken\":\"mine\"", "\"progress\":1");

    assertThat(all(answer(begin("ana", "one", "\"7\"", "release", "\"progressToken\":\"mine\""))))
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"result\":{\"resultType\":\"complete\"}}");
    assertThat(all(first))
        .contains("\"id\":\"7\"", "\"held\":true")
        .as("nobody is there for what a process asks by itself, but it lives")
        .contains("\"pong\":{\"result\":{},\"jsonrpc\":\"2.0\",\"id\":\"q\"}");
    assertThat(server.size()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "A process hears of no folders of its caller's: neither that there are some nor which")
  void roots() throws Exception {
    var meta =
        "\"io.modelcontextprotocol/clientCapabilities\":{\"roots\":{},\"sampling\":{}}},"
            + "\"inputResponses\":{\"a\":{\"roots\":[]},\"b\":{\"action\":\"accept\"}";
    assertThat(all(answer(begin("ana", "one", "1", "heard", meta))))
        .contains(
            "clientCapabilities\":{\"sampling\":{}}},\"inputResponses\":{\"a\":{},\"b\":{\"action\":\"accept\"}}");
  }

  @Test
  @DisplayName("One process for a person through a client, within the limits of that person")
  void processes() throws Exception {
    var first = asked("1", "pid");
    assertThat(asked("1", "pid")).isEqualTo(first);
    var second = all(answer(begin("ana", "two", "1", "pid", "")));
    assertThat(second).isNotEqualTo(first);
    assertThat(all(answer(begin("ben", "one", "1", "pid", "")))).isNotIn(first, second);
    for (var client : List.of("one", "two")) {
      answer(begin("ana", client, "2", "held", "\"progressToken\":\"t\""));
    }
    var third = answer(begin("ana", "three", "1", "pid", ""));
    assertThat(third.status()).isEqualTo(503);
    assertThat(all(third)).contains("Too many sessions", "\"id\":1");
    assertThat(server.size()).isEqualTo(3);
  }

  @Test
  @DisplayName("While the process of one is being recorded, another person gets theirs")
  void slow_start() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    onStart =
        owner -> {
          if (owner.name().equals("ana")) {
            begun.countDown();
            awaited(release);
          }
        };
    var slow = Meanwhile.does(() -> asked("1", "pid"));
    begun.await();
    var same = Meanwhile.does(() -> asked("2", "pid"));
    var other = Meanwhile.does(() -> all(answer(begin("ben", "one", "1", "pid", ""))));
    var ofBen = other.outcome();
    release.countDown();

    assertThat(ofBen).contains("\"pid\":");
    assertThat(pid(slow.outcome())).isEqualTo(pid(same.outcome()));
    assertThat(server.size()).isEqualTo(2);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String pid(String answer) {
    return answer.substring(answer.indexOf("\"pid\":"));
  }

  @Test
  @DisplayName("A subscription speaks by the client's id, and hears nothing of others")
  void subscriptions() throws Exception {
    var listening = answer(begin("ana", "one", "\"s\"", "subscriptions/listen", ""));
    assertThat(listening.header("Content-Type")).contains("text/event-stream");
    assertThat(read(listening.body(), 2))
        .contains("subscriptions/acknowledged", "tools/list_changed")
        .contains("\"io.modelcontextprotocol/subscriptionId\":\"s\"")
        .doesNotContain("about nothing");

    assertThat(asked("1", "goodbye")).contains("\"id\":1");
    assertThat(all(listening))
        .as("the process has ended it")
        .contains("\"id\":\"s\"", "\"resultType\":\"complete\"", "subscriptionId\":\"s\"");
  }

  @Test
  @DisplayName(
      "A server that begins with initialize is greeted so once, and told as the revision has it")
  void older() throws Exception {
    server.close();
    server = server(OLDER);
    assertThat(asked("1", "server/discover"))
        .contains("\"supportedVersions\":[\"2026-07-28\"]", "\"capabilities\":{\"tools\":{}}")
        .contains("\"resultType\":\"complete\"", "\"ttlMs\":0", "\"cacheScope\":\"private\"")
        .contains("Be kind.", "\"io.modelcontextprotocol/serverInfo\":{\"name\":\"old\"");
    assertThat(asked("2", "tools/list"))
        .contains("\"tools\":[]", "\"resultType\":\"complete\"", "\"ttlMs\":0");
    assertThat(answer(begin("ana", "one", "3", "subscriptions/listen", "")).status())
        .isEqualTo(404);
    assertThat(server.size()).isEqualTo(1);
    var session = new Field("Mcp-Session-Id", "x");
    var old =
        server.begin(
            new Somebody("ana", "one", dead),
            new UpstreamRequest(
                "GET",
                URI.create("https://front.example/"),
                List.of(session),
                ByteBuffer.allocate(0)));
    assertThat(answer(old).status()).isEqualTo(404);
  }

  @Test
  @DisplayName(
      "What is no part of the revision is not known; what the server does not know neither")
  void unknown() throws Exception {
    for (var method : List.of("initialize", "ping", "resources/subscribe", "unknown")) {
      var answer = answer(begin("ana", "one", "1", method, ""));
      assertThat(answer.status()).as(method).isEqualTo(404);
      assertThat(all(answer)).contains("-32601", "\"id\":1");
    }
  }

  @Test
  @DisplayName("A process that ends tells who waits; the next request has another started")
  void ends() throws Exception {
    var first = asked("1", "pid");
    assertThat(asked("1", "exit")).contains("ended with 3", "\"id\":1");
    assertThat(ends.poll(60, TimeUnit.SECONDS)).contains("ended with 3");
    assertThat(asked("1", "pid")).contains("\"pid\"").isNotEqualTo(first);
  }

  @Test
  @DisplayName("DPR-1: the process ends with its person, and when nobody has asked it for a while")
  void killed() throws Exception {
    var listening = answer(begin("ana", "one", "1", "subscriptions/listen", ""));
    var _ = all(answer(begin("ben", "one", "1", "pid", "")));
    dead.add("ana");
    server.look(Set.of("ana"));
    assertThat(ends.poll(60, TimeUnit.SECONDS)).isEqualTo("its person may not go on");
    assertThat(all(listening)).contains("-32603");
    clock.advance(Duration.ofMinutes(10));
    server.look();
    assertThat(ends.poll(60, TimeUnit.SECONDS)).isEqualTo("nobody used it");
    assertThat(server.size()).isZero();
  }
}
