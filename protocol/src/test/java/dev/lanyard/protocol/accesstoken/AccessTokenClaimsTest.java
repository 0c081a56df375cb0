package dev.lanyard.protocol.accesstoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 9068 §2.2 Data Structure, as we sign it (TOK-6)")
class AccessTokenClaimsTest {
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final ClientId CLIENT = new ClientId("claude");
  private static final ResourceIndicator MCP = new ResourceIndicator("https://mcp.example/mcp");
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final String THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

  private static AccessTokenClaims claims() {
    return new AccessTokenClaims(RAS, "p-1", CLIENT, List.of(MCP));
  }

  private static JsonObject built(AccessTokenClaims claims) {
    return claims.build("at-1", NOW, NOW.plusSeconds(2700));
  }

  @Test
  void holds_what_is_required_and_nothing_else_by_itself() {
    assertThat(built(claims()).toJson())
        .isEqualTo(
            """
            {"iss":"https://ras.example","sub":"p-1","aud":"https://mcp.example/mcp",\
            "client_id":"claude","jti":"at-1","iat":1700000000,"exp":1700002700}\
            """);
  }

  @Test
  void writes_several_resources_as_an_array() {
    var other = new ResourceIndicator("https://b.example");
    var json = built(new AccessTokenClaims(RAS, "p-1", CLIENT, List.of(MCP, other)));

    assertThat(json.text("aud")).contains("[\"https://mcp.example/mcp\",\"https://b.example\"]");
  }

  @Test
  @DisplayName("links to the grant, the call chain, the sign-in and the key (TOK-7, TOK-8)")
  void links_to_its_origin() {
    var json =
        built(
            claims()
                .scopes(Scopes.of("a", "b"))
                .authorizationDetails(List.of(JsonObject.builder().put("type", "t").build()))
                .grant("g-1")
                .transaction("t-1")
                .boundTo(THUMBPRINT)
                .authentication(
                    new AuthenticationContext(
                        Optional.of(NOW), Optional.of("phr"), List.of("mfa"))));

    assertThat(json.text("scope")).contains("\"a b\"");
    assertThat(json.text("authorization_details")).contains("[{\"type\":\"t\"}]");
    assertThat(json.text("grant_id")).contains("\"g-1\"");
    assertThat(json.text("txn")).contains("\"t-1\"");
    assertThat(json.text("cnf")).contains("{\"jkt\":\"" + THUMBPRINT + "\"}");
    assertThat(json.text("auth_time")).contains("1700000000");
    assertThat(json.text("acr")).contains("\"phr\"");
    assertThat(json.text("amr")).contains("[\"mfa\"]");
  }

  @Test
  void leaves_out_what_is_empty() {
    assertThat(built(claims().scopes(Scopes.NONE).authorizationDetails(List.of())))
        .isEqualTo(built(claims()));
  }

  @Test
  void cannot_be_for_nothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AccessTokenClaims(RAS, "p-1", CLIENT, List.of()));
  }

  @Test
  void cannot_be_dead_at_birth() {
    assertThatIllegalArgumentException().isThrownBy(() -> claims().build("at-1", NOW, NOW));
  }
}
