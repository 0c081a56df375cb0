package dev.lanyard.client.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.client.Access;
import dev.lanyard.client.AccessByServer;
import dev.lanyard.client.AccessEvents;
import dev.lanyard.client.AccessEvents.Occasion;
import dev.lanyard.client.Denial;
import dev.lanyard.client.HeldToken;
import dev.lanyard.client.Hint;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestThreads;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Access in memory")
class HeldAccessTest {
  private static final URI SERVER = URI.create("https://mcp.example/mcp");

  private final TestClock clock = new TestClock();
  private final AtomicInteger serial = new AtomicInteger();
  private final BlockingQueue<Wanted> wishes = new ArrayBlockingQueue<>(10);
  private final BlockingQueue<Occasion> ended = new ArrayBlockingQueue<>(10);
  private volatile boolean down;
  private volatile Duration life = Duration.ofMinutes(45);
  private final HeldAccess access =
      new HeldAccess(
          () -> "ada",
          this::obtain,
          Optional.empty(),
          (server, occasion, what, took) -> ended.add(occasion),
          clock);

  private Access obtain(Wanted wanted) {
    wishes.add(wanted);
    return down
        ? new Access.Unavailable("down")
        : new Access.Granted(
            new HeldToken(
                new Secret("at-" + serial.incrementAndGet()),
                AccessTokenType.BEARER,
                new Issuer("https://ras.example"),
                wanted.server(),
                Scopes.of("read"),
                clock.instant().plus(life)));
  }

  private String sent() {
    return access.headersFor(SERVER, "POST", SERVER).getOrDefault("Authorization", "nothing");
  }

  private Occasion awaitEnd() throws InterruptedException {
    return Optional.ofNullable(ended.poll(10, TimeUnit.SECONDS)).orElseThrow();
  }

  @Test
  @DisplayName("A token is renewed ahead of its end, and no call waits for it")
  void ahead() throws Exception {
    access.accessTo(SERVER);
    assertThat(awaitEnd()).isEqualTo(Occasion.NEEDED);
    clock.advance(Duration.ofMinutes(42));
    assertThat(sent()).isEqualTo("Bearer at-1");
    assertThat(wishes).hasSize(1);

    clock.advance(Duration.ofSeconds(90));
    assertThat(sent()).isEqualTo("Bearer at-1");

    assertThat(awaitEnd()).isEqualTo(Occasion.AHEAD);
    assertThat(sent()).isEqualTo("Bearer at-2");
    wishes.take();
    var wish = wishes.take();
    assertThat(wish.mayAsk()).as("nobody is asked to sign in in the background").isFalse();
    assertThat(wish.hint().suggested()).isEqualTo(Scopes.of("read"));
  }

  @Test
  @DisplayName("A token that lives for half a minute is sent for most of it")
  void short_life() throws Exception {
    life = Duration.ofSeconds(30);
    access.accessTo(SERVER);
    awaitEnd();

    clock.advance(Duration.ofSeconds(22));
    assertThat(sent()).isEqualTo("Bearer at-1");
    clock.advance(Duration.ofSeconds(1));
    assertThat(sent()).isEqualTo("nothing");
  }

  @Test
  void a_renewal_that_fails_is_tried_again_while_the_old_token_serves() throws Exception {
    access.accessTo(SERVER);
    awaitEnd();
    clock.advance(Duration.ofMinutes(43).plusSeconds(30));
    down = true;
    assertThat(sent()).isEqualTo("Bearer at-1");
    awaitEnd();
    assertThat(sent()).isEqualTo("Bearer at-1");
    assertThat(wishes).as("not at every call").hasSize(2);

    down = false;
    clock.advance(Duration.ofSeconds(31));
    assertThat(sent()).isEqualTo("Bearer at-1");
    awaitEnd();

    assertThat(sent()).isEqualTo("Bearer at-2");
  }

