package dev.lanyard.server.governance.probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A vendor with an MCP server and its authorization server on one host, which answers as real ones
/// do and as bad ones might.
final class Vendor implements AutoCloseable {
  static final String MCP = "/mcp";
  static final String RESOURCE_METADATA = "/.well-known/oauth-protected-resource/mcp";
  static final String SERVER_METADATA = "/.well-known/oauth-authorization-server/as";

  private final HttpServer http;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /// What was asked for.
  record Asked(String method, String path, String agent, String tag) {}

  record Reply(int status, Map<String, String> headers, String body) {}

  Vendor() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
    http.createContext("/", this::handle);
    http.start();
  }

  /// One whose authorization server takes ID-JAGs, as Linear's.
  static Vendor live() {
    var vendor = new Vendor();
    vendor.challenges();
    vendor.publishes(RESOURCE_METADATA, vendor.resource(vendor.at("/as")));
    vendor.publishes(SERVER_METADATA, vendor.server(true));
    return vendor;
  }

  /// One that has people consent, as before.
  static Vendor legacy() {
    var vendor = live();
    vendor.publishes(SERVER_METADATA, vendor.server(false));
    return vendor;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var headers = exchange.getRequestHeaders();
    var tag = headers.getFirst("If-None-Match");
    asked.add(
        new Asked(
            exchange.getRequestMethod(),
            path,
            String.join("|", headers.get("User-Agent")),
            tag == null ? "" : tag));
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var reply = replies.getOrDefault(path, new Reply(404, Map.of(), ""));
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      boolean same = tag != null && tag.equals(reply.headers().get("ETag"));
      var body = (same ? "" : reply.body()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          same ? 304 : reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  String at(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }

  ResourceIndicator address() {
    return new ResourceIndicator(at(MCP));
  }

  List<Asked> asked() {
    return asked;
  }

  void answers(String path, int status, Map<String, String> headers, String body) {
    replies.put(path, new Reply(status, headers, body));
  }

  void challenges() {
    answers(
        MCP,
        401,
        Map.of(
            "WWW-Authenticate",
            "Bearer resource_metadata=\"" + at(RESOURCE_METADATA) + "\", scope=\"read\""),
        "");
  }

  void publishes(String path, JsonObject document) {
    answers(path, 200, Map.of("Content-Type", "application/json"), document.toJson());
  }

  JsonObject resource(String... servers) {
    return JsonObject.builder()
        .put("resource", at(MCP))
        .put("authorization_servers", List.of(servers))
        .build();
  }

  JsonObject server(boolean takesIdJags) {
    var json =
        JsonObject.builder()
            .put("issuer", at("/as"))
            .put("authorization_endpoint", at("/as/authorize"))
            .put("token_endpoint", at("/as/token"))
            .put("registration_endpoint", at("/as/register"))
            .put("revocation_endpoint", at("/as/revoke"))
            .put("token_endpoint_auth_methods_supported", List.of("none", "private_key_jwt"))
            .put("client_id_metadata_document_supported", true)
            .put("dpop_signing_alg_values_supported", List.of("ES256"));
    return takesIdJags
        ? json.put("grant_types_supported", List.of(GrantType.JWT_BEARER.value()))
            .put(
                "authorization_grant_profiles_supported",
                List.of(AuthorizationServerMetadata.ID_JAG_PROFILE))
            .build()
        : json.put("grant_types_supported", List.of("authorization_code")).build();
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
