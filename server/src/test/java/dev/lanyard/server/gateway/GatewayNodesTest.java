package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.gateway.task.EndedTasks;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.KeysConfig;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  @DisplayName("DPR-1: a kill ends sessions for good, and any gateway tells their server")
  void sessions_killed_elsewhere() {
    var database = TestDatabases.postgres();
    try (var first = Pair.start(Setup.on(database, folder), folder);
        var second = Pair.start(Setup.on(database, folder).beside(first), folder);
        var fronted = Fronted.start(second, folder)) {
      first.revocation.tells(new EndedTasks());
      var alice = fronted.token("alice", "engineering");
      var bob = fronted.token("bob", "engineering");
      first.awaitChanges();
      for (var one : List.of(alice, bob)) {
        fronted.upstream.answers((_, wire) ->
            wire.json(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
                "Mcp-Session-Id: of-" + (one.equals(alice) ? "alice" : "bob")));
        assertThat(fronted.post(one, request("initialize")).status()).isEqualTo(200);
        var _ = fronted.upstream.next();
      }
      fronted.upstream.answers(
          (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
      assertThat(fronted.post(alice, call("list_issues"), "Mcp-Session-Id", "of-alice").status())
          .isEqualTo(200);
      var _ = fronted.upstream.next();

      first.happened(first.person("alice"), Happening.DISABLED);
      first.happened(first.person("alice"), Happening.ENABLED);
      second.awaitChanges();
      second.clock.advance(Duration.ofSeconds(41));

      var ended = fronted.upstream.next();
      assertThat(ended.method()).isEqualTo("DELETE");
      assertThat(ended.headers())
          .containsEntry("mcp-session-id", "of-alice")
          .doesNotContainKey("authorization");
      var again = new Desk(second).accessToken("alice", World.LINEAR);
      assertThat(fronted.post(again, call("list_issues"), "Mcp-Session-Id", "of-alice").status())
          .as("the session of before the kill")
          .isEqualTo(404);
      var bobs = new Desk(second).accessToken("bob", World.LINEAR);
      assertThat(fronted.post(bobs, call("list_issues"), "Mcp-Session-Id", "of-bob").status())
          .as("somebody else's")
          .isEqualTo(200);
      assertThat(fronted.upstream.next().method()).as("and no second end").isEqualTo("POST");
    }
  }

  @Test
  @DisplayName("DPR-1: nor does a session outlive a stop of its client, which drops no rows")
  void sessions_of_a_stopped_client() {
    try (var pair = Pair.start(Setup.on(TestDatabases.sqlite(folder), folder), folder);
        var fronted = Fronted.start(pair, folder)) {
      fronted.upstream.answers((_, wire) ->
          wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "Mcp-Session-Id: s-1"));
      var alice = fronted.token("alice", "engineering");
      assertThat(fronted.post(alice, request("initialize")).status()).isEqualTo(200);
      for (var what : List.of(Happening.DISABLED, Happening.ENABLED)) {
        var _ =
            pair.revocation.report(
                Source.of(Source.Kind.ADMIN),
                new Subject.Client(pair.ras(), new ClientId("desk-ras")),
                what,
                "a test",
                "test");
      }
      pair.clock.advance(Duration.ofSeconds(2));
      var again = new Desk(pair).accessToken("alice", World.LINEAR);
      assertThat(fronted.post(again, call("list_issues"), "Mcp-Session-Id", "s-1").status())
          .isEqualTo(404);
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
