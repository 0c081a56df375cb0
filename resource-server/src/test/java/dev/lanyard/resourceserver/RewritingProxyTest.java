package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.mcp.McpFilter;
import dev.lanyard.resourceserver.mcp.ToolRequirements;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import dev.lanyard.resourceserver.servlet.RewrittenPath;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("RS-9, RS-23: behind a proxy that changes the paths of URLs")
class RewritingProxyTest {
  private static final String HOST = "https://mcp.example";

  private final TestClock clock = new TestClock();
  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
  private final DpopSigner signer = new DpopSigner(key, clock, new SecureRandom());
  private final HttpClient http = HttpClient.newHttpClient();
  private UnaryOperator<String> hop = path -> path;
  private TestContainer container;
  private HttpServer proxy;

  private void start(String resource, RewrittenPath rewritten, UnaryOperator<String> hop)
      throws Exception {
    this.hop = hop;
    var filter =
        new ResourceServerFilter(guard(resource), request -> Requirement.VALID_TOKEN, rewritten);
    container = new TestContainer().filter("/*", filter).start(new Place());
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    proxy.createContext("/", this::forward);
    proxy.start();
  }

  private Guard guard(String resource) {
    return TestRas.guardWithDpop(resource, TokenStatus.trustedUntilExpiry(), clock);
  }

