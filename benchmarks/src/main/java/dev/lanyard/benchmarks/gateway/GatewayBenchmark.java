package dev.lanyard.benchmarks.gateway;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.gateway.Front;
import dev.lanyard.server.gateway.Gateway;
import dev.lanyard.server.gateway.GatewayConfig;
import dev.lanyard.server.gateway.GatewayConfig.Order;
import dev.lanyard.server.gateway.GatewayConfig.Recording;
import dev.lanyard.server.gateway.GatewayConfig.WithoutAudit;
import dev.lanyard.server.gateway.GatewayLimits;
import dev.lanyard.server.gateway.ToolLock;
import dev.lanyard.server.gateway.UpstreamCredentials;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.EventSource;
import dev.lanyard.server.http.HttpLimits;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.token.JdbcDpopReplay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Calls a tool directly and through the gateway in turn, at the same rate, and opens streams that
/// say nothing. Driver, servers and gateways share one process, so figures include all of them.
///
/// One server answers at once: what is added is all of the gateway's. The other takes two
/// milliseconds, which is little for a real one: beside it a record can be written.
///
/// Arguments: calls a second, seconds of each round, streams.
public final class GatewayBenchmark {
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final ResourceIndicator ADDRESS =
      new ResourceIndicator("https://gateway.example/mcp");
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hello"}}}\
      """;

  /// What is not recorded shows what the way itself costs.
  private static final String PING =
      """
      {"jsonrpc":"2.0","id":1,"method":"ping"}\
      """;

