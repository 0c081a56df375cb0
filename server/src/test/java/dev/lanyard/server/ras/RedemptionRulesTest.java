package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.organisations.Matching;
import dev.lanyard.server.ras.organisations.NameIdRule;
import dev.lanyard.server.ras.organisations.NameIdRule.Means;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.token.IdJagRevision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "RAS-10, RAS-11, RAS-18 to RAS-20: what an organisation and a resource make of an ID-JAG")
class RedemptionRulesTest {
  private static final String SAML = "https://idp.acme.example/saml";

  @TempDir Path folder;

  private Pair pair(NameIdRule rule) {
    var matching = new Matching(Set.of(World.DOMAIN), false, false, Optional.of(rule));
    return Pair.start(Setup.usual(folder).with(matching), folder).withBrokerElsewhere();
  }

  private static NameIdRule rule(Means means, boolean required) {
    return new NameIdRule(
        SAML, Optional.empty(), Optional.of("acme"), Optional.empty(), means, required);
  }

  private static JsonObject.Builder nameId(String issuer, String value) {
    return JsonObject.builder()
        .put("format", "saml-nameid")
        .put("issuer", issuer)
        .put("nameid", value)
        .put("name_qualifier", "acme");
  }

  private static Answer redeemed(Pair pair, Consumer<JsonObject.Builder> change) {
    var assertions = new Assertions(pair, "alice");
    var claims = assertions.claims(World.LINEAR, "issues.read").put("sub", "s-1");
    change.accept(claims);
    return new Desk(pair).redeem(assertions.signed(claims.build()));
  }

