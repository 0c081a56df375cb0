package dev.lanyard.suite.redeemer;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.suite.Jws;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// The identity provider that this suite plays, as far as a redeemer needs it: its metadata and its
/// public key, on a loopback address. A server that cannot reach that gets the key from
/// [#jwks(Jws)].
public final class KeyServer implements AutoCloseable {
  private final HttpServer http;

  private KeyServer(HttpServer http) {
    this.http = http;
  }

  /// Begins to serve.
  ///
  /// @param issuer whose metadata it is
  /// @param listen where
  /// @throws IOException if the address is taken
  public static KeyServer start(Issuer issuer, InetSocketAddress listen, Jws key)
      throws IOException {
    var server = new KeyServer(HttpServer.create(listen, 0));
    var path = issuer.uri().getPath().replaceFirst("/$", "");
    var base = issuer.value().replaceFirst("/$", "");
    var metadata =
        JsonObject.builder()
            .put("issuer", issuer.value())
            .put("jwks_uri", base + "/jwks")
            .put("token_endpoint", base + "/token")
            .put("authorization_endpoint", base + "/authorize")
            .put("response_types_supported", List.of("code"))
            .put("subject_types_supported", List.of("public"))
            .put("id_token_signing_alg_values_supported", List.of(key.algorithm().name()))
            .build();
    for (var place : WellKnown.authorizationServer(issuer)) {
      server.serve(place.getPath(), metadata);
    }
    server.serve(path + "/jwks", jwks(key));
    server.http.start();
    return server;
  }

  /// The key set to hand to the server's administrator.
  public static JsonObject jwks(Jws key) {
    return JsonObject.builder().put("keys", List.of(key.publicJwk())).build();
  }

  private void serve(String path, JsonObject document) {
    var body = document.toBytes();
    http.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /// Where it listens.
  public int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
