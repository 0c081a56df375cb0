package dev.lanyard.demo;

import dev.lanyard.demo.DemoMcpServer.DemoTool;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
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
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Builds the two MCP servers, as somebody who sells them would: the MCP Java SDK behind the filter
/// of the resource-server library.
final class Vendor {
  private static final Map<String, Object> NO_ARGUMENTS = Map.of("type", "object");

  private final DemoInstallation town;
  private final InstantSource clock;

  Vendor(DemoInstallation town, InstantSource clock) {
    this.town = town;
    this.clock = clock;
  }

  AutoCloseable tracker() throws Exception {
    var tool =
        new DemoTool(
            "list_issues",
            "Lists the open issues of the caller.",
            NO_ARGUMENTS,
            (caller, arguments) ->
                "2 open issues for " + caller + ": LAN-1 tidy the keys, LAN-2 ship it");
    return server(
        "issue-tracker",
        town.tracker(),
        Scopes.of("issues.read", "issues.write"),
        stream("tracker-server", town.secret("TRACKER_AT_RAS")),
        tool);
  }

  AutoCloseable crm() throws Exception {
    var tool =
        new DemoTool(
            "list_contacts",
            "Lists the contacts of the caller.",
            NO_ARGUMENTS,
            (caller, arguments) -> "1 contact for " + caller + ": Quill Ltd");
    return server(
        "crm",
        town.crm(),
        Scopes.of("contacts.read"),
        introspection("crm-server", town.secret("CRM_AT_RAS")),
        tool);
  }

  /// Is told the moment somebody is disabled, and asks nobody at a call.
  private RevocationStream stream(String client, Secret secret)
      throws IOException, InterruptedException {
    var stream =
        RevocationStream.open(
            new StreamConfig(
                town.ras(),
                URI.create(town.ras() + "/revocation-stream"),
                new BasicCredentials(new ClientId(client), secret)),
            Introspection.http(town.authorities()),
            clock);
    stream.awaitFresh(Duration.ofSeconds(10));
    return stream;
  }

  /// Asks at every call: nothing runs beside the calls.
  private Introspection introspection(String client, Secret secret) throws IOException {
    return new Introspection(
        URI.create(town.ras() + "/introspect"),
        new BasicCredentials(new ClientId(client), secret),
        Introspection.http(town.authorities()));
  }

  private AutoCloseable server(
      String name, URI url, Scopes scopes, TokenStatus status, DemoTool tool) throws Exception {
    var self =
        new ProtectedResourceMetadata(new ResourceIndicator(url.toString()), town.ras(), scopes);
    var keys = new IssuerDiscovery(town.egress(), town.ras(), Refresh.DEFAULT, clock).keys();
    var ras = new TrustedIssuer(town.ras(), keys, Set.of(SigningAlgorithm.ES256));
    TrustedIssuers issuers =
        asked -> asked.equals(town.ras()) ? Optional.of(ras) : Optional.empty();
    var guard = new Guard(self, issuers, status, new MemoryDpopReplay(clock), clock);
    var server =
        new DemoMcpServer(
            name,
            url,
            town.presenting(),
            new ResourceServerFilter(guard),
            request ->
                ResourceServerFilter.callerOf(request).map(AccessToken::subject).orElse("nobody"),
            List.of(tool));
    return () -> {
      server.close();
      if (status instanceof RevocationStream stream) {
        stream.close();
      }
    };
  }
}
