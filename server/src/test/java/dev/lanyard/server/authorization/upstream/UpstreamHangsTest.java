package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A provider upstream that accepts and never answers, and 250 people who sign in there")
@Tag("thorough")
class UpstreamHangsTest {
  private static final int PEOPLE = 250;

  /// Far more than one exchange of ten seconds, on however busy a machine, and far less than one
  /// for each of them.
  private static final Duration LONG = Duration.ofMinutes(2);

  private Provider provider;
  private Provider other;
  private Pair pair;

  @BeforeEach
  void start(@TempDir Path folder) {
    var setup = Setup.usual(folder);
    World.welcoming(folder);
    provider = Provider.start(setup.clock());
    other = Provider.start(setup.clock());
    other.says(
        JsonObject.builder().put("sub", "yan-upstream").put("preferred_username", "yan").build());
    pair =
        Pair.start(
            setup.with(
                new BrokerConfig.SignIn(
                    false,
                    List.of(
                        World.welcomed(provider.upstream("idp")),
                        World.welcomed(other.upstream("other"))))),
            folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
    other.close();
  }

  /// As far as it gets: to the provider, back, and to the application.
  private Answer signIn(String upstream) {
    var desk = new Desk(pair);
    var begun = desk.signInAt(upstream);
    return begun.status() == 303
        ? desk.browse(Http.get(begun.location(), Map.of()).location())
        : begun;
  }

  private record Crowd(List<Answer> answers, Duration took) {}

  /// Lets all of them come at once, and meanwhile does something else.
  private Crowd crowd(Supplier<Answer> each, Runnable meanwhile) throws Exception {
    long began = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = IntStream.range(0, PEOPLE).mapToObj(_ -> threads.submit(each::get)).toList();
      meanwhile.run();
      return new Crowd(
          all.stream().map(UpstreamHangsTest::value).toList(),
          Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private static Answer value(Future<Answer> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertOutage(Crowd crowd) {
    assertThat(crowd.answers())
        .hasSize(PEOPLE)
        .allSatisfy(answer -> {
          assertThat(answer.status()).as(answer.body()).isEqualTo(503);
          assertThat(answer.header("Retry-After")).isPresent();
        });
  }

  private void assertOthersAreServed() {
    assertThat(signIn("other").parameter("code")).isNotEmpty();
  }

  @Test
  @DisplayName("its metadata: asked for once; whoever comes later is told at once")
  void its_metadata() throws Exception {
    provider.hangs("/.well-known/openid-configuration");
    var first = crowd(() -> signIn("idp"), this::assertOthersAreServed);
    assertOutage(first);
    assertThat(first.took()).isLessThan(LONG);
    int calls = provider.calls("/.well-known/openid-configuration");
    assertThat(calls).isEqualTo(1);

    var second = crowd(() -> signIn("idp"), () -> {});
    assertOutage(second);
    assertThat(provider.calls("/.well-known/openid-configuration"))
        .as("the failure is remembered, and nobody waits")
        .isEqualTo(calls);

    provider.recovers();
    pair.clock.advance(Duration.ofSeconds(6));
    assertThat(signIn("idp").parameter("code")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/jwks", "/token"})
  @DisplayName("its keys, or its token endpoint: few wait, and others sign in elsewhere meanwhile")
  void what_comes_after(String path) throws Exception {
    assertThat(signIn("idp").parameter("code")).isNotEmpty();
    provider.rotatesItsKey();
    pair.clock.advance(Duration.ofMinutes(1));
    provider.hangs(path);
    int before = provider.calls(path);

    var crowd = crowd(() -> signIn("idp"), this::assertOthersAreServed);
    assertOutage(crowd);
    assertThat(crowd.took()).isLessThan(LONG);
    assertThat(provider.calls(path) - before).isLessThanOrEqualTo(path.equals("/jwks") ? 1 : 32);
    assertThat(signIn("idp").status()).isEqualTo(503);

    provider.recovers();
    pair.clock.advance(Duration.ofSeconds(11));
    assertThat(signIn("idp").parameter("code")).isNotEmpty();
  }
}
