package dev.lanyard.server.ras.organisations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.ClaimNames;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.broker.AudienceProfile;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.ReconciliationReport.Fault;
import dev.lanyard.server.revocation.ReconciliationReport.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Decision 143: whom our own broker means is that very person, and a kill reaches them")
class OwnPeopleTest {
  private static final String ELSEWHERE = "carol@elsewhere.example";

  @TempDir Path folder;
  @TempDir Path upstreamFolder;
  private final List<Pair> open = new ArrayList<>();
  private Pair pair;

  enum On {
    SQLITE,
    POSTGRES;

    DatabaseConfig in(Path folder) {
      return this == SQLITE ? TestDatabases.sqlite(folder) : TestDatabases.postgres();
    }
  }

  @AfterEach
  void stop() {
    open.reversed().forEach(Pair::close);
  }

  private void start(On database) {
    start(database, BrokerConfig.SignIn.LOCAL, _ -> ExchangeConfig.DEFAULT);
  }

  /// As `init` sets it up: links by an address of the domain, creates people.
  private void start(
      On database, BrokerConfig.SignIn signIn, Function<Issuer, ExchangeConfig> exchange) {
    var people = new Matching(Set.of(World.DOMAIN), true, true);
    pair =
        opened(
            Pair.start(
                Setup.on(database.in(folder), folder).with(people).with(signIn), folder, exchange));
  }

  private Pair opened(Pair one) {
    open.add(one);
    return one;
  }

  /// Somebody whose address is of no domain of the organisation.
  private Person carol() {
    return pair.personOf(World.ORGANISATION, "carol", ELSEWHERE, "engineering");
  }

  private static String subject(Desk desk, String token) {
    return desk.introspect(token, "linear-server").text("sub");
  }

  private static boolean lives(Pair at, String token) {
    return new Desk(at).introspect(token, "linear-server").body().contains("\"active\":true");
  }

  /// What an earlier release made of whom the broker means.
  private PersonId second(String token) {
    return new PersonId(subject(new Desk(pair), token));
  }

