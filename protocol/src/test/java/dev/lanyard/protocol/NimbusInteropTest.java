package dev.lanyard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.dpop.JWKThumbprintConfirmation;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProofUse;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProtectedResourceRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPTokenRequestVerifier;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.JWTID;
import com.nimbusds.oauth2.sdk.id.Subject;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.oauth2.sdk.util.singleuse.SingleUseChecker;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopRequest;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.dpop.DpopValidator;
import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagClaims;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.IdJagVerdict;
import dev.lanyard.protocol.idjag.Limits;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The peer signs and judges by its own code, from a key that is handed over as a JWK. It reads the
/// wall clock, so what it judges is issued now.
@DisplayName("What an independent implementation signs we accept, and the reverse")
class NimbusInteropTest {
  private static final Issuer IDP = new Issuer("https://idp.example");
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final ResourceIndicator MCP = new ResourceIndicator("https://mcp.example/mcp");
  private static final ClientId CLIENT = new ClientId("client-1");
  private static final URI ENDPOINT = URI.create("https://ras.example/token");
  private static final Instant NOW =
      InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
  private static final Instant LATER = NOW.plusSeconds(300);
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  private static JWK handedOver(SigningKey key) throws Exception {
    return JWK.parse(key.toPrivateJwk().reveal());
  }

  private static TrustedIssuer trusted(SigningKey key) throws Exception {
    var published = handedOver(key).toPublicJWK();
    var keys = PublicKeySet.parse(JsonObject.parse(new JWKSet(published).toString()));
    return new TrustedIssuer(IDP, keys, Set.of(key.algorithm()));
  }

  private static String signedByPeer(SigningKey key, String type, JWTClaimsSet claims)
      throws Exception {
    var jwk = handedOver(key);
    var header =
        new JWSHeader.Builder(JWSAlgorithm.parse(key.algorithm().value()))
            .type(new JOSEObjectType(type))
            .keyID(jwk.getKeyID())
            .build();
    var jwt = new SignedJWT(header, claims);
    jwt.sign(new DefaultJWSSignerFactory().createJWSSigner(jwk, header.getAlgorithm()));
    return jwt.serialize();
  }

  private static JWTClaimsSet.Builder peerClaims(String audience) {
    return new JWTClaimsSet.Builder()
        .issuer(IDP.value())
        .subject("p-1")
        .audience(audience)
        .claim("client_id", CLIENT.value())
        .jwtID("j-1")
        .issueTime(Date.from(NOW))
        .expirationTime(Date.from(LATER))
        .claim("scope", "a b");
  }

