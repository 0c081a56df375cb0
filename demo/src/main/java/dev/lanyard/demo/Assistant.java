package dev.lanyard.demo;

import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.ema.EmaClient;
import dev.lanyard.client.ema.LoopbackSignIn;
import dev.lanyard.client.ema.Session;
import dev.lanyard.client.ema.SignIn;
import dev.lanyard.client.ema.SubjectTokens;
import dev.lanyard.client.mcp.McpAuthorization;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.Person;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/// The MCP client of one person: the MCP Java SDK with the client library plugged in.
final class Assistant {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final DemoInstallation town;
  private final Session session;
  private final EmaClient ema;

  private Assistant(DemoInstallation town, Person person, Session session) throws Exception {
    this.town = town;
    this.session = session;
    this.ema =
        new EmaClient(
            town.assistant(),
            SubjectTokens.of(person.userName(), session),
            town.egress(),
            Clock.systemUTC(),
            RANDOM);
  }

  /// The person signs in at the broker, once, as at any other application.
  static Assistant signedIn(DemoInstallation town, Person person) throws Exception {
    var signIn =
        new LoopbackSignIn(
            town.assistant(),
            Scopes.of("openid", "email"),
            Duration.ofSeconds(30),
            town.egress(),
            Clock.systemUTC(),
            RANDOM);
    var browser = new DemoBrowser(person.userName(), town.trusting());
    return switch (signIn.signIn(SignInDemand.ANY, browser)) {
      case SignIn.SignedIn(var session) -> new Assistant(town, person, session);
      case SignIn.Denied(var denial) ->
          throw new IllegalStateException("sign-in was denied: " + denial);
      case SignIn.Stopped(var why) -> throw new IllegalStateException(why);
      case SignIn.Unavailable(var why) -> throw new IllegalStateException(why);
      case SignIn.Impossible() -> throw new IllegalStateException("there is no browser");
    };
  }

  /// What proves its person.
  Secret idToken() {
    return session.idToken().orElseThrow().value();
  }

  EmaClient ema() {
    return ema;
  }

  /// Connects to an MCP server and calls its tool; tokens are the library's business.
  String call(URI server, String tool) throws Exception {
    try (var client = connected(server)) {
      var result = client.callTool(CallToolRequest.builder(tool).arguments(Map.of()).build());
      return ((TextContent) result.content().getFirst()).text();
    }
  }

  private McpSyncClient connected(URI server) throws Exception {
    var trust = town.trusting();
    var transport =
        new McpAuthorization(ema, server)
            .on(
                HttpClientStreamableHttpTransport.builder(server.resolve("/").toString())
                    .customizeClient(http -> http.sslContext(trust)));
    var client =
        McpClient.sync(transport.build())
            .capabilities(McpAuthorization.capabilities())
            .requestTimeout(Duration.ofSeconds(20))
            .initializationTimeout(Duration.ofSeconds(20))
            .build();
    client.initialize();
    return client;
  }
}
