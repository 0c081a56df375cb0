package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.Subscribed;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-1, TOK-8: an organisation is one target of the kill")
class OrganisationKillTest {
  private static final String INACTIVE = "{\"active\":false}";

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    desk = new Desk(pair);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void happened(String organisation, Happening what) {
    pair.revocation.report(
        Source.of(Source.Kind.ADMIN),
        new Subject.Organisation(organisation),
        what,
        "a test",
        "test");
  }

  @Test
  void everything_of_its_people_is_dead_on_both_sides_and_they_may_come_back() {
    var signedIn = desk.signedIn("alice", "openid offline_access");
    var idToken = signedIn.text("id_token");
    var unredeemed = desk.exchange(idToken, World.LINEAR).text("access_token");
    var token = desk.redeem(desk.exchange(idToken, World.LINEAR).text("access_token"));
    assertThat(token.status()).as(token.body()).isEqualTo(200);

    happened(World.ORGANISATION, Happening.TOKENS_REVOKED);
    assertThat(desk.introspect(token.text("access_token"), "linear-server").body())
        .isEqualTo(INACTIVE);
    assertThat(desk.redeem(unredeemed).text("error")).isEqualTo("invalid_grant");
    assertThat(desk.exchange(idToken, World.LINEAR).text("error")).isEqualTo("invalid_grant");

    pair.clock.advance(Duration.ofSeconds(2));
    var back = new Desk(pair).accessToken("alice", World.LINEAR);
    assertThat(desk.introspect(back, "linear-server").body()).contains("\"active\":true");
  }

  @Test
  void while_it_is_stopped_nobody_of_it_gets_anything() {
    happened(World.ORGANISATION, Happening.DISABLED);
    pair.clock.advance(Duration.ofSeconds(2));
    assertThat(desk.signedIn("alice", "openid").text("error")).isEqualTo("invalid_grant");
    happened(World.ORGANISATION, Happening.ENABLED);
    pair.clock.advance(Duration.ofSeconds(2));
    assertThat(new Desk(pair).accessToken("alice", World.LINEAR)).isNotEmpty();
  }

  @Test
  void people_of_others_are_not_touched() {
    var token = desk.accessToken("alice", World.LINEAR);
    happened(World.NEIGHBOUR, Happening.DISABLED);
    assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");
  }

  @Test
  @DisplayName(
      "RS-13: a resource server that follows the revocation stream is told and asks nobody")
  void resource_servers_are_told() throws InterruptedException {
    var token = desk.accessToken("alice", World.LINEAR);
    try (var server =
        new Subscribed(pair, pair.port("ras"), "linear-server", Duration.ofSeconds(5))) {
      assertThat(server.stream.awaitFresh(Duration.ofSeconds(20))).isTrue();
      assertThat(server.call(token)).isInstanceOf(Verdict.Admitted.class);
      happened(World.ORGANISATION, Happening.TOKENS_REVOKED);
      Soon.until(() -> server.call(token) instanceof Verdict.Refused);
    }
  }
}
