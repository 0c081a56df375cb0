package dev.lanyard.benchmarks.compare;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// The identity provider that every contestant trusts: publishes its key, signs ID-JAGs.
final class CustomerIdp implements AutoCloseable {
  static final String SUBJECT = "external-id-999";
  static final String EMAIL = "alice@example.com";

  /// The most that contestants accept.
  private static final long LIFE_SECONDS = 295;

  private final HttpServer server;
  private final JwtSigner signer;
  private final InstantSource clock;
  private final Population population;
  private final AtomicInteger next = new AtomicInteger();

  CustomerIdp(InstantSource clock) throws IOException {
    this(clock, Population.NONE);
  }

  /// @param population whose ID-JAGs it signs in turn; those of its one person if it is nobody
  CustomerIdp(InstantSource clock, Population population) throws IOException {
    this.clock = clock;
    this.population = population;
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    this.signer = new JwtSigner(key, "oauth-id-jag+jwt");
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    var keys = new PublicKeySet(List.of(key.publicKey())).toJson();
    server.createContext("/jwks", exchange -> answer(exchange, keys));
    server.createContext(
        "/.well-known/",
        exchange -> answer(exchange, metadata(exchange.getRequestURI().getPath())));
    server.start();
  }

  /// An issuer with a path has its document at that path (RFC 8414 §3.1).
  private JsonObject metadata(String path) {
    var issuer = issuer() + path.replaceFirst("^/\\.well-known/[^/]+", "");
    return JsonObject.builder()
        .put("issuer", issuer)
        .put("jwks_uri", issuer() + "/jwks")
        .put("token_endpoint", issuer() + "/token")
        .put("authorization_endpoint", issuer() + "/authorize")
        .put("response_types_supported", List.of("code"))
        .build();
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// A fresh ID-JAG for the next person.
  ///
  /// @param audience the issuer identifier of the authorization server that shall redeem it
  String idJag(String audience, String client, String resource, String scope) {
    var now = clock.instant().getEpochSecond();
    return signer.sign(
        who()
            .put("aud", audience)
            .put("client_id", client)
            .put("jti", UUID.randomUUID().toString())
            .put("iat", now)
            .put("exp", now + LIFE_SECONDS)
            .put("resource", resource)
            .put("scope", scope)
            .build());
  }

  private JsonObject.Builder who() {
    if (!population.isSomebody()) {
      return JsonObject.builder().put("iss", issuer()).put("sub", SUBJECT).put("email", EMAIL);
    }
    int person = Math.floorMod(next.getAndIncrement(), population.people()) + 1;
    return JsonObject.builder()
        .put("iss", issuer() + "/o/" + population.organisationOf(person))
        .put("sub", "s-" + person);
  }

  private static void answer(HttpExchange exchange, JsonObject body) throws IOException {
    try (exchange) {
      var bytes = body.toBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
