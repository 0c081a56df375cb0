package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.TokenStatus.Status;
import dev.lanyard.resourceserver.mcp.McpFilter;
import dev.lanyard.resourceserver.mcp.ToolRequirements;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-9: what was admitted and answers asynchronously is not judged once more")
class AsyncDispatchTest {
  private static final String MESSAGE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list\"}}";

  private final TestClock clock = new TestClock();
  private final AtomicInteger questions = new AtomicInteger();
  private final AtomicInteger operations = new AtomicInteger();
  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
  private final HttpClient http = HttpClient.newHttpClient();
  private TestContainer container;

  /// As the asynchronous controllers of Spring do: the operation runs, and what it brings is
  /// written when the container has dispatched the request again.
  private final class Later extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getDispatcherType() == DispatcherType.ASYNC) {
        var caller = ResourceServerFilter.callerOf(request).orElseThrow();
        response.getWriter().print(caller.subject() + " at " + request.getRequestURI());
        return;
      }
      operations.incrementAndGet();
      // As it came or as the filters have made it: frameworks do either.
      var context =
          request.getRequestURI().endsWith("/plain")
              ? request.startAsync()
              : request.startAsync(request, response);
      var onward = request.getParameter("to");
      if (onward == null) {
        context.dispatch();
      } else {
        context.dispatch(onward);
      }
    }
  }

  private Guard guard(String resource) {
    TokenStatus counting =
        (accessToken, token) -> {
          questions.incrementAndGet();
          return new Status.Active();
        };
    return TestRas.guardWithDpop(resource, counting, clock);
  }

  @BeforeEach
  void start() throws Exception {
    var guard = guard(TestRas.RESOURCE.value());
    var mcp =
        new ResourceServerFilter(
            guard,
            request ->
                request.getRequestURI().endsWith("/admin")
                    ? Requirement.scopes("admin")
                    : Requirement.VALID_TOKEN);
    var tools = ToolRequirements.closed().tool("list", Requirement.scopes("read"));
    container =
        new TestContainer()
            .filter("/mcp/*", mcp)
            .filter("/tools/*", new McpFilter(guard, tools))
            .filter("/other/*", new ResourceServerFilter(guard("https://mcp.example/other")))
            .start(new Later());
  }

  @AfterEach
  void stop() throws Exception {
    container.stop();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(container.url(path)).POST(BodyPublishers.ofString(MESSAGE));
  }

  private HttpRequest.Builder bearer(String path) {
    return request(path).header("Authorization", "Bearer " + TestRas.token());
  }

  private HttpRequest.Builder bound(String path) {
    var token = TestRas.token(claims -> claims.boundTo(key.publicKey().thumbprint()));
    var url = URI.create("https://mcp.example" + URI.create(path).getPath());
    var proof =
        new DpopSigner(key, clock, new SecureRandom())
            .proof("POST", url, Optional.empty(), new Secret(token));
    return request(path).header("Authorization", "DPoP " + token).header("DPoP", proof);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @DisplayName("With DPoP: its proof is good once, and was used")
  @ValueSource(strings = {"/mcp/a", "/mcp/plain", "/tools/a", "/tools/plain"})
  void dpop(String path) throws Exception {
    var answer = send(bound(path));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ada at " + path);
    assertThat(operations).hasValue(1);
  }

  @ParameterizedTest
  @DisplayName("With a bearer token: its status is asked for once")
  @ValueSource(strings = {"/mcp/a", "/mcp/plain", "/tools/a", "/tools/plain"})
  void bearer_tokens(String path) throws Exception {
    var answer = send(bearer(path));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ada at " + path);
    assertThat(questions).hasValue(1);
  }

  @ParameterizedTest
  @DisplayName("A target that leads out of the origin is refused, and no fault")
  @ValueSource(strings = {"*", "/mcp/%zz", "/mcp/a%"})
  void strange_targets(String target) throws Exception {
    try (var socket = new Socket("127.0.0.1", container.port())) {
      var head =
          "OPTIONS "
              + target
              + " HTTP/1.1\r\nHost: mcp.example\r\nConnection: close\r\nDPoP: x\r\n"
              + "Authorization: DPoP x\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 40");
    }
  }

  @Test
  void a_proof_is_still_good_for_one_request_only() throws Exception {
    var request = bound("/mcp/a");

    assertThat(send(request).statusCode()).isEqualTo(200);
    assertThat(send(request).statusCode()).isEqualTo(401);
    assertThat(operations).hasValue(1);
  }

  @Test
  @DisplayName("What is sent on to an operation that needs more is judged by what that needs")
  void onward() throws Exception {
    assertThat(send(bound("/mcp/a?to=/mcp/b")).body()).isEqualTo("ada at /mcp/b");
    assertThat(send(bound("/mcp/a?to=/mcp/admin")).statusCode()).isEqualTo(403);
    assertThat(send(bearer("/mcp/a?to=/mcp/admin")).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @DisplayName("What another place of the application sends on was not admitted by this filter")
  @ValueSource(strings = {"/open?to=/mcp/a", "/open?to=/tools/a", "/open?to=/other/a"})
  void not_admitted(String path) throws Exception {
    assertThat(send(request(path)).statusCode()).isEqualTo(401);
  }

  @Test
  @DisplayName("RS-6: nor by a filter for another resource")
  void another_resource() throws Exception {
    assertThat(send(bearer("/mcp/a?to=/other/a")).statusCode()).isEqualTo(401);
  }

  @Test
  @DisplayName("RS-21: a closed tool is refused before anything runs")
  void closed_tools() throws Exception {
    var closed = MESSAGE.replace("list", "drop");
    var answer = send(bearer("/tools/a").POST(BodyPublishers.ofString(closed)));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(operations).hasValue(0);
  }
}
