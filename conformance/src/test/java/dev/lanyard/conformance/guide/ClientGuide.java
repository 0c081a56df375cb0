package dev.lanyard.conformance.guide;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.FileCredentialStore;
import dev.lanyard.client.SystemBrowser;
import dev.lanyard.client.ema.BrowserSubject;
import dev.lanyard.client.ema.EmaClient;
import dev.lanyard.client.ema.EmaConfig;
import dev.lanyard.client.ema.LoopbackSignIn;
import dev.lanyard.client.mcp.McpAuthorization;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/// The code of `docs/client.md`.
public final class ClientGuide {
  private ClientGuide() {}

  // guide: config
  public static EmaConfig config(Secret atIdentityProvider, Secret atResourceServer) {
    var identityProvider = new Issuer("https://login.acme.example");
    var resourceServer = new Issuer("https://access.acme.example");
    return new EmaConfig(
            identityProvider, ClientRegistration.withSecret("my-agent", atIdentityProvider))
        .registeredAt(resourceServer, ClientRegistration.withSecret("my-agent", atResourceServer));
  }

  // end

  // guide: program
  public static EmaClient client(EmaConfig config) throws IOException {
    var egress = new EgressClient(EgressPolicy.strict());
    var clock = Clock.systemUTC();
    var random = new SecureRandom();
    var store = FileCredentialStore.in(Path.of(System.getProperty("user.home"), ".my-agent"));
    var signIn =
        new LoopbackSignIn(
            config,
            Scopes.of("openid", "offline_access"),
            Duration.ofMinutes(5),
            egress,
            clock,
            random);
    var person = new BrowserSubject("ada", signIn, new SystemBrowser(System.err::println), store);
    return new EmaClient(config, person, egress, clock, random);
  }

  // end

  // guide: sdk
  public static McpSyncClient mcp(EmaClient ema) {
    var authorization = new McpAuthorization(ema, URI.create("https://mcp.example/mcp"));
    var transport =
        authorization.on(HttpClientStreamableHttpTransport.builder("https://mcp.example")).build();
    return McpClient.sync(transport).capabilities(McpAuthorization.capabilities()).build();
  }

  // end
}
