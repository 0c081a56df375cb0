package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Assertions;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.IssuedGrants;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("D-1: how often one ID-JAG may be redeemed")
class ReplayPolicyTest {
  @TempDir Path folder;

  private Pair pair(ReplayPolicy policy) {
    var pair = Pair.start(Setup.on(TestDatabases.postgres(), folder).with(policy), folder);
    pair.person("alice", "engineering");
    return pair;
  }

  @Test
  void with_grace_a_client_that_lost_our_answer_gets_another_token_for_a_moment() {
    try (var pair = pair(new ReplayPolicy.SingleUseWithGrace(Duration.ofSeconds(10)))) {
      var desk = new Desk(pair);
      var idJag = desk.idJag("alice", World.LINEAR);
      var first = desk.redeem(idJag);
      var second = desk.redeem(idJag);
      assertThat(second.status()).isEqualTo(200);
      assertThat(second.text("access_token")).isNotEqualTo(first.text("access_token"));
      pair.clock.advance(Duration.ofSeconds(11));
      assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
    }
  }

  @Test
  void reusable_means_up_to_the_ceiling_and_one_revocation_kills_all() {
    try (var pair = pair(new ReplayPolicy.ReusableUntilExpiry(3))) {
      var desk = new Desk(pair);
      var idJag = desk.idJag("alice", World.LINEAR);
      var first = desk.redeem(idJag).text("access_token");
      var second = desk.redeem(idJag).text("access_token");
      var form = Form.builder().add("token", first).build();
      assertThat(Http.post(pair.rasUrl("/revoke"), form, Desk.basic("other-ras")).status())
          .isEqualTo(200);
      assertThat(desk.introspect(second, "linear-server").body()).contains("\"active\":true");
      assertThat(desk.redeem(idJag).status()).isEqualTo(200);
      assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
      assertThat(Http.post(pair.rasUrl("/revoke"), form, Desk.basic("desk-ras")).status())
          .isEqualTo(200);
      assertThat(desk.introspect(first, "linear-server").body()).isEqualTo("{\"active\":false}");
      assertThat(desk.introspect(second, "linear-server").body()).isEqualTo("{\"active\":false}");
    }
  }

  @Test
  @DisplayName("a grant is found as long as it can give a token, not only to the end of its first")
  void the_grant_of_a_reusable_assertion_outlives_its_first_token() throws MalformedException {
    try (var pair = pair(new ReplayPolicy.ReusableUntilExpiry(20))) {
      var desk = new Desk(pair);
      var assertions = new Assertions(pair, "alice");
      long now = pair.clock.instant().getEpochSecond();
      var claims = assertions.claims(World.LINEAR, "issues.read").put("exp", now + 3600).build();
      var idJag = assertions.signed(claims);
      assertThat(desk.redeem(idJag).status()).isEqualTo(200);
      pair.clock.advance(Duration.ofMinutes(40));
      var second = desk.redeem(idJag);
      assertThat(second.json().integer("expires_in")).contains(45L * 60);
      pair.clock.advance(Duration.ofMinutes(10));
      var grants = new IssuedGrants(pair.database).on(pair.broker().value(), pair.clock.instant());
      assertThat(grants).as("the first token has ended, the second lives").hasSize(1);
      pair.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Grant(grants.getFirst().id()),
          Happening.TOKENS_REVOKED,
          "the role went",
          "c-1");
      assertThat(desk.introspect(second.text("access_token"), "linear-server").body())
          .isEqualTo("{\"active\":false}");
      assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
      pair.clock.advance(Duration.ofMinutes(56));
      assertThat(new IssuedGrants(pair.database).on(pair.broker().value(), pair.clock.instant()))
          .isEmpty();
    }
  }

  @Test
  @DisplayName("TOK-11: a resource server sees only tokens that are meant for it")
  void introspection_is_for_the_resource_only() {
    try (var pair = pair(new ReplayPolicy.SingleUse())) {
      var desk = new Desk(pair);
      var token = desk.accessToken("alice", World.LINEAR);
      assertThat(desk.introspect(token, "notion-server").body()).isEqualTo("{\"active\":false}");
      assertThat(desk.introspect(token, "desk-ras").body()).isEqualTo("{\"active\":false}");
      assertThat(desk.introspect("garbage", "linear-server").body())
          .isEqualTo("{\"active\":false}");
      var nameOnly = Form.builder().add("token", token).add("client_id", "open-ras").build();
      var anonymous = Http.post(pair.rasUrl("/introspect"), nameOnly, Map.of());
      assertThat(anonymous.status()).isEqualTo(401);
      assertThat(pair.audit(anonymous.text("correlation_id"))).contains("TOK-11");
      pair.clock.advance(Duration.ofMinutes(46));
      assertThat(desk.introspect(token, "linear-server").body()).isEqualTo("{\"active\":false}");
    }
  }
}
