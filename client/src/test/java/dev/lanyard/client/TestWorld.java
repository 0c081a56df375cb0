package dev.lanyard.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// An identity provider, a resource authorization server and an MCP server's metadata behind one
/// real HTTP server. All answer well unless a test queues another answer.
public final class TestWorld implements AutoCloseable {
  public static final SigningKey IDP_KEY = SigningKey.generate(SigningAlgorithm.ES256);

  private final HttpServer server;
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final Map<String, Queue<Reply>> queued = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger serial = new AtomicInteger();
  public final Issuer idp;
  public final Issuer ras;
  public final URI mcp;
  public volatile String idTokenNonce = "";

  /// What happens while a token is being renewed.
  public volatile Runnable whileRenewing = () -> {};

  /// Who signs in at the identity provider.
  public volatile String person = "ada";

  public TestWorld() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    var origin = "http://127.0.0.1:" + server.getAddress().getPort();
    idp = new Issuer(origin + "/idp");
    ras = new Issuer(origin + "/ras");
    mcp = URI.create(origin + "/mcp");
    publish(idpMetadata().build());
    publish(rasMetadata().build());
    publish(new ProtectedResourceMetadata(resource(), ras, Scopes.of("read", "write")));
    documents.put("/idp/jwks", new PublicKeySet(List.of(IDP_KEY.publicKey())).toJson().toJson());
  }

  /// What a server was sent.
  public record Call(String path, Form form, Map<String, List<String>> headers, String body) {
    public String grant() {
      return form.one("grant_type").orElse("").replaceFirst(".*:", "");
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }
  }

  public record Reply(int status, String json, Map<String, String> headers) {
    public static Reply error(int status, String error) {
      return new Reply(status, "{\"error\":\"" + error + "\"}", Map.of());
    }

    public static Reply ok(String json) {
      return new Reply(200, json.replace('\'', '"'), Map.of());
    }
  }

  public AuthorizationServerMetadata.Builder idpMetadata() {
    return AuthorizationServerMetadata.builder(idp)
        .endpoint(Endpoint.AUTHORIZATION, URI.create(idp + "/authorize"))
        .endpoint(Endpoint.TOKEN, URI.create(idp + "/token"))
        .endpoint(Endpoint.REVOCATION, URI.create(idp + "/revoke"))
        .endpoint(Endpoint.JWKS, URI.create(idp + "/jwks"))
        .supported(Supported.CODE_CHALLENGE_METHODS, "S256")
        .flag(Flag.AUTHORIZATION_RESPONSE_ISS);
  }

  public AuthorizationServerMetadata.Builder rasMetadata() {
    return AuthorizationServerMetadata.builder(ras)
        .endpoint(Endpoint.TOKEN, URI.create(ras + "/token"))
        .endpoint(Endpoint.REVOCATION, URI.create(ras + "/revoke"))
        .supported(Supported.GRANT_TYPES, GrantType.JWT_BEARER.value());
  }

  public ResourceIndicator resource() {
    return new ResourceIndicator(mcp.toString());
  }

  public void publish(AuthorizationServerMetadata metadata) {
    var path = metadata.issuer().uri().getPath();
    documents.put("/.well-known/oauth-authorization-server" + path, metadata.toJson().toJson());
  }

  public void publish(ProtectedResourceMetadata metadata) {
    documents.put("/.well-known/oauth-protected-resource/mcp", metadata.toJson().toJson());
  }

  /// Another MCP server behind the same authorization server.
  public URI another(String path) {
    var server = mcp.resolve(path);
    var resource = new ResourceIndicator(server.toString());
    publishAt(
        "/.well-known/oauth-protected-resource" + path,
        new ProtectedResourceMetadata(resource, ras, Scopes.of("read")).toJson().toJson());
    return server;
  }

  public void publishAt(String path, String json) {
    documents.put(path, json);
  }

  public void remove(String path) {
    documents.remove(path);
  }

  /// The next answers of an endpoint, before it answers well again.
  public void next(String path, Reply... replies) {
    queued.computeIfAbsent(path, absent -> new ConcurrentLinkedQueue<>()).addAll(List.of(replies));
  }

  /// What the token endpoints were asked, e.g. `/idp/token token-exchange`.
  public List<String> flow() {
    return calls.stream()
        .filter(call -> call.path.endsWith("/token"))
        .map(call -> call.path + " " + call.grant())
        .toList();
  }

  public List<Call> calls(String path) {
    return calls.stream().filter(call -> call.path.equals(path)).toList();
  }

  public void forgetCalls() {
    calls.clear();
  }

  public EgressClient egress() {
    return new EgressClient(
        EgressPolicy.strict().exposingLoopback().limitedTo(Duration.ofSeconds(10), 100_000));
  }

  public Secret idToken(Instant expiresAt) {
    var claims =
        JsonObject.builder()
            .put("iss", idp.value())
            .put("sub", person)
            .put("aud", "app-idp")
            .put("nonce", idTokenNonce)
            .put("jti", "id-" + serial.incrementAndGet())
            .put("iat", Instant.parse("2026-11-23T12:00:00Z").getEpochSecond())
            .put("exp", expiresAt.getEpochSecond())
            .build();
    return new Secret(new JwtSigner(IDP_KEY, "JWT").sign(claims));
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var body = exchange.getRequestBody().readAllBytes();
    var call =
        new Call(
            path,
            form(body),
            Map.copyOf(exchange.getRequestHeaders()),
            new String(body, StandardCharsets.UTF_8));
    calls.add(call);
    if (call.grant().equals("refresh_token")) {
      whileRenewing.run();
    }
    var reply = reply(path, call);
    reply.headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    var bytes = reply.json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Reply reply(String path, Call call) {
    var queue = queued.get(path);
    var next = queue == null ? null : queue.poll();
    if (next != null) {
      return next;
    }
    return switch (path) {
      case "/idp/token" -> idpToken(call);
      case "/ras/token" -> rasToken(call);
      case "/idp/revoke", "/ras/revoke" -> new Reply(200, "", Map.of());
      default ->
          documents.containsKey(path)
              ? new Reply(200, documents.get(path), Map.of())
              : new Reply(404, "{}", Map.of());
    };
  }

  private Reply idpToken(Call call) {
    if (call.grant().equals("token-exchange")) {
      return Reply.ok(
          "{'issued_token_type':'urn:ietf:params:oauth:token-type:id-jag','token_type':'N_A',"
              + "'expires_in':300,'access_token':'jag-"
              + serial.incrementAndGet()
              + "'}");
    }
    var idToken = idToken(Instant.parse("2026-11-23T20:00:00Z")).reveal();
    return Reply.ok(
        "{'access_token':'x','token_type':'Bearer','refresh_token':'rt-"
            + serial.incrementAndGet()
            + "','id_token':'"
            + idToken
            + "'}");
  }

  private Reply rasToken(Call call) {
    return Reply.ok(
        "{'access_token':'at-"
            + serial.incrementAndGet()
            + "','token_type':'Bearer','expires_in':120"
            + call.form.one("scope").map(scope -> ",'scope':'" + scope + "'").orElse("")
            + "}");
  }

  private static Form form(byte[] body) {
    try {
      return Form.parse(body, Set.of());
    } catch (MalformedException e) {
      return Form.builder().build();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
