package dev.lanyard.server.gateway;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.grade.LibraryNames;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.task.EndedTasks;
import dev.lanyard.server.gateway.task.TestSeal;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.http.TrustedProxies;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.token.JdbcDpopReplay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A gateway before one server, beside a [Pair] that issues the tokens: Linear with tools of each
/// grade. Good by default; a test spoils one thing.
final class Fronted implements AutoCloseable {
  static final String CONNECTOR = "linear";

  private static final String LIBRARY =
      """
      data_classes: [public, internal, confidential]
      connectors:
        linear:
          name: Linear
          category: project management
          authorization_server: "%1$s"
          resource: "%2$s"
          scopes: [issues.read, issues.write]
          tools:
            list_issues: internal
            count_issues: public
            write_issue: {grade: internal, scopes: [issues.write]}
            read_salaries: confidential
            new_tool:
            careful: internal
            "resource:docs://*": internal
            "resource:docs://secret/*": confidential
            "prompt:summary": internal
        notion:
          name: Notion
          category: documents
          authorization_server: "%1$s"
          resource: "https://notion.example/mcp"
          scopes: [pages.read]
      roles:
        engineering:
          groups: [engineering]
          clearance: internal
          connectors: {linear: [issues.read, issues.write]}
        readers:
          groups: [readers]
          clearance: internal
          connectors: {linear: [issues.read]}
        careful:
          groups: [careful]
          clearance: internal
          connectors:
            linear:
              scopes: [issues.read]
              conditions:
                fresh:
                  when: tool != 'careful' || now - auth.auth_time <= duration('1m')
                  step_up: {max_age: 1m}
        robots:
          agents: [agent-ras]
          connectors: {linear: [issues.read]}
        sales:
          groups: [sales]
          connectors: {notion: [pages.read]}
      """;

  final Pair pair;
  final Upstream upstream = Upstream.start();
  private final HttpServer http;
  private final Gateway gateway;
  private final Map<String, String> tokens = new HashMap<>();

  /// Clients that may act for themselves.
  final Set<ClientId> agents = ConcurrentHashMap.newKeySet();

  /// How a gateway differs from the usual.
  record With(
      GatewayLimits limits,
      ToolLock lock,
      UpstreamCredentials credentials,
      Front.Bounds bounds,
      Front.Handling handling,
      Optional<Front.Server> server,
      Recording recording) {
    static final With USUAL =
        new With(
            GatewayLimits.DEFAULT,
            ToolLock.GRADES_ONLY,
            UpstreamCredentials.NONE,
            Front.Bounds.USUAL,
            Front.Handling.PLAIN,
            Optional.empty(),
            Recording.STRICT);

    With recording(Recording other) {
      return new With(limits, lock, credentials, bounds, handling, server, other);
    }

    With server(Front.Server other) {
      return new With(limits, lock, credentials, bounds, handling, Optional.of(other), recording);
    }

    With limits(GatewayLimits other) {
      return new With(other, lock, credentials, bounds, handling, server, recording);
    }

    With lock(ToolLock other) {
      return new With(limits, other, credentials, bounds, handling, server, recording);
    }

    With credentials(UpstreamCredentials other) {
      return new With(limits, lock, other, bounds, handling, server, recording);
    }

    With handling(Front.Handling other) {
      return new With(limits, lock, credentials, bounds, other, server, recording);
    }

    With bounds(Front.Bounds other) {
      return new With(limits, lock, credentials, other, handling, server, recording);
    }

    With further(String method) {
      return bounds(new Front.Bounds(Set.of(method), ScopeCoverage.EXACT, Optional.empty()));
    }
  }

  private Fronted(Pair pair, Path folder, With with) {
    this.pair = pair;
    pair.revocation.tells(new EndedTasks());
    grade(pair, folder, library(pair));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http =
        HttpServer.bind(
            List.of(new Listener("gateway", address, Optional.empty())),
            TestLimits.USUAL,
            TrustedProxies.NONE,
            pair.tracer);
    gateway = gateway(with);
    http.serve(Map.of("gateway", gateway.routes()));
  }

  /// The role library that it begins with.
  static String library(Pair pair) {
    return LIBRARY.formatted(pair.ras(), World.LINEAR);
  }

  static Fronted start(Pair pair, Path folder) {
    return start(pair, folder, With.USUAL);
  }

