package dev.lanyard.server.pair;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.ClaimNames;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// An OpenID Provider that signs somebody in without asking, and says of them what a test wants.
/// Everything it does by itself is right; a test spoils the ID Token.
public final class Provider implements AutoCloseable {
  private final HttpServer http;
  private final TestClock clock;
  private final AtomicReference<SigningKey> key =
      new AtomicReference<>(SigningKey.generate(SigningAlgorithm.ES256));
  private final AtomicReference<Form> asked = new AtomicReference<>();
  private final Map<String, Form> requests = new ConcurrentHashMap<>();
  private volatile JsonObject person = JsonObject.EMPTY;
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final Map<String, Duration> cut = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger codes = new AtomicInteger();
  private final AtomicInteger graphTokens = new AtomicInteger();
  private volatile UnaryOperator<String> idToken = UnaryOperator.identity();
  private volatile Optional<JsonObject> userInfo = Optional.empty();
  private volatile Optional<String> otherIssuer = Optional.empty();
  private volatile List<List<String>> graph = List.of();
  private volatile String graphUser = "";

  private Provider(TestClock clock) {
    this.clock = clock;
    try {
      this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // So that one request that is never answered does not hold up the others.
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    serve("/.well-known/openid-configuration", _ -> metadata());
    serve("/jwks", _ -> new PublicKeySet(List.of(key.get().publicKey())).toJson());
    serve("/userinfo", _ -> userInfo.orElseThrow(() -> new MalformedException("no user info")));
    serve("/v1.0/", this::groups);
    serve("/token", this::tokens);
    http.createContext("/authorize", safely(this::authorize));
    http.start();
  }

  public static Provider start(TestClock clock) {
    return new Provider(clock);
  }

  public Issuer issuer() {
    return new Issuer("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /// What it was asked last at its authorization endpoint.
  public Form asked() {
    return asked.get();
  }

  /// This provider as the broker knows it, whose ID Tokens list people's groups.
  public UpstreamConfig upstream(String id) {
    return new UpstreamConfig(
        id,
        "Provider " + id,
        issuer(),
        new ClientId("broker"),
        World.clientSecret(),
        Scopes.of("email"),
        UpstreamConfig.ALGORITHMS,
        ClaimNames.STANDARD.withGroups(Optional.of("groups")));
  }

  public SigningKey key() {
    return key.get();
  }

  /// An answer in place of the right one.
  private record Fault(int status, String body) {}

  /// What every path that begins so answers from now on.
  public void fails(String path, int status, String body) {
    faults.put(path, new Fault(status, body));
  }

  /// Every path that begins so is never answered from now on.
  public void hangs(String path) {
    silent.add(path);
  }

  /// Every path that begins so closes the connection from now on, after a time of the test's clock.
  public void cuts(String path, Duration after) {
    cut.put(path, after);
  }

  /// All is right again.
  public void recovers() {
    faults.clear();
    silent.clear();
    cut.clear();
  }

  /// How often a path was called.
  public int calls(String path) {
    return calls.getOrDefault(path, new AtomicInteger()).get();
  }

  /// How often UserInfo was asked.
  public int userInfoCalls() {
    return calls("/userinfo");
  }

  /// What UserInfo says; without this there is none.
  public void tells(JsonObject claims) {
    this.userInfo = Optional.of(claims);
  }

  /// What its metadata call it.
  public void claimsToBe(String issuer) {
    this.otherIssuer = Optional.of(issuer);
  }

  public void rotatesItsKey() {
    key.set(SigningKey.generate(SigningAlgorithm.ES256));
  }

  /// Where `/v1.0` is Microsoft Graph: the pages of somebody's groups. A group whose name begins
  /// with a dash is no security group.
  @SafeVarargs
  public final void graph(String user, List<String>... pages) {
    this.graphUser = user;
    this.graph = List.of(pages);
  }

  /// How many tokens for it were given.
  public int graphTokens() {
    return graphTokens.get();
  }

  private JsonObject groups(HttpExchange exchange) throws MalformedException {
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    var path = "/v1.0/users/" + graphUser + "/transitiveMemberOf/microsoft.graph.group";
    if (!"Bearer graph".equals(authorization) || !exchange.getRequestURI().getPath().equals(path)) {
      throw new MalformedException("not for graph");
    }
    var query = Form.parse(exchange.getRequestURI().getRawQuery(), Set.of());
    int page = Integer.parseInt(query.one("page").orElse("0"));
    var groups =
        graph.get(page).stream()
            .map(id ->
                JsonObject.builder()
                    .put("id", id)
                    .put("securityEnabled", !id.startsWith("-"))
                    .build())
            .toList();
    var answer = JsonObject.builder().put("@odata.context", "x");
    if (page + 1 < graph.size()) {
      answer.put("@odata.nextLink", issuer() + path + "?page=" + (page + 1));
    }
    return groups.isEmpty() ? answer.build() : answer.put("value", groups).build();
  }

  /// What the next ID Tokens say, in place of or beside the right claims.
  public void says(JsonObject claims) {
    this.person = claims;
  }

  /// What becomes of the next ID Tokens before they are handed out.
  public void spoils(UnaryOperator<String> change) {
    this.idToken = change;
  }

  private JsonObject metadata() {
    return JsonObject.builder()
        .put("issuer", otherIssuer.orElse(issuer().value()))
        .put("authorization_endpoint", issuer() + "/authorize")
        .put("token_endpoint", issuer() + "/token")
        .put("jwks_uri", issuer() + "/jwks")
        .put("response_types_supported", List.of("code"))
        .put("subject_types_supported", List.of("public"))
        .put("id_token_signing_alg_values_supported", List.of("ES256"))
        .put("code_challenge_methods_supported", List.of("S256"))
        .put("authorization_response_iss_parameter_supported", true)
        .putIfPresent("userinfo_endpoint", userInfo.map(_ -> issuer() + "/userinfo"))
        .build();
  }

  private void authorize(HttpExchange exchange) throws IOException {
    try {
      var request = Form.parse(exchange.getRequestURI().getRawQuery(), Set.of());
      var code = "code-" + codes.incrementAndGet();
      requests.put(code, request);
      asked.set(request);
      var answer =
          Form.builder()
              .add("code", code)
              .add("state", request.required("state"))
              .add("iss", issuer().value())
              .build();
      exchange
          .getResponseHeaders()
          .add("Location", request.required("redirect_uri") + "?" + answer.encode());
      exchange.sendResponseHeaders(303, -1);
    } catch (MalformedException e) {
      throw new IOException(e);
    }
  }

  private JsonObject tokens(HttpExchange exchange) throws IOException, MalformedException {
    var form = Form.parse(exchange.getRequestBody().readAllBytes(), Set.of());
    if (form.required("grant_type").equals("client_credentials")) {
      graphTokens.incrementAndGet();
      return JsonObject.builder()
          .put("access_token", "graph")
          .put("token_type", "Bearer")
          .put("expires_in", 3599)
          .build();
    }
    var request = requests.remove(form.required("code"));
    if (request == null) {
      throw new MalformedException("no such code");
    }
    long now = clock.instant().getEpochSecond();
    var claims =
        JsonObject.builder()
            .put("iss", issuer().value())
            .put("sub", "zoe-upstream")
            .put("aud", request.required("client_id"))
            .put("nonce", request.required("nonce"))
            .put("iat", now)
            .put("exp", now + 300)
            .put("preferred_username", "zoe")
            .build()
            .with(person);
    return JsonObject.builder()
        .put("access_token", "unused")
        .put("token_type", "Bearer")
        .put("id_token", idToken.apply(new JwtSigner(key.get(), "JWT").sign(claims)))
        .build();
  }

  private interface Answering {
    JsonObject answer(HttpExchange exchange) throws IOException, MalformedException;
  }

  private void serve(String path, Answering answering) {
    http.createContext(
        path,
        safely(exchange -> {
          try {
            calls.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
            if (silent.contains(path)) {
              keepSilent();
              return;
            }
            var after = cut.get(path);
            if (after != null) {
              clock.advance(after);
              return;
            }
            var fault = faults.get(path);
            var body =
                fault == null
                    ? answering.answer(exchange).toBytes()
                    : fault.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(
                fault == null ? 200 : fault.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
              exchange.getResponseBody().write(body);
            }
          } catch (MalformedException e) {
            var body = "{\"error\":\"invalid_grant\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, body.length);
            exchange.getResponseBody().write(body);
          }
        }));
  }

  /// The exchange is over whatever happens: a test must fail and not hang.
  private static HttpHandler safely(HttpHandler handler) {
    return exchange -> {
      try (exchange) {
        handler.handle(exchange);
      }
    };
  }

  /// Until the test is over.
  private void keepSilent() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (closed.getCount() > 0) {
      closed.countDown();
      http.stop(0);
    }
  }
}