  @Test
  @DisplayName("Two trips whose listeners want access crosswise do not wait for each other")
  void crosswise() throws Exception {
    var other = URI.create("https://other.example/mcp");
    var both = new CountDownLatch(2);
    var all = new AtomicReference<HeldAccess>();
    var crossing =
        new HeldAccess(
            () -> "ada",
            this::obtain,
            Optional.empty(),
            (server, occasion, what, took) -> {
              both.countDown();
              awaitQuietly(both);
              // As another call would that the other server has refused meanwhile.
              var refused = Hint.of(List.of("Bearer"), Optional.of(new Secret("at-0")));
              all.get().accessTo(server.equals(SERVER) ? other : SERVER, refused);
            },
            clock);
    all.set(crossing);
    // Not closed: if they do wait for each other, they do so for ever.
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    var one = threads.submit(() -> crossing.accessTo(SERVER));
    var two = threads.submit(() -> crossing.accessTo(other));
    assertThat(one.get(10, TimeUnit.SECONDS)).isInstanceOf(Access.Granted.class);
    assertThat(two.get(10, TimeUnit.SECONDS)).isInstanceOf(Access.Granted.class);
    assertThat(wishes).hasSize(2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoever_is_told_of_a_trip_may_sign_out() {
    var all = new AtomicReference<HeldAccess>();
    var left = new AtomicInteger();
    var leaving =
        new HeldAccess(
            () -> "ada",
            this::obtain,
            Optional.empty(),
            (server, occasion, what, took) -> left.set(all.get().signOut(held -> held.size())),
            clock);
    all.set(leaving);
    assertThat(leaving.accessTo(SERVER)).isInstanceOf(Access.Granted.class);
    assertThat(left).hasValue(1);
    assertThat(leaving.headersFor(SERVER, "POST", SERVER)).isEmpty();
  }

  @Test
  @DisplayName("CLI-13: a token goes to its own server only, whatever redirects there")
  void own_server_only() {
    access.accessTo(SERVER);

    for (var url : new String[] {"https://evil.example/mcp", "https://mcp.example/other"}) {
      assertThat(access.headersFor(SERVER, "POST", URI.create(url))).isEqualTo(Map.of());
    }
  }

  @Test
  void a_refused_token_is_replaced_once() {
    access.accessTo(SERVER);
    var refused = Hint.of(List.of("Bearer"), Optional.of(new Secret("at-1")));

    access.accessTo(SERVER, refused);
    // Another call met the same refusal, and finds the new token.
    access.accessTo(SERVER, refused);

    assertThat(sent()).isEqualTo("Bearer at-2");
    assertThat(wishes).hasSize(2);
    assertThat(ended).containsExactly(Occasion.NEEDED, Occasion.REFUSED);
  }

  @Nested
  @DisplayName("CLI-10: what no new token mends")
  class InVain {
    private static final String WEAK = "Bearer error=\"insufficient_user_authentication\"";

    private Access refused(int status, String challenge) {
      var token = Optional.of(sent().substring("Bearer ".length())).map(Secret::new);
      return access.accessTo(SERVER, Hint.of(status, List.of(challenge), token));
    }

    @Test
    void a_refusal_that_names_nothing_is_final_and_the_token_is_kept() {
      access.accessTo(SERVER);

      for (int i = 0; i < 3; i++) {
        assertThat(refused(403, "Bearer error=\"access_denied\", error_description=\"closed\""))
            .isEqualTo(
                new Access.Denied(
                    new Issuer("https://ras.example"),
                    Denial.of(
                        "access_denied", Optional.of("the MCP server refuses the token: closed"))));
      }
      assertThat(wishes).hasSize(1);
      assertThat(sent()).isEqualTo("Bearer at-1");
    }

    @Test
    void another_token_that_came_meanwhile_is_tried() {
      access.accessTo(SERVER);
      access.accessTo(SERVER, Hint.of(List.of("Bearer"), Optional.of(new Secret("at-1"))));
      var late = Hint.of(403, List.of("Bearer"), Optional.of(new Secret("at-1")));

      assertThat(access.accessTo(SERVER, late)).isInstanceOf(Access.Granted.class);
      assertThat(wishes).hasSize(2);
      assertThat(sent()).isEqualTo("Bearer at-2");
    }

    @Test
    @DisplayName("RS-12: a sign-in that does not content the server is not asked for again")
    void another_sign_in() {
      access.accessTo(SERVER);

      assertThat(refused(401, WEAK + ", acr_values=\"mfa\"")).isInstanceOf(Access.Granted.class);
      clock.advance(Duration.ofMinutes(2));
      var denied = refused(401, WEAK + ", acr_values=\"mfa\"");
      assertThat(denied)
          .isInstanceOfSatisfying(
              Access.Denied.class,
              no -> assertThat(no.denial().error()).isEqualTo("insufficient_user_authentication"));
      assertThat(refused(401, WEAK + ", acr_values=\"mfa\"")).isEqualTo(denied);
      assertThat(wishes).hasSize(2);
      assertThat(refused(401, WEAK + ", acr_values=\"phr\""))
          .as("another demand")
          .isInstanceOf(Access.Granted.class);

      clock.advance(Duration.ofMinutes(5));
      assertThat(refused(401, WEAK + ", acr_values=\"mfa\""))
          .as("the identity provider may have learnt it")
          .isInstanceOf(Access.Granted.class);
    }

    @Test
    @DisplayName("A demand for a sign-in is told as one, and not as a token that was revoked")
    void occasions() {
      access.accessTo(SERVER);
      refused(401, WEAK + ", max_age=\"60\"");
      refused(403, "Bearer error=\"insufficient_scope\", scope=\"write\"");
      // Both: the person is asked in any case.
      refused(403, "Bearer error=\"insufficient_scope\", scope=\"write\", " + WEAK);
      refused(401, "Bearer error=\"invalid_token\"");

      assertThat(ended)
          .containsExactly(
              Occasion.NEEDED,
              Occasion.SIGN_IN,
              Occasion.MORE_SCOPES,
              Occasion.SIGN_IN,
              Occasion.REFUSED);
    }

    @Test
    void a_sign_in_that_has_grown_old_is_asked_for_again() {
      access.accessTo(SERVER);
      assertThat(refused(401, WEAK + ", max_age=\"60\"")).isInstanceOf(Access.Granted.class);

      clock.advance(Duration.ofSeconds(61));
      assertThat(refused(401, WEAK + ", max_age=\"60\"")).isInstanceOf(Access.Granted.class);
      assertThat(wishes).hasSize(3);

      assertThat(refused(401, WEAK + ", max_age=\"60\"")).isInstanceOf(Access.Denied.class);
      assertThat(refused(401, WEAK + ", max_age=\"0\"")).isInstanceOf(Access.Granted.class);
      assertThat(refused(401, WEAK + ", max_age=\"0\"")).isInstanceOf(Access.Denied.class);
      assertThat(wishes).hasSize(4);
    }

    @Test
    void a_server_that_takes_no_token_costs_one_trip_and_not_four() {
      access.accessTo(SERVER);

      assertThat(refused(401, "Bearer error=\"invalid_token\"")).isInstanceOf(Access.Granted.class);
      assertThat(refused(401, "Bearer error=\"invalid_token\"")).isInstanceOf(Access.Denied.class);
      assertThat(refused(401, "Bearer error=\"invalid_token\"")).isInstanceOf(Access.Denied.class);
      assertThat(wishes).hasSize(2);

      // What has served for a while and is refused then was revoked.
      clock.advance(Duration.ofSeconds(10));
      assertThat(refused(401, "Bearer error=\"invalid_token\"")).isInstanceOf(Access.Granted.class);
    }

    @Test
    void whoever_signs_out_forgets_it() {
      access.accessTo(SERVER);
      refused(401, WEAK);
      refused(401, WEAK);
      access.signOut(List::copyOf);
      access.accessTo(SERVER);

      assertThat(refused(401, WEAK)).isInstanceOf(Access.Granted.class);
    }
  }

  @Test
  @DisplayName("CLI-34: servers are reached the configured way, and never another one after a no")
  void by_server() {
    var other = URI.create("https://other.example/mcp");
    var denied =
        new HeldAccess(
            () -> "ada",
            wanted ->
                new Access.Denied(
                    new Issuer("https://idp.example"),
                    Denial.of("access_denied", Optional.empty())),
            Optional.empty(),
            AccessEvents.NONE,
            clock);
    var both = new AccessByServer(denied).with(other, access);

    assertThat(both.accessTo(SERVER)).isInstanceOf(Access.Denied.class);
    assertThat(wishes).isEmpty();
    assertThat(both.accessTo(other)).isInstanceOf(Access.Granted.class);
    assertThat(both.headersFor(other, "POST", other)).containsKey("Authorization");
    assertThat(both.headersFor(SERVER, "POST", SERVER)).isEmpty();
  }

  @Nested
  @DisplayName("Side by side")
  class SideBySide {
    private final URI other = URI.create("https://other.example/mcp");
    private final CountDownLatch asking = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HeldAccess slow =
        new HeldAccess(
            () -> "ada",
            this::obtainSlowly,
            Optional.empty(),
            (server, occasion, what, took) -> {},
            clock);

    private Access obtainSlowly(Wanted wanted) {
      if (wanted.server().value().equals(SERVER.toString())) {
        asking.countDown();
        await(answered);
      }
      return obtain(wanted);
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @AfterEach
    void stop() {
      answered.countDown();
      threads.shutdownNow();
    }

    @Test
    void a_server_whose_person_is_being_asked_keeps_no_other_server_waiting() throws Exception {
      var first = threads.submit(() -> slow.accessTo(SERVER));
      await(asking);

      var second = threads.submit(() -> slow.accessTo(other)).get(10, TimeUnit.SECONDS);

      assertThat(second).isInstanceOf(Access.Granted.class);
      assertThat(first.isDone()).isFalse();
    }

    @Test
    @DisplayName("What is being obtained when somebody signs out is handed out to be revoked")
    void what_is_under_way_does_not_survive_a_sign_out() throws Exception {
      var obtained = threads.submit(() -> slow.accessTo(SERVER));
      await(asking);
      var signedOut = new FutureTask<>(() -> slow.signOut(List::copyOf));
      TestThreads.awaitWaiting(start(signedOut));
      answered.countDown();

      var granted = (Access.Granted) obtained.get(10, TimeUnit.SECONDS);

      assertThat(signedOut.get(10, TimeUnit.SECONDS)).isEqualTo(List.of(granted.token()));
      assertThat(slow.headersFor(SERVER, "POST", SERVER)).isEmpty();
    }

    @Test
    void nothing_is_obtained_while_somebody_signs_out() throws Exception {
      var late = new FutureTask<>(() -> access.accessTo(SERVER));
      var wishesMeanwhile =
          access.signOut(tokens -> {
            TestThreads.awaitWaiting(start(late));
            return wishes.size();
          });

      assertThat(wishesMeanwhile).isZero();
      assertThat(late.get(10, TimeUnit.SECONDS)).isInstanceOf(Access.Granted.class);
    }

    private static Thread start(Runnable task) {
      return Thread.ofPlatform().daemon().start(task);
    }

    @Test
    void whoever_obtains_cannot_wait_for_the_end_of_it() {
      var self = new AtomicReference<HeldAccess>();
      var own =
          new HeldAccess(
              () -> "ada",
              wanted -> {
                self.get().signOut(List::copyOf);
                return obtain(wanted);
              },
              Optional.empty(),
              AccessEvents.NONE,
              clock);
      self.set(own);

      assertThatThrownBy(() -> own.accessTo(SERVER)).isInstanceOf(IllegalStateException.class);
    }
  }
}
