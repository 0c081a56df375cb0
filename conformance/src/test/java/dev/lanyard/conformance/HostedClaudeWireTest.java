package dev.lanyard.conformance;

import static dev.lanyard.conformance.Urns.ID_JAG;
import static dev.lanyard.conformance.Urns.ID_JAG_PROFILE;
import static dev.lanyard.conformance.Urns.JWT_BEARER;
import static dev.lanyard.conformance.Urns.JWT_CLIENT_ASSERTION;
import static dev.lanyard.conformance.Urns.REFRESH_TOKEN;
import static dev.lanyard.conformance.Urns.TOKEN_EXCHANGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Hosted Claude (claude.ai, Desktop, mobile, Cowork) as its documentation says: a public client
/// known by a document URL, an allow-list of issuers, a refresh token as subject.
@DisplayName("Hosted Claude")
class HostedClaudeWireTest {
  private static final String CLIENT = "hosted-claude";
  private static final String REDIRECT_URI = "https://claude.ai/api/mcp/auth_callback";

  /// A Client ID Metadata Document URL is the same id on both sides.
  private static final String DOCUMENT_CLIENT = ClientFiles.CLAUDE_DOCUMENT;

  /// Where on the second issuer's host the one document is that an administrator has listed.
  private static final String LISTED = "/clients/listed.json";

  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.startKnowingClientAt(LISTED);
  }

  @Nested
  @DisplayName("Needs PRM discovery and 401 with WWW-Authenticate")
  class Discovery {
    @Test
    void the_challenge_leads_to_the_protected_resource_metadata() throws Exception {
      var challenge = lanyard.wire().postJson(lanyard.mcpServer(), McpMessages.INITIALIZE);

      assertThat(challenge.status()).isEqualTo(401);
      var header = challenge.header("www-authenticate");
      assertThat(header).startsWith("Bearer ").doesNotContain("error=");
      var metadata = lanyard.wire().get(McpMessages.metadataAddress(challenge));
      assertThat(metadata.status()).isEqualTo(200);
      assertThat(metadata.header("content-type")).startsWith("application/json");
      assertThat(metadata.json().strings("authorization_servers")).hasValue(List.of(lanyard.ras()));
    }

    @Test
    @DisplayName("AS metadata must list jwt-bearer; the id-jag profile too")
    void the_metadata_names_grant_and_profile() throws Exception {
      var metadata = rasMetadata();

      assertThat(metadata.strings("grant_types_supported").orElseThrow()).contains(JWT_BEARER);
      assertThat(metadata.strings("authorization_grant_profiles_supported"))
          .hasValue(List.of(ID_JAG_PROFILE));
    }

    @Test
    @DisplayName("No dynamic registration with EMA")
    void nobody_registers_without_an_administrator() throws Exception {
      assertThat(rasMetadata().has("registration_endpoint")).isFalse();
      assertThat(brokerMetadata().has("registration_endpoint")).isFalse();
    }
  }

  @Nested
  @DisplayName("Towards the IdP: a long-lived refresh token as subject, private_key_jwt")
  class Exchange {
    @Test
    void a_refresh_token_becomes_an_id_jag() throws Exception {
      var answer = exchange(refreshToken(lanyard.engineer()));

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().string("issued_token_type")).hasValue(ID_JAG);
      assertThat(answer.json().has("refresh_token")).isFalse();
    }

    @Test
    void the_refresh_token_serves_again() throws Exception {
      var refreshToken = refreshToken(lanyard.engineer());

      assertThat(exchange(refreshToken).status()).isEqualTo(200);
      assertThat(exchange(refreshToken).status()).isEqualTo(200);
    }

    @Test
    void a_client_assertion_serves_once() throws Exception {
      var refreshToken = refreshToken(lanyard.engineer());
      var assertion = clientAssertion();
      assertThat(exchange(refreshToken, assertion).status()).isEqualTo(200);

      var again = exchange(refreshToken, assertion);

      assertThat(again.status()).isEqualTo(401);
      assertThat(again.error()).isEqualTo("invalid_client");
    }

    @Test
    void a_person_outside_the_role_is_refused() throws Exception {
      var answer = exchange(refreshToken(lanyard.salesperson()));

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_target");
    }

    @Test
    void a_disabled_person_is_refused() throws Exception {
      var person = lanyard.engineer();
      var refreshToken = refreshToken(person);

      lanyard.disable(person);

      var answer = exchange(refreshToken);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_grant");
    }
  }

  @Nested
  @DisplayName(
      "Redemption: grant_type, assertion, client_id, scope; resource where the IdP forwards it")
  class Redemption {
    @Test
    void as_a_public_client_known_by_its_document_url() throws Exception {
      var answer = redeem(redemption(DOCUMENT_CLIENT, fromClaude(DOCUMENT_CLIENT)).build());

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().string("scope")).hasValue("issues.read");
    }

    @Test
    void with_resource() throws Exception {
      var form =
          redemption(DOCUMENT_CLIENT, fromClaude(DOCUMENT_CLIENT))
              .add("resource", lanyard.resource())
              .build();

      var answer = redeem(form);

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().string("resource")).hasValue(lanyard.resource());
    }

    @Test
    @DisplayName("accept none only for allow-listed document URLs")
    void an_unlisted_document_url_is_nobody() throws Exception {
      var listed = claude().publishClient(LISTED);
      var stranger = claude().publishClient("/clients/another.json");
      assertThat(redeem(redemption(listed, fromClaude(listed)).build()).status()).isEqualTo(200);
      assertThat(lanyard.wire().get(URI.create(stranger)).json().string("client_id"))
          .as("it is as good a document on the same host")
          .hasValue(stranger);

      var answer = redeem(redemption(stranger, fromClaude(stranger)).build());

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.error()).isEqualTo("invalid_client");
    }

    @Test
    @DisplayName("relying on the signed client_id of the ID-JAG")
    void the_id_jag_of_another_client_is_refused() throws Exception {
      var answer = redeem(redemption(DOCUMENT_CLIENT, fromClaude("claude-code-ras")).build());

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_grant");
    }
  }

  @Nested
  @DisplayName("Issuer allow-list per organisation; Claude can be an issuer itself")
  class Issuers {
    @Test
    void a_token_of_the_second_trusted_issuer_opens_the_server() throws Exception {
      var token =
          redeem(redemption(DOCUMENT_CLIENT, fromClaude(DOCUMENT_CLIENT)).build())
              .json()
              .string("access_token")
              .orElseThrow();

      var answer =
          lanyard
              .wire()
              .postJson(
                  lanyard.mcpServer(),
                  McpMessages.INITIALIZE,
                  "Accept",
                  McpMessages.ACCEPT,
                  "Authorization",
                  "Bearer " + token);

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    @DisplayName("an unknown iss is invalid_grant even with a good signature")
    void an_unknown_issuer_is_refused() throws Exception {
      try (var stranger =
          ForeignIssuer.start(lanyard.certificates(), 0, "/issuers/nobody-knows-me")) {
        var claims =
            stranger.claims(lanyard.ras(), DOCUMENT_CLIENT, lanyard.resource(), "eve@acme.example");

        var answer = redeem(redemption(DOCUMENT_CLIENT, stranger.sign(claims.build())).build());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_grant");
      }
    }

    @Test
    void a_trusted_name_with_a_foreign_signature_is_refused() throws Exception {
      try (var stranger = ForeignIssuer.start(lanyard.certificates(), 0, "/issuers/forger")) {
        var claims =
            claude().claims(lanyard.ras(), DOCUMENT_CLIENT, lanyard.resource(), "eve@acme.example");

        var answer = redeem(redemption(DOCUMENT_CLIENT, stranger.sign(claims.build())).build());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_grant");
      }
    }
  }

  private static ForeignIssuer claude() {
    return lanyard.secondIssuer();
  }

  /// An ID-JAG that Claude issued itself for a person of the organisation.
  private static String fromClaude(String client) {
    var email = "person-" + UUID.randomUUID() + "@acme.example";
    return claude().sign(claude().claims(lanyard.ras(), client, lanyard.resource(), email).build());
  }

  private static Form.Builder redemption(String client, String idJag) {
    return Form.builder()
        .add("grant_type", JWT_BEARER)
        .add("assertion", idJag)
        .add("client_id", client)
        .add("scope", "issues.read");
  }

  private static Answer redeem(Form form) throws Exception {
    var endpoint = URI.create(rasMetadata().string("token_endpoint").orElseThrow());
    return lanyard.wire().post(endpoint, form);
  }

  private static String refreshToken(Person person) throws Exception {
    var request = new CodeRequest(CLIENT, REDIRECT_URI, "openid offline_access", "a-state");
    var form =
        authenticated(clientAssertion())
            .add("grant_type", "authorization_code")
            .add("code", request.code(lanyard, person))
            .add("redirect_uri", REDIRECT_URI)
            .add("code_verifier", request.verifier())
            .build();
    var answer = lanyard.wire().post(brokerToken(), form);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().string("refresh_token").orElseThrow();
  }

  private static Answer exchange(String refreshToken) throws Exception {
    return exchange(refreshToken, clientAssertion());
  }

  private static Answer exchange(String refreshToken, String clientAssertion) throws Exception {
    var form =
        authenticated(clientAssertion)
            .add("grant_type", TOKEN_EXCHANGE)
            .add("requested_token_type", ID_JAG)
            .add("audience", lanyard.ras())
            .add("resource", lanyard.resource())
            .add("subject_token", refreshToken)
            .add("subject_token_type", REFRESH_TOKEN)
            .build();
    return lanyard.wire().post(brokerToken(), form);
  }

  private static Form.Builder authenticated(String clientAssertion) {
    return Form.builder()
        .add("client_id", CLIENT)
        .add("client_assertion_type", JWT_CLIENT_ASSERTION)
        .add("client_assertion", clientAssertion);
  }

  private static String clientAssertion() {
    long now = Instant.now().getEpochSecond();
    var claims =
        JsonObject.builder()
            .put("iss", CLIENT)
            .put("sub", CLIENT)
            .put("aud", lanyard.broker())
            .put("jti", UUID.randomUUID().toString())
            .put("iat", now)
            .put("exp", now + 60)
            .build();
    return new JwtSigner(lanyard.clientKey(), "JWT").sign(claims);
  }

  private static URI brokerToken() throws Exception {
    return URI.create(brokerMetadata().string("token_endpoint").orElseThrow());
  }

  private static JsonObject brokerMetadata() throws Exception {
    return lanyard
        .wire()
        .get(URI.create(lanyard.broker() + "/.well-known/openid-configuration"))
        .json();
  }

  private static JsonObject rasMetadata() throws Exception {
    return lanyard
        .wire()
        .get(URI.create(lanyard.ras() + "/.well-known/oauth-authorization-server"))
        .json();
  }
}
