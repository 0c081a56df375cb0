package dev.lanyard.conformance;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.EmaClient;
import dev.lanyard.client.EmaConfig;
import dev.lanyard.client.Session;
import dev.lanyard.client.SubjectTokens;
import dev.lanyard.client.mcp.EmaAuthorization;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/// The program that the MCP conformance suite starts as the client under test: our client library
/// under the MCP Java SDK. The suite gives the MCP server as the last argument and, in the
/// environment, what an administrator would have configured.
public final class SuiteClient {
  private static final String CONTEXT = "MCP_CONFORMANCE_CONTEXT";

  private SuiteClient() {}

  public static void main(String[] arguments) throws MalformedException {
    var server = URI.create(arguments[arguments.length - 1]);
    var context = JsonObject.parse(System.getenv(CONTEXT));
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var config =
        new EmaConfig(
                new Issuer(required(context, "idp_issuer")),
                ClientRegistration.withoutSecret(required(context, "idp_client_id")))
            .registeredAt(
                authorizationServer(egress, server),
                ClientRegistration.withSecret(
                    required(context, "client_id"),
                    new Secret(required(context, "client_secret"))));
    var session = Session.of(new Secret(required(context, "idp_id_token")), Optional.empty());
    var ema =
        new EmaClient(
            config,
            SubjectTokens.of("conformance", session),
            egress,
            Clock.systemUTC(),
            new SecureRandom());
    listTools(server, new EmaAuthorization(ema, server));
  }

  /// The suite does not say where the client is registered, as an administrator would: it means the
  /// authorization server that the MCP server names.
  private static Issuer authorizationServer(EgressClient egress, URI server)
      throws MalformedException {
    var resource = new ResourceIndicator(server.toString());
    var address = WellKnown.protectedResource(resource);
    if (!(egress.send(EgressRequest.get(address)) instanceof EgressResult.Answered answer)) {
      throw new IllegalStateException("no protected resource metadata at " + address);
    }
    return ProtectedResourceMetadata.parse(answer.json(), resource)
        .authorizationServers()
        .getFirst();
  }

  private static void listTools(URI server, EmaAuthorization authorization) {
    var origin = server.resolve("/").toString();
    var transport = authorization.on(HttpClientStreamableHttpTransport.builder(origin)).build();
    try (var client =
        McpClient.sync(transport).capabilities(EmaAuthorization.capabilities()).build()) {
      client.initialize();
      client.listTools();
    }
  }

  private static String required(JsonObject context, String name) throws MalformedException {
    return context
        .string(name)
        .orElseThrow(() -> new MalformedException(CONTEXT + " has no " + name));
  }
}
