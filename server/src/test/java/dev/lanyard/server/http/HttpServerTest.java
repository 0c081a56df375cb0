package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.pair.Soon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("HTTP/1.1 on the wire")
class HttpServerTest {
  private static final HttpLimits LIMITS =
      new HttpLimits(
          8 * 1024,
          100,
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          TestLimits.PARTING);

  /// More than the buffers of two sockets.
  private static final int LONG = 20_000_000;

  private static final Response LONG_ANSWER = Response.text(200, "x".repeat(LONG));

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Told told = new Told();
  private HttpServer server;
  private int port;

  @BeforeEach
  void start() {
    server = HttpServer.bind(List.of(listener("main")), LIMITS);
    server.serve(
        Map.of(
            "main",
            List.of(
                Route.get("/hello", Access.PUBLIC, _ -> Response.text(200, "hello")).nonBlocking(),
                Route.post("/echo", Access.CLIENT, HttpServerTest::echo).bodyLimit(100).anyOrigin(),
                Route.get("/callback/{upstream}", Access.PUBLIC, HttpServerTest::upstream),
                Route.get("/callback/fixed", Access.PUBLIC, _ -> Response.text(200, "exact")),
                Route.get("/thread", Access.PUBLIC, _ -> thread()),
                Route.get("/thread-now", Access.PUBLIC, _ -> thread()).nonBlocking(),
                Route.get("/bug", Access.PUBLIC, _ -> bug()),
                Route.get("/outage", Access.PUBLIC, _ -> outage()),
                Route.get("/slow", Access.PUBLIC, _ -> slow()),
                Route.get("/long", Access.PUBLIC, _ -> LONG_ANSWER),
                Route.get("/told", Access.PUBLIC, _ -> Response.passing(200, "text/plain", told)),
                Route.get(
                    "/cut", Access.PUBLIC, _ -> Response.passing(200, "text/plain", new Cut())),
                Route.get(
                    "/split",
                    Access.PUBLIC,
                    _ -> Response.empty(200).withHeader("X-Name", "a\r\nSet-Cookie: b=c")),
                Route.get("/page", Access.SESSION, _ -> page()),
                Route.get(
                    "/go",
                    Access.PUBLIC,
                    _ -> Response.redirect(URI.create("https://x.example/?a=b"))),
                Route.any(
                    "/any",
                    Access.BEARER,
                    request -> Response.text(200, request.method().name())))));
    port = server.port("main");
  }

  private static Listener listener(String name) {
    return new Listener(
        name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty());
  }

  private static Response echo(Request request) {
    return Response.text(
        200,
        new String(request.body(), StandardCharsets.UTF_8)
            + "|"
            + request.query()
            + "|"
            + request.contentType().orElse("-")
            + "|"
            + request.header("X-One").orElse("-")
            + "|"
            + request.cookie("c").orElse("-"));
  }

  private static Response upstream(Request request) {
    return Response.text(200, request.pathParameter("upstream"));
  }

  private static Response thread() {
    return Response.text(200, Thread.currentThread().isVirtual() ? "virtual" : "platform");
  }

  private static Response bug() {
    throw new IllegalStateException("the secret of the bug");
  }

  private static Response outage() {
    throw new UncheckedIOException(new IOException("the secret of the outage"));
  }

  private static Response page() {
    return Response.html(200, "<p>page</p>")
        .withHeader("Content-Security-Policy", "style-src 'self'")
        .withCookie("__Host-session", "v", Duration.ofHours(1))
        .withCookie("other", "w", Duration.ZERO);
  }

  /// A body without a byte, which is there until somebody says that it has ended.
  private static final class Told implements BodySource {
    private final CountDownLatch awaited = new CountDownLatch(2);
    private volatile boolean ended;
    private volatile Listener listener;

    @Override
    public void opened(Listener peer) {
      listener = peer;
    }

    @Override
    public Piece next() {
      if (ended) {
        return new Piece.End();
      }
      awaited.countDown();
      return new Piece.NothingYet();
    }

    @Override
    public void closed() {}

    void end() {
      ended = true;
      listener.wake();
    }
  }

