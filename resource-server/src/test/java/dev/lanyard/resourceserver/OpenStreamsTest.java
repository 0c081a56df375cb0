package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-24: a stream ends when its token expires or is revoked")
@Timeout(120)
class OpenStreamsTest {
  private final TestClock clock = new TestClock();
  private final Known known = new Known();
  private final TestRas.RevocableKeys keys = new TestRas.RevocableKeys();
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private TestContainer container;

  /// What is known of tokens, by their grant.
  private static final class Known implements TokenStatus {
    final Set<String> dead = ConcurrentHashMap.newKeySet();
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean blind;
    volatile boolean broken;
    volatile boolean tells = true;
    volatile int diesAtQuestion = Integer.MAX_VALUE;
    private volatile Consumer<TokenStatus.News> listener = news -> {};

    @Override
    public Status of(AccessToken accessToken, Secret token) {
      if (asked.incrementAndGet() >= diesAtQuestion) {
        return new Status.Revoked();
      }
      if (broken) {
        throw new LinkageError("a fault of the status");
      }
      if (blind) {
        return new Status.Unknown("nobody answers");
      }
      return dead.contains(accessToken.grant().orElse(""))
          ? new Status.Revoked()
          : new Status.Active();
    }

    @Override
    public boolean onNews(Consumer<News> somebody) {
      listener = somebody;
      return tells;
    }

    @Override
    public Set<String> namesOf(AccessToken accessToken) {
      return Set.of(accessToken.grant().orElse(""), "everybody");
    }

    void kill(String grant) {
      dead.add(grant);
      listener.accept(new News.AboutAll());
    }

    void killQuietly(String grant) {
      dead.add(grant);
      listener.accept(new News.About(Set.of(grant)));
    }
  }

  @BeforeEach
  void start() throws Exception {
    serve();
  }

  private void serve() throws Exception {
    var guard =
        new Guard(
            new ProtectedResourceMetadata(TestRas.RESOURCE, TestRas.ISSUER, Scopes.of("read")),
            TestRas.trusted(keys),
            known,
            new MemoryDpopReplay(clock),
            clock);
    container =
        new TestContainer().filter("/*", new ResourceServerFilter(guard)).start(new Events());
  }

  @AfterEach
  void stop() throws Exception {
    container.stop();
    http.close();
  }

