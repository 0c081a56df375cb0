package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  private static Stream<ReplayPolicy> repeatable() {
    return Stream.of(
        new ReplayPolicy.SingleUseWithGrace(Duration.ofSeconds(10)),
        new ReplayPolicy.ReusableUntilExpiry(5));
  }

  @ParameterizedTest
  @MethodSource("repeatable")
  @DisplayName("POL-4: no later use gives more than the first, so the grant tells all that is out")
  void a_later_use_is_never_wider(ReplayPolicy policy) {
    try (var pair = pair(policy)) {
      var desk = new Desk(pair);
      var idJag = desk.idJag("alice", World.LINEAR);
      assertThat(redeem(desk, idJag, "issues.read").text("scope")).isEqualTo("issues.read");
      for (var wider : List.of("issues.write", "issues.read issues.write", "")) {
        assertThat(redeem(desk, idJag, wider).text("error")).as(wider).isEqualTo("invalid_grant");
      }
      assertThat(redeem(desk, idJag, "issues.read").status()).isEqualTo(200);

      var both = new Assertions(pair, "alice").claims(World.LINEAR, "issues.read pages.read");
      both.put("resource", List.of(World.LINEAR.value(), World.NOTION.value()));
      var two = new Assertions(pair, "alice").signed(both.build());
      var linear = desk.redemption(two).add("resource", World.LINEAR.value()).build();
      assertThat(desk.redeem(linear).status()).isEqualTo(200);
      var notion = desk.redemption(two).add("resource", World.NOTION.value()).build();
      assertThat(desk.redeem(notion).text("error")).isEqualTo("invalid_grant");
    }
  }

  @ParameterizedTest
  @MethodSource("repeatable")
  void a_later_use_gives_no_other_authorization_details(ReplayPolicy policy) {
    try (var pair = pair(policy)) {
      var desk = new Desk(pair);
      var assertions = new Assertions(pair, "alice");
      var detail = JsonObject.builder().put("type", "ticket_access");
      var claims =
          assertions
              .claims(World.LINEAR, "issues.read")
              .put(
                  "authorization_details",
                  List.of(detail.put("actions", List.of("read", "comment")).build()));
      var idJag = assertions.signed(claims.build());
      var read = desk.redemption(idJag).add("authorization_details", "[" + actions("read") + "]");
      var comment =
          desk.redemption(idJag).add("authorization_details", "[" + actions("comment") + "]");
      assertThat(desk.redeem(read.build()).body()).contains("\"read\"");
      assertThat(desk.redeem(comment.build()).text("error")).isEqualTo("invalid_grant");
      assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
      assertThat(desk.redeem(read.build()).status()).isEqualTo(200);
    }
  }

  private static String actions(String action) {
    return JsonObject.builder()
        .put("type", "ticket_access")
        .put("actions", List.of(action))
        .build()
        .toJson();
  }

  @ParameterizedTest
  @MethodSource("repeatable")
  @DisplayName("POL-4: a role that loses the wider scope takes every token of the grant with it")
  void whoever_loses_the_wider_scope(ReplayPolicy policy) throws IOException {
    try (var pair = pair(policy)) {
      var desk = new Desk(pair);
      var wide = desk.idJag("alice", World.LINEAR);
      var narrow = desk.idJag("alice", World.LINEAR);
      var both = redeem(desk, wide, "issues.read issues.write").text("access_token");
      var less = redeem(desk, wide, "issues.read").text("access_token");
      var read = redeem(desk, narrow, "issues.read").text("access_token");
      assertThat(redeem(desk, narrow, "issues.write").status()).isEqualTo(400);
      pair.clock.advance(Duration.ofSeconds(2));
      var library = folder.resolve("library/roles.yaml");
      Files.writeString(
          library,
          Files.readString(library)
              .replace("linear: [issues.read, issues.write]", "linear: [issues.read]"));
      // A change counts when two looks find the same.
      pair.library.poll();
      pair.library.poll();
      pair.policyTakesFrom(pair.person("alice").id());
      for (var dead : List.of(both, less)) {
        assertThat(desk.introspect(dead, "linear-server").body()).isEqualTo("{\"active\":false}");
      }
      assertThat(desk.introspect(read, "linear-server").text("scope")).isEqualTo("issues.read");
    }
  }

  /// @param scope empty for all
  private static Answer redeem(Desk desk, String idJag, String scope) {
    var form = desk.redemption(idJag);
    return desk.redeem(scope.isEmpty() ? form.build() : form.add("scope", scope).build());
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
