package dev.lanyard.server.app.command.organisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Preset;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.ras.organisations.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard organisation issuer: each option, as the help lists them")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrganisationIssuerCommandTest {
  private static final Issuer ISSUER = new Issuer("https://idp.acme.example");
  private static final String PIN = "A".repeat(43);
  private static final String OTHER_PIN = "B".repeat(43);

  private Installed installed;

  @BeforeAll
  void install(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    installed.enrols();
    var invited =
        installed.here("organisation", "invite", "acme", "--vouch-domain", "acme.example");
    assertThat(invited.exit()).as(invited.err()).isZero();
  }

  /// It waits for its first assertion, with the rules that nobody has set.
  @BeforeEach
  void enrolled() {
    var now = Clock.systemUTC().instant();
    var issuer =
        new IssuerEnrolment(
            ISSUER,
            Preset.OTHER,
            Stage.PENDING,
            "value",
            Optional.of(Proof.DOCUMENT),
            IssuerRules.signedWith(Preset.OTHER.algorithms()),
            now.plusSeconds(3600));
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var _ =
          database.write(connection -> {
            new OrganisationTables(connection).put("acme", issuer, now);
            return issuer;
          });
    }
  }

  private Installed.Ran ran(String... options) {
    var all = new ArrayList<>(List.of("issuer", "acme", ISSUER.value()));
    all.addAll(List.of(options));
    return installed.here("organisation", all.toArray(String[]::new));
  }

  /// What is kept afterwards.
  private IssuerRules after(String... options) {
    var ran = ran(options);
    assertThat(ran.exit()).as(ran.err()).isZero();
    return kept();
  }

  private IssuerRules kept() {
    try {
      var shown = JsonObject.parse(installed.here("organisation", "show", "acme").out());
      return IssuerRules.parse(
          shown.objects("issuers").orElseThrow().getFirst().object("rules").orElseThrow());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(String why, String... options) {
    var before = kept();
    var ran = ran(options);
    assertThat(ran.exit()).as(ran.out()).isNotZero();
    assertThat(ran.err()).contains(why);
    assertThat(kept()).isEqualTo(before);
  }

  @Test
  void what_is_not_named_stays() {
    var before = after("--create-people", "true", "--refuse-key", "k-1", "--pin-key", PIN);
    assertThat(after()).isEqualTo(before);
    assertThat(after("--carry-actor", "true").createPeople()).isTrue();
    assertThat(kept().keys()).isEqualTo(before.keys());
  }

  @Test
  @DisplayName("--link-by-email")
  void link_by_email() {
    assertThat(after("--link-by-email", "true").linkByEmail()).isTrue();
    assertThat(after("--link-by-email", "false").linkByEmail()).isFalse();
    assertRefused("--link-by-email", "--link-by-email", "maybe");
  }

  @Test
  @DisplayName("--create-people")
  void create_people() {
    assertThat(after("--create-people", "true").createPeople()).isTrue();
    assertThat(after("--create-people", "false").createPeople()).isFalse();
  }

  @Nested
  @DisplayName("--name-id, --no-name-id")
  class NameId {
    @Test
    void members_that_are_named_are_the_whole_rule() {
      var all =
          after(
              "--name-id",
              "issuer=s",
              "--name-id",
              "means=user_name",
              "--name-id",
              "required=true",
              "--name-id",
              "format=f",
              "--name-id",
              "name_qualifier=n",
              "--name-id",
              "sp_name_qualifier=p");
      var rule = all.nameId().orElseThrow();
      assertThat(rule.required()).isTrue();
      assertThat(rule.format()).contains("f");
      assertThat(rule.nameQualifier()).contains("n");
      assertThat(rule.spNameQualifier()).contains("p");
      assertThat(after("--create-people", "true").nameId()).contains(rule);
      var less = after("--name-id", "issuer=s", "--name-id", "means=email").nameId().orElseThrow();
      assertThat(less.required()).isFalse();
      assertThat(less.format()).isEmpty();
      assertThat(after("--no-name-id").nameId()).isEmpty();
    }

    @Test
    void a_rule_that_is_none_is_refused() {
      assertRefused("issuer", "--name-id", "means=email");
      assertRefused("means", "--name-id", "issuer=s", "--name-id", "means=nickname");
      assertRefused(
          "required",
          "--name-id",
          "issuer=s",
          "--name-id",
          "means=email",
          "--name-id",
          "required=perhaps");
      assertRefused(
          "requierd",
          "--name-id",
          "issuer=s",
          "--name-id",
          "means=email",
          "--name-id",
          "requierd=true");
    }

    @Test
    void not_both() {
      assertRefused(
          "--no-name-id", "--no-name-id", "--name-id", "issuer=s", "--name-id", "means=email");
    }
  }

  @Test
  @DisplayName("--carry-actor")
  void carry_actor() {
    assertThat(after("--carry-actor", "true").carryActor()).isTrue();
    assertThat(after("--carry-actor", "false").carryActor()).isFalse();
  }

  @Test
  @DisplayName("--replay")
  void replay() {
    for (var policy : List.of("single-use+grace", "reusable-until-exp", "single-use")) {
      assertThat(after("--replay", policy).replay()).isEqualTo(policy);
    }
    assertRefused("replay", "--replay", "often");
  }

  @Test
  @DisplayName("--issuer-tenant")
  void issuer_tenant() {
    assertThat(after("--issuer-tenant", "t-1").tenant()).contains("t-1");
    assertRefused("revocation_caller", "--revocation-caller", "our-app");
    assertThat(after("--issuer-tenant", "").tenant()).isEmpty();
  }

  @Test
  @DisplayName("--algorithms")
  void algorithms() {
    assertThat(after("--algorithms", "ES256,EdDSA").toJson().toJson())
        .contains("\"algorithms\":[\"ES256\",\"EdDSA\"]");
    assertRefused("'HS256' is none of", "--algorithms", "HS256");
    assertRefused("is none of", "--algorithms", "");
  }

  @Nested
  @DisplayName("--refuse-key, --pin-key, --unpin")
  class Keys {
    @Test
    void are_added_to_those_before() {
      assertThat(after("--refuse-key", "k-1,k-2").keys().refused())
          .containsExactlyInAnyOrder("k-1", "k-2");
      assertThat(after("--refuse-key", "k-3", "--pin-key", PIN).keys().refused()).hasSize(3);
      assertThat(after("--pin-key", OTHER_PIN).keys().pinned())
          .containsExactlyInAnyOrder(PIN, OTHER_PIN);
      assertThat(after("--unpin").keys().pinned()).isEmpty();
      assertThat(kept().keys().refused()).as("no option takes one back").hasSize(3);
    }

    @Test
    void a_pin_is_a_thumbprint() {
      assertRefused("thumbprints", "--pin-key", "k-1");
    }

    @Test
    void not_both() {
      assertThat(after("--pin-key", PIN).keys().pinned()).containsExactly(PIN);
      assertRefused("--unpin", "--unpin", "--pin-key", OTHER_PIN);
    }
  }

  @Test
  @DisplayName("--revocation-caller")
  void revocation_caller() {
    assertThat(after("--revocation-caller", "our-app").revocationCaller()).contains("our-app");
    assertThat(after("--revocation-caller", "").revocationCaller()).isEmpty();
  }

  @Test
  void an_issuer_that_is_not_theirs_is_refused() {
    var ran = installed.here("organisation", "issuer", "acme", "https://other.example");
    assertThat(ran.exit()).isNotZero();
    assertThat(ran.err()).contains("https://other.example is no issuer of acme");
  }
}