  private static void assertNobody(Pair pair, String requirement, Answer answer) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_grant");
    assertThat(pair.audit(answer.text("correlation_id"))).contains(requirement);
  }

  private static JsonObject claims(Answer answer) throws MalformedException {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return UnverifiedJwt.parse(answer.text("access_token")).unverifiedClaims().all();
  }

  @Nested
  @DisplayName("ID-JAG draft-04 §9.5: sub_id.issuer never creates trust")
  class NameIds {
    @Test
    void mean_somebody_only_with_every_member_that_was_agreed_on() throws MalformedException {
      try (var pair = pair(rule(Means.USER_NAME, true))) {
        var alice = pair.person("alice").id().value();
        for (var wrong :
            new JsonObject.Builder[] {
              nameId("https://evil.example/saml", "alice"),
              nameId(SAML, "alice").put("name_qualifier", "globex"),
              nameId(SAML, "alice").put("sp_name_qualifier", "other"),
              nameId(SAML, "nobody"),
              nameId(SAML, "alice").put("format", "opaque").put("id", "alice")
            }) {
          assertNobody(pair, "RAS-10", redeemed(pair, c -> c.put("sub_id", wrong.build())));
        }
        assertNobody(pair, "RAS-10", redeemed(pair, _ -> {}));
        var malformed = JsonObject.builder().put("format", "saml-nameid").build();
        assertNobody(pair, "SEC-1", redeemed(pair, c -> c.put("sub_id", malformed)));
        var good = redeemed(pair, c -> c.put("sub_id", nameId(SAML, "alice").build()));
        assertThat(claims(good).string("sub")).contains(alice);
      }
    }

    @Test
    void that_contradict_sub_mean_nobody() {
      try (var pair = pair(rule(Means.USER_NAME, false))) {
        pair.person("alice");
        pair.person("bob");
        var alice = nameId(SAML, "alice").build();
        assertThat(redeemed(pair, c -> c.put("sub_id", alice)).status()).isEqualTo(200);
        var bob = nameId(SAML, "bob").build();
        assertNobody(pair, "RAS-9", redeemed(pair, c -> c.put("sub_id", bob)));
      }
    }

    @Test
    void that_are_addresses_count_in_domains_that_the_issuer_speaks_for() {
      try (var pair = pair(rule(Means.EMAIL, true))) {
        pair.person("alice");
        var foreign = nameId(SAML, "alice@evil.example").build();
        assertNobody(pair, "RAS-10", redeemed(pair, c -> c.put("sub_id", foreign)));
        var own = nameId(SAML, "alice@" + World.DOMAIN).build();
        assertThat(redeemed(pair, c -> c.put("sub_id", own)).status()).isEqualTo(200);
      }
    }

    @Test
    @DisplayName("SEC-9: that are user names lead to nobody who got the name after somebody else")
    void that_are_names_of_a_former_holder() {
      try (var pair = pair(rule(Means.USER_NAME, true))) {
        var alice = pair.person("alice");
        pair.database.write(connection -> pair.directory.erase(connection, alice.id()));
        pair.directory.refresh(List.of(alice.id()));
        assertThat(pair.person("alice").id()).isNotEqualTo(alice.id());
        var name = nameId(SAML, "alice").build();
        assertNobody(pair, "RAS-10", redeemed(pair, c -> c.put("sub_id", name)));
      }
    }

    @Test
    @DisplayName("SEC-9: that are user names lead to nobody who is called so on a provider's word")
    void that_are_names_which_a_provider_told() {
      try (var pair = pair(rule(Means.USER_NAME, true))) {
        var provider = new Issuer("https://idp.example");
        pair.directory.createLinked(
            NewPerson.named(World.ORGANISATION, "boss"),
            new ExternalSubject(World.ORGANISATION, provider, "mallory"));
        var boss = nameId(SAML, "boss").build();
        assertNobody(pair, "RAS-10", redeemed(pair, c -> c.put("sub_id", boss)));
      }
    }

    @Test
    @DisplayName("SEC-9: that are addresses lead to nobody who never proved to have them")
    void that_are_addresses_of_whom_nobody_has_verified() {
      try (var pair = pair(rule(Means.EMAIL, true))) {
        var address = "ceo@" + World.DOMAIN;
        pair.directory.create(
            new NewPerson(
                World.ORGANISATION, "mallory", Optional.of(address), false, "Mallory", Set.of()));
        var ceo = nameId(SAML, address).build();
        assertNobody(pair, "RAS-10", redeemed(pair, c -> c.put("sub_id", ceo)));
      }
    }

    @Test
    void that_were_given_to_somebody_new_do_not_lead_to_whom_the_issuer_knows_already() {
      for (var means : Means.values()) {
        try (var pair = pair(rule(means, true))) {
          var alice = pair.person("alice");
          var name = means == Means.EMAIL ? alice.email().orElseThrow() : alice.userName();
          var hers = nameId(SAML, name).build();
          assertThat(redeemed(pair, c -> c.put("sub_id", hers)).status()).isEqualTo(200);
          var heir = redeemed(pair, c -> c.put("sub", "s-2").put("sub_id", hers));
          assertNobody(pair, "linked to another sub", heir);
          assertThat(redeemed(pair, c -> c.put("sub_id", hers)).status()).isEqualTo(200);
          var own = alice.id().value();
          var told =
              redeemed(pair, c -> c.put("sub", "s-3").put("sub_id", hers).put("aud_sub", own));
          assertThat(told.status()).as("our own identifier is nobody else's").isEqualTo(200);
        }
      }
    }

    @Test
    void without_a_rule_mean_nothing() {
      try (var pair = Pair.start(Setup.usual(folder), folder)) {
        pair.person("alice");
        var victim = nameId(SAML, "alice").build();
        var answer =
            redeemed(pair, c -> c.put("sub_id", victim).put("email", "x@elsewhere.example"));
        assertNobody(pair, "RAS-9", answer);
      }
    }
  }

  @Nested
  @DisplayName("RAS-11: what was issued before a kill by a clock that is ahead is dead")
  class ClocksAhead {
    private static final Matching BY_ADDRESS = new Matching(Set.of(World.DOMAIN), true, false);

    @Test
    @DisplayName("and a new one counts as soon as it cannot be older than the kill")
    void of_another_issuer() {
      try (var pair =
          Pair.start(Setup.usual(folder).with(BY_ADDRESS), folder).withBrokerElsewhere()) {
        var alice = pair.person("alice");
        var desk = new Desk(pair);
        var before = ahead(pair, 30);
        assertThat(desk.redeem(ahead(pair, 30)).status()).as("tolerated").isEqualTo(200);
        pair.happened(alice, Happening.TOKENS_REVOKED);
        pair.clock.advance(Duration.ofSeconds(30));

        var refused = desk.redeem(before);
        assertNobody(pair, "RAS-11", refused);
        assertThat(pair.audit(refused.text("correlation_id"))).contains("clocks may differ");
        assertNobody(pair, "RAS-11", desk.redeem(ahead(pair, 0)));
        pair.clock.advance(Duration.ofSeconds(1));
        assertThat(desk.redeem(ahead(pair, 0)).status()).isEqualTo(200);
      }
    }

    @Test
    @DisplayName("Our own broker goes by our clock")
    void of_our_own() {
      try (var pair = Pair.start(Setup.usual(folder), folder)) {
        var alice = pair.person("alice", "engineering");
        pair.happened(alice, Happening.TOKENS_REVOKED);
        pair.clock.advance(Duration.ofSeconds(1));
        var desk = new Desk(pair);
        var idJag = desk.exchange(desk.idToken("alice"), World.LINEAR).text("access_token");
        assertThat(desk.redeem(idJag).status()).isEqualTo(200);
      }
    }

    private String ahead(Pair pair, int seconds) {
      var assertions = new Assertions(pair, "alice");
      long issued = pair.clock.instant().getEpochSecond() + seconds;
      return assertions.signed(
          assertions
              .claims(World.LINEAR, "issues.read")
              .put("sub", "s-1")
              .put("iat", issued)
              .put("exp", issued + 300)
              .build());
    }
  }

  @Nested
  @DisplayName("RAS-19: act is neither the client nor the person")
  class Actors {
    private static final String AGENT = "agent-1";

    private Answer acting(Pair pair, String client) {
      var assertions = new Assertions(pair, "alice");
      var claims =
          assertions
              .claims(World.LINEAR, "issues.read")
              .put("client_id", client)
              .put("act", JsonObject.builder().put("sub", AGENT).build());
      return new Desk(pair).redeem(assertions.signed(claims.build()));
    }

    @Test
    void and_goes_nowhere_unless_the_organisation_wants_it() throws MalformedException {
      try (var pair = Pair.start(Setup.usual(folder), folder)) {
        pair.person("alice");
        assertThat(claims(acting(pair, "desk-ras")).has("act")).isFalse();
        var refused = acting(pair, AGENT);
        assertNobody(pair, "RAS-6", refused);
      }
    }

    @Test
    void where_it_wants_it_is_in_the_token_and_the_record() throws MalformedException {
      try (var pair = Pair.start(Setup.usual(folder).carryingActors(), folder)) {
        var alice = pair.person("alice").id().value();
        var claims = claims(acting(pair, "desk-ras"));
        assertThat(claims.object("act").orElseThrow().string("sub")).contains(AGENT);
        assertThat(claims.string("sub")).contains(alice);
        assertThat(claims.string("client_id")).contains("desk-ras");
        assertNobody(pair, "RAS-6", acting(pair, AGENT));
      }
    }
  }

  @Nested
  @DisplayName("RAS-18: a resource that demands a good sign-in")
  class SignIns {
    private static final long NEVER = Long.MIN_VALUE;

    private Answer redeemed(Pair pair, String acr, long secondsAgo) {
      var assertions = new Assertions(pair, "alice");
      var claims = assertions.claims(World.TREASURY, "entries.read");
      if (!acr.isEmpty()) {
        claims.put("acr", acr);
      }
      if (secondsAgo != NEVER) {
        claims.put("auth_time", pair.clock.instant().getEpochSecond() - secondsAgo);
      }
      return new Desk(pair).redeem(assertions.signed(claims.build()));
    }

    @Test
    void gets_it_or_gives_nothing() {
      try (var pair = Pair.start(Setup.usual(folder), folder)) {
        pair.person("alice");
        assertThat(redeemed(pair, "mfa", 60).status()).isEqualTo(200);
        assertThat(redeemed(pair, "phr", 3629).status()).as("the skew").isEqualTo(200);
        assertNobody(pair, "RAS-18", redeemed(pair, "pwd", 60));
        assertNobody(pair, "RAS-18", redeemed(pair, "", 60));
        assertNobody(pair, "RAS-18", redeemed(pair, "mfa", 3632));
        assertNobody(pair, "RAS-18", redeemed(pair, "mfa", NEVER));
        assertThat(redeemed(pair, "mfa", -29).status()).as("the skew").isEqualTo(200);
        assertNobody(pair, "RAS-18", redeemed(pair, "mfa", -60));
      }
    }

    @Test
    @DisplayName("FWD-3, FWD-5: and with the next revision says what is missing")
    void says_what_is_missing_with_the_next_revision() throws MalformedException {
      try (var pair = Pair.start(Setup.usual(folder).by(IdJagRevision.DRAFT_05), folder)) {
        var alice = pair.person("alice", "engineering");
        var answer = redeemed(pair, "pwd", 60);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("error")).isEqualTo("insufficient_user_authentication");
        assertThat(answer.json().integer("max_age")).contains(3600L);
        assertThat(answer.text("acr_values")).isEqualTo("mfa phr");
        var desk = new Desk(pair);
        var idToken = desk.idToken("alice");
        assertThat(desk.exchange(idToken, World.NOTION).text("error")).isEqualTo("access_denied");
        var idJag = desk.exchange(idToken, World.LINEAR).text("access_token");
        pair.happened(alice, Happening.DISABLED);
        assertThat(desk.redeem(idJag).text("error")).isEqualTo("access_denied");
        assertThat(desk.redeem("garbage").text("error")).isEqualTo("invalid_grant");
      }
    }
  }

  @Nested
  @DisplayName("SEC-9: an address that was somebody else's before")
  class RecycledAddresses {
    @Test
    void links_nobody_whoever_has_it_now() {
      var matching = new Matching(Set.of(World.DOMAIN), true, false);
      try (var pair =
          Pair.start(Setup.usual(folder).with(matching), folder).withBrokerElsewhere()) {
        var former = pair.person("alice");
        pair.happened(former, Happening.DELETED);
        var heir =
            new NewPerson(
                World.ORGANISATION,
                "alice-2",
                Optional.of("alice@" + World.DOMAIN),
                "Another Alice",
                Set.of());
        assertThat(pair.directory.create(heir)).isInstanceOf(Linking.Created.class);
        assertNobody(
            pair, "nobody else's", redeemed(pair, c -> c.put("email", "alice@" + World.DOMAIN)));
      }
    }
  }

  @Nested
  @DisplayName("SEC-9: an address that the issuer itself has not verified")
  class UnverifiedAddresses {
    @Test
    void is_nobodys_and_not_kept() {
      var matching = new Matching(Set.of(World.DOMAIN), true, true);
      try (var pair =
          Pair.start(Setup.usual(folder).with(matching), folder).withBrokerElsewhere()) {
        var alice = pair.person("alice").id().value();
        var address = "alice@" + World.DOMAIN;
        for (var unverified :
            List.<Consumer<JsonObject.Builder>>of(
                c -> c.put("sub", "boolean").put("email_verified", false),
                c -> c.put("sub", "text").put("email_verified", "false"),
                c -> c.put("sub", "word").put("email_verified", "no"),
                c -> c.put("sub", "number").put("email_verified", 0))) {
          var answer = redeemed(pair, unverified.andThen(c -> c.put("email", address)));
          assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
        assertThat(pair.directory.all()).hasSize(5);
        assertThat(pair.directory.all()).filteredOn(one -> one.email().isPresent()).hasSize(1);
        var verified = redeemed(pair, c -> c.put("email", address).put("email_verified", true));
        assertThat(
                new Desk(pair)
                    .introspect(verified.text("access_token"), "linear-server")
                    .text("sub"))
            .isEqualTo(alice);
      }
    }
  }

  @Nested
  @DisplayName("A refused redemption leaves nobody behind")
  class Refused {
    @Test
    void neither_a_person_nor_a_link() {
      var matching = new Matching(Set.of(World.DOMAIN), true, true);
      try (var pair =
          Pair.start(Setup.usual(folder).with(matching), folder).withBrokerElsewhere()) {
        var alice = pair.person("alice");
        var address = alice.email().orElseThrow();
        for (var fault :
            List.<Consumer<JsonObject.Builder>>of(
                c -> c.put("resource", "https://ungoverned.example/mcp"),
                c -> c.put("scope", "nothing.here"),
                c -> c.put("resource", World.TREASURY.value()).put("scope", "entries.read"),
                c -> c.put("cnf", JsonObject.builder().put("jkt", "0".repeat(43)).build()))) {
          var stranger =
              redeemed(pair, fault.andThen(c -> c.put("sub", "s-9").put("email", "x@y.z")));
          assertThat(stranger.status()).as(stranger.body()).isEqualTo(400);
          var linkable = redeemed(pair, fault.andThen(c -> c.put("email", address)));
          assertThat(linkable.status()).as(linkable.body()).isEqualTo(400);
        }
        assertThat(pair.directory.all()).containsExactly(alice);
        assertThat(pair.directory.isLinkedTo(alice.id(), pair.broker())).isFalse();
      }
    }

    @Test
    void nor_does_one_of_an_assertion_that_was_used_by_somebody_else() {
      var matching = new Matching(Set.of(World.DOMAIN), false, true);
      try (var pair =
          Pair.start(Setup.usual(folder).with(matching), folder).withBrokerElsewhere()) {
        pair.person("alice");
        Consumer<JsonObject.Builder> one = c -> c.put("jti", "j-1").put("email", "x@else.example");
        assertThat(redeemed(pair, one).status()).isEqualTo(200);
        assertNobody(pair, "RAS-8", redeemed(pair, one.andThen(c -> c.put("sub", "s-2"))));
        assertThat(pair.directory.findByUserName(World.ORGANISATION, "s-2")).isEmpty();
      }
    }

    @Test
    void nor_does_one_whose_provider_was_stopped() {
      var matching = new Matching(Set.of(World.DOMAIN), false, true);
      try (var pair =
          Pair.start(Setup.usual(folder).with(matching), folder).withBrokerElsewhere()) {
        var alice = pair.person("alice");
        pair.revocation.report(
            Source.of(Source.Kind.ADMIN),
            new Subject.Provider(pair.broker()),
            Happening.DISABLED,
            "test",
            "c-1");
        Consumer<JsonObject.Builder> stranger =
            c -> c.put("sub", "s-2").put("email", "x@else.example");
        assertNobody(pair, "RAS-11", redeemed(pair, stranger));
        assertThat(pair.directory.all()).containsExactly(alice);
      }
    }
  }
}
