package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.revocation.StreamMessage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Knows which tokens died, because the authorization server tells it the moment it happens: no
/// call per request, and a token of a person who was disabled is refused within milliseconds.
///
/// One request brings the denials. A second kind, a few times within [StreamConfig#staleAfter] and
/// at once after every denial, acknowledges what has been applied; the server's answer says how far
/// it is itself. Only when nothing was missing at the moment of **asking** does the knowledge count
/// as fresh from that moment. A cut connection, a server that is down, a delayed packet: each of
/// them ends in [Status.Unknown] within the bound, so that calls are refused with 503, until it has
/// recovered by itself.
///
/// The endpoint is chosen by the operator, never by a token, so this is not a call that anybody
/// could steer; and the client that cannot be steered reads whole answers only. Thread-safe.
public final class RevocationStream implements TokenStatus, AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RENEWALS_WITHIN_BOUND = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration TIDY = Duration.ofMinutes(10);
  private static final int MOST_BYTES_OF_ACKNOWLEDGEMENT = 64 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final StreamConfig config;
  private final HttpClient http;
  private final WholeAnswers answers;
  private final InstantSource clock;
  private final String subscriber = instance();
  private final Applied applied = new Applied();
  private final Semaphore news = new Semaphore(0);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Freshness freshness;
  private final Thread reader;
  private final Thread acknowledger;
  private volatile @Nullable StreamConnection connection;
  private volatile boolean closing;
  private volatile Optional<String> fault = Optional.of("the stream has not begun");

  private RevocationStream(StreamConfig config, HttpClient http, InstantSource clock) {
    this.config = config;
    this.http = http;
    this.answers = new WholeAnswers(http, MOST_BYTES_OF_ACKNOWLEDGEMENT);
    this.clock = clock;
    this.freshness = new Freshness(config.staleAfter());
    this.reader = Thread.ofPlatform().daemon().name("revocations").start(this::follow);
    this.acknowledger =
        Thread.ofPlatform().daemon().name("revocations-acknowledged").start(this::acknowledge);
  }

  private static String instance() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Begins to listen. Until the first answer every status is unknown; see [#awaitFresh].
  ///
  /// @param http see [Introspection#http]
  public static RevocationStream open(StreamConfig config, HttpClient http, InstantSource clock) {
    return new RevocationStream(config, http, clock);
  }

  /// Waits until calls are served for the first time.
  ///
  /// @return whether they are
  public boolean awaitFresh(Duration atMost) throws InterruptedException {
    return freshness.awaitFirst(atMost);
  }

  @Override
  public boolean onNews(Runnable listener) {
    return listeners.add(listener);
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    // In this order: what is applied between the two questions is found by the second.
    boolean fresh = freshness.isFresh();
    if (applied.denialOf(accessToken).isPresent()) {
      return new Status.Revoked();
    }
    return fresh ? new Status.Active() : new Status.Unknown(whyStale());
  }

  /// How it is now.
  public StreamState state() {
    return new StreamState(freshness.isFresh(), applied.sequence(), applied.size(), fault);
  }

  private String whyStale() {
    return "what was revoked is not known for more than "
        + config.staleAfter().toMillis()
        + " ms: "
        + fault.orElse("no answer yet");
  }

  private void follow() {
    var pause = FIRST_PAUSE;
    while (!closing) {
      long began = System.nanoTime();
      try {
        read();
        fault = Optional.of("the stream has ended");
      } catch (IOException | MalformedException e) {
        fault = Optional.of("the stream failed: " + e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
      boolean lasted = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
      pause = lasted ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
      rest(pause);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void rest(Duration pause) {
    if (!closing) {
      try {
        // So that many resource servers do not come back at the same moment.
        Thread.sleep(pause.toMillis() / 2 + RANDOM.nextLong(pause.toMillis() / 2));
      } catch (InterruptedException e) {
        closing = true;
      }
    }
  }

  private void read() throws IOException, InterruptedException, MalformedException {
    var form = Form.builder().add("subscriber", subscriber);
    var request = request(config.endpoint(), form).header("Accept", "text/event-stream");
    if (applied.isWhole()) {
      request.header("Last-Event-ID", String.valueOf(applied.sequence()));
    }
    try (var opened = StreamConnection.open(http, request.build())) {
      applied.restart();
      connection = opened;
      while (!closing) {
        var message = opened.next();
        if (message.isEmpty()) {
          return;
        }
        apply(message.get());
      }
    } finally {
      connection = null;
    }
  }

  private void apply(StreamMessage message) {
    if (applied.isBackwards(message)) {
      // The server has another record than before: nothing known counts until that is renewed.
      freshness.lose();
    }
    boolean isNews = applied.apply(message);
    if (message instanceof StreamMessage.Heartbeat heartbeat && !heartbeat.fresh()) {
      fault = Optional.of("the authorization server says that it is stale itself");
    }
    if (isNews) {
      news.release();
      listeners.forEach(Runnable::run);
    }
  }

  private void acknowledge() {
    long period = config.staleAfter().toMillis() / RENEWALS_WITHIN_BOUND;
    long tidied = System.nanoTime();
    while (!closing) {
      try {
        if (System.nanoTime() - tidied > TIDY.toNanos()) {
          applied.forget(clock.instant());
          tidied = System.nanoTime();
        }
        if (news.tryAcquire(period, TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
        var opened = connection;
        if (opened != null && opened.isSilent()) {
          opened.close();
        }
        renew();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// Asks how far the server is; if this is as far, it knew everything when it asked.
  private void renew() throws InterruptedException {
    if (!applied.isWhole() || closing) {
      return;
    }
    long asked = System.nanoTime();
    long known = applied.sequence();
    try {
      long head = acknowledged(known, false);
      if (known >= head) {
        freshness.renew(asked);
        fault = connection == null ? fault : Optional.empty();
      }
    } catch (IOException | MalformedException e) {
      fault = Optional.of("acknowledging failed: " + e.getMessage());
    }
  }

  private long acknowledged(long known, boolean leaving)
      throws IOException, InterruptedException, MalformedException {
    var form =
        Form.builder()
            .add("subscriber", subscriber)
            .add("sequence", String.valueOf(known))
            .add("stale_after", String.valueOf(config.staleAfter().toMillis()));
    if (leaving) {
      form.add("leaving", "true");
    }
    var request = request(config.acknowledgement(), form).build();
    var response = answers.to(request, config.staleAfter());
    if (response.statusCode() != 200) {
      throw new IOException("answered " + response.statusCode());
    }
    return JsonObject.parse(response.body())
        .integer("sequence")
        .orElseThrow(() -> new MalformedException("the answer names no sequence"));
  }

  private HttpRequest.Builder request(java.net.URI to, Form.Builder form) {
    return HttpRequest.newBuilder(to)
        .header("Authorization", config.credentials().toHeader())
        .header("Content-Type", FORM)
        .POST(BodyPublishers.ofString(form.build().encode()));
  }

  /// Stops listening and tells the server so, so that it does not wait for this one. Every status
  /// is unknown from now on.
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    freshness.lose();
    reader.interrupt();
    acknowledger.interrupt();
    var opened = connection;
    if (opened != null) {
      opened.close();
    }
    try {
      acknowledged(applied.sequence(), true);
    } catch (IOException | MalformedException e) {
      fault = Optional.of("closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
