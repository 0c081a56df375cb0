package dev.lanyard.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
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
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("META-19: what a server advertises works, and what it does not advertise is refused")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdvertisedTest {
  private static final String[] OTHER_ALGORITHMS = {
    "RS384", "RS512", "PS384", "PS512", "ES512", "HS256", "none"
  };

  private final Map<SigningAlgorithm, SigningKey> keys = new EnumMap<>(SigningAlgorithm.class);
  private Pair pair;
  private Desk desk;

  @BeforeAll
  void start(@TempDir Path folder) {
    for (var algorithm : SigningAlgorithm.values()) {
      keys.put(algorithm, SigningKey.generate(algorithm));
    }
    pair = Pair.start(Setup.usual(folder).signingWith(List.copyOf(keys.values())), folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair);
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private static JsonObject metadata(Issuer issuer) {
    return Http.get(URI.create(issuer + "/.well-known/oauth-authorization-server"), Map.of())
        .json();
  }

  private static List<String> advertised(Issuer issuer, String member) {
    return strings(metadata(issuer), member);
  }

  private static List<String> strings(JsonObject json, String member) {
    try {
      return json.strings(member).orElseThrow();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Form form(String... namesAndValues) {
    var form = Form.builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      form.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return form.build();
  }

  private static boolean authenticated(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isLessThan(500);
    boolean refused = !answer.body().isEmpty() && answer.text("error").equals("invalid_client");
    assertThat(answer.status() == 401).as(answer.body()).isEqualTo(refused);
    return !refused;
  }

  @Nested
  @DisplayName("ways to authenticate a client")
  class Methods {
    @ParameterizedTest(name = "{0}, {1} endpoint")
    @CsvSource({
      "desk, token",
      "desk, revocation",
      "desk-ras, token",
      "desk-ras, revocation",
      "linear-server, introspection"
    })
    void are_taken_exactly_as_advertised(String client, String endpoint) {
      boolean broker = client.equals("desk");
      var metadata = metadata(broker ? pair.broker() : pair.ras());
      var url = URI.create(text(metadata, endpoint + "_endpoint"));
      var taken = strings(metadata, endpoint + "_endpoint_auth_methods_supported");
      for (var method :
          new String[] {
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            "none",
            "client_secret_jwt"
          }) {
        assertThat(authenticated(send(url, client, method)))
            .as("%s at %s", method, url)
            .isEqualTo(taken.contains(method));
      }
    }

    private Answer send(URI url, String client, String method) {
      var request = form("grant_type", "refresh_token", "token", "x");
      return switch (method) {
        case "client_secret_basic" -> Http.post(url, request, Desk.basic(client));
        case "client_secret_post" -> Http.post(url, withSecret(client), Map.of());
        case "private_key_jwt" -> signer(client).post(url, request);
        case "client_secret_jwt" ->
            Http.post(url, Signer.authenticated(request, symmetric(client)), Map.of());
        default -> Http.post(url, named(open(url, client)), Map.of());
      };
    }

    private Form withSecret(String client) {
      return form(
          "grant_type",
          "refresh_token",
          "token",
          "x",
          "client_id",
          client,
          "client_secret",
          World.clientSecret().reveal());
    }

    private Form named(String client) {
      return form("grant_type", "refresh_token", "token", "x", "client_id", client);
    }

    private Signer signer(String client) {
      var signer = client.equals("desk") ? Signer.atBroker(pair) : Signer.atRas(pair);
      return signer.with(keys.get(SigningAlgorithm.ES256));
    }

    /// The client that is registered for `none`.
    private String open(URI url, String client) {
      if (client.equals("desk")) {
        return "phone";
      }
      return url.getPath().equals("/introspect") ? "open-ras" : "https://hosted.example/client";
    }

    private String symmetric(String client) {
      var claims = signer(client).claims().put("iss", client).put("sub", client).build();
      var secret = World.clientSecret().reveal().getBytes(StandardCharsets.UTF_8);
      return signed("HS256", claims, "JWT", () -> new MACSigner(secret));
    }
  }

  private static String text(JsonObject json, String member) {
    try {
      return json.string(member).orElseThrow();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private interface Maker {
    JWSSigner make() throws JOSEException;
  }

  private static String signed(String algorithm, JsonObject claims, String type, Maker signer) {
    return signed(new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)), claims, type, signer);
  }

  private static String signed(
      JWSHeader.Builder header, JsonObject claims, String type, Maker signer) {
    try {
      var jws =
          new JWSObject(
              header.type(new JOSEObjectType(type)).build(), new Payload(claims.toBytes()));
      jws.sign(signer.make());
      return jws.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static String unsigned(JsonObject claims, String type) {
    var header = JsonObject.builder().put("alg", "none").put("typ", type).build();
    return Base64URL.encode(header.toBytes()) + "." + Base64URL.encode(claims.toBytes()) + ".";
  }

  /// A JWT of one of [#OTHER_ALGORITHMS], with a key of the client where it has one for it. The
  /// HMAC is keyed with the client's public key: what a confused verifier would check it with.
  private String other(String algorithm, JsonObject claims, String type) {
    if (algorithm.equals("none")) {
      return unsigned(claims, type);
    }
    try {
      var rsa = RSAKey.parse(keys.get(SigningAlgorithm.RS256).toPrivateJwk().reveal());
      var header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm));
      if (algorithm.startsWith("ES")) {
        var key = new ECKeyGenerator(Curve.P_521).generate();
        return signed(header.jwk(key.toPublicJWK()), claims, type, () -> new ECDSASigner(key));
      }
      header.jwk(rsa.toPublicJWK());
      return algorithm.startsWith("HS")
          ? signed(header, claims, type, () -> new MACSigner(rsa.toPublicKey().getEncoded()))
          : signed(header, claims, type, () -> new RSASSASigner(rsa));
    } catch (JOSEException | ParseException e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  @DisplayName("SEC-1: algorithms")
  class Algorithms {
    private boolean works(URI url, String assertion) {
      var request = form("grant_type", "refresh_token", "token", "x");
      return authenticated(Http.post(url, Signer.authenticated(request, assertion), Map.of()));
    }

    @Test
    void of_client_assertions() {
      for (var signer : List.of(Signer.atBroker(pair), Signer.atRas(pair))) {
        var url = URI.create(signer.self() + "/token");
        var taken = advertised(signer.self(), "token_endpoint_auth_signing_alg_values_supported");
        keys.forEach((algorithm, key) -> {
          assertThat(taken).contains(algorithm.value());
          assertThat(works(url, signer.with(key).assertion())).isTrue();
        });
        assertThat(taken).hasSameSizeAs(keys.keySet());
        for (var algorithm : OTHER_ALGORITHMS) {
          var assertion = other(algorithm, signer.claims().build(), "JWT");
          assertThat(works(url, assertion)).as(algorithm).isFalse();
        }
      }
    }

    @Test
    @DisplayName("META-16: of DPoP proofs")
    void of_dpop_proofs() {
      var taken = advertised(pair.broker(), "dpop_signing_alg_values_supported");
      assertThat(advertised(pair.ras(), "dpop_signing_alg_values_supported")).isEqualTo(taken);
      var idToken = desk.idToken("alice");
      keys.forEach((algorithm, key) -> {
        assertThat(taken).contains(algorithm.value());
        var proof =
            new DpopSigner(key, pair.clock, new SecureRandom())
                .proof("POST", pair.brokerUrl("/token"), Optional.empty());
        assertThat(proved(idToken, proof).status()).as(algorithm.value()).isEqualTo(200);
      });
      assertThat(taken).hasSameSizeAs(keys.keySet());
      for (var algorithm : OTHER_ALGORITHMS) {
        var claims =
            JsonObject.builder()
                .put("jti", "proof-" + algorithm)
                .put("htm", "POST")
                .put("htu", pair.brokerUrl("/token").toString())
                .put("iat", pair.clock.instant().getEpochSecond())
                .build();
        var answer = proved(idToken, other(algorithm, claims, "dpop+jwt"));
        assertThat(answer.text("error")).as(algorithm).isEqualTo("invalid_dpop_proof");
        assertThat(answer.status()).isEqualTo(400);
      }
    }

    private Answer proved(String idToken, String proof) {
      var headers = new HashMap<>(Desk.basic("desk"));
      headers.put("DPoP", proof);
      var request = desk.exchangeRequest(idToken, World.LINEAR).build();
      return Http.post(pair.brokerUrl("/token"), request, headers);
    }

    @Test
    void of_id_tokens() throws MalformedException {
      assertThat(advertised(pair.broker(), "id_token_signing_alg_values_supported"))
          .contains(UnverifiedJwt.parse(desk.idToken("alice")).unverifiedAlgorithm());
    }
  }

  @Nested
  @DisplayName("IDP-1, RAS-1: grant types")
  class Grants {
    private List<String> every() {
      var types = new ArrayList<String>();
      for (var type : GrantType.values()) {
        types.add(type.value());
      }
      types.addAll(
          List.of(
              "password",
              "implicit",
              "urn:ietf:params:oauth:grant-type:device_code",
              "urn:ietf:params:oauth:grant-type:saml2-bearer",
              "urn:ietf:params:oauth:token-type:id_token",
              "AUTHORIZATION_CODE"));
      return types;
    }

    @Test
    void of_the_broker() {
      var signedIn = desk.signedIn("alice", "openid offline_access");
      assertThat(signedIn.status()).isEqualTo(200);
      var refresh =
          form("grant_type", "refresh_token", "refresh_token", signedIn.text("refresh_token"));
      assertThat(desk.token(refresh).status()).isEqualTo(200);
      assertThat(desk.exchange(signedIn.text("id_token"), World.LINEAR).status()).isEqualTo(200);
      assertThat(advertised(pair.broker(), "grant_types_supported"))
          .containsExactlyInAnyOrder(
              "authorization_code",
              "refresh_token",
              "urn:ietf:params:oauth:grant-type:token-exchange");
      assertOthersAreRefused(pair.broker(), "desk");
    }

    @Test
    void of_the_resource_authorization_server() {
      var idToken = desk.idToken("alice");
      assertThat(desk.redeem(desk.exchange(idToken, World.LINEAR).text("access_token")).status())
          .isEqualTo(200);
      var headers = new HashMap<>(Desk.basic("desk-ras"));
      headers.put(
          "DPoP",
          new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom())
              .proof("POST", pair.rasUrl("/token"), Optional.empty()));
      var idJag = desk.exchange(idToken, World.LINEAR).text("access_token");
      var withProof =
          form("grant_type", "urn:ietf:params:oauth:grant-type:jwt-dpop", "assertion", idJag);
      assertThat(Http.post(pair.rasUrl("/token"), withProof, headers).status()).isEqualTo(200);
      assertThat(advertised(pair.ras(), "grant_types_supported"))
          .containsExactlyInAnyOrder(
              "urn:ietf:params:oauth:grant-type:jwt-bearer",
              "urn:ietf:params:oauth:grant-type:jwt-dpop",
              "client_credentials");
      assertOthersAreRefused(pair.ras(), "desk-ras");
    }

    private void assertOthersAreRefused(Issuer issuer, String client) {
      var others = every();
      others.removeAll(advertised(issuer, "grant_types_supported"));
      for (var other : others) {
        var answer =
            Http.post(URI.create(issuer + "/token"), form("grant_type", other), Desk.basic(client));
        assertThat(answer.text("error")).as(other).isEqualTo("unsupported_grant_type");
        assertThat(answer.status()).isEqualTo(400);
      }
    }
  }

  @Test
  @DisplayName("scopes and claims of the broker")
  void scopes_and_claims_are_given() throws MalformedException {
    var scopes = advertised(pair.broker(), "scopes_supported");
    var asked = String.join(" ", scopes) + " admin";
    var browser = new Desk(pair);
    browser.code("alice", "openid");
    var request = browser.authorization(asked).add("nonce", "n-1").build();
    var code = browser.authorize(request).parameter("code");
    var signedIn = browser.token(browser.codeRequest(code).build());
    assertThat(signedIn.text("scope").split(" ")).containsExactlyInAnyOrderElementsOf(scopes);
    var given =
        new ArrayList<>(
            UnverifiedJwt.parse(signedIn.text("id_token")).unverifiedClaims().all().names());
    var bearer = Map.of("Authorization", "Bearer " + signedIn.text("access_token"));
    given.addAll(Http.get(pair.brokerUrl("/userinfo"), bearer).json().names());
    // `acr` is what an upstream provider said, and there is none here: see UpstreamClaimsTest.
    given.add("acr");
    assertThat(given).containsAll(advertised(pair.broker(), "claims_supported"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "id_token", "code id_token", "none"})
  @DisplayName("AC-1: no other response type than the advertised one")
  void other_response_types_are_refused(String type) {
    var good = desk.authorization("openid").build();
    var query =
        good.encode().replace("response_type=code", "response_type=" + type.replace(" ", "%20"));
    var answer = desk.browse(URI.create(pair.brokerUrl("/authorize") + "?" + query));
    assertThat(answer.parameter("error")).isEqualTo("unsupported_response_type");
    assertThat(advertised(pair.broker(), "response_types_supported")).containsExactly("code");
  }
}
