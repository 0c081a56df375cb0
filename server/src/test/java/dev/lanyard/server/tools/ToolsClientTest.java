package dev.lanyard.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("An MCP server is asked for its tools over Streamable HTTP")
class ToolsClientTest {
  private static final EgressPolicy LOOPBACK =
      EgressPolicy.strict().exposingLoopback().limitedTo(Duration.ofSeconds(10), 1_000_000);

  private static final String INITIALIZE = "\"initialize\"";

  private HttpServer http;
  private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
  private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
  private final List<Map<String, List<String>>> ended = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private Play play = new Sessions();

  /// How the server behaves.
  private interface Play {
    void answer(HttpExchange exchange, String method, String id, JsonObject message)
        throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
    http.createContext("/mcp", this::handle);
    http.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    http.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("DELETE")) {
        ended.add(Map.copyOf(exchange.getRequestHeaders()));
        send(exchange, 405, "text/plain", "");
        return;
      }
      var message = JsonObject.parse(exchange.getRequestBody().readAllBytes());
      heard.add(message);
      headers.add(Map.copyOf(exchange.getRequestHeaders()));
      play.answer(
          exchange,
          message.nonEmptyString("method"),
          message.text("id").orElse("null"),
          message.object("params").orElse(JsonObject.EMPTY));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String result(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, result);
  }

  /// One of before 2026-07-28, with two pages.
  private static class Sessions implements Play {
    @Override
    public void answer(HttpExchange exchange, String method, String id, JsonObject params)
        throws Exception {
      switch (method) {
        case "initialize" -> {
          exchange.getResponseHeaders().set("Mcp-Session-Id", "session-7");
          send(
              exchange,
              200,
              "application/json",
              result(id, "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}"));
        }
        case "notifications/initialized" -> send(exchange, 202, "text/plain", "");
        default ->
            send(
                exchange,
                200,
                "application/json",
                result(
                    id,
                    params.has("cursor")
                        ? "{\"tools\":[{\"name\":\"b\"}]}"
                        : "{\"tools\":[{\"name\":\"a\"}],\"nextCursor\":\"2\"}"));
      }
    }
  }

  private ToolsClient.Answer ask() {
    return ask(LOOPBACK);
  }

  private ToolsClient.Answer ask(EgressPolicy policy) {
    var url = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/mcp");
    return new ToolsClient(
            new EgressClient(policy), url, Map.of("Authorization", new Secret("Bearer t0ken")))
        .tools();
  }

  private static List<String> names(ToolsClient.Answer answer) {
    assertThat(answer).isInstanceOf(ToolsClient.Answer.Listed.class);
    return ((ToolsClient.Answer.Listed) answer)
        .tools().stream().map(tool -> tool.text("name").orElseThrow()).toList();
  }

  private void assertFailed(String why) {
    assertThat(ask())
        .isInstanceOfSatisfying(
            ToolsClient.Answer.Failed.class, failed -> assertThat(failed.why()).contains(why));
  }

  /// A session that begins as it should and lists tools so.
  private void lists(Play lists) {
    var good = new Sessions();
    play =
        (exchange, method, id, params) ->
            (method.equals("tools/list") ? lists : good).answer(exchange, method, id, params);
  }

  @Nested
  @DisplayName("2025-03-26 to 2025-11-25: with a session")
  class WithSessions {
    @Test
    void greets_goes_through_all_pages_and_keeps_session_and_version() {
      assertThat(names(ask())).containsExactly("\"a\"", "\"b\"");
      assertThat(heard)
          .extracting(message -> message.text("method").orElseThrow())
          .startsWith(
              "\"initialize\"",
              "\"notifications/initialized\"",
              "\"tools/list\"",
              "\"tools/list\"",
              "\"initialize\"");
      assertThat(headers.getFirst()).doesNotContainKey("Mcp-session-id");
      headers
          .subList(1, 4)
          .forEach(sent -> {
            assertThat(sent.get("Mcp-session-id")).containsExactly("session-7");
            assertThat(sent.get("Mcp-protocol-version")).containsExactly("2025-06-18");
          });
      headers.forEach(
          sent -> assertThat(sent.get("Authorization")).containsExactly("Bearer t0ken"));
    }

    @Test
    void ends_the_session_whatever_came_of_it() {
      assertThat(names(ask())).hasSize(2);
      lists((exchange, _, id, _) -> send(exchange, 200, "application/json", result(id, "{}")));
      assertFailed("not MCP");

      assertThat(ended).hasSize(3);
      ended.forEach(sent -> {
        assertThat(sent.get("Mcp-session-id")).containsExactly("session-7");
        assertThat(sent.get("Mcp-protocol-version")).containsExactly("2025-06-18");
        assertThat(sent.get("Authorization")).containsExactly("Bearer t0ken");
      });
    }

    @Test
    void of_more_tools_than_anybody_looks_through_takes_the_first() {
      var many =
          IntStream.range(0, 1_500)
              .mapToObj(i -> "{\"name\":\"t" + i + "\"}")
              .collect(Collectors.joining(","));
      lists((exchange, _, id, params) ->
          send(
              exchange,
              200,
              "application/json",
              result(
                  id,
                  "{\"tools\":["
                      + many
                      + "]"
                      + (params.has("cursor") ? "}" : ",\"nextCursor\":\"2\"}"))));

      var answer = ask();

      assertThat(names(answer)).hasSize(2_000);
      assertThat(((ToolsClient.Answer.Listed) answer).more()).contains("it has more than 2000");
    }

    /// As `server-everything` does with its tools that ask the client.
    private void listsTo(Play able, Play unable) {
      lists((exchange, method, id, params) -> {
        var asks = heard.stream().filter(one -> one.text("method").equals(Optional.of(INITIALIZE)));
        var capable = asks.toList().getLast().text("params").orElseThrow().contains("\"sampling\"");
        (capable ? able : unable).answer(exchange, method, id, params);
      });
    }

    private static Play tools(String... names) {
      var tools =
          Stream.of(names)
              .map(name -> "{\"name\":\"" + name + "\"}")
              .collect(Collectors.joining(","));
      return (exchange, _, id, _) ->
          send(exchange, 200, "application/json", result(id, "{\"tools\":[" + tools + "]}"));
    }

    @Test
    void sees_what_is_shown_only_to_a_client_that_can_be_asked_or_only_to_one_that_cannot() {
      listsTo(tools("a", "asks"), tools("a", "instead"));
      var answer = ask();
      assertThat(names(answer)).containsExactly("\"a\"", "\"asks\"", "\"instead\"");
      assertThat(((ToolsClient.Answer.Listed) answer).more()).isEmpty();
      assertThat(ended).hasSize(2);
    }

    @Test
    void of_one_that_does_not_answer_whoever_can_be_asked_says_that_there_may_be_more() {
      listsTo((exchange, _, _, _) -> send(exchange, 500, "text/plain", ""), tools("a"));
      var answer = ask();
      assertThat(names(answer)).containsExactly("\"a\"");
      assertThat(((ToolsClient.Answer.Listed) answer).more())
          .hasValueSatisfying(why -> assertThat(why).contains("that can be asked itself", "500"));
    }

    @Test
    void takes_the_reply_out_of_a_stream_of_events() {
      lists((exchange, _, id, _) ->
          send(
              exchange,
              200,
              "text/event-stream; charset=utf-8",
              ": hello\r\n\r\n"
                  + "event: message\r\n"
                  + "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\r\n\r\n"
                  + "data: not json\n\n"
                  + "id: 3\n"
                  + "data: {\"jsonrpc\":\"2.0\",\"id\":"
                  + id
                  + ",\ndata: \"result\":{\"tools\":[{\"name\":\"a\"}]}}\n\n"));
      assertThat(names(ask())).containsExactly("\"a\"");
    }
  }

  @Nested
  @DisplayName("2026-07-28: without one")
  class Stateless {
    @Test
    void every_request_says_its_version_and_method() throws Exception {
      play =
          (exchange, method, id, _) -> {
            if (method.equals("tools/list")) {
              send(exchange, 200, "application/json", result(id, "{\"tools\":[{\"name\":\"a\"}]}"));
            } else {
              send(
                  exchange,
                  404,
                  "application/json",
                  "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-32601,\"message\":\"no\"}}"
                      .formatted(id));
            }
          };
      assertThat(names(ask())).containsExactly("\"a\"");
      assertThat(ended).as("there is no session").isEmpty();
      var sent = headers.getLast();
      assertThat(sent.get("Mcp-protocol-version")).containsExactly("2026-07-28");
      assertThat(sent.get("Mcp-method")).containsExactly("tools/list");
      assertThat(
              heard
                  .getLast()
                  .object("params")
                  .orElseThrow()
                  .object("_meta")
                  .orElseThrow()
                  .string("io.modelcontextprotocol/protocolVersion"))
          .contains("2026-07-28");
    }
  }

  @Nested
  @DisplayName("Bad servers")
  class Bad {
    @Test
    void one_that_wants_other_credentials_is_told_apart() {
      play = (exchange, _, _, _) -> send(exchange, 401, "text/plain", "");
      assertThat(ask()).isEqualTo(new ToolsClient.Answer.Unauthorized());
      lists((exchange, _, _, _) -> send(exchange, 403, "text/plain", ""));
      assertThat(ask()).isEqualTo(new ToolsClient.Answer.Unauthorized());
    }

    @Test
    void one_whose_pages_have_no_end() {
      lists((exchange, _, id, _) ->
          send(
              exchange,
              200,
              "application/json",
              result(id, "{\"tools\":[],\"nextCursor\":\"again\"}")));
      assertFailed("a cursor comes a second time");
    }

    @Test
    void one_with_ever_more_pages() {
      lists((exchange, _, id, _) ->
          send(
              exchange,
              200,
              "application/json",
              result(id, "{\"tools\":[],\"nextCursor\":\"" + id + "\"}")));
      assertFailed("more than 100 pages");
    }

    @Test
    void one_that_answers_another_question() {
      lists((exchange, _, _, _) ->
          send(exchange, 200, "application/json", result("999", "{\"tools\":[]}")));
      assertFailed("no JSON-RPC");
    }

    @Test
    void one_whose_list_is_none() {
      lists((exchange, _, id, _) ->
          send(exchange, 200, "application/json", result(id, "{\"tools\":\"all\"}")));
      assertFailed("not MCP");
      lists((exchange, _, id, _) -> send(exchange, 200, "application/json", result(id, "{}")));
      assertFailed("not MCP");
    }

    @Test
    void one_that_refuses() {
      lists((exchange, _, id, _) ->
          send(
              exchange,
              200,
              "application/json",
              "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":1,\"message\":\"closed\"}}"
                  .formatted(id)));
      assertFailed("closed");
    }

    @Test
    void one_that_leads_elsewhere_is_not_followed() {
      lists((exchange, _, _, _) -> {
        exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/mcp");
        send(exchange, 307, "text/plain", "");
      });
      assertFailed("307");
    }

    @Test
    void one_that_says_more_than_anybody_reads() {
      lists((exchange, _, id, _) ->
          send(
              exchange,
              200,
              "application/json",
              result(
                  id,
                  "{\"tools\":[{\"name\":\"a\",\"description\":\""
                      + "x".repeat(1_200_000)
                      + "\"}]}")));
      assertFailed("cannot be reached");
    }

    @Test
    void one_that_never_ends_its_answer() {
      lists((exchange, _, _, _) -> {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(": wait\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        end.await();
      });
      var impatient = LOOPBACK.limitedTo(Duration.ofMillis(1500), 1_000_000);
      assertThat(ask(impatient)).isInstanceOf(ToolsClient.Answer.Failed.class);
    }

    @Test
    @DisplayName("SEC-6: one inside the network is not asked unless that is allowed")
    void inside() {
      assertThat(ask(EgressPolicy.strict()))
          .isInstanceOfSatisfying(
              ToolsClient.Answer.Failed.class,
              failed -> assertThat(failed.why()).contains("may not be asked from here"));
      assertThat(heard).isEmpty();
    }
  }
}
