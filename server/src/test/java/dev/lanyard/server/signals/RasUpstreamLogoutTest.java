package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.FlowConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("BCL-1, BCL-4: a provider tells the resource authorization server of a logout")
class RasUpstreamLogoutTest {
  private static final String SCOPE = "issues.read offline_access";

  private Provider provider;
  private Pair pair;

  @BeforeEach
  void start(@TempDir Path folder) {
    var setup = Setup.usual(folder);
    provider = Provider.start(setup.clock());
    var ways =
        new SignInWays(
            Optional.empty(),
            List.of(new SignInWays.Provider(provider.upstream("partner"), "partners")),
            List.of(),
            HomeRealms.NONE);
    pair = Pair.start(setup.lettingConsent().ordinary(new FlowConfig(ways)), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
  }

  /// Somebody who has signed in at the provider and agreed here, with what the client got.
  private Answer tokens(Visit visit, String sid) {
    provider.says(JsonObject.builder().put("sid", sid).build());
    var toProvider =
        visit
            .browse(visit.authorize(visit.authorization(World.LINEAR, SCOPE).build()).location())
            .location();
    var page = visit.browse(Http.get(toProvider, Map.of()).location());
    // Whoever has agreed before is not asked again.
    var back = page.status() == 303 ? page : visit.decide(page, "allow");
    var code = back.parameter("code");
    var tokens = visit.token(visit.codeRequest(code).build());
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    return tokens;
  }

  private Answer loggedOut(SigningKey key, Optional<String> sub, Optional<String> sid) {
    var now = pair.clock.instant();
    var claims =
        new LogoutToken(issuer(), "logout-" + now, now, now.plusSeconds(120), sub, sid)
            .claimsFor(new ClientId("broker"));
    return Http.post(
        pair.rasUrl("/backchannel-logout/partner"),
        Form.builder()
            .add("logout_token", new JwtSigner(key, LogoutToken.TYPE).sign(claims))
            .build(),
        Map.of());
  }

  private Issuer issuer() {
    return provider.issuer();
  }

  private static Form refresh(Answer tokens) {
    return Visit.refresh(tokens.text("refresh_token")).build();
  }

  @Test
  @DisplayName("of one session: what came of that sign-in ends, and nothing else")
  void of_one_session() {
    var here = Visit.studio(pair);
    var one = tokens(here, "session-1");
    var there = here.inAnotherBrowser();
    var other = tokens(there, "session-2");
    pair.clock.advance(Duration.ofSeconds(2));

    var answer = loggedOut(provider.key(), Optional.empty(), Optional.of("session-1"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(here.isActive(one.text("access_token"), "linear-server")).isFalse();
    assertThat(here.token(refresh(one)).text("error")).isEqualTo("invalid_grant");
    assertThat(there.isActive(other.text("access_token"), "linear-server")).isTrue();
    assertThat(there.token(refresh(other)).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("of a person: all that they have")
  void of_a_person() {
    var here = Visit.studio(pair);
    var one = tokens(here, "session-1");
    pair.clock.advance(Duration.ofSeconds(2));

    var answer = loggedOut(provider.key(), Optional.of("zoe-upstream"), Optional.empty());

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(here.isActive(one.text("access_token"), "linear-server")).isFalse();
    assertThat(here.token(refresh(one)).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  @DisplayName("by another key, or at a provider that nobody signs in at: refused, nobody touched")
  void forged() {
    var here = Visit.studio(pair);
    var one = tokens(here, "session-1");
    pair.clock.advance(Duration.ofSeconds(2));

    var forged = loggedOut(Pair.strangersKey(), Optional.empty(), Optional.of("session-1"));

    assertThat(forged.status()).isEqualTo(400);
    assertThat(
            Http.post(
                    pair.rasUrl("/backchannel-logout/nobody"),
                    Form.builder().add("logout_token", "x").build(),
                    Map.of())
                .status())
        .isEqualTo(404);
    assertThat(here.isActive(one.text("access_token"), "linear-server")).isTrue();
  }
}
