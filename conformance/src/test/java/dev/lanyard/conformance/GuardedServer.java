package dev.lanyard.conformance;

import dev.lanyard.demo.DemoMcpServer;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import dev.lanyard.resourceserver.status.Introspection;
import dev.lanyard.resourceserver.status.RevocationStream;
import dev.lanyard.resourceserver.status.StreamConfig;
import jakarta.servlet.Filter;
import java.net.URI;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// An MCP server of the MCP Java SDK behind our filter.
final class GuardedServer implements AutoCloseable {
  static final String TOOL = "list_issues";

  /// A call of the only tool, as an MCP client writes it.
  static final JsonObject CALL =
      JsonObject.builder().put("name", TOOL).put("arguments", JsonObject.EMPTY).build();

  private final DemoMcpServer server;
  private final AutoCloseable status;
  private final Semaphore streams;

  private GuardedServer(DemoMcpServer server, AutoCloseable status, Semaphore streams) {
    this.server = server;
    this.status = status;
    this.streams = streams;
  }

  /// Asks the resource authorization server at every call whether the token still lives.
  static GuardedServer start(Installation lanyard) throws Exception {
    return start(lanyard, lanyard.mcpServer(), introspection(lanyard), () -> {});
  }

  /// Follows the revocation stream, on another address.
  static GuardedServer following(Installation lanyard, URI url) throws Exception {
    var stream =
        RevocationStream.open(
            new StreamConfig(
                new Issuer(lanyard.ras()),
                URI.create(lanyard.ras() + "/revocation-stream"),
                credentials(lanyard),
                Duration.ofSeconds(20)),
            Introspection.http(authorities(lanyard)),
            Clock.systemUTC());
    if (!stream.awaitFresh(Duration.ofMinutes(1))) {
      stream.close();
      throw new AssertionError("the revocation stream does not begin: " + stream.state());
    }
    return start(lanyard, url, stream, stream);
  }

  /// Takes the tokens of another authorization server, on another address.
  static GuardedServer of(Issuer issuer, Installation lanyard, URI url) throws Exception {
    var self =
        new ProtectedResourceMetadata(
            new ResourceIndicator(url.toString()), issuer, Scopes.of("any"));
    return start(
        lanyard, url, guard(lanyard, self, issuer, TokenStatus.trustedUntilExpiry()), () -> {});
  }

  private static GuardedServer start(
      Installation lanyard, URI url, TokenStatus tokens, AutoCloseable status) throws Exception {
    return start(lanyard, url, guard(lanyard, tokens), status);
  }

  private static GuardedServer start(
      Installation lanyard, URI url, Guard guard, AutoCloseable status) throws Exception {
    var tool =
        new DemoMcpServer.DemoTool(
            TOOL,
            "Lists the open issues",
            Map.of("type", "object"),
            (caller, arguments) -> "One open issue for " + caller);
    var streams = new Semaphore(0);
    return new GuardedServer(
        new DemoMcpServer(
            "linear",
            url,
            lanyard.certificates().present(),
            counting(streams, new ResourceServerFilter(guard)),
            request ->
                ResourceServerFilter.callerOf(request).map(AccessToken::subject).orElse("nobody"),
            List.of(tool)),
        status,
        streams);
  }

  /// The SDK sends nothing, not even a header, before it has something to say: only from inside can
  /// one see that it holds a stream open.
  private static Filter counting(Semaphore streams, Filter guard) {
    return (request, response, chain) ->
        guard.doFilter(
            request,
            response,
            (guarded, answer) -> {
              chain.doFilter(guarded, answer);
              if (guarded.isAsyncStarted()) {
                streams.release();
              }
            });
  }

  /// Waits until the SDK holds one more stream open than it was waited for.
  void awaitStream() throws InterruptedException {
    if (!streams.tryAcquire(2, TimeUnit.MINUTES)) {
      throw new AssertionError("the server opens no stream");
    }
  }

  private static List<X509Certificate> authorities(Installation lanyard) throws Exception {
    try (var pem = Files.newInputStream(lanyard.certificates().authority())) {
      return TrustedTls.readPem(pem);
    }
  }

  private static BasicCredentials credentials(Installation lanyard) {
    return new BasicCredentials(
        new ClientId(ClientFiles.MCP_SERVER), new Secret(lanyard.secret(ClientFiles.MCP_SERVER)));
  }

  private static TokenStatus introspection(Installation lanyard) throws Exception {
    return new Introspection(
        URI.create(lanyard.ras() + "/introspect"),
        credentials(lanyard),
        Introspection.http(authorities(lanyard)));
  }

  private static Guard guard(Installation lanyard, TokenStatus status) throws Exception {
    var issuer = new Issuer(lanyard.ras());
    var self =
        new ProtectedResourceMetadata(
            new ResourceIndicator(lanyard.resource()),
            issuer,
            Scopes.of("issues.read", "issues.write"));
    return guard(lanyard, self, issuer, status);
  }

  private static Guard guard(
      Installation lanyard, ProtectedResourceMetadata self, Issuer issuer, TokenStatus status)
      throws Exception {
    var clock = Clock.systemUTC();
    var egress =
        new EgressClient(EgressPolicy.strict().exposingLoopback().trusting(authorities(lanyard)));
    var keys = new IssuerDiscovery(egress, issuer, Refresh.DEFAULT, clock).keys();
    var trusted = new TrustedIssuer(issuer, keys, Set.of(SigningAlgorithm.ES256));
    TrustedIssuers issuers =
        asked -> asked.equals(issuer) ? Optional.of(trusted) : Optional.empty();
    return new Guard(self, issuers, status, new MemoryDpopReplay(clock), clock);
  }

  @Override
  public void close() throws Exception {
    server.close();
    status.close();
  }
}