  private static JWTClaimsSet judgedByPeer(SigningKey key, String type, String jwt)
      throws Exception {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType(type)));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.parse(key.algorithm().value()),
            new ImmutableJWKSet<>(JWKSet.parse(TestKeys.published(key).toJson().toJson()))));
    return processor.process(jwt, null);
  }

  private static IdJagVerdict judgedByUs(SigningKey key, String idJag) throws Exception {
    var enrolled = EnrolledIssuer.singleTenant(trusted(key));
    return new IdJagValidator(RAS, issuer -> Optional.of(enrolled), Limits.DEFAULT, CLOCK)
        .judge(idJag, CLIENT);
  }

  private static JsonObject ourIdJag() {
    return new IdJagClaims(IDP, "p-1", RAS, CLIENT)
        .resources(List.of(MCP))
        .scopes(Scopes.of("a", "b"))
        .build("j-1", NOW, LATER);
  }

  // EdDSA needs another library in the peer: see Ed25519 below.
  @Nested
  @DisplayName("ID-JAGs and access tokens, by every algorithm of the peer")
  class Tokens {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EDDSA")
    void an_id_jag_of_theirs(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var jwt = signedByPeer(key, IdJag.TYPE, peerClaims(RAS.value()).build());

      assertThat(judgedByUs(key, jwt)).isInstanceOf(IdJagVerdict.Accepted.class);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EDDSA")
    void an_id_jag_of_ours(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var claims = judgedByPeer(key, IdJag.TYPE, new JwtSigner(key, IdJag.TYPE).sign(ourIdJag()));

      assertThat(claims.getAudience()).containsExactly(RAS.value());
      assertThat(claims.getExpirationTime()).isEqualTo(Date.from(LATER));
      assertThat(claims.getStringClaim("resource")).isEqualTo(MCP.value());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EDDSA")
    void an_access_token_of_theirs(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var jwt = signedByPeer(key, AccessToken.TYPE, peerClaims(MCP.value()).build());
      var validator =
          new AccessTokenValidator(TrustedIssuers.of(trusted(key)), MCP, ClockSkew.DEFAULT, CLOCK);

      assertThat(validator.judge(jwt)).isInstanceOf(AccessTokenVerdict.Accepted.class);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EDDSA")
    void an_access_token_of_ours(SigningAlgorithm algorithm) throws Exception {
      var key = TestKeys.of(algorithm);
      var claims =
          new AccessTokenClaims(IDP, "p-1", CLIENT, List.of(MCP))
              .boundTo(key.publicKey().thumbprint())
              .build("j-1", NOW, LATER);
      var read =
          judgedByPeer(key, AccessToken.TYPE, new JwtSigner(key, AccessToken.TYPE).sign(claims));

      assertThat(JWKThumbprintConfirmation.parse(read))
          .isEqualTo(JWKThumbprintConfirmation.of(handedOver(key)));
    }
  }

  @Nested
  @DisplayName("ID Tokens")
  class IdTokens {
    private final SigningKey key = TestKeys.of(SigningAlgorithm.RS256);

    @Test
    void of_theirs() throws Exception {
      var claims =
          new IDTokenClaimsSet(
              new com.nimbusds.oauth2.sdk.id.Issuer(IDP.value()),
              new Subject("p-1"),
              new Audience(CLIENT.value()).toSingleAudienceList(),
              Date.from(LATER),
              Date.from(NOW));
      claims.setNonce(new Nonce("n-1"));
      var jwt = signedByPeer(key, "JWT", claims.toJWTClaimsSet());
      var limits =
          new dev.lanyard.protocol.idtoken.Limits(ClockSkew.DEFAULT, Duration.ofMinutes(5));

      assertThat(new IdTokenValidator(trusted(key), limits, CLOCK).judge(jwt, CLIENT, "n-1"))
          .isInstanceOf(IdTokenVerdict.Accepted.class);
    }

    @Test
    void of_ours() throws Exception {
      var claims =
          JsonObject.builder()
              .put("iss", IDP.value())
              .put("sub", "p-1")
              .put("aud", CLIENT.value())
              .put("nonce", "n-1")
              .put("iat", NOW.getEpochSecond())
              .put("exp", LATER.getEpochSecond())
              .build();
      var theirs =
          new com.nimbusds.openid.connect.sdk.validators.IDTokenValidator(
              new com.nimbusds.oauth2.sdk.id.Issuer(IDP.value()),
              new ClientID(CLIENT.value()),
              JWSAlgorithm.RS256,
              JWKSet.parse(TestKeys.published(key).toJson().toJson()));
      var jwt = SignedJWT.parse(new JwtSigner(key, IdToken.TYPE).sign(claims));

      assertThat(theirs.validate(jwt, new Nonce("n-1")).getSubject().getValue()).isEqualTo("p-1");
    }
  }

  @Nested
  @DisplayName("DPoP proofs")
  class Proofs {
    private final SigningKey key = TestKeys.of(SigningAlgorithm.ES256);
    private final DPoPAccessToken accessToken = new DPoPAccessToken("at-1");
    private final SingleUseChecker<DPoPProofUse> unused = use -> {};

    private DpopVerdict judgedByUs(SignedJWT proof, DpopRequest request) {
      return new DpopValidator(
              Set.of(SigningAlgorithm.ES256),
              DpopValidator.Window.DEFAULT,
              (thumbprint, url, id, forgetAfter) -> true,
              CLOCK)
          .judge(List.of(proof.serialize()), request);
    }

    @Test
    void of_theirs_at_the_token_endpoint() throws Exception {
      var proof =
          new DefaultDPoPProofFactory(handedOver(key), JWSAlgorithm.ES256)
              .createDPoPJWT(
                  new JWTID("j-1"), "POST", ENDPOINT, Date.from(NOW), null, new Nonce("n-1"));

      assertThat(judgedByUs(proof, DpopRequest.of("POST", ENDPOINT).demanding(Set.of("n-1"))))
          .isInstanceOf(DpopVerdict.Accepted.class);
    }

    @Test
    void of_theirs_at_the_resource() throws Exception {
      var proof =
          new DefaultDPoPProofFactory(handedOver(key), JWSAlgorithm.ES256)
              .createDPoPJWT(new JWTID("j-1"), "POST", MCP_URL, Date.from(NOW), accessToken);
      var presented = new DpopRequest.Presented(new Secret("at-1"), key.publicKey().thumbprint());

      assertThat(judgedByUs(proof, DpopRequest.of("POST", MCP_URL).with(presented)))
          .isInstanceOf(DpopVerdict.Accepted.class);
    }

    @Test
    void of_ours_at_their_token_endpoint() throws Exception {
      var proof = ourSigner().proof("POST", ENDPOINT, Optional.of("n-1"));
      var theirs =
          new DPoPTokenRequestVerifier(Set.of(JWSAlgorithm.ES256), ENDPOINT, 600, 600, unused);

      assertThat(
              theirs
                  .verify(new DPoPIssuer("client-1"), SignedJWT.parse(proof), new Nonce("n-1"))
                  .getValue())
          .hasToString(key.publicKey().thumbprint());
    }

    @Test
    @SuppressWarnings("deprecation") // The form of their documentation.
    void of_ours_at_their_resource() throws Exception {
      var proof = ourSigner().proof("POST", MCP_URL, Optional.empty(), new Secret("at-1"));
      var theirs =
          new DPoPProtectedResourceRequestVerifier(Set.of(JWSAlgorithm.ES256), 600, 600, unused);

      // Throws if it refuses.
      theirs.verify(
          "POST",
          MCP_URL,
          new DPoPIssuer("client-1"),
          SignedJWT.parse(proof),
          accessToken,
          JWKThumbprintConfirmation.of(handedOver(key)));
    }

    private static final URI MCP_URL = URI.create(MCP.value());

    private DpopSigner ourSigner() {
      return new DpopSigner(key, CLOCK, new SecureRandom());
    }
  }

  @Nested
  @DisplayName("Ed25519, with the platform as the peer")
  class Ed25519 {
    private final SigningKey key = TestKeys.of(SigningAlgorithm.EDDSA);

    @Test
    void what_we_sign_the_platform_verifies() throws Exception {
      var jwt = new JwtSigner(key, IdJag.TYPE).sign(ourIdJag());
      int dot = jwt.lastIndexOf('.');
      var verifier = Signature.getInstance("Ed25519", "SunEC");
      verifier.initVerify(
          KeyFactory.getInstance("Ed25519", "SunEC")
              .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point())));
      verifier.update(jwt.substring(0, dot).getBytes(StandardCharsets.US_ASCII));

      assertThat(verifier.verify(Base64.getUrlDecoder().decode(jwt.substring(dot + 1)))).isTrue();
      assertThat(judgedByUs(key, jwt)).isInstanceOf(IdJagVerdict.Accepted.class);
    }

    /// RFC 8032 §5.1.2: little-endian y with the sign of x in the highest bit.
    private EdECPoint point() throws Exception {
      var bytes = Base64.getUrlDecoder().decode(key.publicKey().toJwk().string("x").orElseThrow());
      boolean odd = (bytes[31] & 0x80) != 0;
      bytes[31] &= 0x7f;
      var bigEndian = new byte[32];
      for (int i = 0; i < 32; i++) {
        bigEndian[i] = bytes[31 - i];
      }
      return new EdECPoint(odd, new java.math.BigInteger(1, bigEndian));
    }
  }
}
