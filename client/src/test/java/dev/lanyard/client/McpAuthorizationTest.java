package dev.lanyard.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.client.TestWorld.Reply;
import dev.lanyard.client.ema.EmaClient;
import dev.lanyard.client.ema.EmaConfig;
import dev.lanyard.client.ema.Session;
import dev.lanyard.client.ema.SubjectTokens;
import dev.lanyard.client.ema.TestSubject;
import dev.lanyard.client.mcp.AccessRefusedException;
import dev.lanyard.client.mcp.McpAuthorization;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The MCP Java SDK's client under Enterprise-Managed Authorization")
class McpAuthorizationTest {
  private final TestWorld world = new TestWorld();
  private final TestClock clock = new TestClock();
  private final List<String> capabilities = new CopyOnWriteArrayList<>();
  private final AtomicBoolean revoked = new AtomicBoolean();
  private final AtomicBoolean demanding = new AtomicBoolean();
  private final AtomicReference<Refusal> refusing = new AtomicReference<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicReference<String> nonce = new AtomicReference<>("");
  private HttpServer server;
  private URI mcp;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    mcp = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    server.createContext("/mcp", this::mcp);
    server.createContext("/.well-known/oauth-protected-resource/mcp", this::metadata);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    world.close();
  }

  @Test
  void a_tool_list_comes_without_asking_the_person() {
    try (var client = client()) {
      client.initialize();

      assertThat(client.listTools().tools()).singleElement().extracting("name").isEqualTo("hello");
    }
    assertThat(world.flow()).containsExactly("/idp/token token-exchange", "/ras/token jwt-bearer");
  }

  @Test
  @DisplayName("CLI-30: the client declares the extension")
  void the_extension_is_declared() {
    try (var client = client()) {
      client.initialize();
    }
    assertThat(capabilities)
        .first()
        .asString()
        .contains("\"io.modelcontextprotocol/enterprise-managed-authorization\":{}");
  }

  @Test
  void a_revoked_token_is_replaced_within_the_call() {
    try (var client = client()) {
      client.initialize();
      revoked.set(true);

      assertThat(client.listTools().tools()).hasSize(1);
    }
    assertThat(world.flow()).hasSize(4);
  }

  @Test
  @DisplayName(
      "CLI-10: a demand for more scopes is met within the call, without losing what was there")
  void step_up() {
    try (var client = client()) {
      client.initialize();
      demanding.set(true);

      assertThat(client.listTools().tools()).hasSize(1);
    }
    assertThat(world.calls("/idp/token").getLast().form().one("scope")).contains("read admin");
  }

  @Test
  @DisplayName("CLI-10: what cannot be granted is asked for once and ends the call")
  void step_up_in_vain() {
    try (var client = client()) {
      client.initialize();
      demanding.set(true);
      world.next("/idp/token", Reply.error(400, "access_denied"));

      assertThatThrownBy(client::listTools).hasStackTraceContaining("access_denied");
    }
    assertThat(world.flow()).hasSize(3);
  }

  @Test
  @DisplayName("CLI-34: the refusal of the identity provider comes through, no browser is opened")
  void a_refusal_surfaces() {
    world.next("/idp/token", Reply.error(400, "access_denied"));

    try (var client = client()) {
      assertThatThrownBy(client::initialize)
          .satisfies(thrown -> {
            var cause = thrown;
            while (!(cause instanceof AccessRefusedException) && cause.getCause() != null) {
              cause = cause.getCause();
            }
            assertThat(cause)
                .isInstanceOfSatisfying(
                    AccessRefusedException.class,
                    refused -> assertThat(refused.access()).isInstanceOf(Access.Denied.class));
          });
    }
  }

  /// What every call is refused with, whatever its token.
  private record Refusal(int status, Optional<String> challenge) {}

  private static AccessRefusedException refusal(ThrowingCallable call) {
    Throwable cause = catchThrowable(call);
    while (!(cause instanceof AccessRefusedException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertThat(cause).isInstanceOf(AccessRefusedException.class);
    return (AccessRefusedException) cause;
  }

  @ParameterizedTest
  @DisplayName("CLI-10: what no token opens costs nobody a trip, and is said with its reason")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none | forbidden",
        "Bearer error=\"insufficient_scope\", error_description=\"no details\" | no details",
      })
  void forbidden(String challenge, String reason) {
    try (var client = client()) {
      client.initialize();
      world.forgetCalls();
      refusing.set(new Refusal(403, Optional.ofNullable(challenge)));

      for (int i = 1; i <= 2; i++) {
        assertThat(refusal(client::listTools)).hasMessageContaining(reason);
        assertThat(refusals).as("sent once for each call").hasValue(i);
      }
      assertThat(world.flow()).isEmpty();

      refusing.set(null);
      assertThat(client.listTools().tools()).hasSize(1);
      assertThat(world.flow()).as("the token was good").isEmpty();
    }
  }

  @Test
  @DisplayName("RS-12: a sign-in that the identity provider does not make stronger is tried once")
  void weak_sign_in() {
    var subject = new TestSubject();
    subject.has(session());
    try (var client = client(subject)) {
      client.initialize();
      world.forgetCalls();
      subject.willSignIn(session());
      var weak = "Bearer error=\"insufficient_user_authentication\", acr_values=\"mfa\"";
      refusing.set(new Refusal(401, Optional.of(weak)));

      for (int i = 0; i < 3; i++) {
        assertThat(refusal(client::listTools))
            .hasMessageContaining("insufficient_user_authentication");
      }
    }
    assertThat(subject.signIns).hasSize(1);
    assertThat(world.flow()).hasSize(2);
  }

  private Session session() {
    var expiresAt = clock.instant().plusSeconds(3600);
    return new Session(world.idToken(expiresAt), expiresAt, Optional.empty());
  }

  private McpSyncClient client() {
    return client(SubjectTokens.of("ada", session()));
  }

  private McpSyncClient client(SubjectTokens subject) {
    var config =
        new EmaConfig(world.idp, ClientRegistration.withSecret("app-idp", new Secret("idp-secret")))
            .registeredAt(
                world.ras, ClientRegistration.withSecret("app-ras", new Secret("ras-secret")));
    var ema = new EmaClient(config, subject, world.egress(), clock, new SecureRandom());
    var authorization = new McpAuthorization(ema, mcp);
    var origin = mcp.getScheme() + "://" + mcp.getRawAuthority();
    var transport = authorization.on(HttpClientStreamableHttpTransport.builder(origin)).build();
    return McpClient.sync(transport).capabilities(McpAuthorization.capabilities()).build();
  }

  private void metadata(HttpExchange exchange) throws IOException {
    var metadata =
        new ProtectedResourceMetadata(
            new ResourceIndicator(mcp.toString()), world.ras, Scopes.of("read"));
    send(exchange, 200, metadata.toJson().toJson());
  }

  /// Just enough of an MCP server for this: initialize, tools/list, and a token that must be good.
  private void mcp(HttpExchange exchange) throws IOException {
    // The client opens a stream of its own after initializing: it would take a call's refusal.
    if (!exchange.getRequestMethod().equals("POST")) {
      send(exchange, 405, "");
      return;
    }
    var body = exchange.getRequestBody().readAllBytes();
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null
        || !authorization.startsWith("Bearer at-")
        || revoked.compareAndSet(true, false)) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer scope=\"read\"");
      send(exchange, 401, "{}");
      return;
    }
    var refusal = refusing.get();
    if (refusal != null) {
      refusals.incrementAndGet();
      refusal
          .challenge()
          .ifPresent(text -> exchange.getResponseHeaders().add("WWW-Authenticate", text));
      send(exchange, refusal.status(), "{}");
      return;
    }
    if (demanding.compareAndSet(true, false)) {
      exchange
          .getResponseHeaders()
          .add("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"admin\"");
      send(exchange, 403, "{}");
      return;
    }
    if (!nonce.get().isEmpty() && !proofHasNonce(exchange)) {
      exchange.getResponseHeaders().add("DPoP-Nonce", nonce.get());
      exchange.getResponseHeaders().add("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
      send(exchange, 401, "{}");
      return;
    }
    try {
      answer(exchange, JsonObject.parse(body));
    } catch (MalformedException e) {
      send(exchange, 400, "{}");
    }
  }

  private boolean proofHasNonce(HttpExchange exchange) {
    try {
      var proof = UnverifiedJwt.parse(exchange.getRequestHeaders().getFirst("DPoP"));
      return proof.unverifiedClaims().all().string("nonce").equals(Optional.of(nonce.get()));
    } catch (MalformedException e) {
      return false;
    }
  }

  private void answer(HttpExchange exchange, JsonObject message)
      throws IOException, MalformedException {
    var id = message.text("id").orElse("null");
    switch (message.string("method").orElse("")) {
      case "initialize" -> {
        var parameters = message.object("params").orElseThrow();
        capabilities.add(parameters.text("capabilities").orElse(""));
        var version = parameters.string("protocolVersion").orElseThrow();
        result(
            exchange,
            id,
            "{\"protocolVersion\":\""
                + version
                + "\",\"capabilities\":{\"tools\":{}},"
                + "\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}");
      }
      case "tools/list" ->
          result(
              exchange,
              id,
              "{\"tools\":[{\"name\":\"hello\",\"inputSchema\":{\"type\":\"object\"}}]}");
      default -> send(exchange, 202, "");
    }
  }

  private static void result(HttpExchange exchange, String id, String result) throws IOException {
    send(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
    }
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
