package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("IDP-43: what an upstream OpenID Provider says of a person")
@Tag("thorough")
class UpstreamClaimsTest {
  @TempDir Path folder;
  private Provider provider;
  private Pair pair;

  @BeforeEach
  void start() {
    var setup = Setup.usual(folder);
    World.welcoming(folder);
    provider = Provider.start(setup.clock());
    var upstreams =
        List.of(
            upstream("groups", Optional.of("groups"), ClaimNames.SUB),
            upstream("plain", Optional.empty(), ClaimNames.SUB),
            upstream("oid", Optional.empty(), "oid"));
    pair = Pair.start(setup.with(new BrokerConfig.SignIn(false, upstreams)), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
  }

  private UpstreamConfig upstream(String id, Optional<String> groupsClaim, String subjectClaim) {
    return World.welcomed(
        new UpstreamConfig(
            id,
            id,
            provider.issuer(),
            new ClientId("broker"),
            World.clientSecret(),
            Scopes.of("email"),
            UpstreamConfig.ALGORITHMS,
            ClaimNames.STANDARD.withGroups(groupsClaim).withSubject(subjectClaim)));
  }

  /// What the broker answers to the browser that comes back from the provider.
  private Answer back(Desk desk, String id) {
    var toProvider = desk.signInAt(id).location();
    return desk.browse(Http.get(toProvider, Map.of()).location());
  }

  private String idToken(String id) {
    var desk = new Desk(pair);
    return desk.token(desk.codeRequest(back(desk, id).parameter("code")).build()).text("id_token");
  }

  private Answer exchanged(String idToken) {
    return new Desk(pair).exchange(idToken, World.LINEAR);
  }

  private void saysGroups(String... groups) {
    provider.says(JsonObject.builder().put("groups", List.of(groups)).build());
  }

  @Test
  @DisplayName("the groups claim decides, at once after each sign-in (IDP-17)")
  void groups_of_the_claim_decide() {
    saysGroups("engineering", "everyone");
    var engineer = idToken("groups");
    assertThat(exchanged(engineer).status()).isEqualTo(200);

    saysGroups("everyone");
    var mover = idToken("groups");
    assertThat(exchanged(mover).text("error")).isEqualTo("invalid_target");
    // Also with the ID Token of before: policy asks for the groups of now.
    assertThat(exchanged(engineer).text("error")).isEqualTo("invalid_target");

    saysGroups("engineering");
    assertThat(exchanged(idToken("groups")).status()).isEqualTo(200);
    assertThat(pair.directory.all()).hasSize(1);
  }

  @Test
  void a_single_group_may_be_text() {
    provider.says(JsonObject.builder().put("groups", "engineering").build());
    assertThat(exchanged(idToken("groups")).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("a claim that is left out means no groups")
  void without_the_claim_there_are_no_groups() {
    saysGroups("engineering");
    idToken("groups");
    provider.says(JsonObject.EMPTY);
    assertThat(exchanged(idToken("groups")).text("error")).isEqualTo("invalid_target");
  }

  @Test
  void a_claim_of_another_kind_is_refused() {
    provider.says(JsonObject.builder().put("groups", 7).build());
    var answer = back(new Desk(pair), "groups");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in refused", "\"check\":\"id_token\"");
  }

  @Test
  @DisplayName("a provider that is not configured to say groups cannot grant itself any")
  void groups_of_another_provider_are_nothing() {
    saysGroups("engineering");
    assertThat(exchanged(idToken("plain")).text("error")).isEqualTo("invalid_target");
    var zoe = pair.directory.all().getFirst();
    pair.putGroups(zoe, "engineering");
    provider.says(JsonObject.EMPTY);
    assertThat(exchanged(idToken("plain")).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("IDP-31: how and when they signed in is passed on as it was")
  void authentication_is_passed_on() throws MalformedException {
    long then = pair.clock.instant().getEpochSecond() - 120;
    provider.says(
        JsonObject.builder()
            .put("acr", "phr")
            .put("amr", List.of("hwk", "pin", "pwd mfa", ""))
            .put("auth_time", then)
            .put("groups", "engineering")
            .build());
    var idToken = idToken("groups");
    var idJag = exchanged(idToken).text("access_token");
    for (var token : List.of(idToken, idJag)) {
      var claims = UnverifiedJwt.parse(token).unverifiedClaims().all();
      assertThat(claims.string("acr")).contains("phr");
      assertThat(claims.strings("amr")).contains(List.of("hwk", "pin"));
      assertThat(claims.text("auth_time")).contains(Long.toString(then));
    }
  }

  @Test
  @DisplayName("DPR-4: whom SCIM provisioned is known by the claim that both name them by")
  void another_claim_may_be_the_subject() {
    var zoe = ((Linking.Created) pair.directory.create(NewPerson.named("acme", "zoe"))).person();
    pair.directory.link(zoe.id(), new ExternalSubject("acme", provider.issuer(), "object-7"));
    provider.says(JsonObject.builder().put("oid", "object-7").put("sub", "pairwise").build());
    assertThat(idToken("oid")).isNotEmpty();
    assertThat(pair.directory.all()).extracting(Person::id).containsExactly(zoe.id());

    provider.says(JsonObject.EMPTY);
    assertThat(back(new Desk(pair), "oid").status()).as("without the claim").isEqualTo(403);
    provider.says(JsonObject.builder().put("oid", "").build());
    assertThat(back(new Desk(pair), "oid").status()).isEqualTo(403);
    assertThat(pair.directory.all()).hasSize(1);
  }

  @Test
  @DisplayName("SEC-9: what may be given to another one day is no subject")
  void an_address_is_no_subject() {
    for (var claim : List.of("email", "upn", "preferred_username")) {
      assertThatThrownBy(() -> upstream("x", Optional.empty(), claim))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("subject_claim");
    }
  }

  static Stream<Arguments> spoiltClaims() {
    return Stream.of(
        Arguments.of("aud", JsonObject.builder().put("aud", "another-client").build()),
        Arguments.of(
            "azp", JsonObject.builder().put("aud", List.of("broker", "another-client")).build()),
        Arguments.of("iss", JsonObject.builder().put("iss", "https://evil.example").build()),
        Arguments.of("nonce", JsonObject.builder().put("nonce", "another").build()),
        Arguments.of("exp", JsonObject.builder().put("exp", 1_000_000_000L).build()),
        Arguments.of("iat", JsonObject.builder().put("iat", 4_000_000_000L).build()),
        Arguments.of("form", JsonObject.builder().put("sub", "").build()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("spoiltClaims")
  @DisplayName("IDP-13, IDP-14: an ID Token that is not for us, of them, for this sign-in, now")
  void spoilt_claims_are_refused(String check, JsonObject change) {
    provider.says(change);
    assertRefused(back(new Desk(pair), "plain"), check);
  }

  @Test
  @DisplayName("SEC-1: an ID Token that is unsigned or of a strange key")
  void bad_signatures_are_refused() {
    provider.spoils(token -> signedBy(Pair.strangersKey(), token));
    assertRefused(back(new Desk(pair), "plain"), "signature");
    provider.spoils(UpstreamClaimsTest::unsigned);
    assertRefused(back(new Desk(pair), "plain"), "form");
    provider.spoils(_ -> "no token");
    assertRefused(back(new Desk(pair), "plain"), "form");
  }

  private static String signedBy(SigningKey key, String token) {
    try {
      var claims = UnverifiedJwt.parse(token).unverifiedClaims().all();
      return new JwtSigner(key, "JWT").sign(claims);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static String unsigned(String token) {
    var header = JsonObject.builder().put("alg", "none").build().toBytes();
    var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(header);
    return encoded + token.substring(token.indexOf('.'), token.lastIndexOf('.') + 1);
  }

  private void assertRefused(Answer answer, String check) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in refused", "\"check\":\"id_token " + check);
    assertThat(pair.directory.all()).isEmpty();
  }
}
