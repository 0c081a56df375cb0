package dev.lanyard.server.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.BrokerConfig.Lives;
import dev.lanyard.server.broker.CallerTokens;
import dev.lanyard.server.broker.Contact;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.broker.Rulebook;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("GET /setup/…: clients are configured with what policy gives, for who is signed in")
@Tag("thorough")
class SetupEndpointTest {
  private static final String FACTS = "/setup/desk/generic/setup.json";

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;
  private HttpServer http;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    desk = new Desk(pair);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http =
        HttpServer.bind(
            List.of(new Listener("setup", address, Optional.empty())), TestLimits.USUAL);
    http.serve(Map.of("setup", endpoint().routes()));
  }

  @AfterEach
  void stop() {
    http.close();
    pair.close();
  }

  /// Beside the broker of the pair: on its sessions, people, clients and library.
  private SetupEndpoint endpoint() {
    var library = Library.watch(folder.resolve("library"));
    var clients = ClientRegistry.open(folder.resolve("broker-clients.yaml"));
    var broker =
        new Broker(
            new BrokerConfig(
                pair.broker(),
                World.ORGANISATION,
                Lives.DEFAULT,
                BrokerConfig.SignIn.LOCAL,
                Contact.DEFAULT,
                ExchangeConfig.DEFAULT,
                false),
            new Platform(
                pair.database,
                new EgressClient(EgressPolicy.strict()),
                ClockSkew.DEFAULT,
                new Strangers(StrangerLimits.DEFAULT, pair.clock),
                new Tally(new Metrics()),
                pair.clock),
            clients,
            pair.brokerKeys,
            new Broker.People(pair.directory, pair.passwords, CallerTokens.NONE),
            new Rulebook(new Policy(library::current), new Catalog(library::current)),
            pair.revocation);
    var visitors = broker.visitors();
    var admission = broker.admission();
    return new SetupEndpoint(
        (request, client) ->
            visitors
                .of(request, client)
                .map(
                    one -> new SetupEndpoint.Visitor(one.person(), one.session().authentication())),
        clients,
        new Offer(
            pair.broker(),
            WhosePeople.of(World.ORGANISATION),
            library::current,
            _ -> Optional.empty()),
        (request, person, client) -> admission.refusal(request, person, client, "setup"),
        pair.clock);
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + http.port("setup") + path);
  }

  private Answer fetch(String path) {
    return desk.browse(url(path));
  }

  private List<String> connectors(Answer answer) throws MalformedException {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().objects("connectors").orElse(List.of()).stream()
        .map(connector -> connector.text("id").orElseThrow().replace("\"", ""))
        .toList();
  }

  @Test
  void nobody_gets_nothing() {
    assertThat(fetch(FACTS).status()).isEqualTo(401);
    var guessed = Map.of("Cookie", "lanyard-session=" + "A".repeat(43));
    assertThat(Http.get(url(FACTS), guessed).status()).isEqualTo(401);
  }

  @Test
  void each_person_gets_their_own() throws MalformedException {
    pair.person("alice", "engineering");
    pair.person("eve", "sales");

    desk.signedIn("alice", "openid");
    assertThat(connectors(fetch(FACTS))).containsExactly("linear", "vault");

    desk = new Desk(pair);
    desk.signedIn("eve", "openid");
    assertThat(connectors(fetch(FACTS))).containsExactly("notion");
  }

  @Test
  void what_is_offered_is_given_and_what_is_not_would_be_refused() throws MalformedException {
    pair.person("alice", "engineering");
    var idToken = desk.idToken("alice");

    for (var connector : fetch(FACTS).json().objects("connectors").orElseThrow()) {
      var url = new ResourceIndicator(connector.string("url").orElseThrow());
      var answer = desk.exchange(idToken, url);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.text("scope")).isEqualTo(connector.string("scope").orElseThrow());
    }
    assertThat(desk.exchange(idToken, World.NOTION).status()).isEqualTo(400);
  }

  @Test
  void whoever_is_disabled_gets_nothing_at_once() {
    var alice = pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");

    pair.revocation.report(
        Source.of(Source.Kind.ADMIN),
        new Subject.Person(alice.id()),
        Happening.DISABLED,
        "left",
        "test");

    assertThat(fetch(FACTS).status()).isEqualTo(401);
  }

  @Test
  void a_session_that_is_over_is_none() {
    pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");

    pair.clock.advance(Duration.ofHours(12));

    assertThat(fetch(FACTS).status()).isEqualTo(401);
  }

  @Test
  void groups_count_as_they_are_now() throws MalformedException {
    var alice = pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");

    pair.putGroups(alice, "sales");

    assertThat(connectors(fetch(FACTS))).containsExactly("notion");
  }

  @Test
  void nothing_is_kept_by_anybody() {
    pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");

    var answer = fetch(FACTS);

    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.header("Content-Disposition"))
        .contains("attachment; filename=\"setup.json\"");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void no_secret_is_inside() {
    pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");

    for (var path :
        List.of(
            FACTS,
            "/setup/desk/claude-code/setup.sh",
            "/setup/desk/claude-code/.mcp.json",
            "/setup/desk/vscode/mcp.json",
            "/setup/desk/vscode/policy.json")) {
      var answer = fetch(path);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.body()).doesNotContain(World.clientSecret().reveal());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/setup/nobody/generic/setup.json",
        "/setup/desk/emacs/setup.json",
        "/setup/desk/generic/..%2Fsecrets",
        "/setup/desk/generic/mcp.json",
        "/setup/narrow/generic/setup.json"
      })
  void what_there_is_not_is_not_found(String path) {
    pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");

    assertThat(fetch(path).status()).isBetween(400, 404);
  }

  @Test
  void a_client_without_a_name_at_the_server_is_no_use_and_that_is_recorded() {
    pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");

    var answer = fetch("/setup/unmapped/generic/setup.json");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("error")).isEqualTo("no_connector");
    assertThat(pair.audit(answer.text("correlation_id")))
        .contains("setup refused", "\"reason\":\"client-not-registered-there\"");
  }

  @Test
  void who_has_lost_every_role_reads_why_and_gets_no_empty_file() {
    var alice = pair.person("alice", "engineering");
    desk.signedIn("alice", "openid");
    pair.putGroups(alice);

    var forScripts = fetch(FACTS);
    var page = Http.get(url(FACTS), browser("text/html,application/xhtml+xml"));

    assertThat(forScripts.text("error")).isEqualTo("no_connector");
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.header("Content-Disposition")).isEmpty();
    assertThat(page.body())
        .contains("Signed in as <b>alice</b>")
        .contains("None of your roles gives you a connector.")
        .doesNotContain("Back to");

    pair.putGroups(alice, "sales");
    assertThat(fetch(FACTS).status()).isEqualTo(200);
  }

  private Map<String, String> browser(String accept) {
    var session = "lanyard-session=" + desk.cookies().get("lanyard-session");
    return Map.of("Cookie", session, "Accept", accept);
  }
}
