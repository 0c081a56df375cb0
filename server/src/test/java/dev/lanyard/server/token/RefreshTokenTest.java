package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AC-17, D-12: refresh tokens")
class RefreshTokenTest {
  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private static Form.Builder refresh(String token) {
    return Form.builder().add("grant_type", "refresh_token").add("refresh_token", token);
  }

  @Nested
  @DisplayName("of a confidential client")
  class Confidential {
    @Test
    void give_a_new_id_token_each_time_and_are_not_rotated() {
      var desk = new Desk(pair);
      var tokens = desk.signedIn("alice", "openid offline_access");
      pair.clock.advance(Duration.ofMinutes(5));
      var renewed = desk.token(refresh(tokens.text("refresh_token")).build());
      assertThat(renewed.text("id_token")).isNotEmpty().isNotEqualTo(tokens.text("id_token"));
      assertThat(renewed.json().has("refresh_token")).isFalse();
      assertThat(desk.exchange(renewed.text("id_token"), World.LINEAR).status()).isEqualTo(200);
    }

    @Test
    void are_good_for_an_exchange_themselves() {
      var desk = new Desk(pair);
      var tokens = desk.signedIn("alice", "openid offline_access");
      var good = desk.exchangeRequest("x", World.LINEAR).build();
      var form =
          Form.builder()
              .add("grant_type", good.one("grant_type").orElseThrow())
              .add("requested_token_type", good.one("requested_token_type").orElseThrow())
              .add("audience", pair.ras() + "/")
              .add("resource", World.LINEAR.value())
              .add("subject_token", tokens.text("refresh_token"))
              .add("subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token");
      assertThat(desk.token(form.build()).status()).isEqualTo(200);
    }

    @Test
    void are_only_given_to_who_asked_for_offline_access() {
      assertThat(new Desk(pair).signedIn("alice", "openid").json().has("refresh_token")).isFalse();
    }

    @Test
    void may_ask_for_less_and_never_for_more() {
      var desk = new Desk(pair);
      var token = desk.signedIn("alice", "openid offline_access").text("refresh_token");
      assertThat(desk.token(refresh(token).add("scope", "openid").build()).text("scope"))
          .isEqualTo("openid");
      assertThat(desk.token(refresh(token).add("scope", "openid email").build()).text("error"))
          .isEqualTo("invalid_scope");
    }

