package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.revocation.StreamMessage;
import dev.lanyard.resourceserver.TokenStatus;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private static final int MOST_BYTES_OF_ACKNOWLEDGEMENT = 64 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final StreamConfig config;
  private final HttpClient http;
  private final WholeAnswers answers;
  private final String subscriber = instance();
  private final Applied applied = new Applied();
  private final Semaphore news = new Semaphore(0);
  private final FreshDenials known;
  private final Thread reader;
  private final Thread acknowledger;
  private volatile @Nullable StreamConnection connection;

  private RevocationStream(StreamConfig config, HttpClient http, InstantSource clock) {
    this.config = config;
    this.http = http;
    this.answers = new WholeAnswers(http, MOST_BYTES_OF_ACKNOWLEDGEMENT);
    this.known =
        new FreshDenials("the stream", config.issuer(), config.staleAfter(), applied, clock);
    this.reader =
        Thread.ofPlatform().daemon().name("revocations").start(() -> known.follow(this::read));
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
    return known.awaitFresh(atMost);
  }

  @Override
  public boolean onNews(Consumer<News> listener) {
    return known.onNews(listener);
  }

  @Override
  public Set<String> namesOf(AccessToken accessToken) {
    return applied.namesOf(accessToken);
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    return known.of(accessToken);
  }

  /// How it is now.
  public StreamState state() {
    return new StreamState(known.isFresh(), applied.sequence(), applied.size(), known.fault());
  }

  /// @return why it reads no more
  private String read() throws IOException, InterruptedException, MalformedException {
    var form = Form.builder().add("subscriber", subscriber);
    var request = request(config.endpoint(), form).header("Accept", "text/event-stream");
    if (applied.isWhole()) {
      request.header("Last-Event-ID", String.valueOf(applied.sequence()));
    }
    try (var opened = StreamConnection.open(http, request.build())) {
      applied.restart();
      connection = opened;
      while (!known.isClosing()) {
        var message = opened.next();
        if (message.isEmpty()) {
          break;
        }
        apply(message.get());
      }
      return "the stream has ended";
    } finally {
      connection = null;
    }
  }

  private void apply(StreamMessage message) {
    boolean isBackwards = applied.isBackwards(message);
    if (isBackwards) {
      // The server has another record than before: nothing known counts until that is renewed.
      known.lose();
    }
    if (applied.apply(message)) {
      news.release();
    }
    if (isBackwards) {
      known.tell(new News.AboutAll());
    }
    switch (message) {
      // Of each part at once: whatever is in it is dead, whether or not the rest arrives.
      case StreamMessage.Snapshot snapshot -> known.tell(snapshot.notices());
      case StreamMessage.Denied denied -> known.tell(denied.notices());
      case StreamMessage.Heartbeat heartbeat -> {
        if (!heartbeat.fresh()) {
          known.failed("the authorization server says that it is stale itself");
        }
      }
    }
  }

  private void acknowledge() {
    long period = config.staleAfter().toMillis() / RENEWALS_WITHIN_BOUND;
    while (!known.isClosing()) {
      try {
        known.tidy();
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
    if (!applied.isWhole() || known.isClosing()) {
      return;
    }
    long asked = System.nanoTime();
    long upTo = applied.sequence();
    try {
      if (upTo >= acknowledged(upTo, false)) {
        known.renew(asked);
        if (connection != null) {
          known.recovered();
        }
      }
    } catch (IOException | MalformedException e) {
      known.failed("acknowledging failed: " + e.getMessage());
    } catch (RuntimeException e) {
      // Nobody expects it; what cannot be renewed grows stale, and the next try may succeed.
      known.failed("acknowledging failed: " + e);
    }
  }

  private long acknowledged(long upTo, boolean leaving)
      throws IOException, InterruptedException, MalformedException {
    var form =
        Form.builder()
            .add("subscriber", subscriber)
            .add("sequence", String.valueOf(upTo))
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
    if (!known.close()) {
      return;
    }
    reader.interrupt();
    acknowledger.interrupt();
    var opened = connection;
    if (opened != null) {
      opened.close();
    }
    try {
      acknowledged(applied.sequence(), true);
    } catch (IOException | MalformedException e) {
      known.failed("closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
