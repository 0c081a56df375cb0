package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.ras.administration.EnrolmentConfig;
import dev.lanyard.server.ras.organisations.Organisations;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.sessions.OpaqueTokenStore;
import dev.lanyard.server.sessions.StatusEntryStore;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A probe calls the real connector with a dead token, and says what it met")
class KillProbeTest {
  @TempDir Path folder;
  private final ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
  private final AtomicInteger status = new AtomicInteger(401);
  private HttpServer connector;
  private Pair pair;
  private ResourceIndicator resource;
  private Person alice;

  @BeforeEach
  void start() throws IOException {
    connector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    connector.createContext(
        "/mcp",
        exchange -> {
          tokens.add(exchange.getRequestHeaders().getFirst("Authorization").substring(7));
          exchange
              .getResponseHeaders()
              .add("WWW-Authenticate", "Bearer error=\"invalid_token\", resource_metadata=\"x\"");
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    connector.start();
    resource =
        new ResourceIndicator("http://127.0.0.1:" + connector.getAddress().getPort() + "/mcp");
    pair = Pair.start(Setup.usual(folder), folder);
    alice = pair.person("alice", "engineering");
  }

  @AfterEach
  void stop() {
    pair.close();
    connector.stop(0);
  }

  private List<ProbeResult> probe(boolean isProbed, Denied dead) {
    return probe(isProbed, RasConfig.TokenForm.JWT, dead);
  }

  private RasConfig config(boolean isProbed, RasConfig.TokenForm form) {
    return new RasConfig(
        pair.ras(),
        RasConfig.DEFAULT_ACCESS_TOKEN_LIFE,
        List.of(
            new RasConfig.Resource(
                resource,
                "Real",
                Scopes.of("a"),
                false,
                isProbed,
                form,
                AuthenticationRequirement.NONE,
                Map.of(),
                Map.of())),
        List.of(),
        EnrolmentConfig.OFF,
        Optional.empty());
  }

  private List<Held> held(RasConfig.TokenForm form, Denied dead) {
    var clients = ClientRegistry.open(folder.resolve("ras-clients.yaml"));
    return new HeldConnectors(
            config(true, form),
            new Holders(pair.database, pair.ras()),
            clients::all,
            _ -> List.of())
        .by(List.of(dead), pair.clock.instant());
  }

  private List<ProbeResult> probe(boolean isProbed, RasConfig.TokenForm form, Denied dead) {
    var config = config(isProbed, form);
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var platform =
        new Platform(
            pair.database,
            egress,
            ClockSkew.DEFAULT,
            new Strangers(StrangerLimits.DEFAULT, pair.clock),
            new Tally(new Metrics()),
            pair.clock);
    var forms =
        new TokenForms(
            pair.rasKeys,
            new OpaqueTokenStore(pair.database, pair.ras()),
            new StatusPlaces(pair.ras()),
            new StatusEntryStore(pair.database, pair.ras()));
    var live =
        new RasTokens(
            config,
            pair.rasKeys,
            forms,
            pair.directory,
            pair.revocation,
            new RasTokens.Rights(
                new Agents(
                    new Policy(pair.library::current),
                    ClientRegistry.open(folder.resolve("ras-clients.yaml")),
                    pair.ras()),
                new ConsentPolicy(Organisations.open(List.of(), platform))),
            platform);
    return new KillProbe(
            config, live, egress, new Holders(pair.database, pair.ras()), _ -> List.of())
        .probe(dead, pair.clock.instant(), pair.clock.instant());
  }

  private void hold() {
    pair.database.write(connection -> {
      try (var insert =
          connection.prepareStatement(
              "INSERT INTO ras_grant (id, organisation, issuer, assertion_id, person, client,"
                  + " resources, scopes, issued_at, expires_at) VALUES ('g', 'acme', ?, 'a', ?,"
                  + " 'desk-ras', ?, 'a', 0, ?)")) {
        insert.setString(1, pair.broker().value());
        insert.setString(2, alice.id().value());
        insert.setString(3, resource.value());
        insert.setLong(4, pair.clock.instant().plusSeconds(600).toEpochMilli());
        return insert.executeUpdate();
      }
    });
  }

  private Optional<ProbeResult> http(List<ProbeResult> results) {
    return results.stream().filter(one -> one.by().equals("http")).findFirst();
  }

  @Test
  void the_answer_of_the_connector_is_told() throws Exception {
    hold();
    pair.happened(alice, Happening.DISABLED);
    var dead = Denied.person(alice.id().value());
    assertThat(http(probe(true, dead)).orElseThrow())
        .matches(one -> one.outcome() == ProbeResult.Outcome.REFUSED)
        .matches(one -> one.answer().equals("401 invalid_token"));
    status.set(200);
    assertThat(http(probe(true, dead)).orElseThrow().outcome())
        .as("a connector that takes it")
        .isEqualTo(ProbeResult.Outcome.NOT_REFUSED);
    status.set(403);
    assertThat(http(probe(true, dead)).orElseThrow().outcome())
        .isEqualTo(ProbeResult.Outcome.NOT_REFUSED);
    status.set(404);
    assertThat(http(probe(true, dead)).orElseThrow().outcome())
        .isEqualTo(ProbeResult.Outcome.UNKNOWN);

    var claims = UnverifiedJwt.parse(tokens.peek()).unverifiedClaims().all();
    assertThat(claims.string("scope")).as("it opens nothing").isEmpty();
    assertThat(claims.string("aud")).contains(resource.value());
  }

  @Test
  @DisplayName(
      "TSL-5: a server that has a status list of before the kill has failed at nothing yet")
  void status_list() {
    hold();
    pair.happened(alice, Happening.DISABLED);
    status.set(200);
    var listed = new RasConfig.TokenForm(RasConfig.TokenForm.Format.JWT, true);
    assertThat(http(probe(true, listed, Denied.person(alice.id().value()))).orElseThrow())
        .matches(one -> one.outcome() == ProbeResult.Outcome.UNKNOWN)
        .matches(one -> one.answer().contains("a status list of before the kill"));
  }

  @Test
  @DisplayName("what was held where, until when, and how its server hears of a kill")
  void what_was_held() {
    var dead = Denied.person(alice.id().value());
    assertThat(held(RasConfig.TokenForm.JWT, dead)).as("nothing").isEmpty();
    hold();
    assertThat(held(RasConfig.TokenForm.JWT, dead))
        .containsExactly(
            new Held(
                resource.value(),
                Optional.empty(),
                Set.of(),
                pair.clock.instant().plusSeconds(600)));
    assertThat(held(RasConfig.TokenForm.OPAQUE, dead).getFirst().bound().orElseThrow().within())
        .isZero();
    var listed = new RasConfig.TokenForm(RasConfig.TokenForm.Format.JWT, true);
    assertThat(held(listed, dead).getFirst().bound().orElseThrow().within())
        .isGreaterThan(StatusListEndpoint.BOUND);
    assertThat(held(RasConfig.TokenForm.JWT, Denied.grant("g"))).hasSize(1);
    assertThat(held(RasConfig.TokenForm.JWT, Denied.session("none"))).isEmpty();
    assertThat(held(RasConfig.TokenForm.JWT, Denied.token("anywhere")).getFirst().until())
        .isEqualTo(pair.clock.instant().plus(RasConfig.LONGEST_ACCESS_TOKEN_LIFE));
    assertThat(held(RasConfig.TokenForm.JWT, Denied.client(pair.ras(), new ClientId("agent-ras"))))
        .as("an agent's tokens are in no record of grants")
        .hasSize(1);
    assertThat(held(RasConfig.TokenForm.JWT, Denied.client(pair.ras(), new ClientId("studio"))))
        .isEmpty();
  }

  @Test
  @DisplayName("TOK-9: where tokens are opaque the probe has an opaque one, which the record knows")
  void opaque() {
    hold();
    var dead = Denied.person(alice.id().value());
    var alive = probe(true, RasConfig.TokenForm.OPAQUE, dead);
    assertThat(alive)
        .singleElement()
        .matches(one -> one.outcome() == ProbeResult.Outcome.NOT_REFUSED);
    pair.happened(alice, Happening.DISABLED);
    var results = probe(true, RasConfig.TokenForm.OPAQUE, dead);
    assertThat(results).hasSize(2).allMatch(one -> one.outcome() == ProbeResult.Outcome.REFUSED);
    assertThat(tokens).singleElement().matches(token -> !token.contains("."));
  }

  @Test
  @DisplayName(
      "SEC: a token that is alive here never leaves: the receipt says that it was not refused")
  void a_live_token_does_not_leave() {
    hold();
    var results = probe(true, Denied.person(alice.id().value()));
    assertThat(results)
        .singleElement()
        .matches(one -> one.by().equals("introspection"))
        .matches(one -> one.outcome() == ProbeResult.Outcome.NOT_REFUSED);
    assertThat(tokens).isEmpty();
  }

  @Test
  @DisplayName("who held nothing there is not named to it; nor is anybody where it is switched off")
  void not_called() {
    assertThat(probe(true, Denied.person(alice.id().value())))
        .as("what our own decision refuses, it refuses because of the kill")
        .singleElement()
        .matches(one -> one.outcome() == ProbeResult.Outcome.NOT_REFUSED);
    pair.happened(alice, Happening.DISABLED);
    assertThat(http(probe(true, Denied.person(alice.id().value())))).isEmpty();
    hold();
    assertThat(http(probe(false, Denied.person(alice.id().value())))).isEmpty();
    assertThat(tokens).isEmpty();
  }
}
