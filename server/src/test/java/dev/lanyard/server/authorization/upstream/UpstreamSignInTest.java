package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The upstream provider is a real OpenID Provider: the broker of another installation.
@DisplayName("IDP-43: sign-in through an upstream OpenID Provider")
class UpstreamSignInTest {
  @TempDir Path upstreamFolder;
  @TempDir Path folder;
  private Pair upstream;
  private Pair pair;

  @BeforeEach
  void start() {
    upstream = Pair.start(Setup.usual(upstreamFolder), upstreamFolder);
    upstream.person("zoe", "engineering");
    World.welcoming(folder);
    var signIn =
        new BrokerConfig.SignIn(
            false, List.of(provider("idp", upstream.broker()), provider("evil", dead())));
    pair = Pair.start(Setup.usual(folder).with(signIn), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    upstream.close();
  }

  /// Nobody listens there.
  private static Issuer dead() {
    return new Issuer("http://127.0.0.1:9");
  }

  private static UpstreamConfig provider(String id, Issuer issuer) {
    return World.welcomed(
        new UpstreamConfig(
            id,
            "Provider " + id,
            issuer,
            new ClientId("broker-" + id),
            World.clientSecret(),
            Scopes.of("email", "profile"),
            UpstreamConfig.ALGORITHMS,
            ClaimNames.STANDARD));
  }

  private static Answer begun(Desk desk, String provider) {
    return desk.signInAt(provider, desk.authorization("openid email"));
  }

  /// To the provider and through its sign-in, up to where it sends the browser back.
  private URI signedInUpstream(Desk desk) {
    var toProvider = begun(desk, "idp").location();
    var browserThere = new Desk(upstream);
    var page = browserThere.browse(toProvider);
    var request = parsed(toProvider);
    var form = browserThere.signInForm(page, request, "zoe", "the password of zoe");
    return browserThere.submit(upstream.brokerUrl("/login"), form).location();
  }

  private static Form parsed(URI url) {
    try {
      return Form.parse(url.getRawQuery(), Set.of());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void asks_the_provider_with_pkce_nonce_and_state() {
    var toProvider = parsed(begun(new Desk(pair), "idp").location());
    assertThat(toProvider.one("code_challenge_method")).contains("S256");
    assertThat(toProvider.names()).contains("nonce", "state", "code_challenge");
    assertThat(toProvider.one("redirect_uri")).contains(pair.brokerUrl("/callback/idp").toString());
  }

  @Test
  void creates_the_person_at_first_sight_and_knows_them_afterwards() {
    var desk = new Desk(pair);
    var back = desk.browse(signedInUpstream(desk));
    assertThat(back.location().toString()).startsWith(Desk.CALLBACK);
    assertThat(desk.token(desk.codeRequest(back.parameter("code")).build()).status())
        .isEqualTo(200);
    assertThat(pair.directory.all()).hasSize(1);
    var again = new Desk(pair);
    again.browse(signedInUpstream(again));
    assertThat(pair.directory.all()).hasSize(1);
  }

  @Test
  @DisplayName("SEC-9, IDP-14: never by a name or an address")
  void never_takes_over_a_person_of_the_same_name_or_address() {
    pair.person("zoe", "engineering");
    var desk = new Desk(pair);
    var answer = desk.browse(signedInUpstream(desk));
    assertRefused(answer, 403, "preferred_username");
  }

  @Test
  @DisplayName("SEC-17: the state is bound to the browser")
  void refuses_an_answer_in_another_browser() {
    var answer = new Desk(pair).browse(signedInUpstream(new Desk(pair)));
    assertRefused(answer, 400, "state");
  }

  @Test
  void refuses_an_answer_a_second_time() {
    var desk = new Desk(pair);
    var back = signedInUpstream(desk);
    assertThat(desk.browse(back).status()).isEqualTo(303);
    assertRefused(desk.browse(back), 400, "state");
  }

  @Test
  @DisplayName("SEC-8: each provider has a redirect URI of its own")
  void refuses_an_answer_at_the_redirect_uri_of_another_provider() {
    var desk = new Desk(pair);
    var back = signedInUpstream(desk).toString().replace("/callback/idp", "/callback/evil");
    assertRefused(desk.browse(URI.create(back)), 400, "state");
  }

  @Test
  @DisplayName("SEC-8, RFC 9207: mix-up of two providers")
  void refuses_an_answer_that_names_another_issuer_or_none() {
    for (var change : new String[] {"iss=https%3A%2F%2Fevil.example", "x=y"}) {
      var desk = new Desk(pair);
      var back = signedInUpstream(desk).toString().replaceAll("iss=[^&]*", change);
      assertRefused(desk.browse(URI.create(back)), 403, "iss");
    }
  }

  @Test
  void refuses_a_code_that_was_made_for_another_sign_in() {
    var desk = new Desk(pair);
    var stolen = parsed(signedInUpstream(new Desk(pair))).one("code").orElseThrow();
    var back = signedInUpstream(desk).toString().replaceAll("code=[^&]*", "code=" + stolen);
    assertRefused(desk.browse(URI.create(back)), 403, "token endpoint");
  }

  @Test
  void refuses_an_answer_that_comes_too_late() {
    var desk = new Desk(pair);
    var back = signedInUpstream(desk);
    pair.clock.advance(Duration.ofMinutes(10));
    assertRefused(desk.browse(back), 400, "state");
  }

  @Test
  void refuses_a_person_who_is_disabled_here() {
    var desk = new Desk(pair);
    desk.browse(signedInUpstream(desk));
    var zoe = pair.directory.all().getFirst();
    pair.happened(zoe, Happening.DISABLED);
    var again = new Desk(pair);
    assertRefused(again.browse(signedInUpstream(again)), 403, "person");
  }

  @Test
  void says_clearly_that_a_provider_is_down_and_that_it_is_no_refusal() {
    var desk = new Desk(pair);
    var answer = begun(desk, "evil");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(answer.body()).contains("does not answer");
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in fault");
  }

  private void assertRefused(Answer answer, int status, String check) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in refused", "\"check\":\"" + check);
  }
}