  /// Sends events, in a thread of its own (`/async`), in the container's (`/blocking`), as text or
  /// bytes; or one answer (`/short`).
  private final class Events extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/event-stream");
      response.setCharacterEncoding("UTF-8");
      switch (request.getRequestURI()) {
        case "/short" -> response.getWriter().print("grüße");
        case "/blocking" -> send(response);
        case "/silent" -> {
          request.startAsync().setTimeout(0);
          response.getWriter().print("data: one\n\n");
          response.flushBuffer();
        }
        default -> {
          var context = request.startAsync();
          context.setTimeout(0);
          Thread.ofVirtual()
              .start(() -> {
                try {
                  send(response);
                } catch (IOException e) {
                  failures.add("async " + e.getMessage());
                }
              });
        }
      }
    }

    private void send(HttpServletResponse response) throws IOException {
      try {
        for (int i = 0; ; i++) {
          if (i % 2 == 0) {
            response
                .getOutputStream()
                .write(("data: " + i + "\n\n").getBytes(StandardCharsets.UTF_8));
          } else {
            response.getOutputStream().print("data: " + i + "\n\n");
          }
          response.flushBuffer();
          Thread.sleep(20);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        failures.add(String.valueOf(e.getMessage()));
        throw e;
      }
    }
  }

  /// A client that reads a stream.
  private final class Reader implements AutoCloseable {
    private final BufferedReader lines;

    Reader(String path, String grant) throws Exception {
      var response = http.send(request(path, grant), BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      next();
    }

    /// Waits for an event.
    void next() throws IOException {
      while (true) {
        var line = lines.readLine();
        if (line == null) {
          throw new AssertionError("the stream has ended");
        }
        if (line.startsWith("data:")) {
          return;
        }
      }
    }

    /// Waits until the stream ends, in whatever way.
    void awaitEnd() {
      try {
        while (lines.readLine() != null) {
          continue;
        }
      } catch (IOException e) {
        failures.add("cut");
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private HttpRequest request(String path, String grant) {
    return HttpRequest.newBuilder(container.url(path))
        .header("Authorization", "Bearer " + TestRas.token(claims -> claims.grant(grant)))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/async", "/blocking", "/silent"})
  @DisplayName("the stream of a killed person ends at once; another person's stays")
  void killed(String path) throws Exception {
    try (var hers = new Reader(path, "ada");
        var his = new Reader("/async", "bob")) {
      known.kill("ada");
      hers.awaitEnd();
      for (int i = 0; i < 5; i++) {
        his.next();
      }
      if (!path.equals("/silent")) {
        assertThat(failures.poll(60, TimeUnit.SECONDS))
            .contains("the token of this stream has died");
      }
    }
  }

  @Test
  @DisplayName("when the key that signed its token was withdrawn, and none opens with it any more")
  void withdrawn() throws Exception {
    try (var hers = new Reader("/async", "ada");
        var his = new Reader("/silent", "bob")) {
      keys.withdraw();
      hers.awaitEnd();
      his.awaitEnd();
    }
    var again = http.send(request("/async", "ada"), BodyHandlers.discarding());
    assertThat(again.statusCode()).isEqualTo(401);
  }

  @Test
  @DisplayName("when the token expires, give or take the skew that every validator allows")
  void expired() throws Exception {
    try (var hers = new Reader("/async", "ada")) {
      clock.advance(Duration.ofMinutes(45));
      hers.next();
      clock.advance(Duration.ofMinutes(5));
      hers.awaitEnd();
    }
  }

  @Test
  @DisplayName("when nobody can say any more whether the token lives (fail closed)")
  void unknown() throws Exception {
    try (var hers = new Reader("/async", "ada")) {
      known.blind = true;
      hers.awaitEnd();
    }
  }

  @Test
  @DisplayName("when the status throws, and the watch over all others goes on")
  void broken() throws Exception {
    try (var hers = new Reader("/async", "ada")) {
      known.broken = true;
      hers.awaitEnd();
    }
    known.broken = false;
    try (var his = new Reader("/async", "bob")) {
      his.next();
      known.kill("bob");
      his.awaitEnd();
    }
  }

  @Test
  @DisplayName("a kill between the judgement and the first byte is not missed")
  void between() throws Exception {
    known.diesAtQuestion = 2;
    var response = http.send(request("/async", "ada"), BodyHandlers.ofString());
    assertThat(response.body()).as("little or nothing, and the end").hasSizeLessThan(10_000);
  }

  @Test
  @DisplayName("where the status must be asked for, it is not asked for twice at each call")
  void asked_for() throws Exception {
    container.stop();
    known.tells = false;
    serve();
    int before = known.asked.get();
    for (int i = 0; i < 5; i++) {
      assertThat(http.send(request("/short", "ada"), BodyHandlers.ofString()).body())
          .isEqualTo("grüße");
    }
    assertThat(known.asked.get() - before).isEqualTo(5);
    try (var hers = new Reader("/async", "ada")) {
      known.dead.add("ada");
      hers.awaitEnd();
    }
  }

  private Guard guard() {
    return new Guard(
        new ProtectedResourceMetadata(TestRas.RESOURCE, TestRas.ISSUER, Scopes.of("read")),
        TestRas.trusted(keys),
        known,
        new MemoryDpopReplay(clock),
        clock);
  }

  /// Somebody whose request was let in.
  private record Let(AccessToken token, GuardedRequest request) {
    static Let in(Guard guard, String grant) {
      var request =
          new GuardedRequest(
              "GET",
              URI.create("https://mcp.example/mcp"),
              Optional.empty(),
              List.of("Bearer " + TestRas.token(claims -> claims.grant(grant))),
              List.of());
      var verdict = guard.judge(request, Requirement.VALID_TOKEN);
      return new Let(((Verdict.Admitted) verdict).accessToken(), request);
    }
  }

  @Test
  @DisplayName("news about somebody cost as much as they have open, however many others there are")
  void cost() throws Exception {
    var guard = guard();
    try (var streams = new OpenStreams(guard, Duration.ofDays(1))) {
      var other = Let.in(guard, "other");
      for (int i = 0; i < 10_000; i++) {
        streams.opened(other.token(), other.request(), () -> failures.add("other"));
      }
      var hers = Let.in(guard, "ada");
      streams.opened(hers.token(), hers.request(), () -> failures.add("ada"));
      int before = known.asked.get();

      for (int i = 0; i < 10_000; i++) {
        known.killQuietly("nobody here " + i);
      }
      known.killQuietly("ada");

      assertThat(failures.poll(60, TimeUnit.SECONDS)).isEqualTo("ada");
      assertThat(known.asked.get() - before).isEqualTo(1);
      assertThat(streams.count()).isEqualTo(10_000);
    }
  }

  @Test
  @DisplayName("a kill that comes while a stream opens is not missed, whichever is first")
  void together() throws Exception {
    int rounds = 1_000;
    var guard = guard();
    var let = new ArrayList<Let>();
    for (int i = 0; i < rounds; i++) {
      let.add(Let.in(guard, "g" + i));
    }
    // Nothing but news and the look at the beginning finds them.
    try (var streams = new OpenStreams(guard, Duration.ofDays(1))) {
      for (int i = 0; i < rounds; i++) {
        var one = let.get(i);
        var grant = "g" + i;
        var both = new CyclicBarrier(2);
        var killer =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    both.await();
                  } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                  }
                  known.killQuietly(grant);
                });
        both.await();
        streams.opened(one.token(), one.request(), () -> failures.add(grant));
        killer.join();
      }
      for (int i = 0; i < rounds; i++) {
        assertThat(failures.poll(60, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(streams.count()).isZero();
    }
  }

  @Test
  @DisplayName("however many there are: who expires ends, and when nobody can say any more all do")
  void many() throws Exception {
    var guard = guard();
    try (var streams = new OpenStreams(guard, Duration.ofMillis(50))) {
      var one = Let.in(guard, "ada");
      for (int i = 0; i < 12_000; i++) {
        streams.opened(one.token(), one.request(), () -> failures.add("cut"));
      }
      known.blind = true;
      for (int i = 0; i < 12_000; i++) {
        assertThat(failures.poll(60, TimeUnit.SECONDS)).isEqualTo("cut");
      }
      known.blind = false;
      streams.opened(one.token(), one.request(), () -> failures.add("expired"));
      clock.advance(Duration.ofMinutes(55));
      assertThat(failures.poll(60, TimeUnit.SECONDS)).isEqualTo("expired");
    }
  }

  @Test
  @DisplayName("what has ended is not watched any more, also if the client went away")
  void ended() throws Exception {
    var guard =
        new Guard(
            new ProtectedResourceMetadata(TestRas.RESOURCE, TestRas.ISSUER, Scopes.of("read")),
            TestRas.trusted(keys),
            known,
            new MemoryDpopReplay(clock),
            clock);
    try (var streams = new OpenStreams(guard)) {
      var request =
          new GuardedRequest(
              "GET",
              URI.create("https://mcp.example/mcp"),
              Optional.empty(),
              List.of("Bearer " + TestRas.token()),
              List.of());
      var token = ((Verdict.Admitted) guard.judge(request, Requirement.VALID_TOKEN)).accessToken();
      var open = streams.opened(token, request, () -> failures.add("cut"));
      assertThat(streams.count()).isEqualTo(1);
      open.close();
      assertThat(streams.count()).isZero();
      streams.opened(token, request, () -> failures.add("cut at the end"));
    }
    assertThat(failures).containsExactly("cut at the end");
  }

  @Test
  @DisplayName("at the end all are cut at once, also those after one that throws or waits")
  void closed() throws Exception {
    var guard = guard();
    var streams = new OpenStreams(guard);
    var one = Let.in(guard, "ada");
    var waiting = new CountDownLatch(1);
    try {
      streams.opened(
          one.token(),
          one.request(),
          () -> {
            throw new IllegalStateException("a cut that throws, as it may not");
          });
      for (int i = 0; i < 100; i++) {
        streams.opened(one.token(), one.request(), () -> failures.add("cut"));
        streams.opened(one.token(), one.request(), () -> await(waiting));
      }

      // With the first of them still waiting: an end that waits for each would be none.
      assertTimeoutPreemptively(Duration.ofSeconds(60), streams::close);

      for (int i = 0; i < 100; i++) {
        assertThat(failures.poll(60, TimeUnit.SECONDS)).isEqualTo("cut");
      }
      assertThat(streams.count()).isZero();
    } finally {
      waiting.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("what opens after the end is cut at once: nobody would watch over it")
  void late() throws Exception {
    var guard = guard();
    var streams = new OpenStreams(guard);
    var one = Let.in(guard, "ada");
    streams.close();

    streams.opened(one.token(), one.request(), () -> failures.add("late"));

    assertThat(failures.poll(60, TimeUnit.SECONDS)).isEqualTo("late");
    assertThat(streams.count()).isZero();
  }
}
