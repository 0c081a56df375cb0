package dev.lanyard.conformance;

import static dev.lanyard.conformance.Urns.ID_JAG;
import static dev.lanyard.conformance.Urns.ID_TOKEN;
import static dev.lanyard.conformance.Urns.JWT_BEARER;
import static dev.lanyard.conformance.Urns.TOKEN_EXCHANGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Visual Studio Code 1.138 as its source says: everything in the body, a refresh token with a new
/// ID token on every use, and the audience exactly as the protected resource metadata writes it.
@DisplayName("VS Code with mcp.enterpriseManagedAuth")
class VsCodeWireTest {
  private static final String CLIENT = "vs-code";
  private static final String CLIENT_AT_RAS = "vs-code-ras";
  private static final String DOCUMENT_CLIENT = "vs-code-document";
  private static final String DOCUMENT_CLIENT_AT_RAS = ClientFiles.VS_CODE_DOCUMENT;

  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @Nested
  @DisplayName("Login: scopes openid offline_access, client authentication in the body")
  class Login {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://vscode.dev/redirect",
          "https://insiders.vscode.dev/redirect",
          "http://127.0.0.1:33418/",
          "http://127.0.0.1:40017/"
        })
    void returns_to_each_of_its_redirect_uris(String redirectUri) throws Exception {
      var answer = signIn(lanyard.engineer(), redirectUri);

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().string("refresh_token")).isPresent();
    }

    @Test
    @DisplayName("the refresh response must contain a new id_token")
    void every_refresh_brings_a_new_id_token() throws Exception {
      var tokens = signIn(lanyard.engineer(), "http://127.0.0.1:33418/").json();
      var first = tokens.string("id_token").orElseThrow();

      var refreshed = refresh(tokens.string("refresh_token").orElseThrow());

      assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
      var second = refreshed.json().string("id_token").orElseThrow();
      assertThat(second).isNotEqualTo(first);
      assertThat(Jwt.claims(second).string("sub")).isEqualTo(Jwt.claims(first).string("sub"));
      assertThat(exchange(second, lanyard.ras()).status()).isEqualTo(200);
    }

    @Test
    void a_disabled_person_is_not_refreshed() throws Exception {
      var person = lanyard.engineer();
      var tokens = signIn(person, "http://127.0.0.1:33418/").json();

      lanyard.disable(person);

      var answer = refresh(tokens.string("refresh_token").orElseThrow());
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_grant");
    }
  }

  @Nested
  @DisplayName("Exchange: client in the body, audience verbatim, scopes from the challenge")
  class Exchange {
    @Test
    void authorization_servers_names_ours_first() throws Exception {
      var challenge = lanyard.wire().postJson(lanyard.mcpServer(), McpMessages.INITIALIZE);
      var metadata = lanyard.wire().get(McpMessages.metadataAddress(challenge)).json();

      assertThat(metadata.strings("authorization_servers").orElseThrow().getFirst())
          .isEqualTo(lanyard.ras());
      assertThat(metadata.strings("scopes_supported").orElseThrow())
          .containsExactlyInAnyOrder("issues.read", "issues.write");
    }

    @Test
    @DisplayName("a trailing slash reaches the IdP")
    void a_trailing_slash_on_the_audience_is_the_same_server() throws Exception {
      var answer = exchange(idToken(lanyard.engineer()), lanyard.ras() + "/");

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      var claims = Jwt.claims(answer.json().string("access_token").orElseThrow());
      assertThat(claims.string("aud")).hasValue(lanyard.ras());
    }

    @Test
    void grants_the_scope_it_asks_for_and_no_more() throws Exception {
      var answer = exchange(idToken(lanyard.engineer()), lanyard.ras());

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      var claims = Jwt.claims(answer.json().string("access_token").orElseThrow());
      assertThat(claims.string("scope")).hasValue("issues.read");
    }

    @Test
    void a_person_outside_the_role_is_refused() throws Exception {
      var answer = exchange(idToken(lanyard.salesperson()), lanyard.ras());

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_target");
    }
  }

  @Nested
  @DisplayName(
      "Redemption: client_secret_post or public, never Basic; client_id, assertion, resource, scope")
  class Redemption {
    @Test
    void with_a_secret_in_the_body() throws Exception {
      var answer = redeem(confidentialRedemption(idJag(lanyard.engineer())).build());

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().string("scope")).hasValue("issues.read");
      assertThat(answer.json().string("resource")).hasValue(lanyard.resource());
    }

    @Test
    @DisplayName("client_id is the configured one, else the ID-JAG's client_id claim")
    void with_the_client_id_it_reads_from_the_id_jag() throws Exception {
      var idJag = idJag(lanyard.engineer());
      var clientId = Jwt.claims(idJag).string("client_id").orElseThrow();
      assertThat(clientId).isEqualTo(CLIENT_AT_RAS);

      assertThat(redeem(confidentialRedemption(idJag).build()).status()).isEqualTo(200);
    }

    @Test
    void as_a_public_client_known_by_its_document_url() throws Exception {
      var idJag = idJag(DOCUMENT_CLIENT, lanyard.engineer());

      var answer = redeem(redemption(DOCUMENT_CLIENT_AT_RAS, idJag).build());

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    @DisplayName("a public client that nothing but its own word names may not redeem (RAS-2)")
    void as_any_other_public_client_it_is_refused() throws Exception {
      var answer = redeem(redemption("vs-code-public-ras", idJag(lanyard.engineer())).build());

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("unauthorized_client");
    }

    @Test
    void a_confidential_client_does_not_get_away_without_its_secret() throws Exception {
      var answer = redeem(redemption(CLIENT_AT_RAS, idJag(lanyard.engineer())).build());

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.error()).isEqualTo("invalid_client");
    }

    @Test
    void another_client_cannot_redeem_it() throws Exception {
      var answer = redeem(redemption(DOCUMENT_CLIENT_AT_RAS, idJag(lanyard.engineer())).build());

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_grant");
    }
  }

  private static URI rasToken() throws Exception {
    var address = URI.create(lanyard.ras() + "/.well-known/oauth-authorization-server");
    JsonObject metadata = lanyard.wire().get(address).json();
    return URI.create(metadata.string("token_endpoint").orElseThrow());
  }

  private static Answer signIn(Person person, String redirectUri) throws Exception {
    return signIn(CLIENT, person, redirectUri);
  }

  private static Answer signIn(String client, Person person, String redirectUri) throws Exception {
    var request = new CodeRequest(client, redirectUri, "openid offline_access", "a-state");
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("code", request.code(lanyard, person))
            .add("redirect_uri", request.redirectUri())
            .add("code_verifier", request.verifier())
            .add("client_id", client)
            .add("client_secret", lanyard.secret(client))
            .build();
    return lanyard.wire().post(lanyard.brokerTokenEndpoint(), form);
  }

  private static String idToken(Person person) throws Exception {
    return idToken(CLIENT, person);
  }

  private static String idToken(String client, Person person) throws Exception {
    return signIn(client, person, "http://127.0.0.1:33418/")
        .json()
        .string("id_token")
        .orElseThrow();
  }

  private static Answer refresh(String refreshToken) throws Exception {
    var form =
        Form.builder()
            .add("grant_type", "refresh_token")
            .add("refresh_token", refreshToken)
            .add("client_id", CLIENT)
            .add("client_secret", lanyard.secret(CLIENT))
            .build();
    return lanyard.wire().post(lanyard.brokerTokenEndpoint(), form);
  }

  private static Answer exchange(String idToken, String audience) throws Exception {
    return exchange(CLIENT, idToken, audience);
  }

  private static Answer exchange(String client, String idToken, String audience) throws Exception {
    var form =
        Form.builder()
            .add("grant_type", TOKEN_EXCHANGE)
            .add("requested_token_type", ID_JAG)
            .add("audience", audience)
            .add("resource", lanyard.resource())
            .add("scope", "issues.read")
            .add("subject_token", idToken)
            .add("subject_token_type", ID_TOKEN)
            .add("client_id", client)
            .add("client_secret", lanyard.secret(client))
            .build();
    return lanyard.wire().post(lanyard.brokerTokenEndpoint(), form);
  }

  private static String idJag(Person person) throws Exception {
    return idJag(CLIENT, person);
  }

  private static String idJag(String client, Person person) throws Exception {
    var answer = exchange(client, idToken(client, person), lanyard.ras());
    return answer.json().string("access_token").orElseThrow();
  }

  private static Form.Builder redemption(String client, String idJag) {
    return Form.builder()
        .add("client_id", client)
        .add("grant_type", JWT_BEARER)
        .add("assertion", idJag)
        .add("resource", lanyard.resource())
        .add("scope", "issues.read");
  }

  private static Form.Builder confidentialRedemption(String idJag) {
    return redemption(CLIENT_AT_RAS, idJag).add("client_secret", lanyard.secret(CLIENT_AT_RAS));
  }

  private static Answer redeem(Form form) throws Exception {
    return lanyard.wire().post(rasToken(), form);
  }
}
