package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.LiveGrants;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AC-1 to AC-8, AC-17, AC-18: the ordinary flow at the resource authorization server")
class OrdinaryFlowTest {
  private static final String SCOPE = "issues.read issues.write";

  @TempDir Path folder;
  private Pair pair;
  private Person gina;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    gina = pair.guest("gina");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void kill(Subject subject) {
    pair.revocation.report(
        Source.of(Source.Kind.ADMIN), subject, Happening.TOKENS_REVOKED, "a test", "test");
    pair.clock.advance(Duration.ofSeconds(2));
  }

  @Nested
  @DisplayName("gives a token that the resource server takes")
  class Tokens {
    @Test
    @DisplayName("TOK-6, TOK-8: at+jwt, with everything that it dies with")
    void as_a_jwt() throws MalformedException {
      var tokens = Visit.studio(pair).tokens("gina", World.LINEAR, SCOPE);
      assertThat(tokens.status()).isEqualTo(200);
      assertThat(tokens.header("Cache-Control")).contains("no-store");
      assertThat(tokens.text("scope")).isEqualTo(SCOPE);
      assertThat(tokens.text("resource")).isEqualTo(World.LINEAR.value());
      var jwt = UnverifiedJwt.parse(tokens.text("access_token"));
      assertThat(jwt.unverifiedType()).contains(AccessToken.TYPE);
      var claims = jwt.unverifiedClaims().all();
      assertThat(claims.string("iss")).contains(pair.ras().value());
      assertThat(claims.string("sub")).contains(gina.id().value());
      assertThat(claims.string("client_id")).contains("studio");
      assertThat(claims.string("aud")).contains(World.LINEAR.value());
      assertThat(claims.string("idp")).contains(pair.ras().value());
      assertThat(claims.string("org")).contains(World.GUESTS);
      assertThat(claims.has("sid")).isTrue();
      assertThat(claims.has("grant_id")).isTrue();
      assertThat(claims.has("auth_time")).isTrue();
      assertThat(claims.strings("amr")).contains(List.of("pwd"));
    }

    @Test
    @DisplayName("TOK-9: as an opaque token, where the resource wants that")
    void as_an_opaque_token() {
      var visit = Visit.pocket(pair);
      var token = visit.tokens("gina", World.LEDGER, "entries.read").text("access_token");
      assertThat(token).doesNotContain(".");
      assertThat(visit.isActive(token, "ledger-server")).isTrue();
      pair.happened(gina, Happening.DISABLED);
      assertThat(visit.isActive(token, "ledger-server")).isFalse();
    }

    @Test
    @DisplayName("TSL-1: with its place in a status list, where the resource wants that")
    void in_a_status_list() throws MalformedException {
      var token = Visit.pocket(pair).tokens("gina", World.ARCHIVE, "records.read");
      var claims = UnverifiedJwt.parse(token.text("access_token")).unverifiedClaims().all();
      assertThat(claims.has("status")).isTrue();
    }

    @Test
    @DisplayName("AC-18: with a refresh token for a client that is registered for it, asked or not")
    void and_renewal_by_registration() {
      assertThat(Visit.studio(pair).tokens("gina", World.LINEAR, SCOPE).json().has("refresh_token"))
          .isTrue();
      var offline =
          Visit.once(pair).tokens("gina", World.LINEAR, "issues.read offline_access").json();
      assertThat(offline.has("refresh_token")).isFalse();
    }

    @Test
    @DisplayName("a scope that is not asked for is not given; none asked for are all of them")
    void narrowed_to_what_the_resource_knows() {
      var visit = Visit.studio(pair);
      assertThat(visit.tokens("gina", World.LINEAR, "issues.read admin").text("scope"))
          .isEqualTo("issues.read");
      var request =
          Form.builder()
              .add("response_type", "code")
              .add("client_id", "once")
              .add("redirect_uri", "https://once.example/callback")
              .add("resource", World.NOTION.value())
              .add("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
              .add("code_challenge_method", "S256")
              .build();
      assertThat(Visit.once(pair).question("gina", request).body()).contains("pages.read");
    }
  }

  @Nested
  @DisplayName("refuses a request")
  class Requests {
    private Visit visit;

    @BeforeEach
    void open() {
      visit = Visit.studio(pair);
    }

    private void refused(Form request, String error) {
      var answer = visit.authorize(request);
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.parameter("error")).isEqualTo(error);
      assertThat(answer.parameter("iss")).as("AC-6").isEqualTo(pair.ras().value());
      assertThat(answer.parameter("state")).isEqualTo("state-1");
    }