  static Fronted start(Pair pair, Path folder, With with) {
    return new Fronted(pair, folder, with);
  }

  static void grade(Pair pair, Path folder, String library) {
    try {
      Files.writeString(folder.resolve("library/roles.yaml"), library);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // A change counts when it is found unchanged.
    pair.library.poll();
    pair.library.poll();
  }

  private Gateway gateway(With with) {
    var metadata =
        new ProtectedResourceMetadata(
            World.LINEAR,
            List.of(pair.ras()),
            Scopes.of("issues.read", "issues.write"),
            Optional.of("Linear"),
            List.of("ES256"),
            false);
    var front =
        new Front(
            CONNECTOR,
            metadata,
            Optional.of(with.server().orElseGet(() -> new Front.Server.At(upstream.url()))),
            with.bounds(),
            Set.of("https://studio.example"),
            Set.of("127.0.0.1:" + http.port("gateway")),
            with.handling());
    var config =
        new GatewayConfig(
            pair.ras(),
            List.of(front),
            List.of(),
            with.limits(),
            Optional.of("Please ask the service desk."),
            with.recording());
    return gateway(pair, config, with, agents);
  }

  /// A gateway that stands on the pair's record.
  static Gateway gateway(Pair pair, GatewayConfig config, With with, Set<ClientId> agents) {
    return new Gateway(
        config,
        new Gateway.Ground(
            pair.database,
            pair.rasKeys.of(Purpose.ACCESS_TOKEN),
            pair.directory,
            pair.revocation.denied(),
            new JdbcDpopReplay(pair.database.groupCommit()),
            new Strangers(
                new StrangerLimits(1_000_000, 1_000_000, 1_000_000, TrustedProxies.NONE),
                pair.clock),
            new Metrics(),
            new Jobs(),
            pair.clock),
        new Gateway.Rules(
            new Policy(pair.library::current),
            new Catalog(pair.library::current),
            with.lock(),
            with.credentials(),
            new TestSeal(),
            new LibraryNames(List::of, () -> WhosePeople.of(World.ORGANISATION)),
            agents::contains),
        Gateway.client(EgressPolicy.strict().exposingLoopback()));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + http.port("gateway") + "/mcp");
  }

  int port() {
    return http.port("gateway");
  }

  /// A token of somebody for Linear, the same for the whole test.
  String token(String userName, String... groups) {
    return tokens.computeIfAbsent(
        userName,
        name -> {
          pair.person(name, groups);
          return new Desk(pair).accessToken(name, World.LINEAR);
        });
  }

  /// A token for another resource.
  String tokenFor(ResourceIndicator resource, String userName, String... groups) {
    pair.person(userName, groups);
    return new Desk(pair).accessToken(userName, resource);
  }

  /// Sends a message as a client of 2025-11-25 does.
  Answer post(String token, String message, String... more) {
    var headers = headers(token, "2025-11-25");
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    headers.values().removeIf(String::isEmpty);
    return Http.post(url(), "application/json", message, headers);
  }

  /// Sends a message as a client of 2026-07-28 does.
  Answer modern(String token, String message, String method, Optional<String> name) {
    var headers = headers(token, "2026-07-28");
    headers.put("Mcp-Method", method);
    name.ifPresent(value -> headers.put("Mcp-Name", value));
    return Http.post(url(), "application/json", message, headers);
  }

  static Map<String, String> headers(String token, String revision) {
    var headers = new HashMap<String, String>();
    headers.put("Authorization", "Bearer " + token);
    headers.put("Accept", "application/json, text/event-stream");
    headers.put("MCP-Protocol-Version", revision);
    return headers;
  }

  /// A call of a tool.
  static String call(String tool) {
    return """
    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{"q":"a secret"}}}\
    """
        .formatted(tool);
  }

  static String request(String method) {
    return """
    {"jsonrpc":"2.0","id":1,"method":"%s"}\
    """
        .formatted(method);
  }

  /// A token of somebody through another client than the usual one.
  String tokenOfOtherClient(String userName) {
    return new Desk(pair, "other", "other-ras", "https://other.example/callback")
        .accessToken(userName, World.LINEAR);
  }

  /// Everything of a type that was recorded.
  List<AuditRecord> recorded(String type) {
    return new AuditLog(pair.database).query(AuditQuery.newest(100).ofType(type));
  }

  @Override
  public void close() {
    gateway.close();
    http.close();
    upstream.close();
  }
}
