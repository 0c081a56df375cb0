package dev.lanyard.conformance;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// An issuer of ID-JAGs outside of our installation, with an issuer URL that has a path, as the one
/// of hosted Claude has. It serves its metadata and its keys and signs whatever a test asks for.
final class ForeignIssuer implements AutoCloseable {
  private final HttpsServer server;
  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
  private final String issuer;

  private ForeignIssuer(HttpsServer server, String path) {
    this.server = server;
    this.issuer = "https://localhost:" + server.getAddress().getPort() + path;
  }

  static ForeignIssuer start(Certificates certificates, int port, String path) throws IOException {
    var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificates.present()));
    var foreign = new ForeignIssuer(server, path);
    var metadata =
        JsonObject.builder()
            .put("issuer", foreign.issuer)
            .put("jwks_uri", foreign.issuer + "/keys")
            .put("token_endpoint", foreign.issuer + "/token")
            .put("response_types_supported", List.of("code"))
            .build();
    foreign.serve("/.well-known/oauth-authorization-server" + path, metadata);
    foreign.serve("/.well-known/openid-configuration" + path, metadata);
    foreign.serve(path + "/.well-known/openid-configuration", metadata);
    foreign.serve(path + "/keys", new PublicKeySet(List.of(foreign.key.publicKey())).toJson());
    server.start();
    return foreign;
  }

  private void serve(String path, JsonObject document) {
    var body = document.toJson().getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /// Serves the metadata document of a public client that takes part in EMA.
  ///
  /// @return its URL, by which the client is called
  String publishClient(String path) {
    var url = url(path);
    serve(
        path,
        JsonObject.builder()
            .put("client_id", url)
            .put("client_name", "A hosted client")
            .put("redirect_uris", List.of("https://claude.ai/api/mcp/auth_callback"))
            .put("grant_types", List.of("authorization_code", Urns.TOKEN_EXCHANGE, Urns.JWT_BEARER))
            .put("authorization_grant_profiles_supported", List.of(Urns.ID_JAG_PROFILE))
            .put("token_endpoint_auth_method", "none")
            .build());
    return url;
  }

  /// The address of something on the same host.
  String url(String path) {
    return "https://localhost:" + server.getAddress().getPort() + path;
  }

  String issuer() {
    return issuer;
  }

  /// The claims of a good ID-JAG for a client and a resource.
  JsonObject.Builder claims(String audience, String client, String resource, String email) {
    long now = Instant.now().getEpochSecond();
    return JsonObject.builder()
        .put("iss", issuer)
        .put("sub", "subject of " + email)
        .put("aud", audience)
        .put("client_id", client)
        .put("jti", UUID.randomUUID().toString())
        .put("iat", now)
        .put("exp", now + 300)
        .put("email", email)
        .put("resource", resource)
        .put("scope", "issues.read");
  }

  String sign(JsonObject claims) {
    return new JwtSigner(key, "oauth-id-jag+jwt").sign(claims);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
