package dev.lanyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.suite.Credentials;
import dev.lanyard.suite.Credentials.Method;
import dev.lanyard.suite.Jws;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.Report;
import dev.lanyard.suite.Wire;
import dev.lanyard.suite.issuer.IdentityProvider;
import dev.lanyard.suite.issuer.IssuerBench;
import dev.lanyard.suite.issuer.IssuerSettings;
import dev.lanyard.suite.redeemer.KeyServer;
import dev.lanyard.suite.redeemer.Redeemer;
import dev.lanyard.suite.redeemer.RedeemerBench;
import dev.lanyard.suite.redeemer.RedeemerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "CONF-5: our broker and our resource authorization server under our own black-box suite")
class BlackBoxTest {
  private static final Wire WIRE = new Wire(List.of());

  @TempDir Path folder;

  private static Credentials client(String id) {
    return new Credentials(new ClientId(id), World.clientSecret(), Method.CLIENT_SECRET_BASIC);
  }

  @Test
  @DisplayName("sections 3 and 3.1: redemption")
  void redeemer() throws IOException, InterruptedException {
    int port = FreePort.next();
    var provider = new Issuer("http://127.0.0.1:" + port);
    var key = Jws.generate(Jws.Algorithm.ES256, "suite");
    try (var served =
            KeyServer.start(
                provider, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), key);
        var pair = Pair.start(Setup.usual(folder).serving(provider), folder)) {
      pair.directory.create(
          new NewPerson(
              World.NEIGHBOUR,
              "gina",
              Optional.of("gina@" + World.NEIGHBOURS_DOMAIN),
              "Gina",
              Set.of()));
      var settings =
          new RedeemerSettings(
              pair.ras(),
              client("desk-ras"),
              Optional.of(client("other-ras")),
              provider,
              JsonObject.builder()
                  .put("sub", "gina-at-globex")
                  .put("email", "gina@" + World.NEIGHBOURS_DOMAIN)
                  .put("aud_tenant", "globex-tenant")
                  .build(),
              new RedeemerSettings.Target(World.LINEAR, Scopes.of("issues.read", "issues.write")),
              Optional.of(new RedeemerSettings.Target(World.NOTION, Scopes.of("pages.read"))),
              Optional.empty(),
              RedeemerSettings.Behaviour.STRICT);
      var bench = new RedeemerBench(settings, key, WIRE, pair.clock);
      var report = Redeemer.suite().run(pair.ras().value(), bench, pair.clock, _ -> {});
      assertThat(served.port()).isEqualTo(port);
      assertEverythingPasses(report);
    }
  }

  @Test
  @DisplayName("section 2: token exchange")
  void issuer() throws InterruptedException {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      pair.person("alice", "engineering");
      var signedIn = new Desk(pair).signedIn("alice", "openid offline_access");
      var subject =
          new IssuerSettings.Subject(
              new Secret(signedIn.text("id_token")),
              Optional.of(new Secret(signedIn.text("refresh_token"))));
      var settings =
          new IssuerSettings(
              pair.broker(),
              client("desk"),
              Optional.of(client("other")),
              Optional.of(new ClientId("phone")),
              subject,
              target(pair, World.LINEAR, "issues.read", "issues.write"),
              Optional.of(target(pair, World.NOTION, "pages.read")));
      var report =
          IdentityProvider.suite()
              .run(
                  pair.broker().value(),
                  new IssuerBench(settings, WIRE, pair.clock),
                  pair.clock,
                  _ -> {});
      assertEverythingPasses(report);
    }
  }

  private static IssuerSettings.Target target(
      Pair pair, ResourceIndicator resource, String... scopes) {
    return new IssuerSettings.Target(
        pair.ras(), resource, new ClientId("desk-ras"), Scopes.of(scopes));
  }

  private static void assertEverythingPasses(Report report) {
    assertThat(report.findings())
        .filteredOn(finding -> !(finding.outcome() instanceof Outcome.Passed))
        .extracting(Report.Finding::name, Report.Finding::detail)
        .isEmpty();
    assertThat(report.conforms()).isTrue();
  }
}