  private static final byte[] ANSWER =
      """
      {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}]}}\
      """
          .getBytes(StandardCharsets.UTF_8);
  private static final int CONNECTIONS = 4;
  private static final int ROUNDS = 3;
  private static final Duration THOUGHT = Duration.ofMillis(2);
  private static final HttpLimits MANY =
      new HttpLimits(
          16 * 1024,
          50_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          50_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1));
  private static final Clock CLOCK = Clock.systemUTC();

  private GatewayBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int rate = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    int streams = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
    var folder = Files.createTempDirectory("lanyard-gateway");
    try (var prompt = server(Duration.ZERO);
        var slower = server(THOUGHT);
        var database = Database.open(DatabaseConfig.sqlite(folder.resolve("gateway.db")), CLOCK)) {
      var key = SigningKey.generate(SigningAlgorithm.ES256);
      var directory = Directory.open(database, CLOCK);
      var headers = headers(key, person(directory));
      var place = new Place(folder, database, directory, key);
      try (var first = new Served(place, prompt, Order.FIRST);
          var beside = new Served(place, prompt, Order.BESIDE);
          var slowFirst = new Served(place, slower, Order.FIRST);
          var slowBeside = new Served(place, slower, Order.BESIDE)) {
        var call = Wire.post(headers, CALL);
        latency(
            rate,
            seconds,
            List.of(
                new Row("direct", prompt.port("server"), call),
                new Row("gateway, a ping", first.port(), Wire.post(headers, PING)),
                new Row("gateway, recorded first", first.port(), call),
                new Row("gateway, recorded beside", beside.port(), call),
                new Row("2 ms: direct", slower.port("server"), call),
                new Row("2 ms: recorded first", slowFirst.port(), call),
                new Row("2 ms: recorded beside", slowBeside.port(), call)));
        idle(streams, first.port(), headers);
      }
    }
  }

  /// What is measured under one name.
  private record Row(String name, int port, String request) {}

  /// What gateways stand on.
  private record Place(Path folder, Database database, Directory directory, SigningKey key) {}

  /// A gateway and its listener.
  private static final class Served implements AutoCloseable {
    private final HttpServer http = HttpServer.bind(List.of(listener("gateway")), MANY);
    private final Gateway gateway;

    Served(Place place, HttpServer server, Order order) throws IOException {
      gateway = gateway(place, server.port("server"), new Recording(order, WithoutAudit.STOP));
      http.serve(Map.of("gateway", gateway.routes()));
    }

    int port() {
      return http.port("gateway");
    }

    @Override
    public void close() {
      gateway.close();
      http.close();
    }
  }

  private static Listener listener(String name) {
    return new Listener(
        name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty());
  }

  /// An MCP server that costs next to nothing.
  ///
  /// @param thought how long it takes all the same
  private static HttpServer server(Duration thought) {
    var server = HttpServer.bind(List.of(listener("server")), MANY);
    server.serve(
        Map.of(
            "server",
            List.of(
                answering(thought),
                Route.get("/mcp", Access.PUBLIC, _ -> Response.events(new Silent())))));
    return server;
  }

  private static Route answering(Duration thought) {
    if (thought.isZero()) {
      return Route.post("/mcp", Access.PUBLIC, _ -> Response.bytes(200, "application/json", ANSWER))
          .nonBlocking();
    }
    return Route.post(
        "/mcp",
        Access.PUBLIC,
        _ -> {
          LockSupport.parkNanos(thought.toNanos());
          return Response.bytes(200, "application/json", ANSWER);
        });
  }

  private static final class Silent implements EventSource {
    @Override
    public void opened(EventSource.Listener listener) {}

    @Override
    public Optional<String> next() {
      return Optional.empty();
    }

    @Override
    public void closed() {}
  }

  private static String person(Directory directory) {
    var person = new NewPerson("acme", "ana", Optional.empty(), "Ana", Set.of("engineering"));
    if (!(directory.create(person) instanceof Linking.Created(var created))) {
      throw new IllegalStateException("a new database has nobody");
    }
    return created.id().value();
  }

  private static String headers(SigningKey key, String person) {
    var now = CLOCK.instant();
    var claims =
        new AccessTokenClaims(RAS, person, new ClientId("desk"), List.of(ADDRESS))
            .scopes(Scopes.of("use"))
            .build("token-1", now, now.plus(Duration.ofHours(1)));
    return "Authorization: Bearer "
        + new JwtSigner(key, AccessToken.TYPE).sign(claims)
        + "\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n";
  }

  private static Gateway gateway(Place place, int port, Recording recording) throws IOException {
    var library = Library.watch(library(place.folder()));
    var metadata = new ProtectedResourceMetadata(ADDRESS, RAS, Scopes.of("use"));
    var front = new Front("everything", metadata, URI.create("http://127.0.0.1:" + port + "/mcp"));
    var limits =
        new GatewayLimits(
            4096,
            4096,
            1 << 20,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE - 1,
            Duration.ofSeconds(30),
            5,
            Duration.ofSeconds(1));
    return new Gateway(
        new GatewayConfig(
            RAS, List.of(front), List.of(), limits, GatewayConfig.DEFAULT_CONTACT, recording),
        new Gateway.Ground(
            place.database(),
            new PublicKeySet(List.of(place.key().publicKey())),
            place.directory(),
            DenySet.following(place.database()),
            new JdbcDpopReplay(place.database().groupCommit()),
            new Strangers(StrangerLimits.DEFAULT, CLOCK),
            new Metrics(),
            CLOCK),
        new Gateway.Rules(
            new Policy(library::current),
            new Catalog(library::current),
            ToolLock.GRADES_ONLY,
            UpstreamCredentials.NONE,
            List::of,
            _ -> false),
        Gateway.client(EgressPolicy.strict().exposingLoopback()));
  }

  private static Path library(Path folder) throws IOException {
    var path = Files.createDirectories(folder.resolve("library"));
    Files.writeString(
        path.resolve("library.yaml"),
        """
        connectors:
          everything:
            name: Everything
            category: tests
            authorization_server: %s
            resource: %s
            scopes: [use]
            tools: {echo: public}
        roles:
          engineering:
            groups: [engineering]
            connectors: {everything: [use]}
        """
            .formatted(RAS, ADDRESS));
    return path;
  }

  private static void latency(int rate, int seconds, List<Row> rows) throws Exception {
    System.out.printf("%-32s %10s %10s %10s%n", "ms", "p50", "p99", "calls/s");
    for (int round = 0; round <= ROUNDS; round++) {
      // The first one warms up.
      var note = round == 0 ? " (warm-up)" : "";
      for (var row : rows) {
        report(row.name() + note, round(rate, seconds, row.port(), row.request()), seconds);
      }
    }
  }

  private static void report(String what, long[] nanos, int seconds) {
    System.out.printf(
        Locale.ROOT,
        "%-32s %10.3f %10.3f %10d%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos.length / seconds);
  }

  /// The latencies of a round, sorted. A call that is late counts from when it should have begun.
  private static long[] round(int rate, int seconds, int port, String request) throws Exception {
    long pause = 1_000_000_000L * CONNECTIONS / rate;
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    var all = new ArrayList<Long>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < CONNECTIONS; i++) {
      threads.add(Thread.ofPlatform().start(() -> drive(port, request, pause, end, all)));
    }
    for (var thread : threads) {
      thread.join();
    }
    var sorted = all.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static void drive(int port, String request, long pause, long end, List<Long> all) {
    var own = new ArrayList<Long>();
    try (var wire = new Wire(port, request)) {
      for (long due = System.nanoTime(); due < end; due += pause) {
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        wire.call();
        own.add(System.nanoTime() - due);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    synchronized (all) {
      all.addAll(own);
    }
  }

  private static void idle(int streams, int port, String headers) throws Exception {
    var open = new ArrayList<Wire>();
    var before = resident();
    var request = "GET /mcp HTTP/1.1\r\nHost: gateway.example\r\n" + headers + "\r\n";
    for (int i = 0; i < streams; i++) {
      var wire = new Wire(port, request);
      wire.send();
      var _ = wire.head();
      open.add(wire);
    }
    System.gc();
    System.out.printf(
        "%d idle streams: %d MiB resident before, %d with them (driver, server and gateway)%n",
        open.size(), before, resident());
    for (var wire : open) {
      wire.close();
    }
  }

  private static long resident() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .map(line -> line.replaceAll("\\D", ""))
              .mapToLong(Long::parseLong)
              .findFirst()
              .orElseThrow()
          / 1024;
    }
  }
}