  /// A token as an earlier release gave it.
  private String tokenOfSecond() {
    pair.withBrokerElsewhere();
    var token = new Desk(pair).accessToken("carol", World.LINEAR);
    assertThat(second(token)).isNotEqualTo(carol().id());
    pair.withBrokerHere();
    return token;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("of whatever address, and at every node")
  void a_kill(On database) {
    start(database);
    var carol = carol();
    var desk = new Desk(pair);
    var idToken = desk.idToken("carol");
    var token = desk.redeem(desk.exchange(idToken, World.LINEAR).text("access_token"));
    var before = desk.exchange(idToken, World.LINEAR).text("access_token");
    var access = token.text("access_token");
    assertThat(subject(desk, access)).isEqualTo(carol.id().value());
    assertThat(pair.directory.all()).as("nobody was made beside them").hasSize(1);
    var nodes = new ArrayList<>(List.of(pair));
    if (database == On.POSTGRES) {
      nodes.add(opened(Pair.start(pair.setup().beside(pair), folder.resolve("other"))));
    }

    pair.happened(carol, Happening.DISABLED);
    for (var node : nodes) {
      node.awaitChanges();
      assertThat(lives(node, access)).isFalse();
      assertThat(new Desk(node).redeem(before).text("error")).isEqualTo("invalid_grant");
    }
    assertThat(pair.reconciliation.run().findings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void who_loses_a_group_loses_what_it_gave(On database) {
    start(database);
    var carol = carol();
    var token = new Desk(pair).accessToken("carol", World.LINEAR);
    assertThat(lives(pair, token)).isTrue();
    pair.saidGroups(carol, Optional.empty(), "sales");
    assertThat(lives(pair, token)).isFalse();
  }

  /// As it is when an exception ends, or a version of the library takes something away.
  @Test
  void who_loses_by_policy_loses_it() throws IOException {
    start(On.SQLITE);
    var carol = carol();
    var token = new Desk(pair).accessToken("carol", World.LINEAR);
    var roles = folder.resolve("library").resolve("roles.yaml");
    var text = Files.readString(roles);
    Files.writeString(roles, text.replace("groups: [engineering]", "groups: [others]"));
    var _ = pair.library.poll();
    var _ = pair.library.poll();
    pair.policyTakesFrom(carol.id());
    assertThat(lives(pair, token)).isFalse();
  }

  @Test
  @DisplayName("HTTP: who comes from a provider upstream, without an address")
  void from_upstream() throws MalformedException {
    var upstream = opened(Pair.start(Setup.usual(upstreamFolder), upstreamFolder));
    upstream.person("zoe");
    World.welcoming(folder);
    var provider =
        World.welcomed(
            new UpstreamConfig(
                "idp",
                "A provider",
                upstream.broker(),
                new ClientId("broker-idp"),
                World.clientSecret(),
                Scopes.of("profile"),
                UpstreamConfig.ALGORITHMS,
                ClaimNames.STANDARD));
    start(
        On.SQLITE, new BrokerConfig.SignIn(false, List.of(provider)), _ -> ExchangeConfig.DEFAULT);
    var desk = new Desk(pair);
    var toProvider = desk.signInAt("idp", desk.authorization("openid email")).location();
    var there = new Desk(upstream);
    var page = there.browse(toProvider);
    var form =
        there.signInForm(
            page, Form.parse(toProvider.getRawQuery(), Set.of()), "zoe", World.passwordOf("zoe"));
    var back = desk.browse(there.submit(upstream.brokerUrl("/login"), form).location());
    var idToken = desk.token(desk.codeRequest(back.parameter("code")).build()).text("id_token");
    var token =
        desk.redeem(desk.exchange(idToken, World.NOTION).text("access_token")).text("access_token");
    var zoe = pair.directory.findByUserName(World.ORGANISATION, "zoe").orElseThrow();
    assertThat(zoe.email()).isEmpty();
    assertThat(desk.introspect(token, "notion-server").text("sub")).isEqualTo(zoe.id().value());

    pair.happened(zoe, Happening.DISABLED);
    assertThat(desk.introspect(token, "notion-server").body()).contains("\"active\":false");
    assertThat(pair.directory.all()).hasSize(1);
  }

  @Test
  void by_a_pairwise_name_as_well() {
    start(
        On.SQLITE,
        BrokerConfig.SignIn.LOCAL,
        ras ->
            new ExchangeConfig(
                List.of(
                    new AudienceProfile(
                        ras,
                        Optional.of("one.example"),
                        AudienceProfile.Claim.PAIRWISE,
                        Optional.empty(),
                        AudienceProfile.Tenants.NONE,
                        Optional.empty(),
                        Optional.empty())),
                List.of(),
                Optional.empty()));
    carol();
    var former = tokenOfSecond();
    var token = new Desk(pair).accessToken("carol", World.LINEAR);
    assertThat(second(token)).isEqualTo(carol().id());
    pair.happened(carol(), Happening.TOKENS_REVOKED);
    assertThat(lives(pair, token)).isFalse();
    assertThat(lives(pair, former)).isFalse();
  }

  @Test
  void whom_the_broker_cannot_mean_is_nobody_and_is_not_created() {
    start(On.SQLITE);
    var assertions = new Assertions(pair, "alice");
    var guest = pair.guest("gina").id().value();
    for (var subject : List.of("s-1", "x".repeat(70), "a b", guest)) {
      var claims = assertions.claims(World.LINEAR, "issues.read").put("sub", subject).build();
      var answer = new Desk(pair).redeem(assertions.signed(claims));
      assertThat(answer.text("error")).isEqualTo("invalid_grant");
    }
    assertThat(pair.directory.all()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Happening.class,
      names = {
        "DISABLED",
        "DELETED",
        "TOKENS_REVOKED",
        "SESSIONS_REVOKED",
        "GROUPS_CHANGED",
        "POLICY_CHANGED",
        "RISK_RAISED"
      })
  @DisplayName("an earlier release: a kill reaches whoever was made beside the person, too")
  void second_people(Happening what) {
    start(On.SQLITE);
    var carol = carol();
    var token = tokenOfSecond();
    var second = second(token);
    pair.happened(carol, what);
    assertThat(lives(pair, token)).isFalse();
    assertThat(pair.directory.person(second).orElseThrow().active()).isTrue();
    if (what.effects().contains(Effect.DENY_ALL)) {
      assertThat(probed(pair, carol)).doesNotContain(ProbeResult.Outcome.NOT_REFUSED);
    }
  }

  private static List<ProbeResult.Outcome> probed(Pair pair, Person person) {
    var now = pair.clock.instant();
    return pair.probe(Denied.person(person.id().value()), now, now).stream()
        .map(ProbeResult::outcome)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what an earlier release has killed: the probe does not say refused while it lives")
  void a_probe(On database) {
    start(database);
    var carol = carol();
    tokenOfSecond();
    pair.withBrokerElsewhere().happened(carol, Happening.DISABLED);
    assertThat(probed(pair.withBrokerHere(), carol)).contains(ProbeResult.Outcome.NOT_REFUSED);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("an upgrade: nothing of theirs lives, and they are one person from then on")
  void united(On database) {
    start(database);
    var carol = carol();
    var former = tokenOfSecond();
    var second = second(former);
    var found = pair.reconciliation.run().findings();
    assertThat(found)
        .contains(new Finding(Fault.SECOND_PERSON, second.value(), carol.id().value()));
    assertThat(lives(pair, former)).isFalse();
    assertThat(pair.directory.person(second).orElseThrow().active()).isFalse();
    pair.clock.advance(Duration.ofSeconds(2));
    var token = new Desk(pair).accessToken("carol", World.LINEAR);
    assertThat(second(token)).isEqualTo(carol.id());
    assertThat(pair.reconciliation.run().findings()).isEmpty();
    assertThat(second(new Desk(pair.withBrokerElsewhere()).accessToken("carol", World.LINEAR)))
        .as("a node of the earlier release")
        .isEqualTo(carol.id());
  }

  @Test
  void reconciliation_finds_the_token_where_only_the_sign_in_says_whose_it_is() {
    start(On.SQLITE);
    carol();
    var token = tokenOfSecond();
    var second = second(token);
    var _ =
        pair.database.write(connection ->
            new Statements(connection)
                .update("DELETE FROM person_link WHERE person = ?", second.value()));
    pair.directory.refresh(List.of(second));
    assertThat(pair.reconciliation.run().findings())
        .extracting(Finding::fault)
        .contains(Fault.GRANT_OF_SECOND_PERSON);
    assertThat(lives(pair, token)).isFalse();
  }

  @Test
  @DisplayName("who is known to another issuer as well goes on with what they have from it")
  void meant_by_others() {
    start(On.SQLITE);
    var carol = carol();
    var token = tokenOfSecond();
    var second = second(token);
    var foreign = new ExternalSubject(World.ORGANISATION, new Issuer("https://f.example"), "c");
    pair.directory.link(second, foreign);
    pair.reconciliation.unite();
    assertThat(lives(pair, token)).isFalse();
    assertThat(pair.directory.person(second).orElseThrow().active()).isTrue();
    assertThat(pair.directory.findLinked(foreign).map(Person::id)).contains(second);
    assertThat(pair.directory.own().first(pair.directory.own().broker().orElseThrow(), second))
        .isEmpty();
    assertThat(carol.active()).isTrue();
  }

  @Test
  @DisplayName(
      "a second person whom somebody has switched off: the first gets nothing there either")
  void switched_off() {
    start(On.SQLITE);
    carol();
    var second = second(tokenOfSecond());
    pair.happened(pair.directory.person(second).orElseThrow(), Happening.DISABLED);
    pair.reconciliation.unite();
    pair.clock.advance(Duration.ofSeconds(2));
    assertThat(redeemed().status()).isEqualTo(400);
    pair.happened(pair.directory.person(second).orElseThrow(), Happening.ENABLED);
    pair.reconciliation.unite();
    pair.clock.advance(Duration.ofSeconds(2));
    assertThat(redeemed().status()).isEqualTo(200);
  }

  @Test
  @DisplayName("by issuer and subject our own broker means the person, also before any redemption")
  void by_issuer_and_subject() {
    start(On.SQLITE);
    var carol = carol();
    var id = carol.id().value();
    var foreign = new Issuer("https://f.example");
    assertThat(linked(World.ORGANISATION, pair.broker(), id)).contains(carol);
    assertThat(linked("other", pair.broker(), id)).isEmpty();
    assertThat(linked(World.ORGANISATION, foreign, id))
        .as("an issuer outside cannot name people of ours")
        .isEmpty();
  }

  private Optional<Person> linked(String organisation, Issuer issuer, String subject) {
    return pair.directory.findLinked(new ExternalSubject(organisation, issuer, subject));
  }

  private Answer redeemed() {
    var desk = new Desk(pair);
    return desk.redeem(desk.idJag("carol", World.LINEAR));
  }
}
