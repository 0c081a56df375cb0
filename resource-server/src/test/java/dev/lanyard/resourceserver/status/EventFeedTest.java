package dev.lanyard.resourceserver.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.protocol.securityevent.UnknownEvent;
import dev.lanyard.resourceserver.TestRas;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.TokenStatus.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SSF-2, SSF-22: what a real server does not send ends in 503, never in access")
class EventFeedTest {
  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey ANOTHER = SigningKey.generate(SigningAlgorithm.ES256);
  private static final InstantSource CLOCK = InstantSource.fixed(TestRas.NOW);
  private static final Secret TOKEN = new Secret(TestRas.token());

  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final List<JsonObject> polls = new CopyOnWriteArrayList<>();
  private final List<String> methods = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile String silentAt = "";
  private HttpServer server;
  private EventFeed feed;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/events/streams", this::streams);
    server.createContext("/events/poll/one", this::poll);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    if (feed != null) {
      feed.close();
    }
    server.stop(0);
  }

  private void streams(HttpExchange exchange) throws IOException {
    methods.add(exchange.getRequestMethod());
    send(
        exchange,
        201,
        "{\"stream_id\":\"one\",\"aud\":\"self\",\"delivery\":{\"endpoint_url\":"
            + "\"https://ras.example/events/poll/one\"}}");
  }

  private void poll(HttpExchange exchange) throws IOException {
    try {
      polls.add(JsonObject.parse(exchange.getRequestBody().readAllBytes()));
      var next = answers.poll();
      if (next == null) {
        Thread.sleep(20);
      }
      send(exchange, 200, next == null ? "{\"sets\":{},\"moreAvailable\":false}" : next);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void send(HttpExchange exchange, int status, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    if (exchange.getRequestURI().getPath().equals(silentAt)) {
      exchange.getResponseBody().write(bytes, 0, 5);
      exchange.getResponseBody().flush();
      awaitEnd();
    }
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void awaitEnd() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String answer(String set) {
    return "{\"sets\":{\"id-1\":\"" + set + "\"},\"moreAvailable\":false}";
  }

  private static String event(
      SigningKey key,
      String type,
      String audience,
      SubjectIdentifier subject,
      SecurityEvent event) {
    var claims =
        new SecurityEventClaims(
            TestRas.ISSUER,
            audience,
            subject,
            event,
            new Circumstances(Optional.of(TestRas.NOW), Optional.empty(), Map.of(), Map.of()),
            Optional.empty());
    return new JwtSigner(key, type).sign(claims.build("id-1", TestRas.NOW));
  }

  private static SubjectIdentifier ada() {
    return new SubjectIdentifier.IssuerSubject(TestRas.ISSUER.value(), "ada");
  }

  private static String good(SubjectIdentifier subject) {
    return event(KEY, SecurityEventToken.TYPE, "self", subject, new CaepEvent.SessionRevoked());
  }

  private void open() {
    var issuer =
        new TrustedIssuer(
            TestRas.ISSUER,
            new PublicKeySet(List.of(KEY.publicKey())),
            Set.of(SigningAlgorithm.ES256));
    var streams =
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events/streams");
    var self = new BasicCredentials(new ClientId("self"), new Secret("secret"));
    var config = new FeedConfig(streams, self, Duration.ofSeconds(3), Duration.ofHours(12));
    feed = EventFeed.open(config, issuer, HttpClient.newHttpClient(), CLOCK);
  }

  private static AccessToken token() {
    var validator =
        new AccessTokenValidator(TestRas.trusted(), TestRas.RESOURCE, ClockSkew.DEFAULT, CLOCK);
    return ((AccessTokenVerdict.Accepted) validator.judge(TOKEN.reveal())).accessToken();
  }

  private Status status() {
    return feed.of(token(), TOKEN);
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

  @Test
  void an_event_kills_and_is_acknowledged() throws Exception {
    answers.add(answer(good(ada())));
    open();

    await(() -> status() instanceof Status.Revoked);
    await(
        () -> polls.stream().anyMatch(poll -> poll.text("ack").equals(Optional.of("[\"id-1\"]"))));
  }

  /// What is wrong with an event.
  enum Fault {
    ANOTHER_KEY,
    ANOTHER_TYPE,
    ANOTHER_AUDIENCE,
    UNKNOWN_SUBJECT,
    ANOTHER_ISSUERS_SUBJECT,
    NO_JWT;

    String event() {
      var type = SecurityEventToken.TYPE;
      var revoked = new CaepEvent.SessionRevoked();
      return switch (this) {
        case ANOTHER_KEY -> EventFeedTest.event(ANOTHER, type, "self", ada(), revoked);
        case ANOTHER_TYPE -> EventFeedTest.event(KEY, "at+jwt", "self", ada(), revoked);
        case ANOTHER_AUDIENCE -> EventFeedTest.event(KEY, type, "other", ada(), revoked);
        case UNKNOWN_SUBJECT -> good(new SubjectIdentifier.Email("ada@example.com"));
        case ANOTHER_ISSUERS_SUBJECT ->
            good(new SubjectIdentifier.IssuerSubject("https://other.example", "ada"));
        case NO_JWT -> "x";
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("An event of which nobody knows what it says is not acknowledged; nobody is served")
  void not_understood(Fault fault) throws Exception {
    for (int i = 0; i < 100; i++) {
      answers.add(answer(fault.event()));
    }
    open();

    await(() -> polls.size() > 2);
    assertThat(status()).isInstanceOf(Status.Unknown.class);
    assertThat(feed.state().fault()).isPresent();
    assertThat(polls).allSatisfy(poll -> assertThat(poll.has("ack")).isFalse());
  }

  @Test
  @DisplayName("SSF-3: an event of another type is acknowledged and means nothing")
  void another_event() throws Exception {
    var unknown = new UnknownEvent("https://example.com/event", JsonObject.EMPTY);
    answers.add(answer(event(KEY, SecurityEventToken.TYPE, "self", ada(), unknown)));
    open();

    await(() -> status() instanceof Status.Active);
    await(
        () -> polls.stream().anyMatch(poll -> poll.text("ack").equals(Optional.of("[\"id-1\"]"))));
  }

  @Test
  @DisplayName("As long as more is available nobody is served")
  void more() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      answers.add("{\"sets\":{},\"moreAvailable\":true}");
    }
    open();

    await(() -> polls.size() > 5);
    assertThat(status()).isInstanceOf(Status.Unknown.class);
    answers.clear();
    await(() -> status() instanceof Status.Active);
  }

  @ParameterizedTest
  @DisplayName("A server that falls silent in the middle of an answer is asked again")
  @ValueSource(strings = {"/events/streams", "/events/poll/one"})
  void half_an_answer(String place) throws Exception {
    silentAt = place;
    open();
    await(() -> feed.state().fault().orElse("").contains("no whole answer"));
    assertThat(status()).isInstanceOf(Status.Unknown.class);

    silentAt = "";

    await(() -> status() instanceof Status.Active);
  }

  @Test
  void an_answer_without_end_is_not_kept_in_memory() throws Exception {
    var endless = "{\"sets\":{},\"more\":\"" + "x".repeat(9 * 1024 * 1024) + "\"}";
    // Again and again: what is wrong is told until the next answer that is not.
    answers.addAll(Collections.nCopies(1_000, endless));
    open();

    await(() -> feed.state().fault().orElse("").contains("larger than"));
    answers.clear();
    await(() -> status() instanceof Status.Active);
  }

  @Test
  @DisplayName("Whoever serves is told of whom it is; a listener that throws stops nothing")
  void news() throws Exception {
    open();
    feed.onNews(_news -> {
      throw new IllegalStateException("a faulty listener");
    });
    var told = new LinkedBlockingQueue<TokenStatus.News>();
    assertThat(feed.onNews(told::add)).isTrue();
    assertThat(feed.awaitFresh(Duration.ofSeconds(10))).isTrue();
    answers.add(answer(good(ada())));

    assertThat(told.poll(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            TokenStatus.News.About.class,
            about -> assertThat(about.names()).hasSize(1).isSubsetOf(feed.namesOf(token())));
    var bob = new SubjectIdentifier.IssuerSubject(TestRas.ISSUER.value(), "bob");
    answers.add(answer(good(bob)));
    assertThat(told.poll(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            TokenStatus.News.About.class,
            about -> assertThat(about.names()).doesNotContainAnyElementsOf(feed.namesOf(token())));
    answers.add(
        answer(
            good(
                new SubjectIdentifier.Complex(
                    Map.of("tenant", new SubjectIdentifier.Opaque("*"))))));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new TokenStatus.News.AboutAll());
    assertThat(feed.state().fault()).isEmpty();
    assertThat(methods).as("one stream, which went on").containsExactly("POST");
  }

  @Test
  void whoever_stops_says_so_and_serves_nobody_any_more() throws Exception {
    open();
    await(() -> status() instanceof Status.Active);

    feed.close();

    assertThat(status()).isInstanceOf(Status.Unknown.class);
    assertThat(methods).containsExactly("POST", "DELETE");
  }

  @Test
  void a_bound_that_means_nothing_is_refused() {
    var self = new BasicCredentials(new ClientId("self"), new Secret("secret"));
    var streams = URI.create("https://ras.example/events/streams");
    for (var bound : List.of(Duration.ofMillis(1_500), Duration.ofMinutes(2), Duration.ZERO)) {
      assertThatThrownBy(() -> new FeedConfig(streams, self, bound, Duration.ofHours(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
