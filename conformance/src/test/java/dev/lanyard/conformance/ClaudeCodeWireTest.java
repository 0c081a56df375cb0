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
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Claude Code 2.1 as it was seen on the wire: HTTPS everywhere, the exchange with
/// `client_secret_post` and no scope, the redemption with Basic and nothing but the assertion.
@DisplayName("Claude Code with CLAUDE_CODE_ENABLE_XAA=1")
class ClaudeCodeWireTest {
  private static final String CLIENT = "claude-code";
  private static final String CLIENT_AT_RAS = "claude-code-ras";

  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @Nested
  @DisplayName("HTTPS is mandatory for the token endpoints, even on loopback")
  class Transport {
    @Test
    void every_endpoint_in_the_metadata_is_https() throws Exception {
      for (var metadata : List.of(brokerMetadata(), rasMetadata())) {
        for (var endpoint : List.of("issuer", "token_endpoint", "revocation_endpoint")) {
          assertThat(metadata.string(endpoint).orElseThrow()).startsWith("https://");
        }
      }
    }
  }

  @Nested
  @DisplayName("IdP discovery: {issuer}/.well-known/openid-configuration only, with jwks_uri")
  class Discovery {
    @Test
    void finds_what_it_needs_to_sign_in_and_to_exchange() throws Exception {
      var metadata = brokerMetadata();

      assertThat(metadata.string("issuer")).hasValue(lanyard.broker());
      assertThat(metadata.strings("code_challenge_methods_supported")).hasValue(List.of("S256"));
      assertThat(metadata.string("authorization_endpoint")).isPresent();
      var keys = lanyard.wire().get(URI.create(metadata.string("jwks_uri").orElseThrow()));
      assertThat(keys.status()).isEqualTo(200);
      assertThat(keys.json().objects("keys").orElseThrow()).isNotEmpty();
    }
  }

  @Nested
  @DisplayName(
      "Login: code with PKCE, scope=openid only, state, no nonce, http://localhost:<any port>/callback")
  class Login {
    @Test
    void returns_to_whatever_port_it_listens_on() throws Exception {
      var person = lanyard.engineer();
      for (int port : List.of(3118, 54_321)) {
        var answer = signIn(lanyard, person, port);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      }
    }

    @Test
    void gives_an_id_token_without_a_nonce_nobody_sent() throws Exception {
      var claims = Jwt.claims(idToken(lanyard.engineer()));

      assertThat(claims.has("nonce")).isFalse();
      assertThat(claims.string("iss")).hasValue(lanyard.broker());
      assertThat(claims.stringOrStrings("aud")).hasValue(List.of(CLIENT));
    }

    @Test
    @DisplayName("only the ID token is kept, so that it must live a working day")
    void the_id_token_lives_eight_hours() throws Exception {
      var claims = Jwt.claims(idToken(lanyard.engineer()));

      long life = claims.seconds("exp").orElseThrow() - claims.seconds("iat").orElseThrow();
      assertThat(life).isBetween(8 * 3600L, 12 * 3600L);
    }
  }

  @Nested
  @DisplayName("Token exchange: always client_secret_post, audience and resource, never a scope")
  class Exchange {
    @Test
    void takes_the_scopes_from_policy() throws Exception {
      var answer = exchange(idToken(lanyard.engineer()), lanyard.resource());

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.header("cache-control")).contains("no-store");
      assertThat(answer.json().string("issued_token_type")).hasValue(ID_JAG);
      assertThat(answer.json().string("token_type")).hasValue("N_A");
      var claims = Jwt.claims(answer.json().string("access_token").orElseThrow());
      assertThat(claims.string("aud")).hasValue(lanyard.ras());
      assertThat(claims.string("resource")).hasValue(lanyard.resource());
      assertThat(claims.string("client_id")).hasValue(CLIENT_AT_RAS);
      assertThat(claims.string("scope")).hasValue("issues.read issues.write");
    }

    @Test
    @DisplayName("a token of 5 minutes is exchanged on every connect")
    void the_same_id_token_is_exchanged_many_times() throws Exception {
      var idToken = idToken(lanyard.engineer());

      for (int connect = 0; connect < 5; connect++) {
        assertThat(exchange(idToken, lanyard.resource()).status()).isEqualTo(200);
      }
    }

