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
import dev.lanyard.server.authorization.UpstreamConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// An OpenID Provider that signs somebody in without asking, and says of them what a test wants.
/// Everything it does by itself is right; a test spoils the ID Token.
public final class Provider implements AutoCloseable {
  private final HttpServer http;
  private final TestClock clock;
  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
  private final AtomicReference<Form> asked = new AtomicReference<>();
  private final Map<String, Form> requests = new ConcurrentHashMap<>();
  private volatile JsonObject person = JsonObject.EMPTY;
  private volatile UnaryOperator<String> idToken = UnaryOperator.identity();

  private Provider(TestClock clock) {
    this.clock = clock;
    try {
      this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    serve("/.well-known/openid-configuration", _ -> metadata());
    serve("/jwks", _ -> new PublicKeySet(List.of(key.publicKey())).toJson());
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
        Optional.of("groups"),
        UpstreamConfig.ALGORITHMS);
  }

  public SigningKey key() {
    return key;
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
        .put("issuer", issuer().value())
        .put("authorization_endpoint", issuer() + "/authorize")
        .put("token_endpoint", issuer() + "/token")
        .put("jwks_uri", issuer() + "/jwks")
        .put("response_types_supported", List.of("code"))
        .put("subject_types_supported", List.of("public"))
        .put("id_token_signing_alg_values_supported", List.of("ES256"))
        .put("code_challenge_methods_supported", List.of("S256"))
        .put("authorization_response_iss_parameter_supported", true)
        .build();
  }

  private void authorize(HttpExchange exchange) throws IOException {
    try {
      var request = Form.parse(exchange.getRequestURI().getRawQuery(), Set.of());
      var code = "code-" + requests.size();
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
    var request = requests.remove(form.required("code"));
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
        .put("id_token", idToken.apply(new JwtSigner(key, "JWT").sign(claims)))
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
            var body = answering.answer(exchange).toBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          } catch (MalformedException e) {
            exchange.sendResponseHeaders(400, -1);
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

  @Override
  public void close() {
    http.stop(0);
  }
}
