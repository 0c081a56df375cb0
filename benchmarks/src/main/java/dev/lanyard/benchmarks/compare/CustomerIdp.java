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

/// The identity provider that every contestant trusts: publishes its key, signs ID-JAGs.
final class CustomerIdp implements AutoCloseable {
  static final String SUBJECT = "external-id-999";
  static final String EMAIL = "alice@example.com";

  /// The most that contestants accept.
  private static final long LIFE_SECONDS = 295;

  private final HttpServer server;
  private final JwtSigner signer;
  private final InstantSource clock;

  CustomerIdp(InstantSource clock) throws IOException {
    this.clock = clock;
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    this.signer = new JwtSigner(key, "oauth-id-jag+jwt");
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    var keys = new PublicKeySet(List.of(key.publicKey())).toJson();
    var metadata =
        JsonObject.builder()
            .put("issuer", issuer())
            .put("jwks_uri", issuer() + "/jwks")
            .put("token_endpoint", issuer() + "/token")
            .put("authorization_endpoint", issuer() + "/authorize")
            .put("response_types_supported", List.of("code"))
            .build();
    server.createContext("/jwks", exchange -> answer(exchange, keys));
    server.createContext("/.well-known/", exchange -> answer(exchange, metadata));
    server.start();
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// A fresh ID-JAG for the one person of the comparison.
  ///
  /// @param audience the issuer identifier of the authorization server that shall redeem it
  String idJag(String audience, String client, String resource, String scope) {
    var now = clock.instant().getEpochSecond();
    return signer.sign(
        JsonObject.builder()
            .put("iss", issuer())
            .put("sub", SUBJECT)
            .put("aud", audience)
            .put("client_id", client)
            .put("jti", UUID.randomUUID().toString())
            .put("iat", now)
            .put("exp", now + LIFE_SECONDS)
            .put("resource", resource)
            .put("scope", scope)
            .put("email", EMAIL)
            .build());
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
