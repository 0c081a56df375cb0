package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An outage of the provider upstream is an outage: a page, a record, and never a 4xx")
@Tag("thorough")
class UpstreamFaultsTest {
  @TempDir Path folder;
  private Provider provider;
  private Pair pair;

  @BeforeEach
  void start() {
    var setup = Setup.usual(folder);
    provider = Provider.start(setup.clock());
    provider.says(JsonObject.builder().put("groups", List.of("engineering")).build());
    pair =
        Pair.start(
            setup.with(new BrokerConfig.SignIn(false, List.of(provider.upstream("idp")))), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
  }

  private Answer signIn() {
    var desk = new Desk(pair);
    return desk.browse(Http.get(desk.signInAt("idp").location(), Map.of()).location());
  }

  private void assertOutage(Answer answer, String told) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(answer.body()).contains("Please try again in a minute");
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in fault", told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | {} | answered 500",
        "503 | <html>busy</html> | answered 503",
        "200 | <html>hello</html> | answers nonsense",
        "200 | {\"id_token\":7} | answers nonsense",
        "401 | {\"error\":\"invalid_client\"} | answered 401 invalid_client",
        "400 | {\"error\":\"unauthorized_client\"} | unauthorized_client",
        "429 | {} | answered 429",
        "302 | {} | answered 302"
      })
  @DisplayName("at the token endpoint: silence, nonsense, and a secret that is not taken any more")
  void at_the_token_endpoint(int status, String body, String told) {
    provider.fails("/token", status, body);
    assertOutage(signIn(), told);
  }

  @ParameterizedTest
  @CsvSource({
    "/jwks, 500",
    "/jwks, 200",
    "/userinfo, 500",
    "/userinfo, 200",
    "/.well-known/openid-configuration, 500",
    "/.well-known/openid-configuration, 200"
  })
  @DisplayName("anywhere else: an error, and half a megabyte of nonsense, are the same outage")
  void anywhere(String path, int status) {
    provider.says(JsonObject.EMPTY);
    provider.tells(JsonObject.builder().put("sub", "zoe-upstream").build());
    provider.fails(path, status, status == 200 ? "[".repeat(512 * 1024) : "{}");
    var desk = new Desk(pair);
    var begun = desk.signInAt("idp");
    var answer =
        begun.status() == 303
            ? desk.browse(Http.get(begun.location(), Map.of()).location())
            : begun;
    assertOutage(answer, "");
  }

  @Test
  @DisplayName("that accepts and never answers: the person reads so after ten seconds")
  void silence() {
    provider.hangs("/token");
    assertOutage(signIn(), "no whole answer within 10000 ms");
  }

  @Test
  @DisplayName("that is not there any more")
  void gone() {
    provider.close();
    var desk = new Desk(pair);
    assertOutage(desk.signInAt("idp"), "metadata of " + provider.issuer());
  }

  @Test
  @DisplayName("that is dead is not asked for its metadata by everybody who comes")
  void gone_for_everybody() {
    provider.fails("/.well-known/openid-configuration", 503, "{}");
    var desk = new Desk(pair);
    desk.signInAt("idp");
    int calls = provider.calls("/.well-known/openid-configuration");
    for (int i = 0; i < 5; i++) {
      assertOutage(desk.signInAt("idp"), "status 503");
    }
    assertThat(provider.calls("/.well-known/openid-configuration")).isEqualTo(calls);
    provider.recovers();
    pair.clock.advance(Duration.ofSeconds(6));
    assertThat(signIn().parameter("code")).isNotEmpty();
  }

  @Test
  void a_code_that_is_no_good_is_the_sign_ins_own_fault() {
    provider.fails("/token", 400, "{\"error\":\"invalid_grant\"}");
    var answer = signIn();
    assertThat(answer.status()).isEqualTo(403);
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in refused", "token endpoint", "400 invalid_grant");
  }

  @ParameterizedTest
  @CsvSource({
    "server_error, 503",
    "temporarily_unavailable, 503",
    "access_denied, 403",
    "login_required, 403"
  })
  @DisplayName("in the answer of the browser: what the provider cannot is no refusal")
  void in_its_answer(String error, int status) {
    var desk = new Desk(pair);
    var back = Http.get(desk.signInAt("idp").location(), Map.of()).location().toString();
    var answer = desk.browse(URI.create(back.replaceAll("code=[^&]*", "error=" + error)));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow())).contains(error);
  }

  @Test
  @DisplayName("that changes its issuer: nobody comes in under the old or the new name")
  void another_issuer() {
    provider.claimsToBe("https://new.example");
    var desk = new Desk(pair);
    assertOutage(desk.signInAt("idp"), "issuer is not " + provider.issuer());
  }

  @Test
  @DisplayName("that signs with a new key: the key is fetched, and old sign-ins go on")
  void another_key() {
    assertThat(signIn().parameter("code")).isNotEmpty();
    provider.rotatesItsKey();
    pair.clock.advance(Duration.ofSeconds(6));
    assertThat(signIn().parameter("code")).isNotEmpty();
  }

  @Test
  @DisplayName(
      "that is dead is not waited for: after five failures it is asked again ten seconds later")
  void a_circuit() {
    provider.cuts("/token", Duration.ofSeconds(2));
    for (int i = 0; i < 5; i++) {
      assertOutage(signIn(), "sign-in fault");
    }
    int calls = provider.calls("/token");
    assertOutage(signIn(), "has not answered in time 5 times in a row");
    assertThat(provider.calls("/token")).isEqualTo(calls);
    provider.recovers();
    pair.clock.advance(Duration.ofSeconds(11));
    assertThat(signIn().parameter("code")).isNotEmpty();
    assertThat(signIn().parameter("code")).isNotEmpty();
  }

  @Test
  @DisplayName(
      "somebody with made-up codes keeps nobody from signing in, whatever the provider makes of them")
  void made_up_codes() {
    for (int i = 0; i < 6; i++) {
      provider.fails("/token", i % 2 == 0 ? 500 : 400, "{}");
      madeUp("code-of-mine", 503);
    }
    for (int i = 0; i < 6; i++) {
      provider.fails("/token", 500, "{}");
      madeUp("code-of-mine", 503);
    }
    // As a firewall in front of it does with what looks like an attack.
    provider.recovers();
    provider.cuts("/token", Duration.ZERO);
    for (int i = 0; i < 6; i++) {
      madeUp("1'%20OR%20'1'='1", 503);
    }
    provider.recovers();
    for (int i = 0; i < 6; i++) {
      madeUp("code-of-mine", 403);
    }
    assertThat(signIn().parameter("code")).isNotEmpty();
  }

  private void madeUp(String code, int status) {
    var desk = new Desk(pair);
    var back = Http.get(desk.signInAt("idp").location(), Map.of()).location().toString();
    var answer = desk.browse(URI.create(back.replaceAll("code=[^&]*", "code=" + code)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  @Test
  @DisplayName("the tokens that were given before go on while it is down")
  void what_was_given_lives() {
    var desk = new Desk(pair);
    var back = desk.browse(Http.get(desk.signInAt("idp").location(), Map.of()).location());
    var idToken = desk.token(desk.codeRequest(back.parameter("code")).build()).text("id_token");
    provider.fails("/token", 500, "{}");
    provider.fails("/jwks", 500, "{}");
    assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
  }
}
