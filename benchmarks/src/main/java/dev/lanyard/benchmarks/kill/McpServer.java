package dev.lanyard.benchmarks.kill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.resourceserver.status.Introspection;
import dev.lanyard.resourceserver.status.RevocationStream;
import dev.lanyard.resourceserver.status.StreamConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/// The MCP server: our library with the revocation stream of a node, and an address at which
/// receipts can probe it.
final class McpServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RevocationStream stream;
  private final Guard guard;
  private final URI resource;
  private final HttpServer http;

  /// @param node whose stream it listens to
  McpServer(ClusterFiles files, URI node) throws IOException {
    var clock = InstantSource.system();
    var issuer = new Issuer(files.ras().toString());
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var keys = new IssuerDiscovery(egress, issuer, Refresh.DEFAULT, clock).keys();
    var secret = files.server().secret();
    this.resource = files.resource();
    this.stream =
        RevocationStream.open(
            new StreamConfig(
                issuer,
                URI.create(node + "/revocation-stream"),
                new BasicCredentials(new ClientId(Place.LIBRARY.known), secret)),
            Introspection.http(List.of()),
            clock);
    this.guard =
        new Guard(
            new ProtectedResourceMetadata(
                new ResourceIndicator(resource.toString()), issuer, Scopes.of(ClusterFiles.SCOPE)),
            TrustedIssuers.of(new TrustedIssuer(issuer, keys, Set.of(SigningAlgorithm.ES256))),
            stream,
            new MemoryDpopReplay(clock),
            clock);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), resource.getPort());
    this.http = HttpServer.create(address, 64);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext(resource.getPath(), this::answer);
    http.start();
  }

  void awaitFresh() throws InterruptedException, IOException {
    if (!stream.awaitFresh(PATIENCE)) {
      throw new IOException("the revocation stream does not come up");
    }
  }

  private Outcome judge(String authorization) {
    var request =
        new GuardedRequest("POST", resource, Optional.empty(), List.of(authorization), List.of());
    return switch (guard.judge(request, Requirement.scopes(ClusterFiles.SCOPE))) {
      case Verdict.Admitted _ -> Outcome.ACCEPTED;
      case Verdict.Refused _ -> Outcome.REFUSED;
      case Verdict.Unavailable _ -> Outcome.UNAVAILABLE;
    };
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var authorization = exchange.getRequestHeaders().getFirst("Authorization");
      int status =
          switch (judge(Optional.ofNullable(authorization).orElse(""))) {
            case ACCEPTED -> 200;
            case REFUSED -> 401;
            case UNAVAILABLE -> 503;
          };
      exchange.sendResponseHeaders(status, -1);
    }
  }

  /// Judges calls with tokens of people.
  Caller caller(IntFunction<String> tokens) {
    return new Caller() {
      @Override
      public Point point() {
        return Point.LIBRARY;
      }

      @Override
      public Outcome call(int person) {
        return judge("Bearer " + tokens.apply(person));
      }
    };
  }

  @Override
  public void close() {
    http.stop(0);
    stream.close();
  }
}