  /// A body whose end comes before its beginning, as when its token dies at that moment.
  private static final class Cut implements BodySource {
    @Override
    public void opened(Listener peer) {
      peer.cut("its token is dead");
    }

    @Override
    public Piece next() {
      return new Piece.Some(ByteBuffer.wrap("secret".getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void closed() {}
  }

  private Response slow() {
    entered.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.text(200, "finished");
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  private String get(String path, String... headers) throws IOException {
    try (var wire = new Wire(port)) {
      wire.lines("GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
      return wire.lines(headers)
          .lines(headers.length == 0 ? new String[0] : new String[] {""})
          .untilClosed();
    }
  }

  private String send(String... lines) throws IOException {
    try (var wire = new Wire(port)) {
      return wire.lines(lines).untilClosed();
    }
  }

  private static String correlationId(String response) {
    return header(response, "Lanyard-Correlation-Id").orElseThrow();
  }

  private static Optional<String> header(String response, String name) {
    return response
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  private static JsonObject json(String response) throws Exception {
    return JsonObject.parse(response.substring(response.indexOf("\r\n\r\n") + 4));
  }

  @Nested
  @DisplayName("A request is handed to the route of its method and path")
  class Routing {
    @Test
    void a_route_answers() throws Exception {
      assertThat(get("/hello")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
    }

    @Test
    void an_unknown_path_is_404_with_the_correlation_id_in_header_and_body() throws Exception {
      var response = get("/nowhere");

      assertThat(response).startsWith("HTTP/1.1 404 ");
      assertThat(correlationId(response))
          .matches("[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}");
      assertThat(json(response).string("correlation_id")).contains(correlationId(response));
      assertThat(header(response, "Content-Type")).contains("application/json");
      assertThat(header(response, "Cache-Control")).contains("no-store");
    }

    @Test
    void a_correlation_id_from_the_peer_is_not_taken() throws Exception {
      assertThat(get("/hello", "Lanyard-Correlation-Id: chosen0by0attack"))
          .doesNotContain("chosen0by0attack");
    }

    @Test
    void another_method_is_405_with_those_that_are_allowed() throws Exception {
      var response =
          send("POST /hello HTTP/1.1", "Host: x", "Content-Length: 0", "Connection: close", "");

      assertThat(response).startsWith("HTTP/1.1 405 ");
      assertThat(header(response, "Allow")).contains("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BREW", "TRACE", "get", "CONNECT"})
    void a_method_that_nobody_serves_is_refused(String method) throws Exception {
      assertThat(send(method + " /hello HTTP/1.1", "Host: x", "Connection: close", ""))
          .matches("(?s)HTTP/1.1 4(00|05) .*");
    }

    @Test
    void head_is_answered_like_get_without_a_body() throws Exception {
      assertThat(send("HEAD /hello HTTP/1.1", "Host: x", "Connection: close", ""))
          .startsWith("HTTP/1.1 200 ")
          .contains("Content-Length: 5")
          .endsWith("\r\n\r\n");
    }

    @Test
    void a_parameter_of_the_path_is_decoded() throws Exception {
      assertThat(get("/callback/key%20cloak+1")).endsWith("\r\n\r\nkey cloak+1");
    }

    @Test
    void an_exact_path_wins_over_a_pattern() throws Exception {
      assertThat(get("/callback/fixed")).endsWith("exact");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/callback/",
          "/callback",
          "/callback/a/b",
          "/hello/",
          "/HELLO",
          "/callback/a%2Fb"
        })
    void a_path_matches_whole_or_not_at_all(String path) throws Exception {
      assertThat(get(path)).matches("(?s)HTTP/1.1 40[04] .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/callback/../hello", "/./hello"})
    void dot_segments_are_resolved_before_the_route_is_found(String path) throws Exception {
      assertThat(get(path)).endsWith("hello");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/..;/hello",
          "/%2e%2e/hello",
          "/hello%00",
          "/%c0%af",
          "//hello",
          "/hello;x=1",
          "/%2fhello",
          "/callback/%2e%2e/hello",
          "/callback/%2E./hello",
          "/hel%6co%2f",
          "/%68ello%0d%0a",
          "/hello%",
          "/hello%zz",
          "/hello%u0041",
          "/callback/a%5cb%2f..",
          "/hello\\",
          "/%252e%252e/hello"
        })
    void ambiguous_paths_never_reach_a_route(String path) throws Exception {
      assertThat(get(path)).matches("(?s)HTTP/1.1 40[04] .*");
    }

    @Test
    void a_route_for_every_method_sees_which() throws Exception {
      for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
        assertThat(
                send(
                    method + " /any HTTP/1.1",
                    "Host: x",
                    "Content-Length: 0",
                    "Connection: close",
                    ""))
            .endsWith("\r\n\r\n" + method);
      }
    }

    @Test
    void what_may_wait_runs_on_a_virtual_thread_and_what_does_not_stays() throws Exception {
      assertThat(get("/thread")).endsWith("virtual");
      assertThat(get("/thread-now")).endsWith("platform");
    }

    @Test
    void two_routes_for_the_same_requests_do_not_start() {
      var route = Route.get("/a", Access.PUBLIC, _ -> Response.empty(200));

      assertThatThrownBy(() -> new Router(List.of(route, route)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  @DisplayName("A request shows its parts")
  class Parts {
    @Test
    void body_query_media_type_headers_and_cookies() throws Exception {
      var response =
          send(
              "POST /echo?q=1&r HTTP/1.1",
              "Host: x",
              "Content-Type: Application/X-WWW-Form-URLencoded; charset=UTF-8",
              "X-One: 1",
              "Cookie: a=b; c=d",
              "Content-Length: 3",
              "Connection: close",
              "",
              "a=ü".getBytes(StandardCharsets.UTF_8).length == 4 ? "a=b" : "");

      assertThat(response).endsWith("\r\n\r\na=b|q=1&r|application/x-www-form-urlencoded|1|d");
    }

    @Test
    void a_header_that_appears_twice_has_no_only_value() throws Exception {
      assertThat(
              send(
                  "POST /echo HTTP/1.1",
                  "Host: x",
                  "X-One: 1",
                  "X-One: 2",
                  "Content-Length: 0",
                  "Connection: close",
                  ""))
          .endsWith("|||-|-|-".substring(2));
    }
  }

  @Nested
  @DisplayName("Answers carry the headers that protect a browser")
  class Headers {
    @Test
    void by_default() throws Exception {
      var response = get("/hello");

      assertThat(header(response, "X-Content-Type-Options")).contains("nosniff");
      assertThat(header(response, "X-Frame-Options")).contains("DENY");
      assertThat(header(response, "Referrer-Policy")).contains("no-referrer");
      assertThat(header(response, "Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(header(response, "Server")).isEmpty();
      assertThat(header(response, "Strict-Transport-Security")).isEmpty();
    }

    @Test
    void a_page_may_have_its_own_policy_and_cookies() throws Exception {
      var response = get("/page");

      assertThat(header(response, "Content-Security-Policy")).contains("style-src 'self'");
      assertThat(response)
          .contains(
              "Set-Cookie: __Host-session=v; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax")
          .contains("Set-Cookie: other=w; Path=/; Max-Age=0;");
    }

    @Test
    void a_line_end_in_a_value_makes_no_second_header() throws Exception {
      assertThat(header(get("/split"), "Set-Cookie")).isEmpty();
    }

    @Test
    void a_redirect_is_303() throws Exception {
      assertThat(get("/go"))
          .startsWith("HTTP/1.1 303 ")
          .contains("Location: https://x.example/?a=b");
    }
  }

  @Nested
  @DisplayName("META-18, TOK-13: scripts of other origins may call what says so")
  class CrossOrigins {
    @Test
    void a_preflight_is_answered() throws Exception {
      var response =
          send(
              "OPTIONS /echo HTTP/1.1",
              "Host: x",
              "Origin: https://app.example",
              "Access-Control-Request-Method: POST",
              "Access-Control-Request-Headers: authorization, dpop",
              "Connection: close",
              "");

      assertThat(response).startsWith("HTTP/1.1 204 ");
      assertThat(header(response, "Access-Control-Allow-Origin")).contains("*");
      assertThat(header(response, "Access-Control-Allow-Methods")).contains("POST");
      assertThat(header(response, "Access-Control-Allow-Headers").orElseThrow())
          .contains("Authorization", "DPoP", "Content-Type");
      assertThat(header(response, "Access-Control-Allow-Credentials")).isEmpty();
    }

    @Test
    @DisplayName("MCP 2026-07-28: headers that repeat parameters are allowed by their names")
    void a_preflight_for_parameters() throws Exception {
      var asked = new StringBuilder("authorization,mcp-param-region, Mcp-Param-Tenant.Id,x-other");
      asked.append(", mcp-param-").append("a".repeat(101)).append(", mcp-param-a b");
      for (int i = 0; i < 60; i++) {
        asked.append(",mcp-param-p").append(i);
      }
      var response =
          send(
              "OPTIONS /echo HTTP/1.1",
              "Host: x",
              "Origin: https://app.example",
              "Access-Control-Request-Method: POST",
              "Access-Control-Request-Headers: " + asked,
              "Connection: close",
              "");

      assertThat(header(response, "Access-Control-Allow-Headers").orElseThrow())
          .contains(
              "Authorization", "Mcp-Name, mcp-param-region, Mcp-Param-Tenant.Id, mcp-param-p0")
          .contains("mcp-param-p47")
          .doesNotContain("mcp-param-p48", "x-other", "aaa", "a b");
    }

    @Test
    void a_refusal_can_be_read_too() throws Exception {
      var response =
          send(
              "POST /echo HTTP/1.1",
              "Host: x",
              "Origin: https://a.example",
              "Content-Length: 101",
              "");

      assertThat(response).startsWith("HTTP/1.1 413 ");
      assertThat(header(response, "Access-Control-Allow-Origin")).contains("*");
    }

    @Test
    void what_does_not_say_so_gives_no_preflight_and_no_header() throws Exception {
      assertThat(get("/hello", "Origin: https://a.example")).doesNotContain("Access-Control");
      assertThat(
              send(
                  "OPTIONS /page HTTP/1.1",
                  "Host: x",
                  "Origin: https://a.example",
                  "Connection: close",
                  ""))
          .startsWith("HTTP/1.1 405 ")
          .doesNotContain("Access-Control");
    }
  }

  @Nested
  @DisplayName("A failure of ours tells nothing but the correlation id")
  class Failures {
    @Test
    void a_bug_is_500() throws Exception {
      var response = get("/bug");

      assertThat(response).startsWith("HTTP/1.1 500 ").doesNotContain("secret", "Exception");
      assertThat(json(response).string("error")).contains("server_error");
      assertThat(json(response).string("correlation_id")).contains(correlationId(response));
    }

    @Test
    void an_outage_is_503_and_says_when_to_come_again() throws Exception {
      var response = get("/outage");

      assertThat(response).startsWith("HTTP/1.1 503 ").doesNotContain("secret");
      assertThat(header(response, "Retry-After")).contains("5");
      assertThat(json(response).string("error")).contains("temporarily_unavailable");
    }
  }

  @Nested
  @DisplayName("What is too large is refused")
  class Sizes {
    @Test
    void a_body_of_exactly_the_limit_is_read() throws Exception {
      assertThat(
              send(
                  "POST /echo HTTP/1.1",
                  "Host: x",
                  "Content-Length: 100",
                  "Connection: close",
                  "",
                  "x".repeat(98)))
          .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void a_longer_one_is_413_before_it_was_sent_and_the_connection_ends() throws Exception {
      var response = send("POST /echo HTTP/1.1", "Host: x", "Content-Length: 101", "");

      assertThat(response).startsWith("HTTP/1.1 413 ").contains("Connection: close");
    }

    @Test
    void a_client_that_waits_for_100_is_not_told_to_send_it() throws Exception {
      var response =
          send("POST /echo HTTP/1.1", "Host: x", "Content-Length: 101", "Expect: 100-continue", "");

      assertThat(response).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void a_chunked_one_is_413_as_soon_as_it_is_longer() throws Exception {
      var chunk = "40\r\n" + "x".repeat(64) + "\r\n";

      assertThat(
              send(
                  "POST /echo HTTP/1.1",
                  "Host: x",
                  "Transfer-Encoding: chunked",
                  "",
                  chunk + chunk))
          .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void headers_are_431() throws Exception {
      var response =
          send(
              "GET /hello HTTP/1.1",
              "Host: x",
              "X-Long: " + "x".repeat(9000),
              "Connection: close",
              "");

      assertThat(response).startsWith("HTTP/1.1 431 ");
      assertThat(json(response).string("correlation_id")).contains(correlationId(response));
    }

    @Test
    void the_request_line_is_414() throws Exception {
      assertThat(get("/hello?" + "x".repeat(9000))).startsWith("HTTP/1.1 414 ");
    }
  }

  @Nested
  @DisplayName("What is too slow is cut off")
  class Slowness {
    @Test
    void a_body_that_trickles_is_408() throws Exception {
      try (var wire = new Wire(port)) {
        wire.lines("POST /echo HTTP/1.1", "Host: x", "Content-Length: 100", "", "some");
        for (int i = 0; i < 4; i++) {
          Thread.sleep(50);
          wire.bytes("x");
        }
        assertThat(wire.untilClosed()).startsWith("HTTP/1.1 408 ");
      }
    }

    @Test
    void a_header_that_trickles_ends_the_connection() throws Exception {
      try (var wire = new Wire(port)) {
        wire.bytes("GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        for (int i = 0; i < 4; i++) {
          Thread.sleep(50);
          wire.bytes("x");
        }
        assertThat(wire.untilClosed()).isEmpty();
      }
    }

    @Test
    @DisplayName("whoever does not read a long answer is cut off, and costs no thread meanwhile")
    void a_reader_that_stops() throws Exception {
      var wires = new ArrayList<Wire>();
      for (int i = 0; i < 40; i++) {
        var wire = new Wire(port);
        wires.add(wire);
        wire.lines("GET /long HTTP/1.1", "Host: x", "");
      }
      assertThat(get("/hello")).endsWith("hello");
      Thread.sleep(LIMITS.idle().plusSeconds(2));
      for (var wire : wires) {
        assertThat(wire.isClosedAfter(LONG)).isTrue();
        wire.close();
      }
    }

    @Test
    void a_header_in_two_pieces_is_no_harm_and_later_requests_have_their_own_time()
        throws Exception {
      try (var wire = new Wire(port)) {
        for (int i = 0; i < 4; i++) {
          wire.bytes("GET /hello HTTP/1.1\r\nHo");
          Thread.sleep(600);
          wire.bytes("st: x\r\n\r\n");
          assertThat(wire.oneResponse()).endsWith("hello");
        }
      }
    }

    @Test
    void a_body_in_pieces_is_read_whole() throws Exception {
      try (var wire = new Wire(port)) {
        wire.lines("POST /echo HTTP/1.1", "Host: x", "Content-Length: 6", "").bytes("abc");
        Thread.sleep(100);
        assertThat(wire.bytes("def").oneResponse()).contains("\r\n\r\nabcdef|");
      }
    }
  }

  @Nested
  @DisplayName("RFC 9112: messages whose end is in doubt are refused")
  class Framing {
    @Test
    void two_different_lengths() throws Exception {
      assertThat(
              send(
                  "POST /echo HTTP/1.1",
                  "Host: x",
                  "Content-Length: 3",
                  "Content-Length: 4",
                  "",
                  "abcd"))
          .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void a_length_and_chunks() throws Exception {
      assertThat(
              send(
                  "POST /echo HTTP/1.1",
                  "Host: x",
                  "Content-Length: 3",
                  "Transfer-Encoding: chunked",
                  "",
                  "0",
                  "",
                  ""))
          .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+3", "3x", "0x3", "99999999999999999999"})
    void a_length_that_is_no_number(String length) throws Exception {
      assertThat(send("POST /echo HTTP/1.1", "Host: x", "Content-Length: " + length, "", "abc"))
          .matches("(?s)HTTP/1.1 4(00|13) .*");
    }

    @Test
    void an_unknown_transfer_coding() throws Exception {
      assertThat(send("POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked, gzip", "", ""))
          .matches("(?s)HTTP/1.1 (400|501) .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host : x", "X Y: z", " folded", "NoColon"})
    void a_broken_header_line(String line) throws Exception {
      assertThat(send("GET /hello HTTP/1.1", "Host: x", line, "")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void no_host() throws Exception {
      assertThat(send("GET /hello HTTP/1.1", "Connection: close", "")).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @DisplayName("a host that is said twice, or in two ways")
    @ValueSource(
        strings = {
          "GET /hello HTTP/1.1;Host: x;Host: x",
          "GET /hello HTTP/1.1;Host: x;Host: y",
          "GET /hello HTTP/1.1;Host: x, y",
          "GET /hello HTTP/1.1;Host: x/y",
          "GET /hello HTTP/1.1;Host: a@b",
        })
    void two_hosts(String lines) throws Exception {
      assertThat(send((lines + ";").split(";", -1))).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @DisplayName("RFC 9112 §3.2: targets of another form find a route by their path, or none")
    @CsvSource({
      "GET http://x/hello, 200",
      "GET http://x/nowhere, 404",
      "GET http://other.example/hello, 400",
      "GET http:///hello, 400",
      "GET ftp://x/hello, 200",
      "GET x:443, 400",
      "GET *, 400",
      "OPTIONS *, 404",
      "CONNECT x:443, 400",
      "CONNECT /hello, 400",
      "GET hello, 400",
      "GET //x/hello, 400",
      "GET /hello#part, 400",
      "GET \\hello, 400",
    })
    void targets(String request, int status) throws Exception {
      assertThat(send(request + " HTTP/1.1", "Host: x", "Connection: close", ""))
          .startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @DisplayName("names and values of headers with characters that belong to no header")
    @ValueSource(
        strings = {
          "X\0Y: z",
          "X\tY: z",
          "X(Y): z",
          "X\u00fcY: z",
          ": z",
          "X-One: a\0b",
          "X-One: a\rb",
          "Content-Length\u000b: 5",
          "Transfer-Encoding\u00a0: chunked",
        })
    void odd_headers(String line) throws Exception {
      assertThat(send("POST /echo HTTP/1.1", "Host: x", line, "Connection: close", ""))
          .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @DisplayName("chunks whose length could be read in two ways")
    @ValueSource(
        strings = {
          "0x3",
          "+3",
          "-1",
          "3 3",
          "3_0",
          "",
          "fffffffff",
          "100000003",
          "100000000",
          "ffffffffffffffffff",
          "10000000000000003"
        })
    void odd_chunks(String length) throws Exception {
      assertThat(
              send(
                  "POST /echo HTTP/1.1",
                  "Host: x",
                  "Transfer-Encoding: chunked",
                  "Connection: close",
                  "",
                  length,
                  "abc",
                  "0",
                  "",
                  ""))
          .matches("(?s)(HTTP/1.1 4(00|08|13) .*)?");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"xchunked", "chunked, chunked", "identity", "chunked;q=1", "\"chunked\""})
    void odd_transfer_codings(String coding) throws Exception {
      assertThat(
              send(
                  "POST /echo HTTP/1.1",
                  "Host: x",
                  "Transfer-Encoding: " + coding,
                  "Connection: close",
                  "",
                  "0",
                  "",
                  ""))
          .matches("(?s)HTTP/1.1 (400|501) .*");
    }

    @Test
    @DisplayName("RFC 9112 §6.1: HTTP/1.0 with chunks, which a proxy may not have seen")
    void chunks_in_http_1_0() throws Exception {
      assertThat(
              send(
                  "POST /echo HTTP/1.0",
                  "Host: x",
                  "Connection: keep-alive",
                  "Transfer-Encoding: chunked",
                  "",
                  "0",
                  "",
                  "GET /hello HTTP/1.1",
                  "Host: x",
                  ""))
          .startsWith("HTTP/1.1 400 ")
          .doesNotContain("hello");
    }

    @Test
    void something_that_is_not_http() throws Exception {
      assertThat(send("\u0016\u0003\u0001 hello", "", "")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void the_body_ends_before_its_length_does() throws Exception {
      try (var wire = new Wire(port)) {
        wire.lines("POST /echo HTTP/1.1", "Host: x", "Content-Length: 50", "").bytes("abc");
      }
      assertThat(get("/hello")).endsWith("hello");
    }
  }

  @Nested
  @DisplayName("RFC 9112 §9: connections are kept and ended as asked")
  class Connections {
    @Test
    void one_connection_serves_many_requests() throws Exception {
      try (var wire = new Wire(port)) {
        for (int i = 0; i < 3; i++) {
          assertThat(wire.lines("GET /hello HTTP/1.1", "Host: x", "").oneResponse())
              .endsWith("hello");
        }
        assertThat(
                wire.lines("POST /echo HTTP/1.1", "Host: x", "Content-Length: 1", "")
                    .bytes("a")
                    .oneResponse())
            .contains("\r\n\r\na|");
      }
    }

    @Test
    void pipelined_requests_are_answered_in_their_order() throws Exception {
      try (var wire = new Wire(port)) {
        wire.lines(
            "GET /callback/1 HTTP/1.1", "Host: x", "", "GET /callback/2 HTTP/1.1", "Host: x", "");
        assertThat(wire.oneResponse()).endsWith("\r\n\r\n1");
        assertThat(wire.oneResponse()).endsWith("\r\n\r\n2");
      }
    }

    @Test
    @DisplayName("Whoever tells that an answer has ended does not wait in the next request's stead")
    void the_next_request_is_not_handled_by_whoever_ends_an_answer() throws Exception {
      try (var wire = new Wire(port)) {
        wire.lines(
            "GET /told HTTP/1.1",
            "Host: x",
            "",
            "GET /slow HTTP/1.1",
            "Host: x",
            "Connection: close",
            "");
        told.awaited.await();
        Thread.ofVirtual()
            .start(() -> {
              told.end();
              release.countDown();
            });
        assertThat(wire.untilClosed()).endsWith("finished");
      }
    }

    @Test
    @DisplayName("however many are sent before the first is answered: one after the other")
    void many_pipelined_requests() throws Exception {
      try (var wire = new Wire(port)) {
        var all = new StringBuilder();
        for (int i = 0; i < 500; i++) {
          all.append("GET /callback/").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        wire.bytes(all.toString());
        for (int i = 0; i < 500; i++) {
          assertThat(wire.oneResponse()).endsWith("\r\n\r\n" + i);
        }
      }
    }

    @Test
    void close_closes() throws Exception {
      assertThat(get("/hello")).contains("Connection: close");
    }

    @Test
    @DisplayName("Who is cut off after a path that is no path is told so, and sends nothing more")
    void a_refusal_of_the_web_server_announces_that_it_closes() throws Exception {
      try (var wire = new Wire(port)) {
        assertThat(wire.lines("GET /hello/%00 HTTP/1.1", "Host: x", "").oneResponse())
            .startsWith("HTTP/1.1 400 ")
            .contains("Connection: close");
      }
    }

    @Test
    @DisplayName("A body that is cut off before its head has left ends behind it: no fault of ours")
    void cut_off_before_the_head() throws Exception {
      try (var wire = new Wire(port)) {
        assertThat(wire.lines("GET /cut HTTP/1.1", "Host: x", "").untilClosed())
            .startsWith("HTTP/1.1 200 ")
            .doesNotContain("secret")
            .doesNotContain("\r\n0\r\n");
      }
    }

    @Test
    void http_1_0_is_served_and_closed() throws Exception {
      assertThat(send("GET /hello HTTP/1.0", "")).startsWith("HTTP/1.1 200 ").endsWith("hello");
    }

    @Test
    void an_unknown_version_is_505() throws Exception {
      assertThat(send("GET /hello HTTP/3.0", "Host: x", "")).matches("(?s)HTTP/1.1 (400|505) .*");
    }
  }

  @Nested
  @DisplayName("Starting and stopping")
  class Life {
    @Test
    void a_running_request_is_finished_before_the_server_stops() throws Exception {
      try (var wire = new Wire(port);
          var stopper = Executors.newSingleThreadExecutor()) {
        wire.lines("GET /slow HTTP/1.1", "Host: x", "");
        entered.await();
        var stopped = stopper.submit(server::close);
        Thread.sleep(100);
        assertThat(stopped).isNotDone();
        release.countDown();
        assertThat(wire.untilClosed()).endsWith("finished");
        stopped.get();
      }
      assertThatThrownBy(() -> new Wire(port)).isInstanceOf(IOException.class);
    }

    @Test
    void requests_wait_between_binding_and_serving() throws Exception {
      try (var early = HttpServer.bind(List.of(listener("early")), LIMITS);
          var wire = new Wire(early.port("early"))) {
        wire.lines("GET / HTTP/1.1", "Host: x", "");
        early.serve(
            Map.of(
                "early", List.of(Route.get("/", Access.PUBLIC, _ -> Response.text(200, "late")))));
        assertThat(wire.oneResponse()).endsWith("late");
      }
    }

    @Test
    void a_taken_address_is_named() {
      var taken =
          new Listener(
              "twice",
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
              Optional.empty());

      assertThatThrownBy(() -> HttpServer.bind(List.of(taken), LIMITS))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("twice")
          .hasMessageContaining(String.valueOf(port));
    }

    @Test
    void a_silent_connection_ends() throws Exception {
      try (var impatient = serveHello(100, Duration.ofMillis(200));
          var wire = new Wire(impatient.port("limited"))) {
        assertThat(wire.untilClosed()).isEmpty();
      }
    }

    @Test
    void connections_beyond_the_limit_wait_until_one_ends() throws Exception {
      try (var limited = serveHello(1, Duration.ofSeconds(10));
          var first = new Wire(limited.port("limited"))) {
        first.lines("GET / HTTP/1.1", "Host: x", "").oneResponse();
        try (var second = new Wire(limited.port("limited"))) {
          second.lines("GET / HTTP/1.1", "Host: x", "");
          Thread.sleep(200);
          assertThat(second.hasAnswer()).isFalse();
          first.close();
          assertThat(second.oneResponse()).endsWith("hello");
        }
      }
    }

    @Test
    @DisplayName("SEC-6: one address has half of the connections, and keeps nobody else out")
    void connections_of_one_address() throws Exception {
      try (var limited = serveHello(10, Duration.ofSeconds(10))) {
        int at = limited.port("limited");
        var open = new ArrayList<Wire>();
        for (int i = 0; i < 5; i++) {
          var wire = new Wire(at);
          open.add(wire);
          wire.lines("GET / HTTP/1.1", "Host: x", "").oneResponse();
        }
        for (int i = 0; i < 20; i++) {
          try (var further = new Wire(at)) {
            assertThat(further.isClosed()).isTrue();
          }
        }
        try (var other = new Wire("127.0.0.2", at)) {
          assertThat(other.lines("GET / HTTP/1.1", "Host: x", "").oneResponse()).endsWith("hello");
        }
        open.getFirst().close();
        Soon.until("where one has ended there is room for one", () -> isServed(at));
        for (var wire : open) {
          wire.close();
        }
      }
    }

    private static boolean isServed(int at) {
      try (var wire = new Wire(at)) {
        return wire.lines("GET / HTTP/1.1", "Host: x", "").oneResponse().endsWith("hello");
      } catch (IOException e) {
        return false;
      }
    }

    private HttpServer serveHello(int connections, Duration idle) {
      var limits =
          new HttpLimits(
              8192,
              connections,
              idle,
              Duration.ofSeconds(5),
              10,
              Duration.ofSeconds(5),
              Duration.ofSeconds(1),
              TestLimits.PARTING);
      var limited = HttpServer.bind(List.of(listener("limited")), limits);
      limited.serve(
          Map.of(
              "limited", List.of(Route.get("/", Access.PUBLIC, _ -> Response.text(200, "hello")))));
      return limited;
    }

    @Test
    void two_listeners_have_their_own_routes() throws Exception {
      try (var both = HttpServer.bind(List.of(listener("a"), listener("b")), LIMITS)) {
        both.serve(
            Map.of(
                "a", List.of(Route.get("/a", Access.PUBLIC, _ -> Response.text(200, "a"))),
                "b", List.of(Route.get("/b", Access.PUBLIC, _ -> Response.text(200, "b")))));
        try (var wire = new Wire(both.port("a"))) {
          assertThat(wire.lines("GET /b HTTP/1.1", "Host: x", "").oneResponse())
              .startsWith("HTTP/1.1 404");
          assertThat(wire.lines("GET /a HTTP/1.1", "Host: x", "").oneResponse())
              .endsWith("\r\n\r\na");
        }
      }
    }
  }
}
