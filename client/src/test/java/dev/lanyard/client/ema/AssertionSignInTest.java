package dev.lanyard.client.ema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.client.Access;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestWorld;
import dev.lanyard.client.TestWorld.Reply;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CLI-42: an application whose single sign-on is SAML")
class AssertionSignInTest {
  private static final Reply REFRESH_TOKEN =
      Reply.ok(
          "{'access_token':'rt-1','token_type':'N_A','expires_in':3600,"
              + "'issued_token_type':'urn:ietf:params:oauth:token-type:refresh_token'}");

  private final TestWorld world = new TestWorld();
  private final TestClock clock = new TestClock();
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger assertions = new AtomicInteger();
  private final AssertionSignIn signIn =
      signIn(demand -> Optional.of(new Secret("assertion-" + assertions.incrementAndGet())));

  private AssertionSignIn signIn(AssertionSignIn.Assertions source) {
    return new AssertionSignIn(config(), source, world.egress(), clock, random);
  }

  private EmaConfig config() {
    return new EmaConfig(
        world.idp, ClientRegistration.withSecret("app-idp", new Secret("idp-secret")));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  @DisplayName(
      "assertion → refresh token → ID-JAG → access token, and the next from the refresh token")
  void reaches_the_server_in_two_steps() {
    var config =
        config()
            .registeredAt(
                world.ras, ClientRegistration.withSecret("app-ras", new Secret("ras-secret")));
    var subject = new AssertionSubject("ada", signIn);
    world.next("/idp/token", REFRESH_TOKEN);

    var access = new EmaClient(config, subject, world.egress(), clock, random).accessTo(world.mcp);

    assertThat(access).isInstanceOf(Access.Granted.class);
    var calls = world.calls("/idp/token");
    assertThat(calls).hasSize(2);
    var first = calls.getFirst().form();
    assertThat(first.one("subject_token")).contains("assertion-1");
    assertThat(first.one("subject_token_type")).contains("urn:ietf:params:oauth:token-type:saml2");
    assertThat(first.one("requested_token_type"))
        .contains("urn:ietf:params:oauth:token-type:refresh_token");
    assertThat(first.one("scope")).contains("openid offline_access");
    var second = calls.getLast().form();
    assertThat(second.one("subject_token")).contains("rt-1");
    assertThat(second.one("subject_token_type"))
        .contains("urn:ietf:params:oauth:token-type:refresh_token");

    var again = new EmaClient(config, subject, world.egress(), clock, random).accessTo(world.mcp);

    assertThat(again).isInstanceOf(Access.Granted.class);
    assertThat(assertions).as("one sign-in").hasValue(1);

    // The refresh token has died, and the application says that it is the same person.
    world.next("/idp/token", Reply.error(400, "invalid_grant"), REFRESH_TOKEN);
    assertThat(new EmaClient(config, subject, world.egress(), clock, random).accessTo(world.mcp))
        .isInstanceOf(Access.Granted.class);
    assertThat(assertions).hasValue(2);
    subject.forget();
    assertThat(subject.current()).isEmpty();
  }

  @Test
  void a_refusal_an_outage_and_nobody_are_told_apart() {
    world.next("/idp/token", Reply.error(400, "invalid_grant"), Reply.error(503, "later"));
    assertThat(signIn.signIn(SignInDemand.ANY)).isInstanceOf(SignIn.Denied.class);
    assertThat(signIn.signIn(SignInDemand.ANY)).isInstanceOf(SignIn.Unavailable.class);
    world.next("/idp/token", Reply.ok("{'access_token':'x','token_type':'Bearer'}"));
    assertThat(signIn.signIn(SignInDemand.ANY)).isInstanceOf(SignIn.Unavailable.class);
    assertThat(signIn(demand -> Optional.empty()).signIn(SignInDemand.ANY))
        .isInstanceOf(SignIn.Impossible.class);
    world.next("/idp/token", Reply.error(400, "invalid_grant"));
    assertThat(new AssertionSubject("ada", signIn).signIn(SignInDemand.ANY))
        .isInstanceOf(SignIn.Denied.class);
  }

  @Test
  @DisplayName("RFC 9449 §5: the assertion is sent with a proof, so the refresh token can be bound")
  void the_assertion_is_sent_with_a_proof() throws Exception {
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    world.next("/idp/token", REFRESH_TOKEN);
    var bound =
        new AssertionSignIn(
            config().boundTo(key),
            demand -> Optional.of(new Secret("assertion")),
            world.egress(),
            clock,
            random);

    assertThat(bound.signIn(SignInDemand.ANY)).isInstanceOf(SignIn.SignedIn.class);
    var proof = world.calls("/idp/token").getFirst().header("Dpop").orElseThrow();
    assertThat(UnverifiedJwt.parse(proof).selfAssertedKey().thumbprint())
        .isEqualTo(key.publicKey().thumbprint());
  }

  @Test
  void a_session_with_a_refresh_token_only_can_be_kept() {
    var session = Session.renewing(new Secret("rt"));
    assertThat(Session.kept(session.toKeep())).contains(session);
    var whole = new Session(new Secret("id"), Instant.EPOCH, Optional.of(new Secret("rt")));
    assertThat(Session.kept(whole.toKeep())).contains(whole);
    assertThat(Session.kept(new Secret("{}"))).isEmpty();
    assertThat(Session.kept(new Secret("{\"id_token\":\"x\",\"refresh_token\":\"y\"}"))).isEmpty();
  }
}
