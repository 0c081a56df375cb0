package dev.lanyard.server.ras.enrolment;

import static dev.lanyard.server.pair.Reception.OPERATOR;
import static dev.lanyard.server.pair.Reception.done;
import static dev.lanyard.server.pair.Reception.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.NameIdRule;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import dev.lanyard.server.ras.organisations.Preset;
import dev.lanyard.server.ras.organisations.Proof;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RAS-22: a customer organisation enrols by invitation, with proof of its issuer")
class EnrolmentTest {
  private static final String NAME = "initech";
  private static final String NAME_ID =
      "{\"issuer\":\"https://saml.initech.example\",\"means\":\"user_name\"";
  private static final String DOMAIN = "initech.example";
  private static final String RULES_OPEN = "{\"create_people\":true}";

  @TempDir Path folder;
  private Pair pair;
  private Customer customer;
  private Reception reception;
  private EnrolmentOffice office;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    customer = Customer.start(pair.clock);
    reception = Reception.of(pair, customer);
    office = reception.office();
  }

  @AfterEach
  void stop() {
    customer.close();
    pair.close();
  }

  private Secret invited(String name, String... domains) {
    return reception.invited(name, domains);
  }

  private Coded invite(String name) {
    return reception.invite(name, Set.of(), Set.of());
  }

  private void assertRefused(EnrolmentResult result, String code) {
    reception.assertRefused(result, code);
  }

  private EnrolledOrganisation claimed() {
    return done(office.issuers().claim(NAME, Preset.OTHER, customer.issuer(), OPERATOR));
  }

  private void publishProof(EnrolledOrganisation organisation) {
    customer.answers(
        office.issuers().challenge(organisation.issuer(customer.issuer()).orElseThrow()));
  }

  /// From nothing to an issuer that waits for its first assertion, proved by its own document.
  private void pending(String rules) {
    invited(NAME);
    reception.claimed(NAME);
    done(reception.provedByDocument(NAME));
    done(reception.switchedOn(NAME, rules));
  }

  private void active() {
    reception.activated(NAME, RULES_OPEN);
  }

  private Answer redeemed(String subject) {
    return reception.redeemed(subject);
  }

  private Answer redeemed(JsonObject.Builder claims) {
    return reception.redeemed(claims);
  }

  private String state() {
    return office.custody().find(NAME).orElseThrow().state(pair.clock.instant());
  }

  private void assertNothing(Answer answer, String inTheRecord) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_grant");
    assertThat(pair.audit(answer.text("correlation_id"))).contains(inTheRecord);
  }

  private boolean lives(Answer answer) {
    return reception.lives(answer);
  }

  @Test
  void step_by_step_nothing_is_trusted_before_it_is_proved_and_switched_on() {
    invited(NAME);
    assertThat(state()).isEqualTo("invited");
    var organisation = claimed();
    assertNothing(redeemed("early"), "of initech, which is invited");
    assertRefused(office.issuers().proveByDocument(NAME, customer.issuer(), OPERATOR), "no_proof");
    assertRefused(reception.switchedOn(NAME, "{}"), "not_proven");
    publishProof(organisation);
    done(office.issuers().proveByDocument(NAME, customer.issuer(), OPERATOR));
    assertThat(state()).isEqualTo("proven");
    assertNothing(redeemed("early"), "which is proven");
    done(reception.switchedOn(NAME, RULES_OPEN));
    assertThat(state()).isEqualTo("pending");
    var first = redeemed("first");
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    assertThat(state()).isEqualTo("active");
    assertThat(new AuditLog(pair.database).query(AuditQuery.newest(20)))
        .anyMatch(one -> one.event().type().equals("organisation.active"));
  }

  @Nested
  @DisplayName("RAS-10, RAS-19: subjects by another name, and who acts for them")
  class Subjects {
    private static JsonObject nameId(String issuer) {
      return JsonObject.builder()
          .put("format", "saml-nameid")
          .put("issuer", issuer)
          .put("nameid", "ana")
          .build();
    }

    @Test
    void are_found_by_a_name_of_the_tied_provider_alone_and_the_actor_is_passed_on()
        throws MalformedException {
      pending("{\"carry_actor\":true,\"name_id\":" + NAME_ID + ",\"required\":true}}");
      var created =
          pair.directory.create(new NewPerson(NAME, "ana", Optional.empty(), "Ana", Set.of()));
      assertThat(created).isInstanceOf(Linking.Created.class);
      assertNothing(redeemed("s-1"), "RAS-10");
      var untied = customer.claims(pair, "s-1").put("sub_id", nameId("https://evil.example"));
      assertNothing(redeemed(untied), "RAS-10");
      var tied =
          customer
              .claims(pair, "s-1")
              .put("sub_id", nameId("https://saml.initech.example"))
              .put("act", JsonObject.builder().put("sub", "agent-1").build());
      var answer = redeemed(tied);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      var token = UnverifiedJwt.parse(answer.text("access_token")).unverifiedClaims().all();
      assertThat(token.string("sub")).contains(((Linking.Created) created).person().id().value());
      assertThat(token.object("act").orElseThrow().string("sub")).contains("agent-1");

      // Whoever came by a name loses it with the rule.
      done(reception.changed(NAME, "{}"));
      assertThat(lives(answer)).isFalse();
    }

    @Test
    void are_no_addresses_where_no_domain_is_proved() {
      invited(NAME);
      reception.claimed(NAME);
      done(reception.provedByDocument(NAME));
      var byAddress = "{\"name_id\":{\"issuer\":\"s\",\"means\":\"email\"}}";
      assertRefused(reception.switchedOn(NAME, byAddress), "no_domain");
    }

    @Test
    void are_kept_as_they_are_said_and_nothing_else_is_said() throws MalformedException {
      var rules =
          rules(
              "{\"carry_actor\":true,\"name_id\":"
                  + NAME_ID
                  + ",\"format\":\"f\",\"name_qualifier\":\"q\",\"sp_name_qualifier\":\"p\"}}");
      assertThat(IssuerRules.parse(rules.toJson())).isEqualTo(rules);
      assertThat(rules("{}").toJson().names()).doesNotContain("name_id", "carry_actor");
      for (var bad :
          new String[] {
            NAME_ID + ",\"requierd\":true}",
            "{\"means\":\"email\"}",
            "{\"issuer\":\"s\",\"means\":\"nickname\"}",
            "{\"issuer\":\"\",\"means\":\"email\"}"
          }) {
        assertThatThrownBy(() -> IssuerRules.parse(JsonObject.parse("{\"name_id\":" + bad + "}")))
            .as(bad)
            .isInstanceOf(MalformedException.class);
      }
    }

    @Test
    void what_is_taken_away_by_another_rule() {
      var none = rules("{}");
      var some = rules("{\"name_id\":" + NAME_ID + "}}");
      var strict = rules("{\"name_id\":" + NAME_ID + ",\"required\":true}}");
      assertThat(some.allowMoreThan(none)).isTrue();
      assertThat(some.allowMoreThan(strict)).isTrue();
      assertThat(none.allowMoreThan(strict)).isTrue();
      assertThat(none.allowMoreThan(some)).isFalse();
      assertThat(rules("{\"carry_actor\":true}").allowMoreThan(none)).isTrue();
      assertThat(none.allowMoreThan(rules("{\"carry_actor\":true}"))).isFalse();
    }
  }

  @Nested
  @DisplayName("Decision 0114: no change takes another one back")
  class Changes {
    private IssuerRules rulesNow() {
      return reception.issuer(NAME).rules();
    }

    private static IssuerRules refusing(IssuerRules known, String key) {
      var keys = Stream.concat(known.keys().refused().stream(), Stream.of(key)).sorted().toList();
      var more = JsonObject.builder().put("refused_keys", keys).build();
      return rules(known.toJson().with(more).toJson());
    }

    private EnrolmentResult refuse(Issuer issuer, String key) {
      Revision<IssuerRules> revision = Revision.of(known -> refusing(known, key));
      return office.issuers().change(NAME, issuer, revision, OPERATOR);
    }

    @Test
    void of_an_issuer_that_was_made_at_once() throws InterruptedException {
      pending(RULES_OPEN);
      var next = new AtomicInteger();
      AtOnce.run(
          8,
          () -> {
            var key = "key-" + next.getAndIncrement();
            done(refuse(customer.issuer(), key));
          });
      assertThat(rulesNow().keys().refused()).hasSize(8);
      assertThat(rulesNow().createPeople()).isTrue();
    }

    @Test
    void of_an_issuer_that_was_made_since_it_was_read() {
      pending(RULES_OPEN);
      var seen = rulesNow().version();
      done(refuse(customer.issuer(), "stolen"));
      var late = Revision.ofSeen(seen, (IssuerRules _) -> rules("{\"carry_actor\":true}"));
      assertRefused(office.issuers().change(NAME, customer.issuer(), late, OPERATOR), "overtaken");
      assertThat(rulesNow().keys().refused()).containsExactly("stolen");
      var timely =
          Revision.ofSeen(rulesNow().version(), (IssuerRules _) -> rules("{\"carry_actor\":true}"));
      assertThat(done(office.issuers().change(NAME, customer.issuer(), timely, OPERATOR)))
          .isNotNull();
    }

    @Test
    void of_an_issuer_that_was_made_while_its_proof_was_looked_for() {
      try (var slow = Customer.start(pair.clock)) {
        var reception =
            Reception.of(
                pair,
                slow,
                domain -> {
                  done(refuse(slow.issuer(), "stolen"));
                  return slow.documentOf(domain);
                });
        var _ = reception.invited(NAME, DOMAIN);
        reception.claimed(NAME);
        done(reception.provedByDomain(NAME, DOMAIN));
        assertThat(reception.issuer(NAME).rules().keys().refused()).containsExactly("stolen");
      }
    }

    @Test
    void of_the_limits() {
      invited(NAME);
      var seen = office.custody().find(NAME).orElseThrow().rules().version();
      var limit = OrganisationRules.NONE.with(Flows.BOTH);
      done(office.custody().change(NAME, Revision.of(_ -> limit), OPERATOR));
      assertRefused(office.custody().let(NAME, Flows.EMA_ONLY, seen, OPERATOR), "overtaken");
      assertRefused(
          office
              .custody()
              .change(NAME, Revision.ofSeen(seen, (OrganisationRules rules) -> rules), OPERATOR),
          "overtaken");
      assertRefused(office.custody().let(NAME, Flows.BOTH, "", OPERATOR), "overtaken");
    }
  }

  @Nested
  @DisplayName("A code")
  class InvitationCodes {
    private static final Predicate<String> EACH = _ -> true;

    private void assertTurnedAway(Secret code, String why, Optional<String> whose) {
      assertThat(office.invitations().enter(code, OPERATOR, EACH)).isEmpty();
      var recorded = new AuditLog(pair.database).query(AuditQuery.newest(1)).getFirst().event();
      assertThat(recorded.type()).isEqualTo("organisation.entered");
      assertThat(recorded.outcome().value()).isEqualTo("refused");
      assertThat(recorded.organisation()).isEqualTo(whose);
      assertThat(recorded.evidence().toJson())
          .contains("\"problem\":\"" + why + "\"")
          .doesNotContain(code.reveal());
    }

    @Test
    @DisplayName("that let nobody in are in the record with whose they were: they may be stolen")
    void that_let_nobody_in_are_recorded() {
      var used = invited(NAME);
      assertThat(office.invitations().enter(used, OPERATOR, EACH)).isPresent();
      assertTurnedAway(used, "used", Optional.of(NAME));
      var withdrawn = Reception.made(office.invitations().link(NAME, OPERATOR));
      var late = Reception.made(office.invitations().link(NAME, OPERATOR));
      assertTurnedAway(withdrawn, "withdrawn", Optional.of(NAME));
      assertTurnedAway(new Secret("lanyard_invitation_guess"), "unknown_code", Optional.empty());
      pair.clock.advance(Duration.ofDays(1));
      assertTurnedAway(late, "expired", Optional.of(NAME));
      var suspended = Reception.made(office.invitations().link(NAME, OPERATOR));
      done(office.custody().suspend(NAME, "a test", OPERATOR));
      assertTurnedAway(suspended, "withdrawn", Optional.of(NAME));
      assertThat(office.invitations().visitor(suspended)).isEmpty();
    }

    @Test
    @DisplayName("of strangers leave no record of their own where there were too many")
    void are_recorded_within_the_budget_of_strangers() {
      invited(NAME);
      var before = new AuditLog(pair.database).query(AuditQuery.newest(1)).getFirst();
      var asked = new ArrayList<String>();
      var guess = new Secret("lanyard_invitation_guess");
      assertThat(office.invitations().enter(guess, OPERATOR, event -> !asked.add(event))).isEmpty();
      assertThat(asked).containsExactly("organisation.entered");
      assertThat(new AuditLog(pair.database).query(AuditQuery.newest(1)).getFirst())
          .isEqualTo(before);
    }

    @Test
    void let_one_browser_in_once() {
      var code = invited(NAME);
      var visit = office.invitations().enter(code, OPERATOR, EACH).orElseThrow();
      assertThat(visit.organisation()).isEqualTo(NAME);
      assertThat(office.invitations().visitor(visit.cookie())).isPresent();
      assertThat(office.invitations().enter(code, OPERATOR, EACH)).isEmpty();
      assertThat(office.invitations().visitor(new Secret("x"))).isEmpty();
      pair.clock.advance(Duration.ofHours(1));
      assertThat(office.invitations().visitor(visit.cookie())).isEmpty();
    }

    @Test
    void are_over_in_time_and_when_another_is_made() {
      var first = invited(NAME);
      var second = Reception.made(office.invitations().link(NAME, OPERATOR));
      assertThat(office.invitations().enter(first, OPERATOR, EACH)).isEmpty();
      pair.clock.advance(Duration.ofDays(8));
      assertThat(office.invitations().enter(second, OPERATOR, EACH)).isEmpty();
      assertThat(state()).isEqualTo("expired");
      assertThat(invite(NAME)).isInstanceOf(Coded.Made.class);
    }

    @Test
    void are_for_names_that_nobody_has() {
      assertThat(invite(World.ORGANISATION)).isInstanceOf(Coded.Refused.class);
      var recorded = new AuditLog(pair.database).query(AuditQuery.newest(1)).getFirst().event();
      assertThat(recorded.type()).isEqualTo("organisation.invited");
      assertThat(recorded.evidence().toJson()).contains("name_taken");
      active();
      assertThat(invite(NAME)).isInstanceOf(Coded.Refused.class);
      done(office.custody().remove(NAME, OPERATOR));
      assertThat(invite(NAME)).as("people are kept under it").isInstanceOf(Coded.Refused.class);
    }
  }

  @Nested
  @DisplayName("Decision 0022: what proves an issuer")
  class Proofs {
    @Test
    void a_domain_that_names_the_issuer_with_an_assertion_about_an_address_of_it() {
      invited(NAME, DOMAIN);
      var organisation = claimed();
      var issuer = organisation.issuer(customer.issuer()).orElseThrow();
      assertRefused(
          office.issuers().proveByDomain(NAME, issuer.issuer(), "other.example", OPERATOR),
          "unknown_domain");
      customer.answers(DOMAIN, office.issuers().challenge(issuer));
      done(office.issuers().proveByDomain(NAME, issuer.issuer(), DOMAIN, OPERATOR));
      done(reception.switchedOn(NAME, RULES_OPEN));
      assertNothing(redeemed("s-1"), "RAS-22");
      assertNothing(
          redeemed(customer.claims(pair, "s-1").put("email", "a@other.example")), "RAS-22");
      assertThat(pair.directory.all()).as("nobody was created").isEmpty();
      assertThat(state()).isEqualTo("pending");
      var good = redeemed(customer.claims(pair, "s-1").put("email", "ana@" + DOMAIN));
      assertThat(good.status()).as(good.body()).isEqualTo(200);
      pair.awaitChanges();
      assertThat(redeemed("s-2").status()).as("once is enough").isEqualTo(200);
    }

    @Test
    void an_id_jag_for_this_server_with_the_value() {
      invited(NAME);
      var issuer = claimed().issuer(customer.issuer()).orElseThrow();
      var good = customer.claims(pair, "admin").put("nonce", issuer.challenge()).build();
      for (var wrong :
          new String[] {
            customer.signed(customer.claims(pair, "admin").build()),
            customer.signed(
                customer
                    .claims(pair, "admin")
                    .put("nonce", issuer.challenge())
                    .put("aud", "https://elsewhere.example")
                    .build()),
            customer.signed(good, Pair.strangersKey()),
            new JwtSigner(customer.key(), "JWT").sign(good),
            "nothing"
          }) {
        assertRefused(
            office.issuers().proveByAssertion(NAME, issuer.issuer(), wrong, OPERATOR), "no_proof");
      }
      done(
          office
              .issuers()
              .proveByAssertion(NAME, issuer.issuer(), customer.signed(good), OPERATOR));
      assertRefused(
          office.issuers().proveByAssertion(NAME, issuer.issuer(), customer.signed(good), OPERATOR),
          "not_claimed");
    }

    @Test
    void whoever_proves_the_issuer_itself_has_the_better_right_than_a_domain() {
      invited(NAME, DOMAIN);
      var squatted = claimed().issuer(customer.issuer()).orElseThrow();
      customer.answers(DOMAIN, office.issuers().challenge(squatted));
      done(office.issuers().proveByDomain(NAME, squatted.issuer(), DOMAIN, OPERATOR));
      done(reception.switchedOn(NAME, RULES_OPEN));
      invited("rightful");
      var claim =
          done(office.issuers().claim("rightful", Preset.OTHER, customer.issuer(), OPERATOR));
      publishProof(claim);
      done(office.issuers().proveByDocument("rightful", customer.issuer(), OPERATOR));
      assertNothing(redeemed(customer.claims(pair, "s-1").put("email", "ana@" + DOMAIN)), "RAS-4");
    }

    @Test
    @DisplayName("RAS-4: and an issuer that is another organisation's is not to be had")
    void two_organisations_cannot_have_one_issuer() {
      active();
      invited("rival");
      var claim = done(office.issuers().claim("rival", Preset.OTHER, customer.issuer(), OPERATOR));
      publishProof(claim);
      assertRefused(
          office.issuers().proveByDocument("rival", customer.issuer(), OPERATOR), "issuer_taken");
      assertRefused(
          office.issuers().claim("rival", Preset.OTHER, pair.broker(), OPERATOR), "issuer_taken");
      assertRefused(
          office.issuers().claim("rival", Preset.OTHER, pair.ras(), OPERATOR), "issuer_taken");
    }

    @Test
    void a_claim_that_came_to_nothing_holds_nobody_up() {
      pending(RULES_OPEN);
      pair.clock.advance(Duration.ofDays(15));
      assertNothing(redeemed("late"), "RAS-22");
      office.custody().expire(OPERATOR);
      assertThat(state()).isEqualTo("expired");
      invited("rival");
      publishProof(
          done(office.issuers().claim("rival", Preset.OTHER, customer.issuer(), OPERATOR)));
      done(office.issuers().proveByDocument("rival", customer.issuer(), OPERATOR));
    }
  }

  @Nested
  @DisplayName("SEC-6: what an issuer publishes")
  class Published {
    @Test
    void inside_the_network_is_not_looked_at() {
      office = Reception.office(pair, EgressPolicy.strict(), customer::documentOf);
      invited(NAME);
      for (var inside :
          new String[] {
            customer.issuer().value(),
            "https://169.254.169.254",
            "https://10.0.0.1/x",
            "https://[::1]"
          }) {
        assertRefused(
            office.issuers().claim(NAME, Preset.OTHER, new Issuer(inside), OPERATOR), "not_found");
      }
    }

    @Test
    void may_not_lead_inside_the_network() {
      invited(NAME);
      customer.keysAt("https://169.254.169.254/keys");
      assertRefused(
          office.issuers().claim(NAME, Preset.OTHER, customer.issuer(), OPERATOR), "not_found");
    }

    @Test
    void is_bounded() {
      invited(NAME);
      customer.publish(
          Stream.generate(() -> SigningKey.generate(SigningAlgorithm.ES256))
              .limit(65)
              .toArray(SigningKey[]::new));
      assertRefused(
          office.issuers().claim(NAME, Preset.OTHER, customer.issuer(), OPERATOR), "not_found");
      var narrow = EgressPolicy.strict().exposingLoopback().limitedTo(Duration.ofSeconds(2), 300);
      office = Reception.office(pair, narrow, customer::documentOf);
      assertRefused(
          office.issuers().claim(NAME, Preset.OTHER, customer.issuer(), OPERATOR), "not_found");
    }

    @Test
    @DisplayName("INT-1: has the form of its kind")
    void has_the_form_of_its_kind() {
      invited(NAME);
      assertRefused(
          office
              .issuers()
              .claim(
                  NAME, Preset.OKTA, new Issuer("https://acme.okta.com/oauth2/default"), OPERATOR),
          "wrong_form");
      assertRefused(
          office
              .issuers()
              .claim(NAME, Preset.CLAUDE, new Issuer("https://identity.anthropic.com"), OPERATOR),
          "wrong_form");
    }
  }

  @Nested
  @DisplayName("A key in wrong hands")
  class Keys {
    @Test
    void counts_no_more_once_it_is_refused_and_what_it_gave_is_dead() {
      active();
      var before = redeemed("s-1");
      assertThat(lives(before)).isTrue();
      var compromised = customer.key().publicKey().thumbprint();
      done(
          reception.changed(
              NAME, "{\"create_people\":true,\"refused_keys\":[\"" + compromised + "\"]}"));
      assertThat(lives(before)).isFalse();
      pair.clock.advance(Duration.ofSeconds(2));
      assertNothing(redeemed("s-1"), "signature");
    }

    private static final By ADMINISTRATOR = new By("administrator of " + NAME, "test");

    private EnrolmentResult refuse(By by, String... keys) {
      var refused = JsonObject.builder().put("refused_keys", List.of(keys)).build();
      return office
          .issuers()
          .change(
              NAME,
              customer.issuer(),
              Revision.of(
                  known -> IssuerRules.parse(known.toJson().without("refused_keys").with(refused))),
              by);
    }

    private static Set<String> refused(EnrolledOrganisation organisation, Issuer issuer) {
      return organisation.issuer(issuer).orElseThrow().rules().keys().refused();
    }

    @Test
    void stays_refused_when_its_issuer_is_named_anew() {
      invited(NAME);
      claimed();
      done(refuse(ADMINISTRATOR, "stolen"));
      assertThat(refused(claimed(), customer.issuer())).containsExactly("stolen");
    }

    @Test
    void stays_refused_when_its_issuer_was_removed_and_until_it_counts_again() {
      active();
      done(refuse(ADMINISTRATOR, "stolen"));
      done(office.issuers().removeIssuer(NAME, customer.issuer(), ADMINISTRATOR));
      assertThat(refused(claimed(), customer.issuer())).containsExactly("stolen");

      done(refuse(ADMINISTRATOR));
      done(office.issuers().removeIssuer(NAME, customer.issuer(), ADMINISTRATOR));
      assertThat(refused(claimed(), customer.issuer())).isEmpty();
    }

    @Test
    void stays_refused_when_the_time_of_its_issuer_was_up() {
      pending(RULES_OPEN);
      done(refuse(ADMINISTRATOR, "stolen"));
      pair.clock.advance(Duration.ofDays(15));
      office.custody().expire(OPERATOR);
      assertThat(office.custody().find(NAME).orElseThrow().issuers()).isEmpty();
      assertThat(refused(claimed(), customer.issuer())).containsExactly("stolen");
    }

    @Test
    void that_the_operator_has_refused_counts_for_no_organisation() {
      invited("early");
      var _ = done(office.issuers().claim("early", Preset.OTHER, customer.issuer(), OPERATOR));
      active();
      var compromised = customer.key().publicKey().thumbprint();
      done(refuse(OPERATOR, compromised));
      done(refuse(ADMINISTRATOR, compromised, "own"));
      assertRefused(refuse(ADMINISTRATOR, "own"), "refused_by_operator");
      done(office.custody().remove(NAME, OPERATOR));

      invited("late");
      assertThat(
              refused(
                  done(office.issuers().claim("late", Preset.OTHER, customer.issuer(), OPERATOR)),
                  customer.issuer()))
          .as("what an organisation has refused is its own")
          .containsExactly(compromised);
      publishProof(office.custody().find("early").orElseThrow());
      assertThat(
              refused(
                  done(office.issuers().proveByDocument("early", customer.issuer(), OPERATOR)),
                  customer.issuer()))
          .as("it was named before")
          .containsExactly(compromised);
    }

    @Test
    void counts_again_when_the_operator_lets_it() {
      active();
      done(refuse(OPERATOR, "stolen"));
      done(refuse(OPERATOR));
      done(office.issuers().removeIssuer(NAME, customer.issuer(), OPERATOR));
      assertThat(refused(claimed(), customer.issuer())).isEmpty();
    }

    @Test
    void is_not_taken_over_where_keys_are_pinned() {
      active();
      var good = customer.key().publicKey().thumbprint();
      done(reception.changed(NAME, "{\"create_people\":true,\"pinned_keys\":[\"" + good + "\"]}"));
      var intruder = SigningKey.generate(SigningAlgorithm.ES256);
      customer.publish(intruder, customer.key());
      pair.clock.advance(Duration.ofMinutes(11));
      var forged = customer.signed(customer.claims(pair, "s-1").build(), intruder);
      assertThat(new Desk(pair).redeem(forged).text("error")).isEqualTo("invalid_grant");
      assertThat(redeemed("s-1").status()).isEqualTo(200);
    }
  }

  @Nested
  @DisplayName("What the operator has said of an issuer's NameIDs")
  class NameIds {
    private static final By ADMINISTRATOR = new By("administrator of " + NAME, "test");
    private static final String REQUIRED = "{\"name_id\":" + NAME_ID + ",\"required\":true}}";
    private static final Optional<NameIdRule> RULE = rules(REQUIRED).nameId();

    @Test
    void holds_when_the_organisation_has_removed_the_issuer_and_names_it_anew() {
      pending(REQUIRED);
      done(office.issuers().removeIssuer(NAME, customer.issuer(), ADMINISTRATOR));
      assertThat(rule(claimed())).isEqualTo(RULE);
      assertThat(rule(claimed())).as("again, before it is proved").isEqualTo(RULE);
    }

    @Test
    void holds_when_the_time_of_the_issuer_was_up() {
      pending(REQUIRED);
      pair.clock.advance(Duration.ofDays(15));
      office.custody().expire(OPERATOR);
      assertThat(rule(claimed())).isEqualTo(RULE);
    }

    @Test
    void is_over_when_the_operator_says_so() {
      pending(REQUIRED);
      done(office.issuers().removeIssuer(NAME, customer.issuer(), ADMINISTRATOR));
      var _ = claimed();
      done(reception.changed(NAME, "{}"));
      done(office.issuers().removeIssuer(NAME, customer.issuer(), ADMINISTRATOR));
      assertThat(rule(claimed())).isEmpty();
    }

    @Test
    void is_of_this_organisation_alone_and_ends_with_it() {
      pending(REQUIRED);
      done(office.custody().remove(NAME, OPERATOR));
      invited("other");
      var other = done(office.issuers().claim("other", Preset.OTHER, customer.issuer(), OPERATOR));
      assertThat(rule(other)).isEmpty();
      assertThat(
              pair.database.<List<String>>read(connection ->
                  new Statements(connection)
                      .list("SELECT rule FROM organisation_name_id", row -> row.getString(1))))
          .isEmpty();
    }

    private Optional<NameIdRule> rule(EnrolledOrganisation organisation) {
      return organisation.issuer(customer.issuer()).orElseThrow().rules().nameId();
    }
  }

  @Nested
  @DisplayName("GTR-8: Calls for a revocation by the issuer")
  class Calls {
    private int called(String subject) {
      var now = pair.clock.instant();
      var endpoint = URI.create(pair.ras() + "/global-token-revocation");
      var id = "call-" + new SecureRandom().nextLong();
      var claims =
          new RevocationCaller(customer.issuer(), "our-app", id, now.plusSeconds(300))
              .claimsFor(endpoint, now);
      var name = new SubjectIdentifier.IssuerSubject(customer.issuer().value(), subject);
      return Http.post(
              pair.rasUrl("/global-token-revocation"),
              "application/json",
              "{\"sub_id\":" + name.toJson().toJson() + "}",
              Map.of(
                  "Authorization",
                  "Bearer " + new JwtSigner(customer.key(), RevocationCaller.TYPE).sign(claims)))
          .status();
    }

    private void let(String rules) {
      done(reception.changed(NAME, rules));
    }

    @Test
    void are_taken_only_while_its_customer_lets_it() {
      pending("{\"create_people\":true,\"revocation_caller\":\"our-app\"}");
      assertThat(called("s-1")).as("it waits for its first assertion").isEqualTo(401);
      var token = redeemed("s-1");
      let(RULES_OPEN);
      pair.clock.advance(Duration.ofSeconds(2));
      assertThat(called("s-1")).as("by default").isEqualTo(401);
      let("{\"create_people\":true,\"revocation_caller\":\"another-app\"}");
      assertThat(called("s-1")).as("another application").isEqualTo(401);
      assertThat(lives(token)).isTrue();

      let("{\"create_people\":true,\"revocation_caller\":\"our-app\"}");
      assertThat(called("s-1")).isEqualTo(204);
      assertThat(lives(token)).isFalse();

      done(office.custody().suspend(NAME, "a test", OPERATOR));
      assertThat(called("s-1")).as("suspended").isEqualTo(401);
    }

    @Test
    void cannot_be_where_nobody_knows_whose_subject_is_meant() {
      assertThatThrownBy(() ->
              IssuerRules.parse(
                  JsonObject.parse("{\"tenant\":\"t\",\"revocation_caller\":\"our-app\"}")))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("revocation_caller");
    }
  }

  @Nested
  @DisplayName("What is taken away")
  class TakenAway {
    @Test
    void dies_with_a_suspension_and_stays_dead() {
      active();
      var token = redeemed("s-1");
      done(office.custody().suspend(NAME, "a test", OPERATOR));
      assertThat(lives(token)).isFalse();
      assertNothing(redeemed("s-1"), "which is suspended");
      pair.clock.advance(Duration.ofSeconds(31));
      done(office.custody().resume(NAME, OPERATOR));
      assertThat(lives(token)).isFalse();
      assertThat(redeemed("s-1").status()).isEqualTo(200);
    }

    @Test
    void dies_with_a_removal() {
      active();
      var token = redeemed("s-1");
      done(office.custody().remove(NAME, OPERATOR));
      assertThat(lives(token)).isFalse();
      assertNothing(redeemed("s-1"), "RAS-4");
      assertThat(office.custody().find(NAME)).isEmpty();
    }

    @Test
    @DisplayName("RAS-13: dies with a lower ceiling, below which new tokens stay")
    void dies_with_a_lower_ceiling() {
      active();
      var token = redeemed(customer.claims(pair, "s-1").put("scope", "issues.read issues.write"));
      assertThat(token.text("scope")).isEqualTo("issues.read issues.write");
      var limit =
          new OrganisationRules(
              Optional.empty(),
              Optional.empty(),
              Optional.of(Scopes.of("issues.read")),
              Flows.EMA_ONLY);
      done(office.custody().change(NAME, Revision.of(_ -> limit), OPERATOR));
      assertThat(lives(token)).isFalse();
      pair.clock.advance(Duration.ofSeconds(31));
      var narrower =
          redeemed(customer.claims(pair, "s-1").put("scope", "issues.read issues.write"));
      assertThat(narrower.text("scope")).isEqualTo("issues.read");
      assertThat(lives(narrower)).isTrue();
      done(office.custody().change(NAME, Revision.of(_ -> OrganisationRules.NONE), OPERATOR));
      assertThat(lives(narrower)).as("more is no reason to take anything").isTrue();
    }
  }

  @Nested
  @DisplayName("SEC-9: mail domains")
  class Domains {
    @Test
    void identify_nobody_before_they_are_proved() {
      invited(NAME, DOMAIN);
      reception.claimed(NAME);
      done(reception.provedByDocument(NAME));
      var byEmail = "{\"link_by_email\":true}";
      assertRefused(reception.switchedOn(NAME, byEmail), "no_domain");
      assertRefused(office.domains().prove(NAME, DOMAIN, OPERATOR), "no_proof");
      var domain = office.custody().find(NAME).orElseThrow().domain(DOMAIN).orElseThrow();
      customer.answers(DOMAIN, office.issuers().challenge(domain));
      done(office.domains().prove(NAME, DOMAIN, OPERATOR));
      done(reception.switchedOn(NAME, byEmail));
      var ana = new NewPerson(NAME, "ana", Optional.of("ana@" + DOMAIN), "Ana", Set.of());
      assertThat(pair.directory.create(ana)).isInstanceOf(Linking.Created.class);
      assertThat(redeemed(customer.claims(pair, "s-1").put("email", "ana@" + DOMAIN)).status())
          .isEqualTo(200);
      assertNothing(
          redeemed(customer.claims(pair, "s-2").put("email", "bob@other.example")), "RAS-9");
    }

    @Test
    void that_are_proved_are_one_organisations_and_so_is_what_looks_like_them() {
      invited(NAME);
      var word = Optional.of(Proof.OPERATOR);
      done(office.domains().add(NAME, DOMAIN, word, OPERATOR));
      invited("rival");
      for (var alike : new String[] {DOMAIN, "INITECH.example", "initecհ.example"}) {
        var result = office.domains().add("rival", alike, Optional.empty(), OPERATOR);
        assertThat(result).as(alike).isInstanceOf(EnrolmentResult.Refused.class);
      }
      // The first is in the configuration, and the second looks like it.
      for (var configured : new String[] {World.DOMAIN, "acrne.example"}) {
        assertRefused(
            office.domains().add("rival", configured, Optional.empty(), OPERATOR), "domain_taken");
      }
      done(office.domains().add("rival", "modern.example", word, OPERATOR));
      assertRefused(
          office.domains().add(NAME, "rnodern.example", Optional.empty(), OPERATOR),
          "domain_taken");
      done(office.domains().add("rival", "rival.example", Optional.empty(), OPERATOR));
    }
  }
}