    @Test
    @DisplayName("AC-1: of another response type, or of a client without the grant")
    void of_another_kind() {
      refused(
          Desk.changed(
              Form.builder()
                  .add("client_id", "studio")
                  .add("redirect_uri", "https://studio.example/callback")
                  .add("state", "state-1"),
              form -> form.add("response_type", "token")),
          "unsupported_response_type");
    }

    @Test
    @DisplayName("AC-2: without PKCE")
    void without_a_challenge() {
      refused(
          Form.builder()
              .add("client_id", "studio")
              .add("redirect_uri", "https://studio.example/callback")
              .add("state", "state-1")
              .add("response_type", "code")
              .add("resource", World.LINEAR.value())
              .build(),
          "invalid_request");
    }

    @Test
    @DisplayName("AC-4: an unknown client or redirect URI is told to the person only")
    void of_whom_nothing_is_certain() {
      var unknown =
          Form.builder()
              .add("client_id", "nobody")
              .add("redirect_uri", "https://x.example")
              .build();
      var foreign =
          Form.builder()
              .add("client_id", "studio")
              .add("redirect_uri", "https://x.example")
              .build();
      for (var request : List.of(unknown, foreign)) {
        var answer = visit.authorize(request);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Location")).isEmpty();
      }
    }

    @Test
    @DisplayName("AC-7: for no resource where there are several, an unknown one, a scope of none")
    void for_what_is_not_here() {
      refused(visit.asking(SCOPE).build(), "invalid_target");
      refused(
          visit.asking(SCOPE).add("resource", "https://elsewhere.example/mcp").build(),
          "invalid_target");
      refused(visit.authorization(World.LINEAR, "admin").build(), "invalid_scope");
    }

    @Test
    @DisplayName("with authorization details, which nobody could put into words")
    void in_more_words() {
      refused(
          visit
              .authorization(World.LINEAR, SCOPE)
              .add("authorization_details", "[{\"type\":\"ticket_access\"}]")
              .build(),
          "invalid_authorization_details");
    }

    @Test
    @DisplayName("AC-14: prompt=none without a session, and without consent")
    void that_must_not_ask() {
      var silent = visit.authorization(World.LINEAR, SCOPE).add("prompt", "none").build();
      refused(silent, "login_required");
      visit.question("gina", visit.authorization(World.LINEAR, SCOPE).build());
      refused(silent, "consent_required");
    }
  }

  @Nested
  @DisplayName("AC-14, RS-11: asks for the sign-in that is wanted")
  class Strength {
    @Test
    void anew_with_prompt_login() {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, SCOPE);
      var request = visit.authorization(World.LINEAR, SCOPE);
      assertThat(visit.authorize(request.build()).status()).isEqualTo(303);
      var again = request.add("prompt", "login").build();
      var page = visit.authorize(again);
      assertThat(page.body()).contains("Password");
      assertThat(visit.signIn(page, "gina").parameter("code")).isNotEmpty();
    }

    @Test
    void anew_when_the_last_one_is_too_long_ago() {
      var visit = Visit.studio(pair);
      visit.tokens("gina", World.LINEAR, SCOPE);
      pair.clock.advance(Duration.ofMinutes(10));
      var request = visit.authorization(World.LINEAR, SCOPE).add("max_age", "300").build();
      assertThat(visit.authorize(request).body()).contains("Password");
    }

