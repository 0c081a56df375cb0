package dev.lanyard.resourceserver.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.revocation.StreamMessage;
import dev.lanyard.resourceserver.TestClock;
import dev.lanyard.resourceserver.TestRas;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.TokenStatus.News;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-13: a revocation stream that lies, breaks off or says too much")
class RevocationStreamTest {
  private static final Duration BOUND = Duration.ofMillis(400);
  private static final String NOBODY =
      new StreamMessage.Snapshot(0, true, true, List.of()).toEvent();

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> resumedFrom = new LinkedBlockingQueue<>();
  private final AtomicLong head = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile boolean silent;
  private HttpServer server;
  private RevocationStream stream;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/revocation-stream", this::stream);
    server.createContext("/revocation-stream/acknowledgement", this::acknowledgement);
    server.start();
    stream = open(TestRas.ISSUER);
  }

  private RevocationStream open(Issuer issuer) {
    var endpoint =
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/revocation-stream");
    var credentials = new BasicCredentials(new ClientId("mcp"), new Secret("secret"));
    return RevocationStream.open(
        new StreamConfig(issuer, endpoint, credentials, BOUND),
        Introspection.http(List.of()),
        new TestClock());
  }

  @AfterEach
  void stop() {
    over.countDown();
    stream.close();
    server.stop(0);
  }

  private void stream(HttpExchange exchange) throws IOException {
    var from = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    resumedFrom.add(from == null ? "nothing" : from);
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(status, 0);
    try (var out = exchange.getResponseBody()) {
      for (var line = take(); !line.equals("END"); line = take()) {
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    }
  }

  private String take() {
    try {
      var line = lines.poll(30, TimeUnit.SECONDS);
      return line == null ? "END" : line;
    } catch (InterruptedException e) {
      return "END";
    }
  }

  private void acknowledgement(HttpExchange exchange) throws IOException {
    var body = ("{\"sequence\":" + head + "}").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    if (silent) {
      exchange.getResponseBody().write(body, 0, 5);
      exchange.getResponseBody().flush();
      awaitEnd();
    }
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void awaitEnd() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 2_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("it did not come about");
  }

  private static AccessToken accessToken() {
    var validator =
        new AccessTokenValidator(
            TestRas.trusted(), TestRas.RESOURCE, ClockSkew.DEFAULT, new TestClock());
    return ((AccessTokenVerdict.Accepted) validator.judge(TestRas.token())).accessToken();
  }

  private TokenStatus.Status status() {
    return stream.of(accessToken(), new Secret("at"));
  }

  @Test
  @DisplayName("RS-13: of tokens of another authorization server it knows nothing")
  void another_issuer() throws Exception {
    stream.close();
    lines.add("END");
    var other = new Issuer("https://other.example");
    stream = open(other);
    lines.add(NOBODY);
    await(() -> stream.state().fresh());

    assertThat(status())
        .isEqualTo(
            new TokenStatus.Status.Unknown(
                "the stream of https://other.example tells nothing of " + TestRas.ISSUER));
    var active = TokenStatus.trustedUntilExpiry();
    var both = TokenStatus.byIssuer(Map.of(TestRas.ISSUER, active, other, stream));
    assertThat(both.of(accessToken(), new Secret("at")))
        .isInstanceOf(TokenStatus.Status.Active.class);
    assertThat(both.onNews(news -> {})).as("one of them has to be asked").isFalse();
    assertThat(TokenStatus.byIssuer(Map.of(other, active)).of(accessToken(), new Secret("at")))
        .isInstanceOf(TokenStatus.Status.Unknown.class);
  }

  private static StreamMessage.Denied adaIsDenied(long sequence) {
    var ada = Notice.mark(Notice.Kind.PERSON, "ada");
    var at = TestRas.NOW.plusSeconds(1);
    var notice = new Notice(Notice.Kind.PERSON, ada, at, at.plusSeconds(9_999), sequence);
    return new StreamMessage.Denied(sequence, List.of(notice));
  }

  @Test
  void nothing_is_known_before_the_first_snapshot() {
    assertThat(status()).isInstanceOf(TokenStatus.Status.Unknown.class);
  }

  @Test
  void a_denial_counts_at_once() throws Exception {
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);

    head.set(3);
    lines.add(adaIsDenied(3).toEvent());

    await(() -> status() instanceof TokenStatus.Status.Revoked);
    assertThat(stream.state().denials()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "A notification that is lost: the server is further than we are, so nobody is served")
  void lost_notification() throws Exception {
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);

    head.set(3);

    await(() -> status() instanceof TokenStatus.Status.Unknown);
    lines.add(adaIsDenied(3).toEvent());
    await(() -> status() instanceof TokenStatus.Status.Revoked);
  }

  @ParameterizedTest
  @DisplayName("Forged, broken or unknown events end the stream; what was known is kept")
  @ValueSource(
      strings = {
        "event: denied\ndata: {\n\n",
        "event: denied\ndata: {\"sequence\":-5}\n\n",
        "event: revive\ndata: {\"sequence\":1}\n\n",
        "event: denied\ndata: {\"sequence\":9,\"denials\":[{\"kind\":\"planet\"}]}\n\n"
      })
  void forged(String event) throws Exception {
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);
    resumedFrom.clear();
    head.set(3);
    lines.add(adaIsDenied(3).toEvent());
    await(() -> status() instanceof TokenStatus.Status.Revoked);

    lines.add(event);

    assertThat(resumedFrom.poll(10, TimeUnit.SECONDS)).isEqualTo("3");
    assertThat(status()).isInstanceOf(TokenStatus.Status.Revoked.class);
  }

  @Test
  @DisplayName("An event without end is cut at the limit, not kept in memory")
  void oversized() throws Exception {
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);
    resumedFrom.clear();

    lines.add("event: denied\ndata: ");
    for (int i = 0; i < 3; i++) {
      lines.add("x".repeat(EventReader.MOST_BYTES / 2));
    }

    assertThat(resumedFrom.poll(10, TimeUnit.SECONDS)).isEqualTo("0");
  }

  @Test
  @DisplayName("Half a snapshot is half an answer: what is in it counts, but nobody is served")
  void half_a_snapshot() throws Exception {
    head.set(3);
    var half = new StreamMessage.Snapshot(3, true, false, adaIsDenied(3).notices()).toEvent();
    lines.add(half);
    await(() -> status() instanceof TokenStatus.Status.Revoked);
    lines.add("END");
    resumedFrom.poll(10, TimeUnit.SECONDS);

    assertThat(resumedFrom.poll(10, TimeUnit.SECONDS)).isEqualTo("nothing");
    assertThat(stream.state().fresh()).isFalse();
  }

  @Test
  @DisplayName("A server whose record went back is believed only after it was asked again")
  void backwards() throws Exception {
    head.set(9);
    lines.add(new StreamMessage.Snapshot(9, true, true, List.of()).toEvent());
    await(() -> status() instanceof TokenStatus.Status.Active);

    lines.add(new StreamMessage.Snapshot(4, true, true, List.of()).toEvent());
    await(() -> stream.state().sequence() == 4);
    assertThat(status()).isInstanceOf(TokenStatus.Status.Unknown.class);
    head.set(4);

    await(() -> status() instanceof TokenStatus.Status.Active);
  }

  @Test
  void a_server_that_refuses_us_is_told_in_the_state() throws Exception {
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);
    status = 401;
    lines.add("END");

    await(() -> status() instanceof TokenStatus.Status.Unknown);
    assertThat(stream.state().fault()).isPresent();
    assertThat(stream.state().fault().get()).contains("401");
    status = 200;
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);
  }

  @Test
  @DisplayName("A server that falls silent in the middle of an answer is asked again")
  void half_an_acknowledgement() throws Exception {
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);
    silent = true;
    await(() -> status() instanceof TokenStatus.Status.Unknown);

    silent = false;

    await(() -> status() instanceof TokenStatus.Status.Active);
  }

  @Test
  @DisplayName("A stream that falls silent in the middle of an event is taken up again")
  void half_an_event() throws Exception {
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);
    resumedFrom.clear();

    lines.add("event: den");

    assertThat(resumedFrom.poll(20, TimeUnit.SECONDS)).isEqualTo("0");
  }

  @Test
  @DisplayName("Whoever serves is told of whom it is; what stops many is told as about all")
  void news() throws Exception {
    var told = new LinkedBlockingQueue<News>();
    assertThat(stream.onNews(told::add)).isTrue();
    var once = new Semaphore(0);
    assertThat(stream.onNews(_news -> once.release())).isTrue();
    lines.add(NOBODY);
    await(() -> status() instanceof TokenStatus.Status.Active);
    assertThat(told).as("nobody has died").isEmpty();

    lines.add(denied(3, Notice.Kind.PERSON, "bob").toEvent());
    lines.add(adaIsDenied(4).toEvent());
    lines.add(denied(5, Notice.Kind.CLIENT, "c").toEvent());
    lines.add(new StreamMessage.Heartbeat(6, true).toEvent());
    // Half a snapshot counts, and so it is told.
    var half = denied(7, Notice.Kind.GRANT, "g").notices();
    lines.add(new StreamMessage.Snapshot(7, true, false, half).toEvent());

    assertThat(about(told)).hasSize(1).doesNotContainAnyElementsOf(stream.namesOf(accessToken()));
    assertThat(about(told)).hasSize(1).isSubsetOf(stream.namesOf(accessToken()));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new News.AboutAll());
    assertThat(about(told)).hasSize(1);
    assertThat(once.tryAcquire(4, 10, TimeUnit.SECONDS)).isTrue();
    assertThat(told).isEmpty();
  }

  private static Set<String> about(BlockingQueue<News> told) throws InterruptedException {
    return told.poll(10, TimeUnit.SECONDS) instanceof News.About(var names) ? names : Set.of();
  }

  private static StreamMessage.Denied denied(long sequence, Notice.Kind kind, String value) {
    var mark = Notice.mark(kind, value);
    var at = TestRas.NOW.plusSeconds(1);
    var notice = new Notice(kind, mark, at, at.plusSeconds(9_999), sequence);
    return new StreamMessage.Denied(sequence, List.of(notice));
  }

  @Test
  @DisplayName("A listener that throws keeps neither others from being told nor us from going on")
  void faulty_listener() throws Exception {
    var faults = new LinkedBlockingQueue<Throwable>();
    var ours = new IllegalStateException("a faulty listener");
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> faults.add(fault));
    try {
      stream.onNews(news -> {
        throw ours;
      });
      var told = new LinkedBlockingQueue<News>();
      stream.onNews(told::add);
      lines.add(NOBODY);
      await(() -> status() instanceof TokenStatus.Status.Active);
      for (long sequence = 1; sequence <= 2; sequence++) {
        head.set(sequence);
        lines.add(denied(sequence, Notice.Kind.PERSON, "bob").toEvent());
        assertThat(told.poll(10, TimeUnit.SECONDS)).isInstanceOf(News.About.class);
      }
      await(() -> stream.state().sequence() == 2);
      await(() -> status() instanceof TokenStatus.Status.Active);
      // Other tests have faulty listeners of their own at the same time.
      assertThat(faults).filteredOn(fault -> fault == ours).hasSize(2);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void a_bound_that_is_no_bound_is_refused() {
    var url = URI.create("https://ras.example/revocation-stream");
    var credentials = new BasicCredentials(new ClientId("mcp"), new Secret("secret"));
    assertThatThrownBy(
            () -> new StreamConfig(TestRas.ISSUER, url, credentials, Duration.ofMinutes(5)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
