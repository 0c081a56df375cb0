package dev.lanyard.demo;

import dev.lanyard.client.ExchangeResult;
import dev.lanyard.client.TokenRequests;
import dev.lanyard.client.TokenResponses;
import dev.lanyard.client.TokenResult;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import dev.lanyard.protocol.oauth.TokenType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// The single requests of the flow, for showing them one by one; the assistant makes the same ones
/// by itself.
final class Wire implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final DemoInstallation town;
  private final EgressClient egress;
  private final TokenRequests toBroker;
  private final TokenRequests toRas;
  private final HttpClient plain;

  Wire(DemoInstallation town) throws Exception {
    this.town = town;
    this.egress = town.egress();
    this.toBroker =
        new TokenRequests(
            metadata(town.broker()), town.assistantAtBroker(), Clock.systemUTC(), RANDOM);
    this.toRas =
        new TokenRequests(metadata(town.ras()), town.assistantAtRas(), Clock.systemUTC(), RANDOM);
    this.plain = HttpClient.newBuilder().sslContext(town.trusting()).build();
  }

  private AuthorizationServerMetadata metadata(Issuer issuer) {
    return switch (new IssuerDiscovery(egress, issuer, Refresh.DEFAULT, Clock.systemUTC())
        .discover()) {
      case IssuerDiscovery.Discovery.Found(var metadata) -> metadata;
      case IssuerDiscovery.Discovery.Unavailable(var why) -> throw new IllegalStateException(why);
    };
  }

  /// What is sent to the broker for an ID-JAG, without the credentials.
  JsonObject exchangeShown(URI resource) {
    return JsonObject.builder()
        .put("POST", town.broker() + "/token")
        .put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .put("requested_token_type", TokenType.ID_JAG.value())
        .put("subject_token_type", TokenType.ID_TOKEN.value())
        .put("subject_token", "(the ID token)")
        .put("audience", town.ras().value())
        .put("resource", resource.toString())
        .build();
  }

  ExchangeResult exchange(Secret idToken, URI resource) {
    var request =
        new TokenExchangeRequest(
            idToken,
            TokenType.ID_TOKEN,
            town.ras().value(),
            List.of(new ResourceIndicator(resource.toString())),
            Optional.empty());
    return TokenResponses.exchange(send(toBroker.exchange(request)));
  }

  TokenResult redeem(Secret idJag) {
    return TokenResponses.token(
        send(toRas.redeem(new JwtBearerRequest(idJag, List.of(), Optional.empty()))));
  }

  private EgressResult send(EgressRequest request) {
    return egress.send(request);
  }

  /// One call of an MCP server with this token, as any client would send it.
  HttpResponse<String> call(URI server, Secret accessToken)
      throws IOException, InterruptedException {
    var body =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",
         "capabilities":{},"clientInfo":{"name":"probe","version":"1"}}}
        """;
    return plain.send(
        HttpRequest.newBuilder(server)
            .header("Authorization", "Bearer " + accessToken.reveal())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    plain.close();
  }
}
