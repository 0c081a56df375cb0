package dev.lanyard.protocol.idjag;

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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("ID-JAG draft-04 §3.1 Claims, as we sign them")
class IdJagClaimsTest {
  private static final Issuer IDP = new Issuer("https://acme.idp.example");
  private static final Issuer RAS = new Issuer("https://acme.chat.example/");
  private static final Instant NOW = Instant.ofEpochSecond(1_311_280_970);
  private static final String THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

  private static IdJagClaims claims() {
    return new IdJagClaims(IDP, "U019488227", RAS, new ClientId("f53f191f9311af35"));
  }

  private static JsonObject built(IdJagClaims claims) {
    return claims.build("9e43", NOW, NOW.plusSeconds(300));
  }

  @Test
  @DisplayName("hold what is required and nothing else by themselves (IDP-22, IDP-23, IDP-29)")
  void hold_what_is_required() {
    assertThat(built(claims()).toJson())
        .isEqualTo(
            """
            {"iss":"https://acme.idp.example","sub":"U019488227",\
            "aud":"https://acme.chat.example/","client_id":"f53f191f9311af35",\
            "jti":"9e43","iat":1311280970,"exp":1311281270}\
            """);
  }

  @Test
  @DisplayName("hold what was granted (IDP-30)")
  void hold_what_was_granted() {
    var json =
        built(
            claims()
                .resources(List.of(new ResourceIndicator("https://acme.chat.example/api")))
                .scopes(Scopes.of("chat.read", "chat.history"))
                .authorizationDetails(List.of(JsonObject.builder().put("type", "t").build())));

    assertThat(json.text("resource")).contains("\"https://acme.chat.example/api\"");
    assertThat(json.text("scope")).contains("\"chat.read chat.history\"");
    assertThat(json.text("authorization_details")).contains("[{\"type\":\"t\"}]");
  }

  @Test
  void write_several_resources_as_an_array() {
    var json =
        built(
            claims()
                .resources(
                    List.of(
                        new ResourceIndicator("https://a.example"),
                        new ResourceIndicator("https://b.example"))));

    assertThat(json.text("resource")).contains("[\"https://a.example\",\"https://b.example\"]");
  }

  @Test
  void leave_out_what_is_empty() {
    var json =
        built(
            claims()
                .resources(List.of())
                .scopes(Scopes.NONE)
                .authorizationDetails(List.of())
                .authentication(AuthenticationContext.UNKNOWN));

    assertThat(json).isEqualTo(built(claims()));
  }

  @Test
  @DisplayName("carry the real sign-in (IDP-31)")
  void carry_the_real_sign_in() {
    var signIn =
        new AuthenticationContext(
            Optional.of(NOW.minusSeconds(60)), Optional.of("phr"), List.of("mfa"));

    var json = built(claims().authentication(signIn));

    assertThat(json.text("auth_time")).contains("1311280910");
    assertThat(json.text("acr")).contains("\"phr\"");
    assertThat(json.text("amr")).contains("[\"mfa\"]");
  }

  @Test
  @DisplayName("name the person in the ways that the audience knows (IDP-26 to IDP-28)")
  void name_the_person() {
    var nameId =
        new SamlNameId(
            "urn:idp",
            "a@b",
            Optional.of("f"),
            Optional.empty(),
            Optional.of("s"),
            Optional.empty());

    var json =
        built(
            claims()
                .email("a@acme.example")
                .tenant("t")
                .audienceTenant("at")
                .audienceSubject("as")
                .samlNameId(nameId));

    assertThat(json.text("email")).contains("\"a@acme.example\"");
    assertThat(json.text("tenant")).contains("\"t\"");
    assertThat(json.text("aud_tenant")).contains("\"at\"");
    assertThat(json.text("aud_sub")).contains("\"as\"");
    assertThat(json.text("sub_id"))
        .contains(
            """
            {"format":"saml-nameid","issuer":"urn:idp","nameid":"a@b",\
            "nameid_format":"f","sp_name_qualifier":"s"}\
            """);
  }

  @Test
  void round_trip_a_name_id() throws Exception {
    var nameId =
        new SamlNameId(
            "urn:idp",
            "a@b",
            Optional.empty(),
            Optional.of("q"),
            Optional.empty(),
            Optional.of("p"));

    assertThat(SamlNameId.of(built(claims().samlNameId(nameId)))).contains(nameId);
  }

  @Test
  @DisplayName("bind to a key, and correlate (IDP-33, AUD-2)")
  void bind_to_a_key() {
    var json = built(claims().boundTo(THUMBPRINT).transaction("txn1"));

    assertThat(json.text("cnf")).contains("{\"jkt\":\"" + THUMBPRINT + "\"}");
    assertThat(json.text("txn")).contains("\"txn1\"");
  }

  @Nested
  @DisplayName("cannot be built")
  class Refused {
    @Test
    @DisplayName("for our own domain (IDP-35)")
    void for_our_own_domain() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new IdJagClaims(IDP, "s", IDP, new ClientId("c")));
    }

    @Test
    void about_nobody() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new IdJagClaims(IDP, "", RAS, new ClientId("c")));
    }

    @Test
    void bound_to_what_is_no_thumbprint() {
      assertThatIllegalArgumentException().isThrownBy(() -> claims().boundTo("abc"));
    }

    @Test
    @DisplayName("to live longer than ten minutes (IDP-32)")
    void to_live_longer_than_ten_minutes() {
      assertThat(claims().build("j", NOW, NOW.plusSeconds(600)).has("exp")).isTrue();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> claims().build("j", NOW, NOW.plusSeconds(601)));
    }

    @Test
    void to_be_dead_at_birth() {
      assertThatIllegalArgumentException().isThrownBy(() -> claims().build("j", NOW, NOW));
    }
  }
}
