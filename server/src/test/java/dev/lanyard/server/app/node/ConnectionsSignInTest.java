package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.CallerTokens;
import dev.lanyard.server.broker.Contact;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.broker.Rulebook;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.credentials.IdJagSource;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("/connections, opened from a bookmark in a browser that has no session")
class ConnectionsSignInTest {
  @TempDir Path folder;

  private Pair pair;
  private HttpServer http;
  private Desk desk;
  private Issuer issuer;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("ana", "engineering");
    desk = new Desk(pair);
    http =
        HttpServer.bind(
            List.of(
                new Listener(
                    "broker",
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    Optional.empty())),
            TestLimits.USUAL);
    issuer = new Issuer("http://127.0.0.1:" + http.port("broker"));
  }

  @AfterEach
  void stop() {
    http.close();
    pair.close();
  }

  /// A broker of its own on the people of the pair, with the page.
  private void serve(boolean pushedRequestsOnly) {
    var config =
        new BrokerConfig(
            issuer,
            World.ORGANISATION,
            BrokerConfig.Lives.DEFAULT,
            BrokerConfig.SignIn.LOCAL,
            Contact.DEFAULT,
            ExchangeConfig.DEFAULT,
            pushedRequestsOnly);
    var policy = new Policy(pair.library::current);
    var broker =
        new Broker(
            config,
            pair.platform(),
            ClientRegistry.open(folder.resolve("broker-clients.yaml")),
            pair.brokerKeys,
            new Broker.People(pair.directory, pair.passwords, CallerTokens.NONE),
            new Rulebook(policy, new Catalog(pair.library::current)),
            pair.revocation);
    var routes = new ArrayList<>(broker.routes(List.of()));
    routes.addAll(Accounts.routes(credentials(policy), config, broker));
    http.serve(Map.of("broker", routes), pair.platform().journal());
  }

  private Credentials credentials(Policy policy) {
    var vendor =
        new Vendor(
            new Issuer("https://auth.vendor.example"),
            new ClientId("lanyard"),
            Optional.empty(),
            Scopes.NONE,
            Optional.empty());
    return new Credentials(
        new CredentialsConfig(Map.of("linear", new Way.Consented(vendor))),
        Optional.of(issuer),
        Optional.empty(),
        IdJagSource.NONE,
        new Credentials.Parts(
            pair.database,
            pair.directory,
            pair.revocation.denied(),
            new Outbox(pair.database, (_, _, _) -> {}, pair.clock),
            () -> MasterKey.load(folder.resolve("master.key")),
            new Entitlements(policy, () -> WhosePeople.EVERYBODY, List::of, pair.clock),
            new EgressClient(EgressPolicy.strict()),
            pair.clock));
  }

  private URI page() {
    return URI.create(issuer + "/connections");
  }

  private Answer signedIn(Answer page) {
    var form = Visit.form(page).add("user", "ana").add("password", World.passwordOf("ana"));
    var answer = desk.submit(URI.create(issuer + "/login"), form.build());
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer;
  }

  @ParameterizedTest(name = "clients have to push their requests: {0}")
  @ValueSource(booleans = {false, true})
  @DisplayName("leads through the sign-in and back to the page")
  void from_a_bookmark(boolean pushedRequestsOnly) {
    serve(pushedRequestsOnly);
    var sent = desk.browse(page());
    assertThat(sent.status()).isEqualTo(303);
    var signIn = desk.browse(sent.location());
    assertThat(signIn.status()).as(signIn.body()).isEqualTo(200);
    assertThat(signIn.body()).contains("to continue to your connections");

    var back = signedIn(signIn);
    assertThat(back.location().toString()).startsWith(page() + "?code=");
    var plain = desk.browse(back.location());
    assertThat(plain.location()).isEqualTo(page());
    assertThat(desk.browse(plain.location()).body()).contains("Your connections", "Signed in as");
  }

  @Test
  @DisplayName("a browser that keeps no cookies is told so, and not sent around for ever")
  void without_cookies() {
    serve(false);
    var back = signedIn(desk.browse(desk.browse(page()).location()));
    var stranger = Http.get(back.location(), Map.of());
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(stranger.body()).contains("Allow cookies");
    assertThat(Http.get(URI.create(page() + "?error=access_denied"), Map.of()).status())
        .isEqualTo(401);
  }

  @Test
  @DisplayName("the code that comes back with the browser gives nobody anything")
  void code_is_for_nobody() {
    serve(false);
    var back = signedIn(desk.browse(desk.browse(page()).location()));
    var stolen =
        Http.post(
            URI.create(issuer + "/token"),
            Form.builder()
                .add("grant_type", "authorization_code")
                .add("code", back.parameter("code"))
                .add("code_verifier", "v".repeat(43))
                .add("client_id", issuer.value())
                .build(),
            Map.of());
    assertThat(stolen.text("error")).isEqualTo("invalid_client");
  }

  @Test
  @DisplayName("nobody else's address gets a code in the name of the page")
  void to_no_other_address() {
    serve(false);
    var sent = desk.browse(page()).location().toString();
    var elsewhere = desk.browse(URI.create(sent.replaceFirst("%2Fconnections", "%2Felsewhere")));
    assertThat(elsewhere.status()).isEqualTo(400);
  }
}
