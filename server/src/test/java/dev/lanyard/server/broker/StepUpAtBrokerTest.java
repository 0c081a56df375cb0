package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AC-14, IDP-41, RFC 9470: a better sign-in is asked for, made, and proved")
@Tag("thorough")
class StepUpAtBrokerTest {
  private static final String LIBRARY =
      """
      roles:
        auditor:
          groups: [auditors]
          connectors:
            notion:
              scopes: [pages.read]
              conditions:
                recent:
                  when: now - auth.auth_time <= duration('15m')
                  step_up: {max_age: 15m}
        guard:
          groups: [guards]
          connectors:
            vault:
              scopes: [secrets.read]
              conditions:
                strong:
                  when: auth.acr in ['phr', 'phrh']
                  step_up: {acr_values: [phr, phrh]}
      """;

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;

  private void start(Setup setup) {
    try {
      Files.createDirectories(folder.resolve("library"));
      Files.writeString(folder.resolve("library/more.yaml"), LIBRARY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pair = Pair.start(setup, folder);
    desk = new Desk(pair);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  /// The authorization request with what a step-up asks for.
  private Form request(Consumer<Form.Builder> more) {
    return Desk.changed(desk.authorization("openid"), more);
  }

  private Answer exchange(String idToken) {
    return desk.exchange(idToken, World.NOTION);
  }

  private String idToken(String code) {
    var tokens = desk.token(desk.codeRequest(code).build());
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    return tokens.text("id_token");
  }

  private static JsonObject claims(String token) {
    try {
      return UnverifiedJwt.parse(token).unverifiedClaims().all();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<String> claim(String token, String name) {
    return claims(token).text(name);
  }

  private String audit(Answer answer) {
    return pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow());
  }

  @Nested
  @DisplayName("With a password of ours")
  class Local {
    @BeforeEach
    void begin() {
      start(Setup.usual(folder));
      pair.person("alice", "auditors");
    }

    private Answer password(Form request, Answer page) {
      var form = desk.signInForm(page, request, "alice", "the password of alice");
      return desk.submit(pair.brokerUrl("/login"), form);
    }

    @Test
    void the_challenge_of_the_exchange_leads_to_a_new_sign_in_that_is_enough() {
      var first = desk.idToken("alice");
      assertThat(exchange(first).status()).isEqualTo(200);
      pair.clock.advance(Duration.ofMinutes(16));
      var challenge = exchange(first);
      assertThat(challenge.text("error")).isEqualTo("insufficient_user_authentication");
      assertThat(challenge.json().text("max_age")).contains("900");

      var request = request(form -> form.add("max_age", "900"));
      var page = desk.authorize(request);
      assertThat(page.body()).contains("type=\"password\"");
      var better = idToken(password(request, page).parameter("code"));

      assertThat(claim(better, "auth_time"))
          .contains(Long.toString(pair.clock.instant().getEpochSecond()));
      assertThat(claims(better).toJson()).contains("\"amr\":[\"pwd\"]");
      assertThat(exchange(better).status()).isEqualTo(200);
      assertThat(exchange(first).text("error")).isEqualTo("insufficient_user_authentication");
    }

    @Test
    @DisplayName("a client that does not pass it on gets its old session, and stays refused")
    void a_client_that_omits_it_gains_nothing() {
      var first = desk.idToken("alice");
      pair.clock.advance(Duration.ofMinutes(16));

      var again = idToken(desk.authorize(request(form -> {})).parameter("code"));

      assertThat(claim(again, "auth_time")).isEqualTo(claim(first, "auth_time"));
      assertThat(exchange(again).text("error")).isEqualTo("insufficient_user_authentication");
    }

    @Test
    void an_old_code_is_no_new_sign_in() {
      var code = desk.code("alice", "openid");
      var first = idToken(code);
      pair.clock.advance(Duration.ofSeconds(30));
      assertThat(desk.token(desk.codeRequest(code).build()).text("error"))
          .isEqualTo("invalid_grant");
      // Somebody has a copy of the code, so that what came of it ends too.
      assertThat(exchange(first).text("error")).isEqualTo("invalid_grant");

      var unused = desk.authorize(request(form -> {})).parameter("code");
      pair.clock.advance(Duration.ofMinutes(16));
      assertThat(desk.token(desk.codeRequest(unused).build()).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    void a_refreshed_token_keeps_the_time_of_the_sign_in() {
      var tokens = desk.signedIn("alice", "openid offline_access");
      pair.clock.advance(Duration.ofMinutes(16));
      var refresh =
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", tokens.text("refresh_token"))
              .build();

      var renewed = desk.token(refresh).text("id_token");

      assertThat(exchange(renewed).text("error")).isEqualTo("insufficient_user_authentication");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_age=0", "prompt=login", "prompt=select_account", "acr_values=phr"})
    void asks_again_however_fresh_the_session_is(String demand) {
      desk.idToken("alice");
      var parts = demand.split("=", 2);

      var interactive = request(form -> form.add(parts[0], parts[1]));
      var page = desk.authorize(interactive);
      assertThat(page.body()).contains("type=\"password\"");
      // And once they have signed in there is a code: no circle.
      assertThat(password(interactive, page).parameter("code")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_age=0", "acr_values=phr+phrh"})
    @DisplayName("prompt=none: login_required, and no page")
    void the_silent_application_is_told(String demand) {
      desk.idToken("alice");
      var parts = demand.split("=", 2);

      var silent =
          request(form -> form.add(parts[0], parts[1].replace('+', ' ')).add("prompt", "none"));
      var answer = desk.authorize(silent);

      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.parameter("error")).isEqualTo("login_required");
    }

    @Test
    @DisplayName("acr_values are voluntary: the code says what was, and policy still refuses")
    void a_context_that_a_password_does_not_give() {
      pair.putGroups(pair.person("alice"), "guards");
      var request = request(form -> form.add("acr_values", "phr phrh"));

      var token = idToken(password(request, desk.authorize(request)).parameter("code"));

      assertThat(claim(token, "acr")).isEmpty();
      var refused = desk.exchange(token, World.VAULT);
      assertThat(refused.text("error")).isEqualTo("insufficient_user_authentication");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"max_age=-1", "max_age=soon", "max_age=9999999999", "prompt=none login"})
    void what_is_no_demand_is_an_error_to_the_application(String demand) {
      var parts = demand.split("=", 2);
      var answer = desk.authorize(request(form -> form.add(parts[0], parts[1])));
      assertThat(answer.parameter("error")).isEqualTo("invalid_request");
    }

    @Test
    void a_list_of_contexts_without_end_is_refused() {
      var many = "x ".repeat(21).strip();
      var answer = desk.authorize(request(form -> form.add("acr_values", many)));
      assertThat(answer.parameter("error")).isEqualTo("invalid_request");
    }
  }

  @Nested
  @DisplayName("At an upstream provider")
  class Upstream {
    private Provider provider;

    @BeforeEach
    void begin() {
      var setup = Setup.usual(folder);
      provider = Provider.start(setup.clock());
      var config = provider.upstream("idp");
      start(setup.with(new BrokerConfig.SignIn(false, List.of(config))));
    }

    @AfterEach
    void end() {
      provider.close();
    }

    private void says(Optional<Instant> authTime, Optional<String> acr) {
      var claims = JsonObject.builder().put("groups", List.of("auditors", "guards"));
      authTime.ifPresent(time -> claims.put("auth_time", time.getEpochSecond()));
      provider.says(claims.putIfPresent("acr", acr).build());
    }

    private Answer signIn(Form request) {
      return through(desk.authorize(request).location());
    }

    private Answer through(URI begin) {
      var toProvider = desk.browse(begin).location();
      return desk.browse(Http.get(toProvider, Map.of()).location());
    }

    private Instant now() {
      return pair.clock.instant();
    }

    private void assertUnmet(Answer answer) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(303);
      assertThat(answer.parameter("error")).isEqualTo("unmet_authentication_requirements");
      assertThat(answer.parameter("code")).isEmpty();
      assertThat(answer.cookie("lanyard-session")).isEmpty();
      assertThat(audit(answer)).contains("sign-in refused", "\"check\":\"auth_time\"");
    }

    @Test
    void a_session_that_is_too_old_is_renewed_there() {
      says(Optional.of(now()), Optional.empty());
      var first = idToken(signIn(request(form -> {})).parameter("code"));
      pair.clock.advance(Duration.ofMinutes(16));
      assertThat(exchange(first).text("error")).isEqualTo("insufficient_user_authentication");

      says(Optional.of(now()), Optional.empty());
      var answer = signIn(request(form -> form.add("max_age", "900")));

      assertThat(provider.asked().one("max_age")).contains("900");
      assertThat(exchange(idToken(answer.parameter("code"))).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("an upstream that ignores max_age, or does not say when, is not believed")
    void an_old_sign_in_does_not_pass_for_a_new_one() {
      says(Optional.of(now().minus(Duration.ofHours(3))), Optional.empty());
      assertUnmet(signIn(request(form -> form.add("max_age", "900"))));

      says(Optional.empty(), Optional.empty());
      assertUnmet(signIn(request(form -> form.add("max_age", "900"))));
      assertThat(pair.directory.all()).isEmpty();
    }

    @Test
    @DisplayName("a time in the future would count as recent for ever")
    void a_time_in_the_future_is_not_believed() {
      says(Optional.of(now().plus(Duration.ofDays(1))), Optional.empty());
      assertUnmet(signIn(request(form -> {})));
    }

    @Test
    void a_sign_in_of_just_now_is_enough_for_max_age_0() {
      says(Optional.of(now().minus(Duration.ofSeconds(20))), Optional.empty());
      var answer = signIn(request(form -> form.add("max_age", "0")));
      assertThat(provider.asked().one("max_age")).contains("0");
      assertThat(answer.parameter("code")).isNotEmpty();
    }

    @Test
    void prompt_login_is_passed_on_and_proved_where_the_provider_says_when() {
      says(Optional.of(now().minus(Duration.ofHours(3))), Optional.empty());
      assertUnmet(signIn(request(form -> form.add("prompt", "login"))));
      assertThat(provider.asked().one("prompt")).contains("login");
      assertThat(provider.asked().one("max_age")).contains("0");

      says(Optional.of(now()), Optional.empty());
      assertThat(signIn(request(form -> form.add("prompt", "login"))).parameter("code"))
          .isNotEmpty();

      // Some never say when: nobody is told that it was now, and policy takes it for long ago.
      says(Optional.empty(), Optional.empty());
      var silent = idToken(signIn(request(form -> form.add("prompt", "login"))).parameter("code"));
      assertThat(claim(silent, "auth_time")).isEmpty();
      assertThat(exchange(silent).text("error")).isEqualTo("insufficient_user_authentication");
    }

    @Test
    void another_account_is_asked_for_there_too() {
      says(Optional.empty(), Optional.empty());
      signIn(request(form -> form.add("prompt", "select_account")));
      assertThat(provider.asked().one("prompt")).contains("select_account");
      assertThat(provider.asked().one("max_age")).isEmpty();
    }

    @Test
    void a_stronger_context_is_asked_for_and_passed_on() {
      says(Optional.of(now()), Optional.of("pwd"));
      var weak = idToken(signIn(request(form -> {})).parameter("code"));
      var challenge = desk.exchange(weak, World.VAULT);
      assertThat(challenge.text("acr_values")).isEqualTo("phr phrh");

      says(Optional.of(now()), Optional.of("phrh"));
      var answer = signIn(request(form -> form.add("acr_values", "phr phrh")));

      assertThat(provider.asked().one("acr_values")).contains("phr phrh");
      var strong = idToken(answer.parameter("code"));
      assertThat(claims(strong).toJson()).contains("\"acr\":\"phrh\"");
      assertThat(desk.exchange(strong, World.VAULT).status()).isEqualTo(200);
      // The session is as strong as that now, so that nobody is asked twice.
      var silent = request(form -> form.add("acr_values", "phr phrh").add("prompt", "none"));
      assertThat(desk.authorize(silent).parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName(
        "an upstream that ignores acr_values: told, recorded, refused by policy, no circle")
    void a_weaker_context_is_said_as_it_is() {
      says(Optional.of(now()), Optional.of("pwd"));
      var answer = signIn(request(form -> form.add("acr_values", "phr")));

      var token = idToken(answer.parameter("code"));

      assertThat(audit(answer)).contains("\"acr\":\"pwd\"", "\"acr_values\":[\"phr\"]");
      assertThat(claims(token).toJson()).contains("\"acr\":\"pwd\"");
      assertThat(desk.exchange(token, World.VAULT).text("error"))
          .isEqualTo("insufficient_user_authentication");
    }

    @Test
    @DisplayName("whoever takes the demand out of the address on the way gains nothing")
    void a_demand_that_was_cut_out_on_the_way() {
      says(Optional.of(now().minus(Duration.ofHours(3))), Optional.empty());
      var begin = desk.authorize(request(form -> form.add("max_age", "900"))).location();

      var cut = URI.create(begin.toString().replace("%26max_age%3D900", ""));
      assertThat(cut).isNotEqualTo(begin);
      var token = idToken(through(cut).parameter("code"));

      assertThat(exchange(token).text("error")).isEqualTo("insufficient_user_authentication");
    }
  }
}