    @Test
    @DisplayName("a resource that wants another sign-in than there is gets nobody")
    void as_the_resource_demands() {
      var visit = Visit.studio(pair);
      var answer =
          visit.signIn(
              visit.authorize(visit.authorization(World.TREASURY, "entries.read").build()), "gina");
      assertThat(answer.parameter("error")).isEqualTo("unmet_authentication_requirements");
    }
  }

  @Nested
  @DisplayName("AC-3, AC-5, AC-8: a code")
  class Codes {
    private Visit visit;
    private String code;

    @BeforeEach
    void get() {
      visit = Visit.studio(pair);
      code = visit.code("gina", visit.authorization(World.LINEAR, SCOPE).build());
    }

    @Test
    void is_good_once_and_its_second_use_kills_what_the_first_one_gave() {
      var tokens = visit.token(visit.codeRequest(code).build());
      assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
      var second = visit.token(visit.codeRequest(code).build());
      assertThat(second.text("error")).isEqualTo("invalid_grant");
      assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
      var renewed = visit.token(Visit.refresh(tokens.text("refresh_token")).build());
      assertThat(renewed.text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void is_worth_nothing_to_another_client_with_another_verifier_or_too_late() {
      var form = visit.codeRequest(code).build();
      var stolen = Http.post(pair.rasUrl("/token"), form, Desk.basic("desk-ras"));
      assertThat(stolen.text("error")).isEqualTo("unauthorized_client");
      var other = Visit.studio(pair);
      assertThat(other.token(other.codeRequest(code).build()).text("error"))
          .isEqualTo("invalid_grant");
      pair.clock.advance(Duration.ofSeconds(60));
      assertThat(visit.token(form).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    @DisplayName("AC-7: may be redeemed for fewer of its resources, and for no other")
    void is_for_its_resources() {
      var both =
          visit
              .authorization(World.LINEAR, "issues.read pages.read")
              .add("resource", World.NOTION.value())
              .build();
      var two = visit.decide(visit.authorize(both), "allow").parameter("code");
      var linear =
          visit.token(visit.codeRequest(two).add("resource", World.LINEAR.value()).build());
      assertThat(linear.text("resource")).isEqualTo(World.LINEAR.value());
      assertThat(linear.text("scope")).isEqualTo("issues.read");
      var renewal = Visit.refresh(linear.text("refresh_token"));
      var notion = visit.token(renewal.add("resource", World.NOTION.value()).build());
      assertThat(notion.text("scope")).isEqualTo("pages.read");
      var foreign = visit.codeRequest(code).add("resource", World.NOTION.value()).build();
      assertThat(visit.token(foreign).text("error")).isEqualTo("invalid_target");
    }

    @Test
    @DisplayName("for resources whose tokens have two forms: one after the other")
    void is_for_one_form_at_a_time() {
      var both =
          visit
              .authorization(World.LINEAR, "issues.read entries.read")
              .add("resource", World.LEDGER.value())
              .build();
      var two = visit.decide(visit.authorize(both), "allow").parameter("code");
      assertThat(visit.token(visit.codeRequest(two).build()).text("error"))
          .isEqualTo("invalid_target");
      var one = visit.codeRequest(two).add("resource", World.LEDGER.value()).build();
      assertThat(visit.token(one).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("DPOP-6: a resource that wants bound tokens gives none without a proof")
  void a_bound_resource() {
    var tokens = Visit.studio(pair).tokens("gina", World.VAULT, "secrets.read");
    assertThat(tokens.text("error")).isEqualTo("invalid_dpop_proof");
  }

  @Nested
  @DisplayName("AC-17: a refresh token")
  class Renewal {
    @Test
    void of_a_public_client_is_rotated_and_its_reuse_kills_everything() {
      var visit = Visit.pocket(pair);
      var first = visit.tokens("gina", World.LINEAR, SCOPE);
      var second = visit.token(Visit.refresh(first.text("refresh_token")).build());
      assertThat(second.status()).isEqualTo(200);
      assertThat(second.text("refresh_token")).isNotEqualTo(first.text("refresh_token"));
      pair.clock.advance(Duration.ofMinutes(1));
      var reused = visit.token(Visit.refresh(first.text("refresh_token")).build());
      assertThat(reused.text("error")).isEqualTo("invalid_grant");
      for (var token : List.of(first, second)) {
        assertThat(visit.isActive(token.text("access_token"), "linear-server")).isFalse();
      }
      assertThat(visit.token(Visit.refresh(second.text("refresh_token")).build()).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    void may_ask_for_less_and_never_for_more() {
      var visit = Visit.studio(pair);
      var token = visit.tokens("gina", World.LINEAR, "issues.read").text("refresh_token");
      var more = visit.token(Visit.refresh(token).add("scope", SCOPE).build());
      assertThat(more.text("error")).isEqualTo("invalid_scope");
    }

    @Test
    void ends_when_its_time_is_over() {
      var visit = Visit.studio(pair);
      var token = visit.tokens("gina", World.LINEAR, SCOPE).text("refresh_token");
      pair.clock.advance(Duration.ofDays(30).minusMinutes(5));
      var last = visit.token(Visit.refresh(token).build());
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.body()).contains("\"expires_in\":300");
      pair.clock.advance(Duration.ofMinutes(5));
      assertThat(visit.token(Visit.refresh(token).build()).text("error"))
          .isEqualTo("invalid_grant");
    }
  }

  @Nested
  @DisplayName("DPR-1: what it gave dies, and cannot be renewed, with")
  class Kills {
    private Visit visit;
    private Answer tokens;

    @BeforeEach
    void get() {
      visit = Visit.studio(pair);
      tokens = visit.tokens("gina", World.LINEAR, SCOPE);
      assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
    }

    private void assertDead() {
      assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
      var renewed = visit.token(Visit.refresh(tokens.text("refresh_token")).build());
      assertThat(renewed.status()).isNotEqualTo(200);
    }

    @Test
    void the_person() {
      kill(new Subject.Person(gina.id()));
      assertDead();
    }

    @Test
    void the_client() {
      kill(new Subject.Client(pair.ras(), new ClientId("studio")));
      assertDead();
    }

    @Test
    void the_connector() {
      kill(new Subject.Connector(World.LINEAR));
      assertDead();
    }

    @Test
    void the_organisation() {
      kill(new Subject.Organisation(World.GUESTS));
      assertDead();
    }

    @Test
    void everything() {
      kill(new Subject.Everything());
      assertDead();
    }

    @Test
    @DisplayName("the server itself as the issuer that spoke for people: all that was consented to")
    void everything_that_was_consented_to() {
      kill(new Subject.Provider(pair.ras()));
      assertDead();
    }

    @Test
    void the_session_that_the_person_ends() {
      var asked = visit.browse(pair.rasUrl("/logout"));
      assertThat(visit.submit("/logout", Visit.form(asked).build()).body()).contains("Signed out");
      assertDead();
    }

    @Test
    @DisplayName("RFC 7009: its access token, or its refresh token, given back by its client only")
    void a_token_that_is_given_back() {
      for (var token : List.of("refresh_token", "access_token")) {
        var form = Form.builder().add("token", tokens.text(token)).build();
        var foreign = Http.post(pair.rasUrl("/revoke"), form, Desk.basic("desk-ras"));
        assertThat(foreign.status()).isEqualTo(200);
        assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
        assertThat(visit.asClient("/revoke", form).status()).isEqualTo(200);
        assertDead();
        tokens =
            visit.token(
                visit
                    .codeRequest(
                        visit
                            .authorize(visit.authorization(World.LINEAR, SCOPE).build())
                            .parameter("code"))
                    .build());
      }
    }

    @Test
    @DisplayName("and is in what is out there, as long as it can be renewed")
    void is_known_as_a_live_grant() {
      var grants =
          new LiveGrants(pair.database).of(List.of(gina.id().value()), pair.clock.instant());
      assertThat(grants).hasSize(1);
      assertThat(grants.getFirst().issuer()).isEqualTo(pair.ras());
      assertThat(grants.getFirst().grant().expiresAt())
          .isAfter(pair.clock.instant().plus(Duration.ofDays(29)));
      assertThat(grants.getFirst().signIn()).isPresent();
      assertThat(pair.reconciliation.run().findings()).isEmpty();
    }
  }

  @Nested
  @DisplayName("META-9, META-19: what the server says of itself")
  class Metadata {
    private Answer metadata(Pair of) {
      return Http.get(of.rasUrl("/.well-known/oauth-authorization-server"), Map.of());
    }

    @Test
    void is_what_it_does() throws MalformedException {
      var json = metadata(pair).json();
      assertThat(json.strings("grant_types_supported").orElseThrow())
          .contains("authorization_code", "refresh_token");
      assertThat(json.strings("prompt_values_supported").orElseThrow()).contains("consent");
      assertThat(json.strings("scopes_supported").orElseThrow()).contains("offline_access");
      assertThat(metadata(pair).body())
          .contains("\"authorization_response_iss_parameter_supported\":true");
    }

    @Test
    @DisplayName("and nothing of it where the flow is off")
    void is_nothing_where_it_is_off(@TempDir Path other) throws MalformedException {
      try (var closed = Pair.start(Setup.usual(other), other)) {
        var json = metadata(closed).json();
        assertThat(json.strings("grant_types_supported").orElseThrow())
            .doesNotContain("authorization_code", "refresh_token");
        assertThat(json.has("prompt_values_supported")).isFalse();
        assertThat(json.has("authorization_response_iss_parameter_supported")).isFalse();
        closed.guest("gina");
        var visit = Visit.studio(closed);
        var answer = visit.authorize(visit.authorization(World.LINEAR, SCOPE).build());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(visit.token(visit.codeRequest("x").build()).text("error"))
            .isEqualTo("unsupported_grant_type");
      }
    }
  }
}
