package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An aggregate of two servers, `linear` and `notion`, beside a [Pair] that issues the tokens.
final class Gathered implements AutoCloseable {
  static final int AT_ONCE = 32;
  static final String LONG = "a_tool_with_a_name_that_is_much_longer_than_most_clients_would_take";

  private static final String LIBRARY =
      """
      data_classes: [public, internal, confidential]
      connectors:
        all:
          name: Everything
          category: aggregates
          authorization_server: "%1$s"
          resource: "%2$s"
          scopes: [issues.read, issues.write]
        linear:
          name: Linear
          category: project management
          authorization_server: "%1$s"
          resource: "https://gateway.example/linear"
          scopes: [issues.read, issues.write]
          tools:
            list_issues: internal
            read_salaries: confidential
            write_issue: {grade: internal, scopes: [issues.write]}
            "resource:docs://*": internal
            "prompt:summary": internal
        notion:
          name: Notion
          category: documents
          authorization_server: "%1$s"
          resource: "https://gateway.example/notion"
          scopes: [pages.read]
          tools:
            list_issues: internal
            %3$s: internal
            "resource:linear+docs://*": internal
      roles:
        engineering:
          groups: [engineering]
          clearance: internal
          connectors: {all: [issues.read], linear: [issues.read, issues.write], notion: [pages.read]}
        trackers:
          groups: [trackers]
          clearance: internal
          connectors: {all: [issues.read], linear: [issues.read]}
      """;

  private static final GatewayLimits LIMITS =
      new GatewayLimits(
          new GatewayLimits.Sizes(100_000, 100_000, 100_000),
          new GatewayLimits.Shares(600, 300, Integer.MAX_VALUE, AT_ONCE, AT_ONCE, 1_000),
          new GatewayLimits.Patience(Duration.ofSeconds(20)),
          new GatewayLimits.Failures(3, Duration.ofSeconds(10)));

  final Upstream linear = Upstream.start();
  final Upstream notion = Upstream.start();
  private final Pair pair;
  private final HttpServer http;
  private final Gateway gateway;
  private final Map<String, String> tokens = new HashMap<>();

  Gathered(Pair pair, Path folder) {
    this(pair, folder, UpstreamCredentials.NONE);
  }

  Gathered(Pair pair, Path folder, UpstreamCredentials credentials) {
    this(pair, folder, credentials, LIMITS);
  }

  /// One that waits only so long for one server while others are asked with it.
  static Gathered impatient(Pair pair, Path folder, Duration patience) {
    var limits =
        new GatewayLimits(
            LIMITS.sizes(),
            LIMITS.shares(),
            new GatewayLimits.Patience(
                LIMITS.patience().answer(), patience, LIMITS.patience().stream()),
            LIMITS.failures());
    return new Gathered(pair, folder, UpstreamCredentials.NONE, limits);
  }

  private Gathered(Pair pair, Path folder, UpstreamCredentials credentials, GatewayLimits limits) {
    this.pair = pair;
    Fronted.grade(pair, folder, LIBRARY.formatted(pair.ras(), World.LINEAR, LONG));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http =
        HttpServer.bind(
            List.of(new Listener("gateway", address, Optional.empty())), TestLimits.USUAL);
    var config =
        new GatewayConfig(
            pair.ras(),
            List.of(
                front("linear", "https://gateway.example/linear", Optional.of(linear.url())),
                front("notion", "https://gateway.example/notion", Optional.of(notion.url()))),
            List.of(
                new GatewayConfig.Aggregated(
                    front("all", World.LINEAR.value(), Optional.empty()),
                    List.of("linear", "notion"))),
            limits,
            Optional.of("Please ask the service desk."),
            Recording.STRICT);
    gateway = Fronted.gateway(pair, config, Fronted.With.USUAL.credentials(credentials), Set.of());
    http.serve(Map.of("gateway", gateway.routes()));
  }

  private Front front(String connector, String resource, Optional<URI> upstream) {
    var metadata =
        new ProtectedResourceMetadata(
            new ResourceIndicator(resource),
            List.of(pair.ras()),
            Scopes.of("issues.read", "issues.write"),
            Optional.of(connector.equals("linear") ? "Linear" : connector),
            List.of("ES256"),
            false);
    var hosts = Set.of("127.0.0.1:" + http.port("gateway"));
    return new Front(
        connector,
        metadata,
        upstream.map(Front.Server.At::new),
        Front.Bounds.USUAL,
        Set.of(),
        hosts,
        Front.Handling.PLAIN);
  }

  /// Changes the role library with which it began.
  void regraded(Pair pair, Path folder, String from, String to) {
    var library = LIBRARY.formatted(pair.ras(), World.LINEAR, LONG);
    Fronted.grade(pair, folder, library.replace(from, to));
  }

