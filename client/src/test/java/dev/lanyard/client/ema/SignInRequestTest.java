package dev.lanyard.client.ema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.flow.AuthorizationRequest;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("OpenID Connect Core §3.1.2.1 Authentication Request")
class SignInRequestTest {
  private static final AuthorizationServerMetadata IDP =
      AuthorizationServerMetadata.builder(new Issuer("https://idp.example"))
          .endpoint(Endpoint.AUTHORIZATION, URI.create("https://idp.example/authorize"))
          .supported(Supported.CODE_CHALLENGE_METHODS, "S256")
          .build();

  private static SignInRequest request() {
    var question =
        new AuthorizationRequest.Question(
            new ClientId("app"),
            URI.create("http://127.0.0.1:1234/callback"),
            Scopes.of("openid"),
            SignInDemand.ANY,
            Optional.empty());
    return SignInRequest.to(IDP, question, new SecureRandom());
  }

  @Test
  void has_a_nonce_of_its_own_and_no_resource() throws Exception {
    var request = request();
    var query = Form.parse(request.authorization().authorizationUrl().getRawQuery(), Set.of());

    assertThat(query.one("nonce")).contains(request.nonce());
    assertThat(query.has("resource")).isFalse();
    assertThat(request().nonce()).isNotEqualTo(request.nonce());
  }
}
