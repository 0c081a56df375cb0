package dev.lanyard.server.ras.enrolment;

import static dev.lanyard.server.pair.Reception.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AC-16: organisations that enrolled say whether their people consent by themselves")
class EnrolledFlowsTest {
  private static final String NAME = "initech";
  private static final String SCOPE = "issues.read issues.write";

  @TempDir Path folder;
  private Pair pair;
  private EnrolmentOffice office;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    office =
        Reception.office(pair, EgressPolicy.strict(), domain -> URI.create("https://" + domain));
    pair.personOf(World.GUESTS, "peter", "peter@initech.example");
    pair.personOf(World.GUESTS, "bert", "bert@bücher.example");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void invite(Set<String> named, Set<String> vouched) {
    office
        .invitations()
        .invite(
            new Invitation(
                NAME,
                domains(named),
                domains(vouched),
                OrganisationRules.NONE,
                Invitation.DEFAULT_LIFE),
            OPERATOR);
    pair.awaitChanges();
  }

  private static Set<DomainName> domains(Set<String> names) {
    return names.stream().map(DomainName::parse).collect(Collectors.toSet());
  }

  private void rule(String rules) throws MalformedException {
    var parsed = OrganisationRules.parse(JsonObject.parse(rules));
    assertThat(office.custody().change(NAME, Revision.of(_ -> parsed), OPERATOR))
        .isInstanceOf(EnrolmentResult.Done.class);
    pair.awaitChanges();
  }

  private String limits() {
    return office.custody().find(NAME).orElseThrow().rules().version();
  }

  private Answer question(String userName) {
    var visit = Visit.studio(pair);
    return visit.question(userName, visit.authorization(World.LINEAR, SCOPE).build());
  }

  private static void assertTurnedAway(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("Your organisation decides this");
  }

  @Test
  @DisplayName("nobody's people are locked out by a domain that somebody only says is theirs")
  void an_unproved_domain_is_nobodys() {
    invite(Set.of("initech.example"), Set.of());
    assertThat(question("peter").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("in a domain that is theirs they decide, however its letters are written")
  void a_proved_domain_is_theirs() {
    invite(Set.of(), Set.of("initech.example", "xn--bcher-kva.example"));
    assertTurnedAway(question("peter"));
    assertTurnedAway(question("bert"));
  }

  @Test
  void both_lets_them_within_the_ceiling_and_the_clients() throws MalformedException {
    invite(Set.of(), Set.of("initech.example"));
    rule("{\"flows\":\"both\",\"scopes\":\"issues.read\",\"clients\":[\"studio\"]}");
    var visit = Visit.studio(pair);
    var page = visit.question("peter", visit.authorization(World.LINEAR, SCOPE).build());
    assertThat(page.body()).contains("See issues").doesNotContain("Change issues");
    var code = visit.decide(page, "allow").parameter("code");
    var tokens = visit.token(visit.codeRequest(code).build());
    assertThat(tokens.text("scope")).isEqualTo("issues.read");
    var other = Visit.once(pair);
    assertTurnedAway(other.question("peter", other.authorization(World.LINEAR, SCOPE).build()));
    var none = Visit.studio(pair);
    assertTurnedAway(
        none.question("peter", none.authorization(World.LINEAR, "issues.write").build()));

    // More than they were asked for they do not get by a higher ceiling.
    rule("{\"flows\":\"both\"}");
    var renewed = visit.token(Visit.refresh(tokens.text("refresh_token")).build());
    assertThat(renewed.text("scope")).isEqualTo("issues.read");
  }

  @Test
  void a_lower_ceiling_counts_at_the_next_renewal() throws MalformedException {
    invite(Set.of(), Set.of("initech.example"));
    rule("{\"flows\":\"both\"}");
    var visit = Visit.studio(pair);
    var tokens = visit.tokens("peter", World.LINEAR, SCOPE);
    rule("{\"flows\":\"both\",\"scopes\":\"issues.read\"}");
    var renewed = visit.token(Visit.refresh(tokens.text("refresh_token")).build());
    assertThat(renewed.text("scope")).isEqualTo("issues.read");
    rule("{\"flows\":\"both\",\"scopes\":\"pages.read\"}");
    assertThat(visit.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
        .isEqualTo("invalid_scope");
  }

  @Test
  @DisplayName("when it says ema-only, is suspended or removed, what was given counts no more")
  void what_is_taken_back() throws MalformedException {
    invite(Set.of(), Set.of("initech.example"));
    rule("{\"flows\":\"both\"}");
    var visit = Visit.studio(pair);
    var tokens = visit.tokens("peter", World.LINEAR, SCOPE);
    var refresh = Visit.refresh(tokens.text("refresh_token")).build();
    rule("{}");
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
    assertThat(visit.token(refresh).text("error")).isEqualTo("invalid_grant");
    rule("{\"flows\":\"both\"}");
    var _ = office.custody().suspend(NAME, "a test", OPERATOR);
    pair.awaitChanges();
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
    assertThat(visit.token(refresh).text("error")).isEqualTo("invalid_grant");
    assertTurnedAway(visit.authorize(visit.authorization(World.LINEAR, SCOPE).build()));
    assertThat(pair.reconcileConsents()).isEqualTo(1);
    var _ = office.custody().resume(NAME, OPERATOR);
    pair.awaitChanges();
    assertThat(visit.token(refresh).text("error")).as("dead stays dead").isEqualTo("invalid_grant");
  }

  @Test
  @DisplayName("what its administrator takes back ends as what the operator takes back")
  void by_its_administrator() {
    invite(Set.of(), Set.of("initech.example"));
    var administrator = new By("administrator of initech", "test");
    var _ = office.custody().let(NAME, Flows.BOTH, limits(), administrator);
    pair.awaitChanges();
    var visit = Visit.studio(pair);
    var tokens = visit.tokens("peter", World.LINEAR, SCOPE);
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
    var _ = office.custody().let(NAME, Flows.EMA_ONLY, limits(), administrator);
    pair.awaitChanges();
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
    assertThat(pair.reconcileConsents()).isEqualTo(1);
  }

  @Test
  void a_rule_that_is_none_is_refused() {
    assertThatThrownBy(() -> rule("{\"flows\":\"sometimes\"}"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("ema-only or both");
  }
}
