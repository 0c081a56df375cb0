package dev.lanyard.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Enterprise-Managed Authorization, from sign-in to a living access token")
class WholeFlowTest {
  @TempDir Path folder;

  private DatabaseConfig database(String kind) {
    return kind.equals("sqlite") ? TestDatabases.sqlite(folder) : TestDatabases.postgres();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgres"})
  void an_engineer_gets_in_without_being_asked_for_anything_but_one_sign_in(String kind)
      throws MalformedException {
    try (var pair = Pair.start(Setup.on(database(kind), folder), folder)) {
      var alice = pair.person("alice", "engineering");
      var desk = new Desk(pair);

      var signedIn = desk.signedIn("alice", "openid offline_access");
      assertThat(signedIn.status()).isEqualTo(200);
      assertThat(signedIn.header("Cache-Control")).contains("no-store");

      var exchanged = desk.exchange(signedIn.text("id_token"), World.LINEAR);
      assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
      assertThat(exchanged.text("token_type")).isEqualTo("N_A");
      var idJag = UnverifiedJwt.parse(exchanged.text("access_token")).unverifiedClaims();
      assertThat(idJag.audience()).containsExactly(pair.ras().value());
      assertThat(idJag.subject()).contains(alice.id().value());
      assertThat(idJag.all().string("client_id")).contains("desk-ras");
      assertThat(idJag.all().string("scope")).contains("issues.read issues.write");

      var redeemed = desk.redeem(exchanged.text("access_token"));
      assertThat(redeemed.status()).as(redeemed.body()).isEqualTo(200);
      assertThat(redeemed.text("resource")).isEqualTo(World.LINEAR.value());
      assertThat(redeemed.json().has("refresh_token")).isFalse();

      var seen = desk.introspect(redeemed.text("access_token"), "linear-server");
      assertThat(seen.json().bool("active")).contains(true);
      assertThat(seen.text("scope")).isEqualTo("issues.read issues.write");
      assertThat(seen.text("txn")).isEqualTo(idJag.all().string("txn").orElseThrow());
    }
  }

  @Test
  @DisplayName("IDP-42, RAS-11: whoever is disabled is refused at every step at once")
  void whoever_is_disabled_is_refused_at_every_step_at_once() {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      var alice = pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var signedIn = desk.signedIn("alice", "openid offline_access");
      var idJag = desk.exchange(signedIn.text("id_token"), World.LINEAR).text("access_token");
      var accessToken = desk.accessToken("alice", World.LINEAR);

      pair.happened(alice, Happening.DISABLED);

      assertThat(desk.introspect(accessToken, "linear-server").body())
          .isEqualTo("{\"active\":false}");
      assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
      assertThat(desk.exchange(signedIn.text("id_token"), World.LINEAR).text("error"))
          .isEqualTo("invalid_grant");
    }
  }
}
