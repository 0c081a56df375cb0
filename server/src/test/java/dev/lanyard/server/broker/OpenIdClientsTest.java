package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.broker.AudienceProfile.Claim;
import dev.lanyard.server.broker.AudienceProfile.OwnSubject;
import dev.lanyard.server.broker.AudienceProfile.Tenants;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("OpenID Connect Registration §2: what one relying party wants otherwise than others")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenIdClientsTest {
  private Pair pair;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair =
        Pair.start(
            Setup.usual(folder),
            folder,
            ras ->
                new ExchangeConfig(
                    List.of(
                        new AudienceProfile(
                            ras,
                            Optional.of("one.example"),
                            Claim.PAIRWISE,
                            Optional.empty(),
                            Tenants.NONE,
                            Optional.of(OwnSubject.PERSON),
                            Optional.empty())),
                    List.of(),
                    Optional.empty()));
    pair.person("alice", "engineering");
    pair.person("bob", "engineering");
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private Desk local(String client) {
    return new Desk(pair, client, "desk-ras", Desk.CALLBACK);
  }

  private Desk hosted(String client) {
    return new Desk(pair, client, "desk-ras", "https://" + client + ".example/callback");
  }

  private static JsonObject claims(String jwt) throws MalformedException {
    return UnverifiedJwt.parse(jwt).unverifiedClaims().all();
  }

  private static String claim(Answer tokens, String name) throws MalformedException {
    return claims(tokens.text("id_token")).string(name).orElseThrow();
  }

  private static String keyId(String jwt) throws MalformedException {
    return UnverifiedJwt.parse(jwt).unverifiedKeyId().orElseThrow();
  }

  private Answer userInfo(Answer tokens) {
    return Http.get(
        pair.brokerUrl("/userinfo"),
        Map.of("Authorization", "Bearer " + tokens.text("access_token")));
  }

  private JsonObject verified(String jwt, SigningAlgorithm algorithm) throws MalformedException {
    var keys = PublicKeySet.parse(Http.get(pair.brokerUrl("/jwks"), Map.of()).json());
    var verifier = new JwtVerifier(keys::find, EnumSet.of(algorithm));
    if (verifier.verify(UnverifiedJwt.parse(jwt)) instanceof Verification.Verified(var good)) {
      return good.claims().all();
    }
    throw new AssertionError("not by a published key of " + algorithm + ": " + jwt);
  }

  private static Answer refreshed(Desk desk, Answer tokens) {
    return desk.token(
        Form.builder()
            .add("grant_type", "refresh_token")
            .add("refresh_token", tokens.text("refresh_token"))
            .build());
  }

  private static String error(Desk desk, Form.Builder request) {
    return desk.authorize(request.add("prompt", "none").build()).parameter("error");
  }

  @Nested
  @DisplayName("id_token_signed_response_alg")
  class IdTokenAlgorithm {
    @ParameterizedTest
    @CsvSource({"desk, ES256, SHA-256", "classic, RS256, SHA-256", "edwards, EdDSA, SHA-512"})
    @DisplayName("the first and every renewed ID Token, by a published key, with at_hash to match")
    void signs(String client, String name, String digest)
        throws MalformedException, GeneralSecurityException {
      var algorithm = SigningAlgorithm.of(name).orElseThrow();
      var desk = local(client);
      var first = desk.signedIn("alice", "openid offline_access");
      var again = refreshed(desk, first);
      for (var tokens : List.of(first, again)) {
        var said = verified(tokens.text("id_token"), algorithm);
        var hash =
            MessageDigest.getInstance(digest)
                .digest(tokens.text("access_token").getBytes(StandardCharsets.US_ASCII));
        assertThat(said.string("at_hash"))
            .contains(
                Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Arrays.copyOf(hash, hash.length / 2)));
      }
      assertThat(desk.exchange(again.text("id_token"), World.LINEAR).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("META-19: the metadata list what can be asked for")
    void is_in_the_metadata() throws MalformedException {
      var metadata =
          Http.get(URI.create(pair.broker() + "/.well-known/openid-configuration"), Map.of())
              .json();
      assertThat(metadata.strings("id_token_signing_alg_values_supported").orElseThrow())
          .contains("ES256", "RS256", "EdDSA");
      assertThat(metadata.strings("userinfo_signing_alg_values_supported").orElseThrow())
          .contains("ES256", "RS256", "EdDSA");
      assertThat(metadata.strings("subject_types_supported").orElseThrow())
          .containsExactly("public", "pairwise");
    }
  }

  @Nested
  @DisplayName("userinfo_signed_response_alg")
  class UserInfoAlgorithm {
    @ParameterizedTest
    @CsvSource({"classic, RS256", "edwards, EdDSA"})
    @DisplayName("a JWT for this client alone, by a key of its own purpose (KEY-6)")
    void signs(String client, String name) throws MalformedException {
      var tokens = local(client).signedIn("alice", "openid email");
      var answer = userInfo(tokens);
      assertThat(answer.header("Content-Type")).contains("application/jwt");
      var said = verified(answer.body(), SigningAlgorithm.of(name).orElseThrow());
      assertThat(said.string("iss")).contains(pair.broker().value());
      assertThat(said.string("aud")).contains(client);
      assertThat(said.string("sub")).contains(claim(tokens, "sub"));
      assertThat(said.string("email")).contains("alice@acme.example");
      assertThat(keyId(answer.body())).isNotEqualTo(keyId(tokens.text("id_token")));
    }

    @Test
    @DisplayName("SEC-3: it is no ID Token of ours, for an exchange or as a hint")
    void is_no_id_token() {
      var desk = local("classic");
      var answer = userInfo(desk.signedIn("alice", "openid")).body();
      assertThat(desk.exchange(answer, World.LINEAR).text("error")).isEqualTo("invalid_grant");
      assertThat(error(desk, desk.authorization("openid").add("id_token_hint", answer)))
          .isEqualTo("invalid_request");
    }

    @Test
    @DisplayName("without it UserInfo answers in JSON")
    void unsigned() {
      var answer = userInfo(local("desk").signedIn("alice", "openid"));
      assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/json");
    }
  }

  @Nested
  @DisplayName("subject_type: pairwise (OpenID Connect Core §8.1)")
  class Pairwise {
    @Test
    @DisplayName("one name in a sector, another in each other one, none of them our id")
    void sectors() throws MalformedException {
      var here = pair.person("alice").id().value();
      var one = claim(hosted("one").signedIn("alice", "openid"), "sub");
      var same = claim(local("one-too").signedIn("alice", "openid"), "sub");
      var two = claim(hosted("two").signedIn("alice", "openid"), "sub");
      var bob = claim(hosted("one").signedIn("bob", "openid"), "sub");
      assertThat(same).isEqualTo(one);
      assertThat(List.of(here, one, two, bob)).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("two sectors find nothing in their tokens that they could compare")
    void nothing_to_compare() throws MalformedException {
      var first = hosted("one");
      var second = hosted("two");
      first.code("alice", "openid");
      second.cookies().putAll(first.cookies());
      var one = first.signedIn("alice", "openid");
      var two = second.signedIn("alice", "openid");
      for (var name : List.of("sub", "sid", "grant_id")) {
        assertThat(claim(one, name)).as(name).isNotEqualTo(claim(two, name));
      }
      var access = claims(one.text("access_token"));
      var other = claims(two.text("access_token"));
      for (var name : List.of("sub", "sid", "grant_id", "jti")) {
        assertThat(access.string(name)).as(name).isNotEqualTo(other.string(name));
      }
      assertThat(access.string("sub")).contains(claim(one, "sub"));
    }

    @Test
    @DisplayName("UserInfo, renewed ID Tokens and the next sign-in say the same name")
    void is_stable() throws MalformedException {
      var desk = hosted("one");
      var tokens = desk.signedIn("alice", "openid offline_access");
      var name = claim(tokens, "sub");
      assertThat(userInfo(tokens).text("sub")).isEqualTo(name);
      var again = refreshed(desk, tokens);
      assertThat(claim(again, "sub")).isEqualTo(name);
      assertThat(claim(again, "sid")).isEqualTo(claim(tokens, "sid"));
      assertThat(claim(hosted("one").signedIn("alice", "openid"), "sub")).isEqualTo(name);
    }

    @Test
    @DisplayName("IDP-24: an exchange finds the person, and a server of the sector hears that name")
    void is_exchanged() throws MalformedException {
      var one = hosted("one");
      var two = hosted("two");
      var tokens = one.signedIn("alice", "openid");
      for (var idJag :
          List.of(
              one.exchange(tokens.text("id_token"), World.LINEAR),
              two.exchange(two.idToken("alice"), World.LINEAR))) {
        assertThat(claims(idJag.text("access_token")).string("sub")).contains(claim(tokens, "sub"));
        assertThat(one.redeem(idJag.text("access_token")).status()).isEqualTo(200);
      }
    }

    @Test
    @DisplayName("id_token_hint and claims mean the person by the client's name of them")
    void hints() throws MalformedException {
      var desk = hosted("one");
      var token = desk.idToken("alice");
      var name = claims(token).string("sub").orElseThrow();
      var other = hosted("one").idToken("bob");
      assertThat(error(desk, desk.authorization("openid").add("id_token_hint", token))).isEmpty();
      assertThat(error(desk, desk.authorization("openid").add("id_token_hint", other)))
          .isEqualTo("login_required");
      assertThat(error(desk, wanting(desk, name))).isEmpty();
    }

    @Test
    @DisplayName("nobody can try whether our id, or the name of another sector, means the person")
    void is_no_oracle() throws MalformedException {
      var desk = hosted("one");
      desk.idToken("alice");
      var elsewhere = claim(hosted("two").signedIn("alice", "openid"), "sub");
      for (var guess : List.of(pair.person("alice").id().value(), elsewhere, "nobody", "é")) {
        assertThat(error(desk, wanting(desk, guess))).isEqualTo("login_required");
      }
    }

    private Form.Builder wanting(Desk desk, String subject) {
      var sub = JsonObject.builder().put("value", subject).build();
      var idToken = JsonObject.builder().put("sub", sub).build();
      return desk.authorization("openid")
          .add("claims", JsonObject.builder().put("id_token", idToken).build().toJson());
    }

    @Test
    @DisplayName("a sign-out by its ID Token asks nobody")
    void signs_out() {
      var desk = hosted("one");
      var hint = desk.idToken("alice");
      var query = Form.builder().add("id_token_hint", hint).build().encode();
      assertThat(desk.browse(URI.create(pair.brokerUrl("/logout") + "?" + query)).body())
          .contains("Signed out");
      assertThat(error(desk, desk.authorization("openid"))).isEqualTo("login_required");
    }

    @Test
    @DisplayName("IDP-42: the kill reaches what names nobody")
    void is_killed() {
      var carol = pair.person("carol", "engineering");
      var desk = hosted("one");
      var tokens = desk.signedIn("carol", "openid");
      assertThat(userInfo(tokens).status()).isEqualTo(200);
      pair.happened(carol, Happening.SESSIONS_REVOKED);
      assertThat(userInfo(tokens).status()).isEqualTo(401);
      assertThat(desk.exchange(tokens.text("id_token"), World.LINEAR).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    @DisplayName("a token that is given back is found to be the person's")
    void is_revoked() {
      var desk = hosted("one");
      var tokens = desk.signedIn("alice", "openid");
      var answer =
          Http.post(
              pair.brokerUrl("/revoke"),
              Form.builder().add("token", tokens.text("access_token")).build(),
              Desk.basic("one"));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(userInfo(tokens).status()).isEqualTo(401);
    }
  }
}
