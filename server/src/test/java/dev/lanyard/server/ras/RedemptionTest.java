package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("ID-JAG draft-04 §4.4: redemption at the resource authorization server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedemptionTest {
  private Pair pair;
  private Desk desk;
  private Assertions assertions;

  @BeforeAll
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair);
    assertions = new Assertions(pair, "alice");
  }

  @AfterAll
  void stop() {
    pair.close();
  }

  private static void assertRefused(Answer answer, String error) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(400);
  }

  private Form.Builder redemption(JsonObject.Builder claims) {
    return desk.redemption(assertions.signed(claims.build()));
  }

  private JsonObject.Builder both() {
    return assertions
        .claims(World.LINEAR, "issues.read pages.read")
        .put("resource", List.of(World.LINEAR.value(), World.NOTION.value()));
  }

  private static JsonObject claims(Answer answer) throws MalformedException {
    return UnverifiedJwt.parse(answer.text("access_token")).unverifiedClaims().all();
  }

  @Nested
  @DisplayName("RAS-1: one assertion")
  class OneAssertion {
    @Test
    void not_none_and_not_two() {
      var form = redemption(assertions.claims(World.LINEAR, "issues.read"));
      var none = Form.builder().add("grant_type", form.build().one("grant_type").orElseThrow());
      assertRefused(desk.redeem(none.build()), "invalid_request");
      assertRefused(desk.redeem(form.add("assertion", "x").build()), "invalid_request");
    }
  }

  @Nested
  @DisplayName("RAS-23: an encrypted assertion")
  class Encrypted {
    @Test
    void is_not_read() {
      var jwe =
          "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIiwidHlwIjoib2F1dGgtaWQtamFnK2p3dCJ9..AA.AA.AA";
      assertRefused(desk.redeem(desk.redemption(jwe).build()), "invalid_grant");
    }
  }

  @Nested
  @DisplayName("RAS-12, RAS-15: the audience of the token is what was granted of the resources")
  class Resources {
    @Test
    void all_that_the_assertion_names() throws MalformedException {
      var answer = desk.redeem(redemption(both()).build());
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(claims(answer).stringOrStrings("aud").orElseThrow())
          .containsExactly(World.LINEAR.value(), World.NOTION.value());
      assertThat(answer.json().stringOrStrings("resource").orElseThrow())
          .containsExactly(World.LINEAR.value(), World.NOTION.value());
    }

    @Test
    void of_them_only_what_the_request_names_with_its_scopes() throws MalformedException {
      var form = redemption(both()).add("resource", World.NOTION.value());
      var answer = desk.redeem(form.build());
      assertThat(claims(answer).stringOrStrings("aud").orElseThrow())
          .containsExactly(World.NOTION.value());
      assertThat(answer.text("scope")).isEqualTo("pages.read");
    }

    @Test
    void never_what_the_assertion_does_not_name() {
      var form =
          redemption(assertions.claims(World.LINEAR, "issues.read"))
              .add("resource", World.LINEAR.value())
              .add("resource", World.NOTION.value());
      assertRefused(desk.redeem(form.build()), "invalid_target");
    }

    @Test
    void nothing_if_one_is_not_governed_here() {
      var claims =
          both().put("resource", List.of(World.LINEAR.value(), "https://other.example/mcp"));
      assertRefused(desk.redeem(redemption(claims).build()), "invalid_grant");
    }

    @Test
    @DisplayName("D-2: an assertion without one, where there are several")
    void not_a_guess() {
      var without = assertions.claims("issues.read");
      assertRefused(desk.redeem(redemption(without).build()), "invalid_grant");
    }
  }

  @Nested
  @DisplayName("RAS-13: the scopes of the token are of the assertion, the resource and the request")
  class ScopesGranted {
    @Test
    void of_each_only_what_all_have() {
      var claims = assertions.claims(World.LINEAR, "issues.read issues.write pages.read admin");
      var answer = desk.redeem(redemption(claims).add("scope", "issues.read admin").build());
      assertThat(answer.text("scope")).as(answer.body()).isEqualTo("issues.read");
    }

    @Test
    void never_wider_than_the_assertion() {
      var claims = assertions.claims(World.LINEAR, "issues.read");
      var answer = desk.redeem(redemption(claims).add("scope", "issues.read issues.write").build());
      assertThat(answer.text("scope")).isEqualTo("issues.read");
    }

    @Test
    void and_an_error_if_nothing_is_left() {
      var claims = assertions.claims(World.LINEAR, "pages.read");
      assertRefused(desk.redeem(redemption(claims).build()), "invalid_scope");
    }
  }

  @Nested
  @DisplayName("RAS-2: hosted clients have no secret, and an ID-JAG in their name")
  class HostedClients {
    private static final String HOSTED = "https://hosted.example/client";

    private Answer redeemedBy(String client, String inTheNameOf) {
      var claims = assertions.claims(World.LINEAR, "issues.read").put("client_id", inTheNameOf);
      var form = redemption(claims).add("client_id", client).build();
      return Http.post(pair.rasUrl("/token"), form, Map.of());
    }

    @Test
    void redeem_what_is_theirs() {
      assertThat(redeemedBy(HOSTED, HOSTED).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("RAS-6: and nothing else")
    void and_nothing_else() {
      assertRefused(redeemedBy(HOSTED, "desk-ras"), "invalid_grant");
      assertRefused(redeemedBy(HOSTED, HOSTED + "/"), "invalid_grant");
      assertRefused(redeemedBy("open-ras", "open-ras"), "unauthorized_client");
    }
  }
}
