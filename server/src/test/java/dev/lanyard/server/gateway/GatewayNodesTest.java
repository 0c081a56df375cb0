package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.KeysConfig;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-13, RS-24: the gateway on one node, the kill on another")
class GatewayNodesTest {
  @TempDir Path folder;

  @Test
  @DisplayName("ends the stream and refuses the next call")
  void killed_elsewhere() {
    var database = TestDatabases.postgres();
    try (var first = Pair.start(Setup.on(database, folder), folder);
        var second = Pair.start(Setup.on(database, folder).beside(first), folder);
        var fronted = Fronted.start(second, folder)) {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
        var _ = wire.isGone();
      });
      var token = fronted.token("alice", "engineering");
      first.awaitChanges();
      try (var stream = Streams.open(fronted, token)) {
        stream.await("notifications/message");

        first.happened(first.person("alice"), Happening.DISABLED);

        stream.awaitEnd();
      }
      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(401);
    }
  }

  @Test
  @DisplayName("KEY-2: what a revoked key signed ends too, and the next call is refused")
  void key_revoked_elsewhere() {
    var database = TestDatabases.postgres();
    try (var first = Pair.start(Setup.on(database, folder), folder);
        var second = Pair.start(Setup.on(database, folder).beside(first), folder);
        var fronted = Fronted.start(second, folder)) {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
        var _ = wire.isGone();
      });
      var token = fronted.token("alice", "engineering");
      try (var stream = Streams.open(fronted, token)) {
        stream.await("notifications/message");

        var rotation =
            new KeyRotation(
                first.database,
                KeySafe.of(MasterKey.load(folder.resolve("master.key"))),
                KeysConfig.DEFAULT,
                (_, _, _) -> {},
                first.clock);
        rotation.keys().stream()
            .filter(key -> key.server().equals("ras") && key.purpose() == Purpose.ACCESS_TOKEN)
            .forEach(key -> rotation.revoke(key.keyId(), "test"));

        stream.awaitEnd();
      }
      assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(401);
    }
  }

  @Test
  @DisplayName("While the record cannot be read nothing is served, and streams end")
  void stale() throws Exception {
    var database =
        TestDatabases.postgres().withFreshness(Duration.ofMillis(200), Duration.ofSeconds(2));
    try (var pair = Pair.start(Setup.on(database, folder), folder);
        var fronted = Fronted.start(pair, folder)) {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
        var _ = wire.isGone();
      });
      var token = fronted.token("alice", "engineering");
      try (var stream = Streams.open(fronted, token)) {
        stream.await("notifications/message");
        try (var _ = TestDatabases.outage(database)) {
          stream.awaitEnd();

          var answer = fronted.post(token, call("list_issues"));
          assertThat(answer.status()).isEqualTo(503);
          assertThat(answer.header("Retry-After")).isPresent();
        }
      }
    }
  }
}
