package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 6749 §5.1 Successful Response")
class TokenResponseTest {
  private static final TokenResponse GRANTED =
      TokenResponse.granted(
          new Secret("at"),
          AccessTokenType.BEARER,
          Duration.ofMinutes(45),
          Scopes.of("read", "write"),
          List.of(new ResourceIndicator("https://mcp.example/a")));

  @Test
  @DisplayName("ID-JAG draft-04 §4.4.1: lists the granted resource and scope")
  void writes_everything_that_was_granted() {
    assertThat(GRANTED.toJson().toJson())
        .isEqualTo(
            "{\"access_token\":\"at\",\"token_type\":\"Bearer\",\"expires_in\":2700,"
                + "\"scope\":\"read write\",\"resource\":\"https://mcp.example/a\"}");
  }

  @Test
  void what_a_server_writes_a_client_reads() throws Exception {
    var whole = GRANTED.withRefreshToken(new Secret("rt")).withIdToken(new Secret("id"));

    assertThat(TokenResponse.parse(whole.toJson())).isEqualTo(whole);
  }

  @Test
  void a_client_ignores_unknown_members_and_knows_the_type_in_any_case() throws Exception {
    var response = parse("{'access_token':'at','token_type':'dpop','extra':{'a':[1]},'scope':''}");

    assertThat(response.type()).isEqualTo(AccessTokenType.DPOP);
    assertThat(response.scopes()).contains(Scopes.NONE);
    assertThat(response.expiresIn()).isEmpty();
    assertThat(response.resources()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'token_type':'Bearer'}",
        "{'access_token':'','token_type':'Bearer'}",
        "{'access_token':7,'token_type':'Bearer'}",
        "{'access_token':'a\\r\\nX-Evil: 1','token_type':'Bearer'}",
        "{'access_token':'at'}",
        "{'access_token':'at','token_type':'N_A'}",
        "{'access_token':'at','token_type':'Bearer','expires_in':'3600'}",
        "{'access_token':'at','token_type':'Bearer','expires_in':-1}",
        "{'access_token':'at','token_type':'Bearer','expires_in':99999999999}",
        "{'access_token':'at','token_type':'Bearer','scope':'a  b'}",
        "{'access_token':'at','token_type':'Bearer','resource':'not a uri'}",
        "{'access_token':'at','token_type':'Bearer','refresh_token':null}",
      })
  void a_client_refuses_a_response_that_it_cannot_use(String json) {
    assertThatThrownBy(() -> parse(json)).isInstanceOf(MalformedException.class);
  }

  @Test
  void no_token_shows_in_its_text() {
    assertThat(GRANTED.withRefreshToken(new Secret("rt-secret")).toString())
        .doesNotContain("rt-secret")
        .contains("Secret[hidden]");
  }

  @Nested
  @DisplayName("ID-JAG draft-04 §4.3.4 Token Exchange Response")
  class Exchange {
    private final TokenExchangeResponse idJag =
        new TokenExchangeResponse(
            new Secret("a.b.c"), Optional.of(Duration.ofSeconds(300)), Optional.of(Scopes.of("r")));

    @Test
    void names_the_id_jag_and_that_it_is_no_access_token() {
      assertThat(idJag.toJson().toJson())
          .isEqualTo(
              "{\"issued_token_type\":\"urn:ietf:params:oauth:token-type:id-jag\","
                  + "\"access_token\":\"a.b.c\",\"token_type\":\"N_A\",\"expires_in\":300,"
                  + "\"scope\":\"r\"}");
    }

    @Test
    void what_an_idp_writes_a_client_reads() throws Exception {
      assertThat(TokenExchangeResponse.parse(idJag.toJson())).isEqualTo(idJag);
    }

    @Test
    void token_type_is_compared_without_case() throws Exception {
      var json = idJag.toJson().with(JsonObject.builder().put("token_type", "n_a").build());

      assertThat(TokenExchangeResponse.parse(json)).isEqualTo(idJag);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'issued_token_type':'urn:ietf:params:oauth:token-type:access_token'}",
          "{'issued_token_type':'id-jag'}",
          "{'token_type':'Bearer'}",
          "{'access_token':''}",
        })
    void a_client_refuses_anything_else_than_an_id_jag(String spoilt) {
      assertThatThrownBy(() -> TokenExchangeResponse.parse(idJag.toJson().with(json(spoilt))))
          .isInstanceOf(MalformedException.class);
    }
  }

  private static TokenResponse parse(String text) throws MalformedException {
    return TokenResponse.parse(json(text));
  }

  private static JsonObject json(String text) throws MalformedException {
    return JsonObject.parse(text.replace('\'', '"'));
  }
}