    @Test
    void are_worth_nothing_to_another_client_or_after_their_time() {
      var desk = new Desk(pair);
      var form = refresh(desk.signedIn("alice", "openid offline_access").text("refresh_token"));
      var stolen = Http.post(pair.brokerUrl("/token"), form.build(), Desk.basic("other"));
      assertThat(stolen.text("error")).isEqualTo("invalid_grant");
      pair.clock.advance(Duration.ofDays(30));
      assertThat(desk.token(form.build()).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void are_given_back_with_everything_of_their_family() {
      var desk = new Desk(pair);
      var tokens = desk.signedIn("alice", "openid offline_access");
      var form = Form.builder().add("token", tokens.text("refresh_token")).build();
      var byOther = Http.post(pair.brokerUrl("/revoke"), form, Desk.basic("other"));
      assertThat(byOther.status()).isEqualTo(200);
      assertThat(desk.exchange(tokens.text("id_token"), World.LINEAR).status()).isEqualTo(200);
      var byOwner = Http.post(pair.brokerUrl("/revoke"), form, Desk.basic("desk"));
      assertThat(byOwner.status()).isEqualTo(200);
      assertThat(byOwner.body()).isEmpty();
      assertThat(desk.exchange(tokens.text("id_token"), World.LINEAR).text("error"))
          .isEqualTo("invalid_grant");
    }
  }

  @Nested
  @DisplayName("of a public client")
  class Public {
    private Desk desk;

    @BeforeEach
    void open() {
      desk = new Desk(pair, "phone", "none", "http://127.0.0.1:33418/callback");
    }

    private Answer token(Form form) {
      return Http.post(pair.brokerUrl("/token"), form, Map.of());
    }

    private String first() {
      var form = desk.codeRequest(desk.code("alice", "openid offline_access"));
      return token(form.add("client_id", "phone").build()).text("refresh_token");
    }

    private Answer renew(String token) {
      return token(refresh(token).add("client_id", "phone").build());
    }

    @Test
    void are_rotated() {
      var first = first();
      var second = renew(first).text("refresh_token");
      assertThat(second).isNotEmpty().isNotEqualTo(first);
      assertThat(renew(second).status()).isEqualTo(200);
    }

    @Test
    void give_another_one_for_a_moment_to_a_client_that_lost_our_answer() {
      var first = first();
      renew(first);
      var retried = renew(first);
      assertThat(retried.status()).isEqualTo(200);
      assertThat(renew(retried.text("refresh_token")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("and not to a thief: whoever used the successor did not lose our answer")
    void kill_their_family_when_an_old_one_comes_back_after_its_successor_was_used() {
      var first = first();
      var second = renew(first).text("refresh_token");
      var third = renew(second).text("refresh_token");
      assertThat(renew(first).text("error")).isEqualTo("invalid_grant");
      assertThat(renew(third).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    @DisplayName("and of what the grace gave and the successor one goes on, not both")
    void kill_their_family_when_two_answers_to_one_are_both_used() {
      for (boolean thiefIsFirst : new boolean[] {true, false}) {
        var first = first();
        var victims = renew(first).text("refresh_token");
        pair.clock.advance(Duration.ofSeconds(5));
        var thiefs = renew(first).text("refresh_token");
        pair.clock.advance(Duration.ofMinutes(40));
        var gone = renew(thiefIsFirst ? thiefs : victims);
        assertThat(gone.status()).isEqualTo(200);
        var answer = renew(thiefIsFirst ? victims : thiefs);
        assertThat(answer.text("error")).isEqualTo("invalid_grant");
        assertThat(pair.audit(answer.text("correlation_id"))).contains("family revoked");
        assertThat(renew(gone.text("refresh_token")).text("error")).isEqualTo("invalid_grant");
      }
    }

    @Test
    @DisplayName("two windows that ask at once and keep what came last go on for ever")
    void are_renewed_by_windows_that_share_what_they_keep() {
      var kept = first();
      for (int i = 0; i < 4; i++) {
        renew(kept);
        kept = renew(kept).text("refresh_token");
        assertThat(kept).isNotEmpty();
        pair.clock.advance(Duration.ofMinutes(40));
      }
    }

    @Test
    void kill_their_family_when_an_old_one_comes_back_later() {
      var first = first();
      var second = renew(first).text("refresh_token");
      pair.clock.advance(Duration.ofSeconds(31));
      assertThat(renew(first).text("error")).isEqualTo("invalid_grant");
      assertThat(renew(second).text("error")).isEqualTo("invalid_grant");
    }
  }

  @Test
  @DisplayName("re-enabling a person never revives what they had")
  void stay_dead_after_the_person_is_back() {
    var alice = pair.person("alice");
    var desk = new Desk(pair);
    var old = desk.signedIn("alice", "openid offline_access");
    pair.happened(alice, Happening.DISABLED);
    pair.happened(alice, Happening.ENABLED);
    assertThat(desk.exchange(old.text("id_token"), World.LINEAR).text("error"))
        .isEqualTo("invalid_grant");
    assertThat(desk.token(refresh(old.text("refresh_token")).build()).text("error"))
        .isEqualTo("invalid_grant");

    // In the same second, with a clock that stands still: what is new counts at once.
    var fresh = new Desk(pair);
    var idToken = fresh.idToken("alice");
    var idJag = fresh.exchange(idToken, World.LINEAR);
    assertThat(idJag.status()).as(idJag.body()).isEqualTo(200);
    var accessToken = fresh.redeem(idJag.text("access_token")).text("access_token");
    assertThat(fresh.introspect(accessToken, "linear-server").body()).contains("\"active\":true");
  }

  @Test
  @DisplayName("IDP-17: a removed group counts at the next exchange")
  void of_somebody_who_lost_the_group_give_nothing() {
    var alice = pair.person("alice");
    var desk = new Desk(pair);
    var idToken = desk.idToken("alice");
    assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
    pair.putGroups(alice);
    assertThat(desk.exchange(idToken, World.LINEAR).text("error")).isEqualTo("invalid_target");
  }
}
