package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the role library says is what the broker does (POL-1 to POL-3, IDP-17, IDP-41)")
class LibraryAtBrokerTest {
  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void library(String more) throws IOException {
    Files.writeString(folder.resolve("library/more.yaml"), more);
    assertThat(pair.library.poll()).isInstanceOf(dev.lanyard.server.yaml.Reload.Unchanged.class);
    assertThat(pair.library.poll()).isInstanceOf(dev.lanyard.server.yaml.Reload.Loaded.class);
  }

  @Test
  void a_condition_asks_for_a_recent_sign_in_and_is_met_by_one() throws IOException {
    library(
        """
        roles:
          auditor:
            groups: [auditors]
            connectors:
              notion:
                scopes: [pages.read]
                conditions:
                  recent:
                    when: now - auth.auth_time <= duration('15m')
                    step_up: {max_age: 15m, acr_values: [phr, phrh]}
        """);
    pair.person("alice", "auditors");
    var desk = new Desk(pair);
    var idToken = desk.idToken("alice");

    assertThat(desk.exchange(idToken, World.NOTION).status()).isEqualTo(200);

    pair.clock.advance(Duration.ofMinutes(16));
    var refused = desk.exchange(idToken, World.NOTION);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("error")).isEqualTo("insufficient_user_authentication");
    assertThat(refused.json().toJson())
        .contains("\"max_age\":900")
        .contains("\"acr_values\":\"phr phrh\"");
    assertThat(refused.body()).doesNotContain("recent").doesNotContain("auditor");
    assertThat(pair.audit(refused.text("correlation_id")))
        .contains("token.exchange refused")
        .contains("\"decision\":\"step-up\"")
        .contains("\"effect\":\"needs-step-up\"")
        .contains("\"conditions\":[\"recent\"]");

    var again = new Desk(pair);
    assertThat(again.exchange(again.idToken("alice"), World.NOTION).status()).isEqualTo(200);
  }

  @Test
  void an_exception_gives_until_its_last_millisecond_and_not_after() throws IOException {
    pair.person("alice", "engineering");
    var desk = new Desk(pair);
    var idToken = desk.idToken("alice");
    assertThat(desk.exchange(idToken, World.NOTION).text("error")).isEqualTo("invalid_target");

    var end = pair.clock.instant().plus(Duration.ofHours(1));
    library(
        """
        exceptions:
          handover:
            owner: Ana
            reason: Alice stands in for Bob.
            people: [ALICE]
            until: %s
            connectors: {notion: [pages.read]}
        """
            .formatted(end));

    pair.clock.set(end.minusMillis(1));
    assertThat(desk.exchange(idToken, World.NOTION).status()).isEqualTo(200);
    pair.clock.set(end);
    var refused = desk.exchange(idToken, World.NOTION);
    assertThat(refused.text("error")).isEqualTo("invalid_target");
    assertThat(pair.audit(refused.text("correlation_id")))
        .contains("exception-ended")
        .contains("\"exception\":\"handover\"");
    assertThat(pair.library.current().nextExpiry(Instant.EPOCH)).contains(end);
  }

  @Test
  void a_broken_change_leaves_the_working_library_in_force() throws IOException {
    pair.person("alice", "engineering");
    var desk = new Desk(pair);
    var idToken = desk.idToken("alice");
    Files.writeString(folder.resolve("library/more.yaml"), "roles: {broken: {}}");
    pair.library.poll();
    assertThat(pair.library.poll()).isInstanceOf(dev.lanyard.server.yaml.Reload.Refused.class);

    assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
  }
}
