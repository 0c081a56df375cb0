package dev.lanyard.server.app.node;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.credentials.GatewayClient;
import dev.lanyard.server.credentials.IdJagSource;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.gateway.Gateway;
import dev.lanyard.server.gateway.GatewayConfig;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.grade.LibraryNames;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.task.TaskSeal;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.http.TrustedProxies;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.ras.organisations.Matching;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.token.JdbcDpopReplay;
import dev.lanyard.server.yaml.Reload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Two installations: at home people call Linear through a gateway; what is behind it is Notion's
/// MCP server, of a vendor with a resource authorization server of its own, which trusts the broker
/// at home.
final class EmaUpstream implements AutoCloseable {
  static final String CONNECTOR = "linear";

  private static final String LIBRARY =
      """
      data_classes: [internal]
      connectors:
        linear:
          name: Linear
          category: project management
          authorization_server: "%1$s"
          resource: "https://linear.example/mcp"
          scopes: [issues.read, issues.write]
          tools: {list_issues: internal}
        at-the-vendor:
          name: At the vendor
          category: project management
          authorization_server: "%2$s"
          resource: "https://notion.example/mcp"
          scopes: [pages.read]
      roles:
        engineering:
          groups: [engineering]
          clearance: internal
          connectors: {linear: [issues.read]}
        engineering-at-the-vendor:
          groups: [engineering]
          clients: [gateway]
          connectors: {at-the-vendor: [pages.read]}
        locals:
          groups: [locals]
          clearance: internal
          connectors: {linear: [issues.read]}
      """;

  private static final String CLIENTS =
      """
      clients:
        - id: desk
          name: Desk
          secret_hash: "%1$s"
          authentication: [client_secret_basic]
          redirect_uris: ["http://localhost/callback"]
          grants: [authorization_code, refresh_token, "urn:ietf:params:oauth:grant-type:token-exchange"]
          ids_at: {"%2$s": desk-ras, "%3$s": desk-ras}
        - id: gateway
          name: The gateway
          secret_hash: "%1$s"
          authentication: [client_secret_basic]
          grants: ["urn:ietf:params:oauth:grant-type:token-exchange"]
          ids_at: {"%3$s": desk-ras}
          exchanges_tokens_for: ["https://linear.example/mcp"]
      """;

  /// What the gateway is at the vendor as long as people consent there.
  private static final String BRIDGE =
      """
        - id: lanyard
          name: The gateway of a customer
          secret_hash: "%s"
          authentication: [client_secret_basic]
          redirect_uris: ["%s/connections/linear/callback"]
          grants: [authorization_code, refresh_token]
      """;

  final Pair vendor;
  final Pair home;
  private final ClientRegistry clients;
  private final Path folder;
  private final HttpServer mcp;
  private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
  private final List<AutoCloseable> open = new ArrayList<>();
  private volatile Optional<Credentials.SignedIn> visitor = Optional.empty();
  volatile int status = 200;

