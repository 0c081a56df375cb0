package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.gateway.admission.FrontDoor;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Disclosure;
import dev.lanyard.server.gateway.front.Front.Handling;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("When an account at a vendor is taken back, what is under way with it is cut off")
class GatewayTakenBackTest {
  @TempDir Path folder;
  private final Accounts accounts = new Accounts();
  private final CountDownLatch gone = new CountDownLatch(1);
  private Pair pair;
  private Fronted fronted;
  private String alice;
  private String bob;

  /// Everybody has an account, by their own name.
  private static final class Accounts implements UpstreamCredentials {
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private volatile Runnable presenting = () -> {};

    private static String grant(Caller caller) {
      return "grant of " + caller.person().orElseThrow().userName();
    }

    @Override
    public Presented of(String connector, Caller caller, Bearing bearing) {
      var grant = grant(caller);
      if (ended.contains(grant)) {
        return new Presented.Missing("Please connect Linear.");
      }
      presenting.run();
      return new Presented.With(
          List.of(new Header("Authorization", new Secret("Bearer of-the-account"))),
          Optional.of(grant));
    }

    void end(String grant) {
      ended.add(grant);
      listeners.forEach(one -> one.accept(Set.of(grant)));
    }

    @Override
    public void onEnd(Consumer<Set<String>> listener) {
      listeners.add(listener);
    }

    @Override
    public boolean hasEnded(String grant) {
      return ended.contains(grant);
    }
  }

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    // The header beside which it stands changes nothing.
    var identity = new Handling(false, Disclosure.NONE, Optional.of(new Secret("5e".repeat(32))));
    fronted =
        Fronted.start(pair, folder, Fronted.With.USUAL.credentials(accounts).handling(identity));
    alice = fronted.token("alice", "engineering");
    bob = fronted.token("bob", "engineering");
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  @Test
  @DisplayName("an open stream, and nobody else's")
  void stream() throws Exception {
    fronted.upstream.answers((_, wire) -> {
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}");
      if (wire.isGone()) {
        gone.countDown();
      }
    });
    try (var hers = Streams.open(fronted, alice);
        var his = Streams.open(fronted, bob)) {
      hers.await("notifications/message");
      his.await("notifications/message");

      accounts.end("grant of alice");

      hers.awaitEnd();
      assertThat(gone.await(20, TimeUnit.SECONDS)).as("upstream is told").isTrue();
      assertThat(fronted.recorded(FrontDoor.CUT))
          .singleElement()
          .satisfies(
              one -> assertThat(one.event().evidence().toJson()).contains("account-taken-back"));
    }
    assertThat(fronted.post(alice, call("list_issues")).body()).contains("Please connect Linear.");
  }

  @Test
  @DisplayName("and whoever tells of it does not wait for its record: they tell of kills too")
  void teller() throws Exception {
    fronted.upstream.answers((_, wire) -> {
      wire.events();
      wire.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}");
      var _ = wire.isGone();
    });
    try (var hers = Streams.open(fronted, alice)) {
      hers.await("notifications/message");

      // Nothing is recorded as long as somebody else writes.
      boolean told =
          pair.database.write(_ -> {
            var teller = Thread.ofVirtual().start(() -> accounts.end("grant of alice"));
            return isOver(teller);
          });

      assertThat(told).isTrue();
      hers.awaitEnd();
      assertThat(fronted.recorded(FrontDoor.CUT)).hasSize(1);
    }
  }

  private static boolean isOver(Thread thread) {
    try {
      return thread.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("a call that waits for its answer, and the caller hears why")
  void call_under_way() throws Exception {
    var asked = new CountDownLatch(1);
    fronted.upstream.answers((_, wire) -> {
      asked.countDown();
      if (wire.isGone()) {
        gone.countDown();
      }
    });
    var answer = Meanwhile.does(() -> fronted.post(alice, call("list_issues")));
    answer.until(() -> asked.getCount() == 0);

    accounts.end("grant of alice");

    assertThat(answer.outcome().status()).isEqualTo(200);
    assertThat(answer.outcome().body())
        .contains("Your account at Linear was disconnected", "Call again", "\"id\":1");
    assertThat(gone.await(20, TimeUnit.SECONDS)).as("upstream is told").isTrue();
  }

  @Test
  @DisplayName("what has been given the token in that very instant is not sent")
  void in_the_same_instant() {
    accounts.presenting = () -> accounts.end("grant of alice");
    assertThat(fronted.post(alice, call("list_issues")).body())
        .contains("Your account at Linear was disconnected");
    assertThat(fronted.upstream.count()).isZero();
  }
}
