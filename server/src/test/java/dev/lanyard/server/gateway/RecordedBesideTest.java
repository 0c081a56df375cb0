package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.front.Recording.Order;
import dev.lanyard.server.gateway.front.Recording.WithoutAudit;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-6: with 'recorded: beside' a call is sent while its record is written")
class RecordedBesideTest {
  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;
  private String token;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    var recording = new Recording(Order.BESIDE, WithoutAudit.STOP);
    fronted = Fronted.start(pair, folder, Fronted.With.USUAL.recording(recording));
    token = fronted.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  private Answer called() {
    return fronted.post(token, call("list_issues"));
  }

  private void renamed(String from, String to) {
    var _ =
        pair.database.write(connection -> {
          try (var statement = connection.createStatement()) {
            return statement.executeUpdate("ALTER TABLE " + from + " RENAME TO " + to);
          }
        });
  }

  @Test
  @DisplayName("and its answer waits until the record is durable")
  void waits() throws Exception {
    var served = new CountDownLatch(1);
    fronted.upstream.answers((_, wire) -> {
      wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
      served.countDown();
    });

    CompletableFuture<Answer> answer =
        pair.database.write(_ -> {
          // Nobody else writes meanwhile.
          var coming = CompletableFuture.supplyAsync(this::called);
          assertThat(await(served)).isTrue();
          assertThat(coming).isNotDone();
          return coming;
        });

    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertThat(fronted.recorded("gateway.call")).hasSize(1);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName(
      "and without a record there is no answer, and nothing more is sent until there is one")
  void failing() {
    renamed("audit", "audit_gone");

    assertThat(called().status()).isEqualTo(503);
    assertThat(called().status()).isEqualTo(503);
    assertThat(fronted.upstream.count()).isEqualTo(1);

    renamed("audit_gone", "audit");

    assertThat(called().status()).isEqualTo(200);
    assertThat(fronted.recorded("gateway.call")).hasSize(1);
  }

  @Test
  @DisplayName("nor is the stream of a call that may become a task left open at its server then")
  void stream_ends() {
    var gone = new CountDownLatch(1);
    fronted.upstream.answers((_, wire) -> {
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
      if (wire.isGone()) {
        gone.countDown();
      }
    });
    renamed("audit", "audit_gone");
    var called =
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{\
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":\
        {"extensions":{"io.modelcontextprotocol/tasks":{}}}},"name":"list_issues"}}\
        """;

    assertThat(fronted.modern(token, called, "tools/call", Optional.of("list_issues")).status())
        .isEqualTo(503);
    // It is read on for five seconds: it may still tell of a task.
    assertThat(await(gone)).isTrue();

    renamed("audit_gone", "audit");
  }

  @Test
  @DisplayName("but what is refused is recorded before it is answered, and not sent")
  void refused() {
    assertThat(fronted.post(token, call("read_salaries")).body()).contains("error");

    assertThat(fronted.recorded("gateway.call")).hasSize(1);
    assertThat(fronted.upstream.count()).isZero();
  }
}