  EmaUpstream(Path folder) throws IOException {
    this.folder = folder.resolve("home");
    // By the same address both know everybody.
    var matching = new Matching(Set.of(World.NEIGHBOURS_DOMAIN), true, false);
    var here = Files.createDirectories(this.folder);
    this.home = Pair.start(Setup.usual(here).with(matching), here);
    var there = Files.createDirectories(folder.resolve("vendor"));
    this.vendor = Pair.start(Setup.usual(there).serving(home.broker()).ordinary(), there);
    Files.writeString(
        there.resolve("ras-clients.yaml"),
        BRIDGE.formatted(World.clientSecretHash(), home.broker()),
        StandardOpenOption.APPEND);
    vendor.pollClients();
    World.write(
        this.folder.resolve("library"), "roles.yaml", LIBRARY.formatted(home.ras(), vendor.ras()));
    home.library.poll();
    if (!(home.library.poll() instanceof Reload.Loaded)) {
      throw new AssertionError("the library is not good");
    }
    home.registers(
        this.folder, CLIENTS.formatted(World.clientSecretHash(), home.ras(), vendor.ras()));
    this.clients = ClientRegistry.open(this.folder.resolve("broker-clients.yaml"));
    this.mcp = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mcp.createContext(
        "/mcp",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            shown.add(
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .orElse("nothing"));
            var body =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    mcp.start();
  }

  /// Somebody with a place in both installations.
  void knows(String userName, String... groups) {
    home.personOf(World.ORGANISATION, userName, userName + "@" + World.NEIGHBOURS_DOMAIN, groups);
    vendor.personOf(World.NEIGHBOUR, userName, userName + "@" + World.NEIGHBOURS_DOMAIN);
  }

  /// A gateway at home.
  ///
  /// @param http where it listens
  record Started(Gateway gateway, dev.lanyard.server.http.HttpServer http, Credentials credentials)
      implements AutoCloseable {
    URI connections(String path) {
      return URI.create("http://127.0.0.1:" + http.port("connections") + path);
    }

    Answer call(String token) {
      return Http.post(
          URI.create("http://127.0.0.1:" + http.port("gateway") + "/mcp"),
          "application/json",
          """
          {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_issues","arguments":{}}}\
          """,
          Map.of(
              "Authorization", "Bearer " + token,
              "Accept", "application/json, text/event-stream",
              "MCP-Protocol-Version", "2025-11-25"));
    }

    @Override
    public void close() {
      gateway.close();
      http.close();
    }
  }

  /// The entry of a vendor that knows consents only.
  Started bridged() {
    var way =
        new Way.Consented(
            new Vendor(
                vendor.ras(),
                new ClientId("lanyard"),
                Optional.of(World.clientSecret()),
                Scopes.of("pages.read", "offline_access"),
                Optional.of(World.NOTION)));
    return gateway(new CredentialsConfig(Map.of(CONNECTOR, way)), _ -> IdJagSource.NONE);
  }

  /// Somebody connects the account that they have at the vendor, with a browser.
  void connects(String userName, Started gateway) {
    vendor.guest(userName);
    visitor = Optional.of(new Credentials.SignedIn(home.person(userName), "of-" + userName));
    var away =
        Http.post(
            gateway.connections("/connections"),
            "application/x-www-form-urlencoded",
            "connector=" + CONNECTOR,
            Map.of("Sec-Fetch-Site", "same-origin"));
    if (away.status() != 303) {
      throw new AssertionError(away.status() + " " + away.body());
    }
    var browser = Visit.of(vendor, "lanyard", home.broker() + "/connections/linear/callback");
    var asked = browser.signIn(browser.browse(away.location()), userName);
    var back = browser.decide(asked, "allow").location();
    var connected =
        Http.get(gateway.connections(back.getRawPath() + "?" + back.getRawQuery()), Map.of());
    if (!connected.body().contains("Connected.")) {
      throw new AssertionError(connected.status() + " " + connected.body());
    }
  }

  /// A process that ends without a word.
  void dies(Started gateway) {
    open.remove(gateway);
    gateway.close();
  }

  /// What the vendor has given us as Enterprise-Managed Authorization.
  CredentialsConfig managed() {
    return new CredentialsConfig(
        Map.of(
            CONNECTOR,
            new Way.Managed(
                new Vendor(
                    vendor.ras(),
                    new ClientId("desk-ras"),
                    Optional.of(World.clientSecret()),
                    Scopes.of("pages.read"),
                    Optional.of(World.NOTION)))));
  }

  /// As a part of the broker's process.
  Started inOneProcess() {
    var neighbours = new Neighbours();
    neighbours.joins(home.innerExchange());
    return gateway(managed(), _ -> neighbours.idJags(new ClientId("gateway")));
  }

  /// As a process of its own.
  Started apart() {
    var client = new GatewayClient(new ClientId("gateway"), Optional.of(World.clientSecret()));
    return gateway(
        managed(), egress -> Credentials.overHttp(home.broker(), client, egress, home.clock));
  }

  Started gateway(CredentialsConfig config, Function<EgressClient, IdJagSource> broker) {
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var policy = new Policy(home.library::current);
    var credentials =
        new Credentials(
            config,
            Optional.of(home.broker()),
            Optional.of(new ClientId("gateway")),
            broker.apply(egress),
            new Credentials.Parts(
                home.database,
                home.directory,
                home.revocation.denied(),
                outbox(),
                () -> MasterKey.load(folder.resolve("master.key")),
                new Entitlements(policy, () -> WhosePeople.EVERYBODY, clients::all, home.clock),
                egress,
                home.clock));
    home.revocation.tells(Credentials.downstream(home.database, outbox()));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var http =
        dev.lanyard.server.http.HttpServer.bind(
            List.of(
                new Listener("gateway", address, Optional.empty()),
                new Listener("connections", address, Optional.empty())),
            TestLimits.USUAL);
    var gateway = gateway(credentials, policy, http.port("gateway"));
    var pages =
        credentials.routes(
            home.broker(), _ -> visitor, _ -> dev.lanyard.server.http.Response.empty(401));
    http.serve(Map.of("gateway", gateway.routes(), "connections", pages));
    var started = new Started(gateway, http, credentials);
    open.add(started);
    return started;
  }

  private Gateway gateway(Credentials credentials, Policy policy, int port) {
    var metadata =
        new ProtectedResourceMetadata(
            World.LINEAR,
            List.of(home.ras()),
            Scopes.of("issues.read", "issues.write"),
            Optional.of("Linear"),
            List.of("ES256"),
            false);
    var front =
        new Front(
            CONNECTOR,
            metadata,
            Optional.of(
                new Front.Server.At(
                    URI.create("http://127.0.0.1:" + mcp.getAddress().getPort() + "/mcp"))),
            Front.Bounds.USUAL,
            Set.of(),
            Set.of("127.0.0.1:" + port),
            Front.Handling.PLAIN);
    return new Gateway(
        new GatewayConfig(
            home.ras(),
            List.of(front),
            List.of(),
            GatewayLimits.DEFAULT,
            Optional.of("Ask."),
            Recording.STRICT),
        new Gateway.Ground(
            home.database,
            home.rasKeys.of(Purpose.ACCESS_TOKEN),
            home.directory,
            home.revocation.denied(),
            new JdbcDpopReplay(home.database.groupCommit()),
            new Strangers(
                new StrangerLimits(1_000_000, 1_000_000, 1_000_000, TrustedProxies.NONE),
                home.clock),
            new Metrics(),
            new Jobs(),
            home.clock),
        new Gateway.Rules(
            policy,
            new Catalog(home.library::current),
            ToolLock.GRADES_ONLY,
            new ShownUpstream(credentials),
            TaskSeal.NONE,
            new LibraryNames(List::of, () -> WhosePeople.EVERYBODY),
            _ -> false),
        Gateway.client(EgressPolicy.strict().exposingLoopback()));
  }

  private Outbox outbox() {
    return new Outbox(home.database, (_, _, _) -> {}, home.clock);
  }

  /// With what the server of the vendor was called last.
  String lastShown() {
    return shown.getLast();
  }

  /// With what it was called, without repetition.
  List<String> allShown() {
    return shown.stream().distinct().toList();
  }

  /// Whether the vendor says that a token of its own counts.
  boolean countsThere(String bearer) {
    var token = bearer.substring("Bearer ".length());
    var answer =
        Http.post(
            vendor.rasUrl("/introspect"),
            dev.lanyard.protocol.oauth.Form.builder().add("token", token).build(),
            dev.lanyard.server.pair.Desk.basic("notion-server"));
    return answer.body().contains("\"active\":true");
  }

  /// Carries every message that waits to be revoked, once.
  List<Courier.Result> carried(Started gateway) {
    var results = new ArrayList<Courier.Result>();
    gateway
        .credentials()
        .couriers()
        .forEach((kind, courier) ->
            outbox().waiting().stream()
                .filter(letter -> letter.delivery().kind().equals(kind))
                .forEach(letter ->
                    results.add(
                        courier.carry(
                            new Courier.Parcel(
                                letter.id(), letter.delivery(), 1, Optional.empty())))));
    return results;
  }

  @Override
  public void close() throws Exception {
    for (var one : open) {
      one.close();
    }
    mcp.stop(0);
    vendor.close();
    home.close();
  }
}