  /// As proxies do: another path, another host, the headers of the caller and some of its own.
  private void forward(HttpExchange exchange) throws IOException {
    var url = exchange.getRequestURI();
    var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    var request = HttpRequest.newBuilder(container.url(hop.apply(url.getRawPath()) + query));
    request.method(
        exchange.getRequestMethod(),
        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!List.of("Host", "Connection", "Content-length", "Upgrade", "Http2-settings")
              .contains(name)) {
            values.forEach(value -> request.header(name, value));
          }
        });
    try {
      var answer = http.send(request.build(), BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("WWW-Authenticate")
          .ifPresent(value -> exchange.getResponseHeaders().add("WWW-Authenticate", value));
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (proxy != null) {
      proxy.stop(0);
    }
    if (container != null) {
      container.stop();
    }
  }

  @Test
  @DisplayName("META-11: an application that is not at the root gets its metadata passed on")
  void context_path() throws Exception {
    var filter =
        new ResourceServerFilter(guard(HOST + "/app/mcp"), request -> Requirement.VALID_TOKEN);
    container = new TestContainer().at("/app").filter("/*", filter).start(new Place());
    var place = "/.well-known/oauth-protected-resource/app/mcp";

    assertThat(status("/app/mcp")).isEqualTo(401);
    assertThat(status(place)).as("outside of the application").isEqualTo(404);
    assertThat(status("/app" + place)).as("as the container's log says").isEqualTo(200);
    assertThat(status("/app/app" + place)).isEqualTo(401);
  }

  private int status(String path) throws Exception {
    var request = HttpRequest.newBuilder(container.url(path)).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static final class Place extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getDispatcherType() == DispatcherType.REQUEST
          && request.getRequestURI().endsWith("/later")) {
        request.startAsync().dispatch("/within");
      } else {
        response.getWriter().print(request.getRequestURI());
      }
    }
  }

  private void startStripping() throws Exception {
    start(HOST + "/mcp", new RewrittenPath("/mcp", "/"), RewritingProxyTest::stripped);
  }

  private static String stripped(String path) {
    var rest = path.startsWith("/mcp") ? path.substring(4) : path;
    return rest.isEmpty() ? "/" : rest;
  }

  private String bound(String resource) {
    return TestRas.token(
        new ResourceIndicator(resource),
        Duration.ofMinutes(45),
        claims -> claims.boundTo(key.publicKey().thumbprint()));
  }

  private String proof(String url, String token) {
    return signer.proof("POST", URI.create(url), Optional.empty(), new Secret(token));
  }

  private HttpRequest.Builder called(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + proxy.getAddress().getPort() + path))
        .POST(BodyPublishers.ofString("{}"));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest(name = "{1} becomes {2}: {3} arrives as {4}")
  @CsvSource({
    "https://mcp.example/mcp, /mcp, /, /mcp, /",
    "https://mcp.example/mcp, /mcp, /, /mcp/a/b, /a/b",
    "https://mcp.example/mcp/, /mcp/, /, /mcp/, /",
    "https://mcp.example, /, /app/one, /, /app/one",
    "https://mcp.example, /, /app/one, /x, /app/one/x",
    "https://mcp.example/mcp, /mcp, /app/, /mcp/x, /app/x",
    "https://mcp.example/a/mcp, /a, /b, /a/mcp, /b/mcp",
    "https://mcp.example/mcp, /, /, /mcp, /mcp",
  })
  @DisplayName("A proof for the URL that the caller has called admits")
  void admits(String resource, String from, String to, String path, String arrives)
      throws Exception {
    start(resource, new RewrittenPath(from, to), called -> arrives);
    var token = bound(resource);
    var answer =
        send(
            called(path + "?q=1")
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof(HOST + path, token)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(arrives);
  }

  /// What is wrong with a request; each has a good token that is bound to the caller's key.
  record Wrong(String what, Forgery forgery) {
    @Override
    public String toString() {
      return what;
    }
  }

  interface Forgery {
    HttpRequest.Builder of(RewritingProxyTest test, HttpRequest.Builder request, String token);
  }

  private static Wrong proofFor(String what, String url) {
    return new Wrong(
        what, (test, request, token) -> request.header("DPoP", test.proof(url, token)));
  }

  private static Wrong lying(String header, String value) {
    return new Wrong(
        "a header that says where the caller was: " + header,
        (test, request, token) ->
            request
                .header(header, value)
                .header("DPoP", test.proof("https://evil.example/evil/tools", token)));
  }

  private DpopSigner signerAfter(Duration time) {
    return new DpopSigner(key, () -> clock.instant().plus(time), new SecureRandom());
  }

  static Stream<Arguments> wrong() {
    var url = URI.create(HOST + "/mcp/tools");
    return Stream.of(
            new Wrong("no proof", (test, request, token) -> request),
            new Wrong("no JWT", (test, request, token) -> request.header("DPoP", "a.b.c")),
            new Wrong(
                "two proofs",
                (test, request, token) ->
                    request
                        .header("DPoP", test.proof(url.toString(), token))
                        .header("DPoP", test.proof(url.toString(), token))),
            new Wrong(
                "another method",
                (test, request, token) ->
                    request.header(
                        "DPoP",
                        test.signer.proof("GET", url, Optional.empty(), new Secret(token)))),
            proofFor("the path as it arrives", HOST + "/tools"),
            proofFor("the resource, and not the URL that was called", HOST + "/mcp"),
            proofFor("another path", HOST + "/mcp/other"),
            proofFor("the prefix twice", HOST + "/mcp/mcp/tools"),
            proofFor("another host", "https://evil.example/mcp/tools"),
            proofFor("another scheme", "http://mcp.example/mcp/tools"),
            new Wrong(
                "the address behind the proxy",
                (test, request, token) ->
                    request.header(
                        "DPoP", test.proof(test.container.url("/tools").toString(), token))),
            new Wrong(
                "another token",
                (test, request, token) ->
                    request.header("DPoP", test.proof(url.toString(), "another"))),
            new Wrong(
                "another key",
                (test, request, token) ->
                    request.header(
                        "DPoP",
                        new DpopSigner(
                                SigningKey.generate(SigningAlgorithm.ES256),
                                test.clock,
                                new SecureRandom())
                            .proof("POST", url, Optional.empty(), new Secret(token)))),
            new Wrong(
                "too old",
                (test, request, token) ->
                    request.header(
                        "DPoP",
                        test.signerAfter(Duration.ofHours(-1))
                            .proof("POST", url, Optional.empty(), new Secret(token)))),
            new Wrong(
                "of the future",
                (test, request, token) ->
                    request.header(
                        "DPoP",
                        test.signerAfter(Duration.ofHours(1))
                            .proof("POST", url, Optional.empty(), new Secret(token)))),
            lying("X-Forwarded-Prefix", "/evil"),
            lying("X-Forwarded-Host", "evil.example"),
            lying("X-Forwarded-Uri", "/evil/tools"),
            lying("X-Original-URL", "/evil/tools"),
            lying("X-Rewrite-URL", "/evil/tools"),
            lying("Forwarded", "host=evil.example;proto=https"))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refuses(Wrong wrong) throws Exception {
    startStripping();
    var token = bound(HOST + "/mcp");
    var request = called("/mcp/tools").header("Authorization", "DPoP " + token);
    var answer = send(wrong.forgery().of(this, request, token));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("invalid_dpop_proof");
    assertThat(answer.headers().map().toString())
        .contains(HOST + "/.well-known/oauth-protected-resource/mcp")
        .doesNotContain("evil.example");
  }

  @Test
  void refuses_a_proof_that_was_used_and_a_token_in_the_wrong_scheme() throws Exception {
    startStripping();
    var token = bound(HOST + "/mcp");
    var proof = proof(HOST + "/mcp/tools", token);
    for (int status : List.of(200, 401)) {
      var again =
          called("/mcp/tools").header("Authorization", "DPoP " + token).header("DPoP", proof);
      assertThat(send(again).statusCode()).isEqualTo(status);
    }
    var bearer =
        called("/mcp/tools")
            .header("Authorization", "Bearer " + token)
            .header("DPoP", proof(HOST + "/mcp/tools", token));
    assertThat(send(bearer).statusCode()).isEqualTo(401);
    var unbound = TestRas.token();
    var scheme =
        called("/mcp/tools")
            .header("Authorization", "DPoP " + unbound)
            .header("DPoP", proof(HOST + "/mcp/tools", unbound));
    assertThat(send(scheme).statusCode()).isEqualTo(401);
  }

  @Test
  @DisplayName("META-11: the metadata is where clients look for it, whichever way it comes")
  void metadata() throws Exception {
    startStripping();
    assertThat(document("/.well-known/oauth-protected-resource/mcp")).isEqualTo(HOST + "/mcp");
    stop();
    start(HOST, new RewrittenPath("/", "/app"), path -> "/app" + path);
    assertThat(document("/.well-known/oauth-protected-resource")).isEqualTo(HOST);
  }

  private String document(String path) throws Exception {
    var answer = send(called(path).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonObject.parse(answer.body()).nonEmptyString("resource");
  }

  @ParameterizedTest
  @CsvSource({
    "/",
    "/appx",
    "/ap",
    "/other",
    "/app/../app",
    "/app/..",
    "/app/%2e%2E/x",
    "/app/.;x=y/x",
  })
  @DisplayName("A path that the proxy does not make is refused, with a good token too")
  void round_the_proxy(String arrives) throws Exception {
    start(HOST + "/mcp", new RewrittenPath("/mcp", "/app"), path -> arrives);
    for (var url : List.of(HOST + arrives, HOST + "/mcp")) {
      var token = bound(HOST + "/mcp");
      var answer =
          send(
              called("/x")
                  .header("Authorization", "DPoP " + token)
                  .header("DPoP", proof(url, token)));
      assertThat(answer.statusCode()).isEqualTo(400);
    }
    assertThat(send(called("/x").header("Authorization", "Bearer " + TestRas.token())).statusCode())
        .isEqualTo(400);
  }

  @Test
  void what_was_admitted_may_be_sent_on_within_the_application() throws Exception {
    start(HOST + "/mcp", new RewrittenPath("/mcp", "/app"), path -> "/app/later");
    var token = bound(HOST + "/mcp");
    var answer =
        send(
            called("/mcp/later")
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof(HOST + "/mcp/later", token)));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("/within");
  }

  @Test
  void what_cannot_be_is_refused_at_the_start() {
    for (var path :
        List.of(
            "", "mcp", "//", "/a//b", "/a/../b", "/.", "/%2e", "/a?b", "/a#b", "/a;b", "/a b")) {
      assertThatThrownBy(() -> new RewrittenPath(path, "/"))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new RewrittenPath("/", path))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class);
    }
    var elsewhere = new RewrittenPath("/mc", "/");
    var guard = guard(HOST + "/mcp");
    assertThatThrownBy(
            () -> new ResourceServerFilter(guard, request -> Requirement.VALID_TOKEN, elsewhere))
        .hasMessageContaining("/mc does not lead to the resource");
    assertThatThrownBy(() ->
            new McpFilter(guard, ToolRequirements.closed(), Requirement.VALID_TOKEN, elsewhere))
        .hasMessageContaining("/mc does not lead to the resource");
  }
}
