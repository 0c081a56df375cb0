package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Gathered.serves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "What a client of an aggregate has subscribed to is known to each session of its server")
class GatewayAggregateSubscriptionsTest {
  @TempDir Path folder;
  private Pair pair;
  private Gathered gathered;
  private String alice;
  private String session;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    gathered = new Gathered(pair, folder);
    gathered.linear.answers(subscribable("l-1"));
    gathered.notion.answers(serves("n-1", "list_issues"));
    alice = gathered.token("alice", "engineering");
    session = gathered.initialize(alice).header("Mcp-Session-Id").orElseThrow();
  }

  @AfterEach
  void stop() {
    gathered.close();
    pair.close();
  }

  private static Upstream.Script subscribable(String session) {
    return (request, wire) -> {
      if (request.body().contains("\"initialize\"")) {
        wire.json(
            Gathered.result(
                Gathered.id(request),
                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{},"
                    + "\"resources\":{\"subscribe\":true}},"
                    + "\"serverInfo\":{\"name\":\"x\",\"version\":\"1\"}}"),
            "Mcp-Session-Id: " + session);
      } else if (request.body().contains("subscribe\"")) {
        wire.json(Gathered.result(Gathered.id(request), "{}"));
      } else {
        serves(session, "list_issues").answer(request, wire);
      }
    };
  }

  /// It does not know the first session any more.
  private static Upstream.Script restarted(Upstream.Script script) {
    return (request, wire) -> {
      if ("l-1".equals(request.headers().get("mcp-session-id"))) {
        wire.head(404, "Content-Length: 0");
      } else {
        script.answer(request, wire);
      }
    };
  }

  private String asked(Gathered node, String method, String params) {
    return node.post(
            alice,
            session,
            "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\""
                + method
                + "\",\"params\":"
                + params
                + "}")
        .body();
  }

  private Answer called(Gathered node) {
    return node.post(
        alice,
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"linear__list_issues\"}}");
  }

  private void subscribe(String uri) {
    assertThat(asked(gathered, "resources/subscribe", "{\"uri\":\"" + uri + "\"}"))
        .contains("\"result\":{}");
  }

  private static void drain(Upstream upstream) {
    while (upstream.count() > 0) {
      var _ = upstream.next();
    }
  }

  /// The sessions in which it is asked for something, and for what.
  private static List<String> subscribed(Upstream upstream) {
    var again = new ArrayList<String>();
    while (upstream.count() > 0) {
      var request = upstream.next();
      if (request.body().contains("resources/subscribe")) {
        again.add(
            request.headers().get("mcp-session-id")
                + " "
                + request.body().replaceAll(".*\"uri\":\"([^\"]*)\".*", "$1"));
      }
    }
    return again;
  }

  @Test
  @DisplayName("one that is opened because the server was restarted, as one on another node")
  void again() {
    subscribe("linear+docs://a");
    subscribe("linear+docs://b");
    subscribe("linear+docs://c");
    assertThat(asked(gathered, "resources/unsubscribe", "{\"uri\":\"linear+docs://b\"}"))
        .contains("\"result\":{}");
    assertThat(asked(gathered, "resources/subscribe", "{\"uri\":\"linear+secret://a\"}"))
        .as("not graded")
        .contains("\"error\"");
    drain(gathered.linear);
    gathered.linear.answers(restarted(subscribable("l-2")));

    assertThat(called(gathered).body()).contains("\"called\"");

    assertThat(subscribed(gathered.linear))
        .containsExactlyInAnyOrder("l-2 docs://a", "l-2 docs://c");
    try (var second = new Gathered(pair, folder)) {
      second.linear.answers(subscribable("l-3"));
      assertThat(called(second).body()).contains("\"called\"");
      assertThat(subscribed(second.linear))
          .containsExactlyInAnyOrder("l-3 docs://a", "l-3 docs://c");
    }
  }

  @Test
  @DisplayName(
      "of another session, of one that has ended, and where there are none, nobody is told")
  void not_again() {
    subscribe("linear+docs://a");
    assertThat(Http.delete(gathered.url(), Gathered.headers(alice, session)).status())
        .isEqualTo(204);
    gathered.linear.answers(subscribable("l-2"));
    drain(gathered.linear);

    session = gathered.initialize(alice).header("Mcp-Session-Id").orElseThrow();
    assertThat(called(gathered).body()).contains("\"called\"");
    assertThat(subscribed(gathered.linear)).isEmpty();

    subscribe("linear+docs://a");
    drain(gathered.linear);
    var served = serves("l-3", "list_issues");
    gathered.linear.answers((request, wire) -> {
      if ("l-2".equals(request.headers().get("mcp-session-id"))) {
        wire.head(404, "Content-Length: 0");
      } else {
        served.answer(request, wire);
      }
    });
    assertThat(called(gathered).body()).contains("\"called\"");
    assertThat(subscribed(gathered.linear)).as("it takes none any more").isEmpty();
  }

  @Test
  @DisplayName("a server that does not take one again is not asked for all of them, and serves")
  void refuses() {
    for (int i = 0; i < 5; i++) {
      subscribe("linear+docs://" + i);
    }
    drain(gathered.linear);
    var served = subscribable("l-2");
    gathered.linear.answers(
        restarted((request, wire) -> {
          if (request.body().contains("resources/subscribe")) {
            wire.head(503, "Content-Length: 0");
          } else {
            served.answer(request, wire);
          }
        }));

    assertThat(called(gathered).body()).contains("\"called\"");

    assertThat(subscribed(gathered.linear)).hasSize(1);
  }

  @Test
  @DisplayName("the client hears that they may have changed while nobody listened")
  void missed() {
    subscribe("linear+docs://a");
    var restart = new CountDownLatch(1);
    gathered.linear.answers((_, wire) -> {
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/before\"}");
      restart.await();
    });
    try (var stream = Streams.open(gathered.port(), alice, "Mcp-Session-Id: " + session)) {
      stream.await("notifications/before");
      gathered.linear.answers(
          restarted((request, wire) -> {
            if (request.method().equals("GET")) {
              wire.events();
              wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/after\"}");
              var _ = wire.isGone();
            } else {
              subscribable("l-2").answer(request, wire);
            }
          }));
      drain(gathered.linear);
      restart.countDown();

      stream.await("\"uri\":\"linear+docs://a\"");
      stream.await("notifications/after");
      assertThat(subscribed(gathered.linear)).containsExactly("l-2 docs://a");
    }
  }
}