  int port() {
    return http.port("gateway");
  }

  String token(String userName, String... groups) {
    return tokens.computeIfAbsent(
        userName,
        name -> {
          pair.person(name, groups);
          return new Desk(pair).accessToken(name, World.LINEAR);
        });
  }

  /// A server that opens sessions, has these tools, and says by which name it was called.
  static Upstream.Script serves(String session, String... tools) {
    return (request, wire) -> {
      if (!request.method().equals("POST")) {
        wire.head(request.method().equals("DELETE") ? 204 : 405, "Content-Length: 0");
        return;
      }
      try {
        var message = JsonObject.parse(request.body());
        var id = message.text("id").orElse("null");
        switch (message.string("method").orElse("")) {
          case "initialize" ->
              wire.json(
                  """
                  {"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-06-18",\
                  "capabilities":{"tools":{"listChanged":true},"resources":{},"logging":{}},\
                  "serverInfo":{"name":"x","version":"1"},"instructions":"I am %s."}}\
                  """
                      .formatted(id, session),
                  "Mcp-Session-Id: " + session);
          case "tools/list" -> {
            var all = List.of(tools).stream().map(tool -> "{\"name\":\"" + tool + "\"}").toList();
            wire.json(result(id, "{\"tools\":[" + String.join(",", all) + "]}"));
          }
          case "tools/call" ->
              wire.json(
                  result(
                      id,
                      "{\"content\":[],\"called\":%s}"
                          .formatted(
                              message.object("params").orElseThrow().text("name").orElseThrow())));
          default -> wire.head(202, "Content-Length: 0");
        }
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    };
  }

  /// A server that speaks 2026-07-28.
  static Upstream.Script servesAlone(String... tools) {
    return (request, wire) -> {
      try {
        var message = JsonObject.parse(request.body());
        var id = message.text("id").orElse("null");
        var all = List.of(tools).stream().map(tool -> "{\"name\":\"" + tool + "\"}").toList();
        wire.json(
            switch (message.string("method").orElse("")) {
              case "server/discover" ->
                  result(
                      id,
                      """
                      {"resultType":"complete","supportedVersions":["2026-07-28"],"ttlMs":9,\
                      "cacheScope":"public","instructions":"I stand alone.","capabilities":\
                      {"tools":{"listChanged":true},"resources":{"subscribe":true}}}\
                      """);
              case "tools/list" ->
                  result(
                      id,
                      "{\"resultType\":\"complete\",\"ttlMs\":9,\"cacheScope\":\"public\",\"tools\":["
                          + String.join(",", all)
                          + "]}");
              default -> result(id, "{\"resultType\":\"complete\",\"here\":true}");
            });
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    };
  }

  /// Asks as a client of 2026-07-28 does.
  Answer alone(String token, String method, String params) {
    return Http.post(url(), "application/json", message(method, params), alone(token, method));
  }

  /// The headers for it, without the name.
  static Map<String, String> alone(String token, String method) {
    var headers = Fronted.headers(token, "2026-07-28");
    headers.put("Mcp-Method", method);
    return headers;
  }

  /// @param params further ones, each with a comma before it
  static String message(String method, String params) {
    return """
    {"jsonrpc":"2.0","id":"5","method":"%s","params":{"_meta":{\
    "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
    "io.modelcontextprotocol/clientInfo":{"name":"a client","version":"1"},\
    "io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}%s}}\
    """
        .formatted(method, params);
  }

  /// The id of a request that has arrived at a server, as it is written.
  static String id(Upstream.Seen request) {
    try {
      return JsonObject.parse(request.body()).text("id").orElseThrow();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static String result(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  Answer post(String token, String session, String message) {
    var headers = headers(token, session);
    return Http.post(url(), "application/json", message, headers);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/mcp");
  }

  static Map<String, String> headers(String token, String session) {
    var headers = Fronted.headers(token, "2025-11-25");
    if (!session.isEmpty()) {
      headers.put("Mcp-Session-Id", session);
    }
    return headers;
  }

  Answer initialize(String token) {
    return initialize(token, "{\"sampling\":{},\"elicitation\":{}}");
  }

  Answer initialize(String token, String capabilities) {
    return post(
        token,
        "",
        """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
        "capabilities":%s,"clientInfo":{"name":"c","version":"1"}}}\
        """
            .formatted(capabilities));
  }

  List<AuditRecord> recorded(String type) {
    return new AuditLog(pair.database).query(AuditQuery.newest(100).ofType(type));
  }

  @Override
  public void close() {
    gateway.close();
    http.close();
    linear.close();
    notion.close();
  }
}
