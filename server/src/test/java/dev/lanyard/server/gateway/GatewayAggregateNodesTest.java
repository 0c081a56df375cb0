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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-17: a session of an aggregate that was ended on one node is over on the other")
class GatewayAggregateNodesTest {
  private static final String BEFORE = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/before\"}";

  @TempDir Path folder;
  private Pair pair;
  private Gathered first;
  private Gathered second;
  private String alice;
  private String session;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    first = new Gathered(pair, folder);
    second = new Gathered(pair, folder);
    for (var node : List.of(first, second)) {
      node.linear.answers(serves("l-1", "list_issues"));
      node.notion.answers(serves("n-1", "list_issues"));
    }
    second.linear.answers(serves("l-2", "list_issues"));
    second.notion.answers(serves("n-2", "list_issues"));
    alice = first.token("alice", "engineering");
    session = first.initialize(alice).header("Mcp-Session-Id").orElseThrow();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    pair.close();
  }

  private Answer called(Gathered node) {
    return node.post(
        alice,
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"linear__list_issues\"}}");
  }

  private void end() {
    assertThat(Http.delete(first.url(), Gathered.headers(alice, session)).status()).isEqualTo(204);
  }

  private static List<String> methods(Upstream upstream) {
    var methods = new ArrayList<String>();
    while (upstream.count() > 0) {
      var request = upstream.next();
      methods.add(
          request.method().equals("POST")
              ? request.body().replaceAll(".*\"method\":\"([^\"]*)\".*", "$1")
              : request.method());
    }
    return methods;
  }

  @Test
  @DisplayName("for the streams that are open there: none is opened again")
  void streams() {
    assertThat(called(second).body()).contains("\"called\"");
    var ended = new CountDownLatch(1);
    second.linear.answers((request, wire) -> {
      if (request.method().equals("GET")) {
        wire.events();
        wire.event(BEFORE);
        ended.await(20, TimeUnit.SECONDS);
      } else {
        serves("l-3", "list_issues").answer(request, wire);
      }
    });
    try (var stream =
        Streams.open(second.port(), alice, "Connection: close", "Mcp-Session-Id: " + session)) {
      stream.await("notifications/before");
      methods(second.linear);

      end();
      ended.countDown();

      stream.awaitEnd();
    }
    assertThat(methods(second.linear)).isEmpty();
  }

  @Test
  @DisplayName("for a stream that is wanted there, at once")
  void wanted() {
    assertThat(called(second).body()).contains("\"called\"");
    methods(second.linear);

    end();

    assertThat(Http.get(second.url(), Gathered.headers(alice, session)).status()).isEqualTo(404);
    assertThat(methods(second.linear)).isEmpty();
    assertThat(called(second).status()).as("it is known from then on").isEqualTo(404);
  }

  @Test
  @DisplayName("for a session at a server that is just being opened there: it is ended")
  void opening() throws Exception {
    var opens = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var served = serves("l-2", "list_issues");
    second.linear.answers((request, wire) -> {
      if (request.body().contains("\"initialize\"")) {
        opens.countDown();
        goOn.await(20, TimeUnit.SECONDS);
      }
      served.answer(request, wire);
    });
    var call = CompletableFuture.supplyAsync(() -> called(second));
    assertThat(opens.await(20, TimeUnit.SECONDS)).isTrue();

    end();
    goOn.countDown();

    assertThat(call.get(20, TimeUnit.SECONDS).body()).doesNotContain("called");
    assertThat(methods(second.linear))
        .containsExactly("initialize", "notifications/initialized", "DELETE");
  }
}
