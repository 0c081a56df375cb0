package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import dev.lanyard.protocol.oauth.TokenType;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.Contact;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.broker.UpstreamTokens;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.token.TokenResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("IDP-14: an ID Token of a provider upstream, by explicit mapping only")
class UpstreamIdTokenTest {
  private static final ClientId THERE = new ClientId("desk-at-the-provider");
  private static final UpstreamTokens MAPPED =
      new UpstreamTokens("corporate", Map.of(THERE, new ClientId("desk")));

  @TempDir Path folder;
  private Provider provider;
  private Pair pair;
  private Person alice;

  @BeforeEach
  void start() {
    var setup = Setup.usual(folder);
    provider = Provider.start(setup.clock());
    var signIn =
        new BrokerConfig.SignIn(
            true, List.of(provider.upstream("corporate"), provider.upstream("other")));
    pair =
        Pair.start(
            setup.with(signIn),
            folder,
            _ -> new ExchangeConfig(List.of(), List.of(MAPPED), Optional.empty()));
    alice = pair.person("alice", "engineering");
    pair.directory.link(
        alice.id(), new ExternalSubject(World.ORGANISATION, provider.issuer(), "up-1"));
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
  }

  private String token(Consumer<JsonObject.Builder> change) {
    long now = pair.clock.instant().getEpochSecond();
    var claims =
        JsonObject.builder()
            .put("iss", provider.issuer().value())
            .put("sub", "up-1")
            .put("aud", THERE.value())
            .put("iat", now)
            .put("exp", now + 900)
            .put("auth_time", now - 60);
    change.accept(claims);
    return new JwtSigner(provider.key(), "JWT").sign(claims.build());
  }

