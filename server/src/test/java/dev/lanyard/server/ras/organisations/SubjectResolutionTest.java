package dev.lanyard.server.ras.organisations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.sessions.OpaqueToken;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RAS-9: whom an ID-JAG means")
class SubjectResolutionTest {
  @TempDir Path folder;

  private Pair pair(boolean linkByEmail, boolean createPeople) {
    var matching = new Matching(Set.of(World.DOMAIN), linkByEmail, createPeople);
    return Pair.start(Setup.usual(folder).with(matching), folder).withBrokerElsewhere();
  }

  private static Answer redeemed(Pair pair, JsonObject who) {
    long now = pair.clock.instant().getEpochSecond();
    var claims =
        JsonObject.builder()
            .put("iss", pair.broker().value())
            .put("aud", pair.ras().value())
            .put("client_id", "desk-ras")
            .put("jti", OpaqueToken.identifier())
            .put("iat", now)
            .put("exp", now + 300)
            .put("resource", World.LINEAR.value())
            .put("scope", "issues.read")
            .build()
            .with(who);
    var key = pair.brokerKeys.active(Purpose.ID_JAG);
    return new Desk(pair).redeem(new JwtSigner(key, IdJag.TYPE).sign(claims));
  }

  private static JsonObject.Builder sub(String subject) {
    return JsonObject.builder().put("sub", subject);
  }

  private static String subjectOf(Pair pair, Answer redeemed) {
    assertThat(redeemed.status()).as(redeemed.body()).isEqualTo(200);
    return new Desk(pair).introspect(redeemed.text("access_token"), "linear-server").text("sub");
  }

  private static void assertNobody(Pair pair, Answer answer, String check) {
    assertThat(answer.text("error")).isEqualTo("invalid_grant");
    assertThat(pair.audit(answer.text("correlation_id"))).contains("\"check\":\"" + check + "\"");
  }

  @Test
  @DisplayName("nobody is created whose name would steer a terminal")
  void control_characters() {
    try (var pair = pair(false, true)) {
      for (var subject : List.of("a\u001b[31m", "a\nb", "a\u009b31m")) {
        assertNobody(pair, redeemed(pair, sub(subject).build()), "sub");
      }
    }
  }

  @Test
  void an_address_of_a_domain_that_the_issuer_speaks_for_links_once_and_for_all() {
    try (var pair = pair(true, false)) {
      var alice = pair.person("alice").id().value();
      var address = sub("s-1").put("email", "alice@" + World.DOMAIN).build();
      assertThat(subjectOf(pair, redeemed(pair, address))).isEqualTo(alice);
      assertThat(subjectOf(pair, redeemed(pair, sub("s-1").build()))).isEqualTo(alice);
    }
  }

  @Test
  void an_address_that_is_given_to_somebody_new_does_not_lead_to_its_former_owner() {
    try (var pair = pair(true, true)) {
      pair.person("alice");
      var address = "alice@" + World.DOMAIN;
      redeemed(pair, sub("s-1").put("email", address).build());
      var second = redeemed(pair, sub("s-2").put("email", address).build());
      assertNobody(pair, second, "email");
    }
  }

  /// Somebody whom a provider calls so without having verified it.
  private static Person claiming(Pair pair, String userName, String email) {
    var person =
        new NewPerson(World.ORGANISATION, userName, Optional.of(email), false, userName, Set.of());
    return ((Linking.Created) pair.directory.create(person)).person();
  }

  @Test
  @DisplayName(
      "SEC-9: who called themselves by an address beforehand does not get its owner's link")
  void an_address_that_was_never_verified_here_means_nobody() {
    try (var pair = pair(true, true)) {
      var address = "ceo@" + World.DOMAIN;
      claiming(pair, "mallory", address);
      var ceo = sub("s-ceo").put("email", address).build();
      assertNobody(pair, redeemed(pair, ceo), "email");
      assertThat(pair.directory.calledOutside("s-ceo")).isEmpty();

      var real = pair.personOf(World.ORGANISATION, "ceo", address);
      assertThat(subjectOf(pair, redeemed(pair, ceo)))
          .as("a claim beside it does not keep the owner out")
          .isEqualTo(real.id().value());
    }
  }

  @Test
  @DisplayName("whom a broker of this directory means by our own id is that person all the same")
  void an_address_that_was_never_verified_with_our_own_id() {
    try (var pair = pair(true, true)) {
      var address = "zoe@" + World.DOMAIN;
      var zoe = claiming(pair, "zoe", address).id().value();
      assertThat(subjectOf(pair, redeemed(pair, sub(zoe).put("email", address).build())))
          .isEqualTo(zoe);
    }
  }

  @Test
  void an_address_of_another_domain_means_nobody() {
    try (var pair = pair(true, false)) {
      pair.person("alice");
      var answer = redeemed(pair, sub("s-1").put("email", "alice@evil.example").build());
      assertNobody(pair, answer, "sub");
    }
  }

  @Test
  void a_stranger_is_created_where_that_is_wanted_and_without_an_address_of_another_domain() {
    try (var pair = pair(true, true)) {
      var stranger = sub("s-9").put("email", "victim@bank.example").build();
      var person = subjectOf(pair, redeemed(pair, stranger));
      assertThat(subjectOf(pair, redeemed(pair, stranger))).isEqualTo(person);
      assertThat(pair.directory.all()).hasSize(1);
      assertThat(pair.directory.all().getFirst().email()).isEmpty();
    }
  }

  @Test
  void our_own_identifier_leads_to_the_person_and_a_contradiction_to_nobody() {
    try (var pair = pair(true, false)) {
      var alice = pair.person("alice").id().value();
      var bob = pair.person("bob").id().value();
      assertThat(subjectOf(pair, redeemed(pair, sub("s-1").put("aud_sub", alice).build())))
          .isEqualTo(alice);
      assertNobody(pair, redeemed(pair, sub("s-1").put("aud_sub", bob).build()), "aud_sub");
    }
  }
}
