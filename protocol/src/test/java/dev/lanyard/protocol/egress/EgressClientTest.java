package dev.lanyard.protocol.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lanyard.protocol.egress.EgressResult.Answered;
import dev.lanyard.protocol.egress.EgressResult.Failed;
import dev.lanyard.protocol.egress.EgressResult.Refused;
import dev.lanyard.protocol.oauth.Form;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-6, CLI-16, MCP security best practices: Server-Side Request Forgery")
class EgressClientTest {
  private static final EgressPolicy LOOPBACK =
      EgressPolicy.strict().exposingLoopback().limitedTo(Duration.ofSeconds(5), 1000);

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<String> seen = new AtomicReference<>("");
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    calls.incrementAndGet();
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    seen.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    switch (exchange.getRequestURI().getPath()) {
      case "/redirect" -> {
        exchange.getResponseHeaders().add("Location", "/secret");
        exchange.sendResponseHeaders(302, -1);
      }
      case "/large" -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(new byte[1001]);
      }
      case "/chunked" -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("{\"a\":".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        exchange.getResponseBody().write("\"b\"}".getBytes(StandardCharsets.UTF_8));
      }
      default -> {
        var bytes = "{\"host\":true}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
    exchange.close();
  }

  @Nested
  @DisplayName("Enforce HTTPS; block private IP ranges")
  class Ranges {
    private final EgressClient strict = new EgressClient(EgressPolicy.strict());

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://127.0.0.1/",
          "https://[::1]/",
          "https://[::ffff:169.254.169.254]/latest/meta-data",
          "https://169.254.169.254/latest/meta-data",
          "https://10.0.0.1/",
          "https://[fd00::1]/",
          "https://[64:ff9b::7f00:1]/",
          "https://[2002:7f00:1::]/",
          "https://0.0.0.0/",
          "https://localhost/",
        })
    void refuses_an_address_that_is_not_public(String url) {
      assertThat(strict.send(EgressRequest.get(URI.create(url))))
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(refused.reason()).endsWith("has an address that is not public"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://2130706433/",
          "https://0x7f000001/",
          "https://0x7f.0.0.1/",
          "https://0177.0.0.1/",
          "https://127.1/",
          "https://017.0.0.1/",
          "https://1.2.3.4./",
          "https://user@1.1.1.1/",
          "https:///path",
          "https:opaque",
          "https://a_b:c@/",
        })
    void refuses_a_host_in_a_strange_spelling(String url) {
      assertThat(strict.send(EgressRequest.get(URI.create(url))))
          .isEqualTo(new Refused("the URL has no plain host name"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://1.1.1.1:65536/",
          "https://a.example:70000/x",
          "https://[::1]:0/",
          "https://a:0"
        })
    void refuses_a_port_that_there_is_not(String url) {
      assertThat(strict.send(EgressRequest.get(URI.create(url))))
          .isEqualTo(new Refused("the URL names a port that there is not"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://a.example:99999999999/",
          "https://a.example:-1/",
          "https://a..b/",
          "https://xn--/",
          "https://-a-/",
          "https://a.example:/%00",
        })
    void whatever_a_url_is_like_nothing_is_thrown(String url) {
      assertThat(strict.send(EgressRequest.get(URI.create(url))))
          .isInstanceOfAny(Refused.class, Failed.class);
    }

    @Test
    @DisplayName("A fault on the way is a failure: whoever asks has no use for an exception")
    void a_resolver_that_throws() {
      var broken =
          new EgressClient(
              EgressPolicy.strict(),
              host -> {
                throw new IllegalArgumentException("a name that cannot be asked for");
              });

      assertThat(broken.send(EgressRequest.get(URI.create("https://a.example/"))))
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.reason()).contains("cannot be asked for"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"http://1.1.1.1/", "file:///etc/passwd", "ftp://1.1.1.1/", "gopher://x/", "/"})
    void refuses_any_other_scheme_than_https(String url) {
      assertThat(strict.send(EgressRequest.get(URI.create(url))))
          .isEqualTo(new Refused("only https URLs are called"));
    }

    @Test
    void a_name_with_one_forbidden_address_is_refused_whole() {
      var mixed =
          new EgressClient(
              EgressPolicy.strict(),
              host ->
                  new InetAddress[] {
                    InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1")
                  });

      assertThat(mixed.send(EgressRequest.get(URI.create("https://rebind.example/"))))
          .isInstanceOf(Refused.class);
    }

    @Test
    void a_name_that_does_not_resolve_is_a_failure_not_a_refusal() {
      assertThat(strict.send(EgressRequest.get(URI.create("https://nowhere.invalid/"))))
          .isEqualTo(new Failed("the name nowhere.invalid does not resolve"));
    }
  }

  @Nested
  @DisplayName("DNS rebinding: the checked address is the connected address")
  class Pinning {
    @Test
    void the_name_is_looked_up_once() {
      var lookups = new AtomicInteger();
      var client =
          new EgressClient(
              LOOPBACK,
              host -> {
                lookups.incrementAndGet();
                return new InetAddress[] {InetAddress.getLoopbackAddress()};
              });

      assertThat(client.send(EgressRequest.get(url("/", "name.example"))))
          .isInstanceOfSatisfying(Answered.class, a -> assertThat(a.status()).isEqualTo(200));
      assertThat(lookups).hasValue(1);
    }

    @Test
    void plain_http_to_a_public_address_is_refused_even_when_loopback_is_exposed() {
      var client =
          new EgressClient(LOOPBACK, host -> new InetAddress[] {InetAddress.getByName("1.1.1.1")});

      assertThat(client.send(EgressRequest.get(url("/", "name.example"))))
          .isEqualTo(new Refused("plain HTTP is permitted to loopback addresses only, if at all"));
    }

    @Test
    void an_internal_host_is_reached_only_by_its_name() {
      var policy = EgressPolicy.strict().exposingInternalHosts(Set.of("IdP.corp.example"));

      assertThat(policy.permits("idp.corp.example", address("10.1.2.3"))).isTrue();
      assertThat(policy.permits("other.corp.example", address("10.1.2.3"))).isFalse();
    }
  }

  @Nested
  @DisplayName("Answers")
  class Answers {
    private final EgressClient client = new EgressClient(LOOPBACK);

    @Test
    void a_redirect_is_an_answer_and_is_not_followed() {
      assertThat(client.send(EgressRequest.get(url("/redirect"))))
          .isInstanceOfSatisfying(
              Answered.class,
              answer -> {
                assertThat(answer.status()).isEqualTo(302);
                assertThat(answer.header("location")).contains("/secret");
              });
      assertThat(calls).hasValue(1);
    }

    @Test
    void a_chunked_body_is_put_together() throws Exception {
      var answer = (Answered) client.send(EgressRequest.get(url("/chunked")));

      assertThat(answer.json().string("a")).contains("b");
    }

    @Test
    void a_form_is_posted_and_the_query_stays() {
      var form = Form.builder().add("a", "b c&d").build();

      client.send(EgressRequest.post(url("/token?x=y"), form));

      assertThat(seen).hasValue("POST /token?x=y a=b+c%26d");
    }

    @Test
    void an_answer_over_the_limit_is_a_failure() {
      assertThat(client.send(EgressRequest.get(url("/large"))))
          .isInstanceOfSatisfying(
              Failed.class,
              failed ->
                  assertThat(failed.reason()).contains("the answer is larger than 1000 bytes"));
    }

    @Test
    void nobody_there_is_a_failure() throws IOException {
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      assertThat(client.send(EgressRequest.get(URI.create("http://127.0.0.1:" + port + "/"))))
          .isInstanceOf(Failed.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SSH-2.0-OpenSSH\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
          "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
          "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
          "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\n"
              + "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\n",
          "HTTP/2 200\r\n\r\n",
          "",
        })
    void what_is_no_http_is_a_failure(String answer) throws Exception {
      assertThat(raw(answer, false)).isInstanceOf(Failed.class);
    }

    @Test
    void an_interim_response_is_skipped_and_a_body_may_end_with_the_connection() throws Exception {
      var result = raw("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}", false);

      assertThat(result)
          .isInstanceOfSatisfying(
              Answered.class, answer -> assertThat(answer.body()).asString().isEqualTo("{}"));
    }

    @Test
    void a_server_that_never_ends_is_left_at_the_limit() throws Exception {
      assertThat(raw("HTTP/1.1 200 OK\r\nX: ", true))
          .isEqualTo(new Failed("no whole answer within 300 ms"));
    }

    /// A peer that reads a little, writes this and then ends or keeps silent.
    private EgressResult raw(String answer, boolean keepsSilent) throws Exception {
      var limited = LOOPBACK.limitedTo(Duration.ofMillis(keepsSilent ? 300 : 5000), 1000);
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Thread.ofVirtual().start(() -> speak(socket, answer, keepsSilent));
        var url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        return new EgressClient(limited).send(EgressRequest.get(url));
      }
    }

    private void speak(ServerSocket socket, String answer, boolean keepsSilent) {
      try (var connection = socket.accept()) {
        connection.getInputStream().read();
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        if (!keepsSilent) {
          connection.shutdownOutput();
        }
        connection.getInputStream().readAllBytes();
      } catch (IOException e) {
        // The client hung up, as it should.
      }
    }
  }

  @Nested
  @DisplayName("TLS")
  class Tls {
    private final TestAuthority authority = new TestAuthority();

    @Test
    void the_certificate_is_checked_against_the_name_not_the_address() throws Exception {
      try (var https = new Https(authority)) {
        var trusting =
            EgressPolicy.strict().exposingLoopback().trusting(List.of(authority.certificate()));
        var client =
            new EgressClient(
                trusting, host -> new InetAddress[] {InetAddress.getLoopbackAddress()});

        assertThat(client.send(EgressRequest.get(https.url("idp.example"))))
            .isInstanceOfSatisfying(Answered.class, a -> assertThat(a.status()).isEqualTo(204));
        assertThat(client.send(EgressRequest.get(https.url("other.example"))))
            .isInstanceOfSatisfying(
                Failed.class, failed -> assertThat(failed.reason()).contains("other.example"));
      }
    }

    @Test
    void an_unknown_authority_is_not_trusted() throws Exception {
      try (var https = new Https(authority)) {
        var client =
            new EgressClient(
                LOOPBACK, host -> new InetAddress[] {InetAddress.getLoopbackAddress()});

        assertThat(client.send(EgressRequest.get(https.url("idp.example"))))
            .isInstanceOfSatisfying(
                Failed.class, failed -> assertThat(failed.reason()).startsWith("SSLHandshake"));
      }
    }

    private static final class Https implements AutoCloseable {
      private final HttpsServer server;

      Https(TestAuthority authority) throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.serverFor("idp.example")));
        server.createContext(
            "/",
            exchange -> {
              exchange.sendResponseHeaders(204, -1);
              exchange.close();
            });
        server.start();
      }

      URI url(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
      }

      @Override
      public void close() {
        server.stop(0);
      }
    }
  }

  @Nested
  @DisplayName("Requests")
  class Requests {
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "\u00e4", "a\u0000"})
    void a_header_cannot_break_out_of_its_line(String value) {
      var request = EgressRequest.get(URI.create("https://a.example/"));

      assertThatThrownBy(() -> request.with("Authorization", value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "get", "GET /x HTTP/1.1\r\nX:", "GET\n", "G T", "\u00c4"})
    void nor_can_a_method(String method) {
      var url = URI.create("https://a.example/");

      assertThatThrownBy(() -> new EgressRequest(method, url, Map.of(), ""))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @DisplayName("RFC 9112 §6: who says where a message ends, and whom it is for, is the client")
    @ValueSource(
        strings = {"Host", "host", "Content-Length", "TRANSFER-ENCODING", "Connection", "a b", ""})
    void headers_that_others_must_not_write(String name) {
      var request = EgressRequest.get(URI.create("https://a.example/"));

      assertThatThrownBy(() -> request.with(name, "1"))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void its_text_shows_neither_query_nor_headers_nor_body() {
      var form = Form.builder().add("client_secret", "hush").build();
      var request =
          EgressRequest.post(URI.create("https://a.example/token?code=hush"), form)
              .with("Authorization", "Bearer hush");

      assertThat(request).hasToString("POST https://a.example/token");
    }
  }

  private URI url(String path) {
    return url(path, "127.0.0.1");
  }

  private URI url(String path, String host) {
    return URI.create("http://" + host + ":" + server.getAddress().getPort() + path);
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
