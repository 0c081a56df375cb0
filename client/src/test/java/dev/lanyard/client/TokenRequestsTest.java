package dev.lanyard.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.client.ClientAuthentication.AssertionAudience;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 6749 §2.3 Client Authentication")
class TokenRequestsTest {
  private static final Secret SECRET = new Secret("s:1+");
  private static final ClientId ID = new ClientId("app");

  private final TestClock clock = new TestClock();

  @Test
  void client_secret_basic_is_in_the_header_only() throws Exception {
    var request = request(new ClientAuthentication.SecretBasic(SECRET), List.of());

    assertThat(request.headers()).containsEntry("Authorization", "Basic YXBwOnMlM0ExJTJC");
    assertThat(form(request.body()).names()).containsExactlyInAnyOrder("grant_type", "assertion");
  }

  @Test
  void client_secret_post_is_in_the_body_only() throws Exception {
    var request = request(new ClientAuthentication.SecretPost(SECRET), List.of());

    assertThat(request.headers()).doesNotContainKey("Authorization");
    assertThat(form(request.body()).one("client_id")).contains("app");
    assertThat(form(request.body()).one("client_secret")).contains("s:1+");
  }

  @ParameterizedTest
  @DisplayName("CLI-18: a secret goes the way that the server advertises")
  @CsvSource({
    "'', true",
    "client_secret_basic, true",
    "client_secret_post client_secret_basic, true",
    "client_secret_post, false",
    "private_key_jwt client_secret_post, false"
  })
  void a_secret_follows_the_metadata(String advertised, boolean header) {
    var methods = advertised.isEmpty() ? List.<String>of() : List.of(advertised.split(" "));
    var request = request(new ClientAuthentication.SharedSecret(SECRET), methods);

    assertThat(request.headers().containsKey("Authorization")).isEqualTo(header);
  }

  @Test
  void a_public_client_only_says_its_id() throws Exception {
    var request = request(new ClientAuthentication.None(), List.of());

    assertThat(request.headers()).doesNotContainKey("Authorization");
    assertThat(form(request.body()).names())
        .containsExactlyInAnyOrder("grant_type", "assertion", "client_id");
  }

  @Nested
  @DisplayName("RFC 7523 §2.2 Using JWTs for Client Authentication")
  class Assertions {
    private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);

    @Test
    @DisplayName("rfc7523bis: the audience is the issuer and nothing else")
    void is_for_the_issuer_alone() throws Exception {
      var jwt = assertion(AssertionAudience.ISSUER);
      var claims = jwt.unverifiedClaims();

      assertThat(jwt.unverifiedType()).contains("client-authentication+jwt");
      assertThat(claims.issuer()).contains("app");
      assertThat(claims.subject()).contains("app");
      assertThat(claims.audience()).containsExactly("https://as.example");
      assertThat(claims.expiresAt()).contains(clock.instant().plusSeconds(60));
      assertThat(
              new JwtVerifier(
                      new PublicKeySet(List.of(key.publicKey())), Set.of(SigningAlgorithm.ES256))
                  .verify(jwt))
          .isInstanceOf(Verification.Verified.class);
    }

    @Test
    void is_for_the_token_endpoint_where_a_server_demands_it() throws Exception {
      assertThat(assertion(AssertionAudience.TOKEN_ENDPOINT).unverifiedClaims().audience())
          .containsExactly("https://as.example/token");
    }

    @Test
    void is_new_for_every_request() throws Exception {
      assertThat(assertion(AssertionAudience.ISSUER).unverifiedClaims().id())
          .isNotEqualTo(assertion(AssertionAudience.ISSUER).unverifiedClaims().id());
    }

    private UnverifiedJwt assertion(AssertionAudience audience) throws Exception {
      var request = request(new ClientAuthentication.PrivateKeyJwt(key, audience), List.of());
      var form = form(request.body());
      assertThat(form.one("client_assertion_type"))
          .contains("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      return UnverifiedJwt.parse(form.required("client_assertion"));
    }
  }

  @Test
  void a_server_without_a_token_endpoint_cannot_be_asked() {
    var metadata = AuthorizationServerMetadata.builder(new Issuer("https://as.example")).build();

    assertThatThrownBy(() ->
            new TokenRequests(
                metadata, ClientRegistration.withoutSecret("app"), clock, new SecureRandom()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private EgressRequest request(ClientAuthentication authentication, List<String> methods) {
    var metadata =
        AuthorizationServerMetadata.builder(new Issuer("https://as.example"))
            .endpoint(Endpoint.TOKEN, URI.create("https://as.example/token"))
            .supported(Supported.TOKEN_AUTH_METHODS, methods)
            .build();
    return new TokenRequests(
            metadata, new ClientRegistration(ID, authentication), clock, new SecureRandom())
        .redeem(new JwtBearerRequest(new Secret("a.b.c"), List.of(), Optional.empty()));
  }

  private static Form form(String body) throws Exception {
    return Form.parse(body, Set.of());
  }
}
