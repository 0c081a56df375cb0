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
import dev.lanyard.resourceserver.Introspection;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An MCP server of the MCP Java SDK behind our filter, that asks the resource authorization server
/// at every call whether the token still lives.
final class GuardedServer implements AutoCloseable {
  static final String TOOL = "list_issues";

  /// A call of the only tool, as an MCP client writes it.
  static final JsonObject CALL =
      JsonObject.builder().put("name", TOOL).put("arguments", JsonObject.EMPTY).build();

  private final DemoMcpServer server;

  private GuardedServer(DemoMcpServer server) {
    this.server = server;
  }

  static GuardedServer start(Installation lanyard) throws Exception {
    var tool =
        new DemoMcpServer.DemoTool(
            TOOL,
            "Lists the open issues",
            Map.of("type", "object"),
            (caller, arguments) -> "One open issue for " + caller);
    return new GuardedServer(
        new DemoMcpServer(
            "linear",
            lanyard.mcpServer(),
            lanyard.certificates().present(),
            new ResourceServerFilter(guard(lanyard)),
            request ->
                ResourceServerFilter.callerOf(request).map(AccessToken::subject).orElse("nobody"),
            List.of(tool)));
  }

  private static Guard guard(Installation lanyard) throws Exception {
    var clock = Clock.systemUTC();
    var self =
        new ProtectedResourceMetadata(
            new ResourceIndicator(lanyard.resource()),
            new Issuer(lanyard.ras()),
            Scopes.of("issues.read", "issues.write"));
    try (var pem = Files.newInputStream(lanyard.certificates().authority())) {
      var authorities = TrustedTls.readPem(pem);
      var egress = new EgressClient(EgressPolicy.strict().exposingLoopback().trusting(authorities));
      var issuer = new Issuer(lanyard.ras());
      var keys = new IssuerDiscovery(egress, issuer, Refresh.DEFAULT, clock).keys();
      var trusted = new TrustedIssuer(issuer, keys, Set.of(SigningAlgorithm.ES256));
      TrustedIssuers issuers =
          asked -> asked.equals(issuer) ? Optional.of(trusted) : Optional.empty();
      var credentials =
          new BasicCredentials(
              new ClientId(ClientFiles.MCP_SERVER),
              new Secret(lanyard.secret(ClientFiles.MCP_SERVER)));
      var status =
          new Introspection(
              URI.create(lanyard.ras() + "/introspect"),
              credentials,
              Introspection.http(authorities));
      return new Guard(self, issuers, status, new MemoryDpopReplay(clock), clock);
    }
  }

  @Override
  public void close() throws Exception {
    server.close();
  }
}
