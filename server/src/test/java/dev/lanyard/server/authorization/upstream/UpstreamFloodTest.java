package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whoever only begins sign-ins at a provider upstream cannot fill the database")
class UpstreamFloodTest {
  private static final int A_MINUTE = 300;

  @TempDir Path folder;
  private Provider provider;
  private Pair pair;

  @BeforeEach
  void start() {
    var setup = Setup.usual(folder);
    provider = Provider.start(setup.clock());
    provider.says(JsonObject.builder().put("groups", List.of("engineering")).build());
    pair =
        Pair.start(
            setup.with(new BrokerConfig.SignIn(false, List.of(provider.upstream("idp")))), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
  }

  private long underWay() {
    return pair.database.read(connection -> {
      try (var statement = connection.prepareStatement("SELECT count(*) FROM upstream_sign_in");
          var rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    });
  }

  private void begins(int times) {
    var stranger = new Desk(pair);
    for (int i = 0; i < times; i++) {
      assertThat(stranger.signInAt("idp").status()).isEqualTo(303);
    }
  }

  @Test
  void of_one_network_so_many_a_minute_are_sent_and_the_others_leave_nothing() {
    begins(A_MINUTE);

    var refused = new Desk(pair).signInAt("idp");

    assertThat(refused.status()).as(refused.body()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).contains("60");
    assertThat(refused.body()).contains("Please try again in a minute");
    assertThat(pair.audit(refused.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign_ins_begun");
    assertThat(underWay()).isEqualTo(A_MINUTE);
    pair.clock.advance(Duration.ofMinutes(1));
    begins(1);
  }

  @Test
  void whoever_finishes_gives_back_what_they_took() {
    for (int i = 0; i < 3; i++) {
      var desk = new Desk(pair);
      var there = Http.get(desk.signInAt("idp").location(), Map.of());
      assertThat(desk.browse(there.location()).location().toString()).startsWith(Desk.CALLBACK);
    }

    begins(A_MINUTE);
  }
}