    @Test
    @DisplayName("a 4xx wipes the ID token: it is what a refusal by policy must be")
    void a_connector_outside_the_role_is_refused_with_400() throws Exception {
      var answer = exchange(idToken(lanyard.engineer()), lanyard.otherResource());

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_target");
      assertThat(answer.headers().firstValue("lanyard-correlation-id")).isPresent();
    }

    @Test
    void a_person_outside_the_role_is_refused_with_400() throws Exception {
      var answer = exchange(idToken(lanyard.salesperson()), lanyard.resource());

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_target");
    }

    @Test
    void a_disabled_person_is_refused_with_400_though_the_id_token_has_hours_left()
        throws Exception {
      var person = lanyard.engineer();
      var idToken = idToken(person);
      assertThat(exchange(idToken, lanyard.resource()).status()).isEqualTo(200);

      lanyard.disable(person);

      var answer = exchange(idToken, lanyard.resource());
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_grant");
    }
  }

  @Nested
  @DisplayName("IdP answers 5xx: session kept, retried later")
  class Outage {
    @Test
    @DisplayName("what cannot be audited is not answered")
    void an_outage_of_the_record_is_5xx_and_over_when_it_is_over() throws Exception {
      try (var own = Installation.start()) {
        var idToken = idToken(own, own.engineer());

        try (var _ = own.stopAudit()) {
          var answer = exchange(own, idToken, own.resource());
          assertThat(answer.status()).as(answer.body()).isBetween(500, 599);
        }

        assertThat(exchange(own, idToken, own.resource()).status()).isEqualTo(200);
      }
    }
  }

  @Nested
  @DisplayName("Redemption: grant_type and assertion only, Basic; all the rest is in the ID-JAG")
  class Redemption {
    @Test
    void takes_scope_and_resource_from_the_id_jag() throws Exception {
      var answer = redeem(idJag(lanyard.engineer()));

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.header("cache-control")).contains("no-store");
      var token = answer.json();
      assertThat(token.string("token_type")).hasValue("Bearer");
      assertThat(token.string("scope")).hasValue("issues.read issues.write");
      assertThat(token.has("refresh_token")).isFalse();
      var claims = Jwt.claims(token.string("access_token").orElseThrow());
      assertThat(claims.stringOrStrings("aud")).hasValue(List.of(lanyard.resource()));
    }

    @Test
    @DisplayName("a new exchange when 300 s or less are left: the token must live longer than that")
    void the_access_token_does_not_make_it_renew_at_once() throws Exception {
      var token = redeem(idJag(lanyard.engineer())).json();

      assertThat(token.integer("expires_in").orElseThrow()).isGreaterThan(600);
    }

    @Test
    @DisplayName("AS answers 400: ID token kept, exchange repeated")
    void a_used_id_jag_is_refused_and_a_new_one_is_not() throws Exception {
      var idToken = idToken(lanyard.engineer());
      var used = exchange(idToken, lanyard.resource()).json().string("access_token").orElseThrow();
      assertThat(redeem(used).status()).isEqualTo(200);

      var again = redeem(used);
      assertThat(again.status()).isEqualTo(400);
      assertThat(again.error()).isEqualTo("invalid_grant");

      var fresh = exchange(idToken, lanyard.resource()).json().string("access_token").orElseThrow();
      assertThat(redeem(fresh).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("AS answers 401: ID token kept, exchange repeated")
    void a_wrong_secret_is_401_with_a_challenge() throws Exception {
      var answer =
          lanyard
              .wire()
              .post(
                  tokenEndpoint(rasMetadata()),
                  Form.builder()
                      .add("grant_type", JWT_BEARER)
                      .add("assertion", idJag(lanyard.engineer()))
                      .build(),
                  "Authorization",
                  Wire.basic(CLIENT_AT_RAS, "not the secret"));

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.error()).isEqualTo("invalid_client");
      assertThat(answer.header("www-authenticate")).startsWith("Basic");
    }

    @Test
    void an_id_jag_of_a_person_disabled_since_is_refused() throws Exception {
      var person = lanyard.engineer();
      var idJag = idJag(person);

      lanyard.disable(person);

      var answer = redeem(idJag);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("invalid_grant");
    }
  }

  @Nested
  @DisplayName("An AS whose grant_types_supported lacks jwt-bearer is skipped")
  class ChoiceOfServer {
    @Test
    void the_metadata_names_the_grant() throws Exception {
      assertThat(rasMetadata().strings("grant_types_supported").orElseThrow()).contains(JWT_BEARER);
    }
  }

  @Nested
  @DisplayName("PRM: resource must equal the server URL with its path")
  class ProtectedResource {
    @Test
    void names_the_very_address() throws Exception {
      var challenge = lanyard.wire().postJson(lanyard.mcpServer(), McpMessages.INITIALIZE);
      assertThat(challenge.status()).isEqualTo(401);
      var metadata = lanyard.wire().get(McpMessages.metadataAddress(challenge)).json();

      assertThat(metadata.string("resource")).hasValue(lanyard.mcpServer().toString());
      assertThat(metadata.strings("authorization_servers")).hasValue(List.of(lanyard.ras()));
    }
  }

  @Nested
  @DisplayName("A live token at the MCP server")
  class Call {
    @Test
    void opens_the_server() throws Exception {
      var answer = callWith(accessToken(lanyard.engineer()));

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    @DisplayName("401 on a revoked token: no new exchange, 'Needs authentication'")
    void dies_with_the_account_and_says_invalid_token() throws Exception {
      var person = lanyard.engineer();
      var token = accessToken(person);
      assertThat(callWith(token).status()).isEqualTo(200);

      lanyard.disable(person);

      var answer = callWith(token);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).contains("error=\"invalid_token\"");
    }
  }

  @Nested
  @DisplayName("Logout: RFC 7009 at revocation_endpoint, Basic, token_type_hint=access_token")
  class Logout {
    @Test
    void ends_the_token_at_the_mcp_server() throws Exception {
      var token = accessToken(lanyard.engineer());
      assertThat(callWith(token).status()).isEqualTo(200);

      var endpoint = URI.create(rasMetadata().string("revocation_endpoint").orElseThrow());
      var form = Form.builder().add("token", token).add("token_type_hint", "access_token").build();
      var answer = lanyard.wire().post(endpoint, form, "Authorization", basicAtRas());

      assertThat(answer.status()).isEqualTo(200);
      assertThat(callWith(token).status()).isEqualTo(401);
    }
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

  private static URI tokenEndpoint(JsonObject metadata) throws Exception {
    return URI.create(metadata.string("token_endpoint").orElseThrow());
  }

  private static Answer signIn(Installation lanyard, Person person, int port) throws Exception {
    var request =
        new CodeRequest(CLIENT, "http://localhost:" + port + "/callback", "openid", "a-state");
    return request.tokens(lanyard, person);
  }

  private static String idToken(Person person) throws Exception {
    return idToken(lanyard, person);
  }

  private static String idToken(Installation lanyard, Person person) throws Exception {
    return signIn(lanyard, person, 3118).json().string("id_token").orElseThrow();
  }

  private static Answer exchange(String idToken, String resource) throws Exception {
    return exchange(lanyard, idToken, resource);
  }

  private static Answer exchange(Installation lanyard, String idToken, String resource)
      throws Exception {
    var form =
        Form.builder()
            .add("grant_type", TOKEN_EXCHANGE)
            .add("requested_token_type", ID_JAG)
            .add("audience", lanyard.ras())
            .add("resource", resource)
            .add("subject_token", idToken)
            .add("subject_token_type", ID_TOKEN)
            .add("client_id", CLIENT)
            .add("client_secret", lanyard.secret(CLIENT))
            .build();
    return lanyard.wire().post(lanyard.brokerTokenEndpoint(), form);
  }

  private static String idJag(Person person) throws Exception {
    var answer = exchange(idToken(person), lanyard.resource());
    return answer.json().string("access_token").orElseThrow();
  }

  private static Answer redeem(String idJag) throws Exception {
    var form = Form.builder().add("grant_type", JWT_BEARER).add("assertion", idJag).build();
    return lanyard.wire().post(tokenEndpoint(rasMetadata()), form, "Authorization", basicAtRas());
  }

  private static String basicAtRas() {
    return Wire.basic(CLIENT_AT_RAS, lanyard.secret(CLIENT_AT_RAS));
  }

  private static String accessToken(Person person) throws Exception {
    return redeem(idJag(person)).json().string("access_token").orElseThrow();
  }

  private static Answer callWith(String token) {
    return lanyard
        .wire()
        .postJson(
            lanyard.mcpServer(),
            McpMessages.INITIALIZE,
            "Accept",
            McpMessages.ACCEPT,
            "Authorization",
            "Bearer " + token);
  }
}