  private Answer exchange(String token) {
    return new Desk(pair).exchange(token, World.LINEAR);
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_grant");
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void of_a_mapped_client_about_a_linked_person() throws MalformedException {
    var answer = exchange(token(_ -> {}));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    var idJag = UnverifiedJwt.parse(answer.text("access_token")).unverifiedClaims().all();
    assertThat(idJag.string("sub")).contains(alice.id().value());
    assertThat(idJag.has("sid")).as("no session of ours").isFalse();
    assertThat(idJag.seconds("auth_time"))
        .as("IDP-31")
        .contains(pair.clock.instant().getEpochSecond() - 60);
    assertThat(new Desk(pair).redeem(answer.text("access_token")).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("One process knows the provider's keys once, whichever way it is asked")
  void asked_from_outside_and_from_inside() {
    assertThat(exchange(token(_ -> {})).status()).isEqualTo(200);
    int asked = provider.calls("/jwks");
    var inside =
        new TokenExchangeRequest(
            new Secret(token(_ -> {})),
            TokenType.ID_TOKEN,
            pair.ras().value(),
            List.of(World.LINEAR),
            Optional.empty());
    assertThat(pair.innerExchange().ask(new ClientId("desk"), inside, "inside"))
        .isInstanceOf(TokenResult.Issued.class);
    assertThat(provider.calls("/jwks")).isEqualTo(asked).isPositive();
  }

  @Test
  @DisplayName("is worth nothing to another client, nor one of another client there")
  void of_another_client() {
    var form = new Desk(pair).exchangeRequest(token(_ -> {}), World.LINEAR).build();
    assertRefused(Http.post(pair.brokerUrl("/token"), form, Desk.basic("other")));
    assertRefused(exchange(token(claims -> claims.put("aud", "somebody-else"))));
    assertRefused(exchange(token(claims -> claims.put("aud", "broker"))));
    assertRefused(exchange(token(claims -> claims.put("aud", List.of(THERE.value(), "x")))));
  }

  @Test
  @DisplayName("SEC-9: means nobody without a link, whatever e-mail address it shows")
  void about_nobody() {
    assertRefused(
        exchange(
            token(claims ->
                claims
                    .put("sub", "up-2")
                    .put("email", "alice@acme.example")
                    .put("email_verified", true))));
    assertRefused(exchange(token(claims -> claims.put("sub", alice.id().value()))));
  }

  @Test
  @DisplayName("The same sub of another issuer is somebody else, and no fetch goes there")
  void of_another_issuer() {
    try (var stranger = Provider.start(pair.clock)) {
      assertRefused(exchange(token(claims -> claims.put("iss", stranger.issuer().value()))));
      assertThat(stranger.asked()).isNull();
    }
  }

  @Test
  void that_is_not_signed_by_the_provider_or_too_old() {
    var forged =
        new JwtSigner(Pair.strangersKey(), "JWT")
            .sign(
                JsonObject.builder()
                    .put("iss", provider.issuer().value())
                    .put("sub", "up-1")
                    .put("aud", THERE.value())
                    .put("iat", pair.clock.instant().getEpochSecond())
                    .put("exp", pair.clock.instant().getEpochSecond() + 900)
                    .build());
    assertRefused(exchange(forged));
    long now = pair.clock.instant().getEpochSecond();
    var longLived = token(claims -> claims.put("exp", now + 8 * 3600));
    var good = token(_ -> {});
    pair.clock.advance(Duration.ofMinutes(20));
    assertRefused(exchange(good));
    pair.clock.advance(Duration.ofMinutes(45));
    assertRefused(exchange(longLived));
  }

  @Test
  @DisplayName("IDP-42: is worth nothing once the person is disabled, also after they are back")
  void about_somebody_disabled() {
    var token = token(_ -> {});
    assertThat(exchange(token).status()).isEqualTo(200);
    pair.happened(alice, Happening.DISABLED);
    assertRefused(exchange(token));
    pair.happened(alice, Happening.ENABLED);
    assertRefused(exchange(token));
  }

  @Test
  @DisplayName("IDP-42: nor if a clock that is ahead has dated it after the kill")
  void by_a_clock_that_is_ahead() {
    var token = token(claims -> claims.put("iat", now() + 30));
    assertThat(exchange(token).status()).as("tolerated").isEqualTo(200);
    pair.happened(alice, Happening.SESSIONS_REVOKED);
    pair.clock.advance(Duration.ofSeconds(30));
    assertRefused(exchange(token));
    assertRefused(exchange(token(_ -> {})));
    pair.clock.advance(Duration.ofSeconds(1));
    assertThat(exchange(token(_ -> {})).status()).isEqualTo(200);
  }

  private void ended(Subject subject) {
    var source = Source.of(Source.Kind.BACK_CHANNEL_LOGOUT, "corporate");
    pair.revocation.accept(
        new Signal(
            source.within(World.ORGANISATION),
            UUID.randomUUID().toString(),
            subject,
            Happening.SESSIONS_REVOKED,
            pair.clock.instant(),
            "signed out",
            "test"));
  }

  @Test
  @DisplayName("BCL-4, IDP-42: is worth nothing once its session at the provider has ended")
  void of_a_session_that_has_ended() {
    var token = token(claims -> claims.put("sid", "sid-1").put("exp", now() + 3600));
    var ahead = token(claims -> claims.put("sid", "sid-1").put("iat", now() + 20));
    var another = token(claims -> claims.put("sid", "sid-2"));
    assertThat(exchange(token).status()).isEqualTo(200);
    pair.clock.advance(Duration.ofSeconds(5));
    ended(new Subject.UpstreamSession("corporate", "sid-1", Optional.empty()));

    assertRefused(exchange(token));
    assertRefused(exchange(ahead));
    assertThat(exchange(another).status()).as("another session").isEqualTo(200);
    assertThat(exchange(token(_ -> {})).status()).as("of no session").isEqualTo(200);
    pair.clock.advance(Duration.ofMinutes(55));
    assertRefused(exchange(token));
  }

  @Test
  @DisplayName("BCL-4: nor once all that the person has there has ended; what is newer counts")
  void of_a_person_who_was_signed_out_everywhere() {
    var token = token(claims -> claims.put("sid", "sid-1"));
    ended(new Subject.UpstreamSubject("corporate", "up-2"));
    ended(new Subject.UpstreamSubject("other", "up-1"));
    ended(new Subject.UpstreamSession("other", "sid-1", Optional.empty()));
    assertThat(exchange(token).status()).as("somebody else's end").isEqualTo(200);

    ended(new Subject.UpstreamSubject("corporate", "up-1"));
    assertRefused(exchange(token));
    pair.clock.advance(Duration.ofSeconds(31));
    assertThat(exchange(token(claims -> claims.put("sid", "sid-2"))).status()).isEqualTo(200);
  }

  private long now() {
    return pair.clock.instant().getEpochSecond();
  }

  @Test
  @DisplayName("The provider is down: 503, and the client keeps what it has")
  void an_outage() {
    provider.close();
    assertThat(exchange(token(_ -> {})).status()).isEqualTo(503);
  }

  @Test
  void a_mapping_names_a_provider_that_there_is() {
    var nowhere = new UpstreamTokens("nowhere", MAPPED.clients());
    assertThatThrownBy(() ->
            new BrokerConfig(
                pair.broker(),
                "acme",
                BrokerConfig.Lives.DEFAULT,
                BrokerConfig.SignIn.LOCAL,
                Contact.DEFAULT,
                new ExchangeConfig(List.of(), List.of(nowhere), Optional.empty()),
                false))
        .hasMessageContaining("no upstream 'nowhere'");
  }
}
