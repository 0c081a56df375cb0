package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TOK-10, RFC 7009 §2: a client gives back a token")
class RevocationEndpointTest {
  private static final String INACTIVE = "{\"active\":false}";

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;

  @BeforeEach
  void start() {
    var setup = Setup.usual(folder).with(new ReplayPolicy.ReusableUntilExpiry(5));
    pair = Pair.start(setup, folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private Answer revoke(URI server, String token, String client) {
    var form = Form.builder().add("token", token).build();
    return Http.post(server, form, Desk.basic(client));
  }

  private Answer revokeAtRas(String token) {
    return revoke(pair.rasUrl("/revoke"), token, "desk-ras");
  }

  private void assertOk(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @Test
  void which_dies_at_once_with_everything_of_its_grant() {
    var idJag = desk.idJag("alice", World.LINEAR);
    var one = desk.redeem(idJag).text("access_token");
    var other = desk.redeem(idJag).text("access_token");
    assertOk(revokeAtRas(one));
    assertThat(desk.introspect(one, "linear-server").body()).isEqualTo(INACTIVE);
    assertThat(desk.introspect(other, "linear-server").body()).isEqualTo(INACTIVE);
    assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
    assertOk(revokeAtRas(one));
  }

  @Test
  void of_another_client_which_lives_on_and_nobody_learns_of_it() {
    var token = desk.accessToken("alice", World.LINEAR);
    assertOk(revoke(pair.rasUrl("/revoke"), token, "other-ras"));
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");
  }

  @Test
  @DisplayName("that has expired: 200 as for an unknown one, and what its grant gave lives on")
  void that_has_expired() {
    var idJag = desk.idJag("alice", World.LINEAR);
    var old = desk.redeem(idJag).text("access_token");
    pair.clock.advance(Duration.ofMinutes(3));
    var young = desk.redeem(idJag).text("access_token");
    pair.clock.advance(Duration.ofMinutes(43));
    assertThat(desk.introspect(old, "linear-server").body()).isEqualTo(INACTIVE);
    assertOk(revokeAtRas(old));
    assertThat(desk.introspect(young, "linear-server").body()).contains("\"active\":true");
  }

  @Test
  void that_is_none() {
    var signedIn = desk.signedIn("alice", "openid offline_access");
    for (var token : List.of("x", "a.b.c", "é", signedIn.text("id_token"))) {
      assertOk(revokeAtRas(token));
      assertOk(revoke(pair.brokerUrl("/revoke"), token, "desk"));
    }
    assertThat(desk.exchange(signedIn.text("id_token"), World.LINEAR).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("§2.2.1: that is an ID-JAG, which is not dead after this: unsupported_token_type")
  void that_cannot_be_revoked() {
    var idJag = desk.idJag("alice", World.LINEAR);
    for (var answer :
        List.of(revokeAtRas(idJag), revoke(pair.brokerUrl("/revoke"), idJag, "desk"))) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("error")).isEqualTo("unsupported_token_type");
    }
    assertThat(desk.redeem(idJag).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("a wrong token_type_hint is only a hint")
  void under_a_wrong_hint() {
    var token = desk.accessToken("alice", World.LINEAR);
    var form = Form.builder().add("token", token).add("token_type_hint", "refresh_token").build();
    assertOk(Http.post(pair.rasUrl("/revoke"), form, Desk.basic("desk-ras")));
    assertThat(desk.introspect(token, "linear-server").body()).isEqualTo(INACTIVE);
  }

  @Test
  void without_one_or_without_being_a_client() {
    var url = pair.rasUrl("/revoke");
    var nothing = Http.post(url, Form.builder().add("x", "y").build(), Desk.basic("desk-ras"));
    assertThat(nothing.status()).isEqualTo(400);
    assertThat(nothing.text("error")).isEqualTo("invalid_request");
    var token = desk.accessToken("alice", World.LINEAR);
    var stranger = Http.post(url, Form.builder().add("token", token).build(), Map.of());
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");
    assertThat(Http.get(URI.create(url + "?token=" + token), Desk.basic("desk-ras")).status())
        .isEqualTo(405);
  }
}
