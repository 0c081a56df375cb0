package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.revocation.DenialSubject;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SecurityEventTokenValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Knows which tokens died, because it fetches the security events of the authorization server as
/// they happen: Shared Signals by long polling, which every language can do as well.
///
/// Each event is verified: signed by the authorization server, for this resource server. An answer
/// with nothing more to come means that everything was known that had been denied **before this
/// asked**; from that moment the knowledge counts as fresh. What fails, what is late, what is not
/// authentic and what cannot be understood each end in [Status.Unknown] within
/// [FeedConfig#staleAfter], so that calls are refused with 503, until it has recovered by itself.
/// Thread-safe.
///
/// [RevocationStream] does the same for Lanyard's own stream, with a bound below a second's
/// fraction.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8936.html#section-2 RFC 8936 §2 (SSF-21, SSF-22)
public final class EventFeed implements TokenStatus, AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration TIDY = Duration.ofMinutes(10);

  /// Events are signed when they are sent.
  private static final Duration MAX_AGE = Duration.ofMinutes(5);

  private final FeedConfig config;
  private final TrustedIssuer transmitter;
  private final FeedRequests requests;
  private final InstantSource clock;
  private final DeniedTokens denied = new DeniedTokens();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Freshness freshness;
  private final Thread receiver;
  private volatile FeedRequests.@Nullable Begun stream;
  private volatile boolean closing;
  private volatile Optional<String> fault = Optional.of("the feed has not begun");
  private long tidied = System.nanoTime();

  private EventFeed(
      FeedConfig config, TrustedIssuer transmitter, HttpClient http, InstantSource clock) {
    this.config = config;
    this.transmitter = transmitter;
    this.requests = new FeedRequests(config, http);
    this.clock = clock;
    this.freshness = new Freshness(config.staleAfter());
    this.receiver = Thread.ofPlatform().daemon().name("security-events").start(this::follow);
  }

  /// Begins to fetch. Until the first answer every status is unknown; see [#awaitFresh].
  ///
  /// @param transmitter the authorization server: the same as the [Guard]'s
  /// @param http see [Introspection#http]
  public static EventFeed open(
      FeedConfig config, TrustedIssuer transmitter, HttpClient http, InstantSource clock) {
    return new EventFeed(config, transmitter, http, clock);
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
    if (denied.denialOf(accessToken).isPresent()) {
      return new Status.Revoked();
    }
    return fresh ? new Status.Active() : new Status.Unknown(whyStale());
  }

  /// How it is now.
  public FeedState state() {
    return new FeedState(freshness.isFresh(), denied.size(), fault);
  }

  private String whyStale() {
    return "what was revoked is not known for more than "
        + config.staleAfter().toSeconds()
        + " s: "
        + fault.orElse("no answer yet");
  }

  private void follow() {
    var pause = FIRST_PAUSE;
    try {
      while (!closing) {
        long began = System.nanoTime();
        fault = Optional.of(fetched());
        boolean lasted = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
        pause = rested(lasted ? FIRST_PAUSE : pause);
      }
    } catch (InterruptedException e) {
      // Closed; whoever waits for an answer is not kept.
      fault = Optional.of("closed");
    }
  }

  /// Fetches until something goes wrong.
  ///
  /// @return what did
  private String fetched() throws InterruptedException {
    try {
      var open = stream;
      if (open == null) {
        open = requests.begin();
        stream = open;
      }
      fetch(open);
      return "closed";
    } catch (FeedRequests.GoneException e) {
      stream = null;
      return String.valueOf(e.getMessage());
    } catch (IOException | MalformedException e) {
      return "the feed failed: " + e.getMessage();
    }
  }

  /// So that many resource servers do not come back at the same moment.
  private Duration rested(Duration pause) throws InterruptedException {
    Thread.sleep(pause.toMillis() / 2 + RANDOM.nextLong(pause.toMillis() / 2));
    var longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  private void fetch(FeedRequests.Begun open)
      throws IOException, InterruptedException, MalformedException {
    var terms = new SecurityEventTokenValidator.Terms(ClockSkew.DEFAULT, MAX_AGE, false);
    var validator = new SecurityEventTokenValidator(transmitter, open.audience(), terms, clock);
    Set<String> has = Set.of();
    boolean more = true;
    while (!closing) {
      tidy();
      long asked = System.nanoTime();
      var answer = requests.poll(open, has, !more);
      has = applied(answer, validator);
      more = answer.more();
      if (!more) {
        freshness.renew(asked);
        fault = Optional.empty();
      }
    }
  }

  /// @return what is known now
  /// @throws IOException if an event is not authentic or cannot be understood: then nobody knows
  ///   what has died, and nothing counts as fresh
  private Set<String> applied(FeedRequests.Answer answer, SecurityEventTokenValidator validator)
      throws IOException {
    var has = new HashSet<String>();
    var notices = new ArrayList<Notice>();
    for (var set : answer.sets().entrySet()) {
      switch (validator.judge(set.getValue())) {
        case SignalVerdict.Rejected(var reason) ->
            throw new IOException("an event fails the check of " + reason.evidence().check());
        case SignalVerdict.Undecided(var why) ->
            throw new IOException("an event cannot be verified: " + why);
        case SignalVerdict.Accepted(var token) -> {
          if (token.event() instanceof CaepEvent.SessionRevoked) {
            notices.add(notice(token));
          }
        }
      }
      has.add(set.getKey());
    }
    if (!notices.isEmpty()) {
      denied.add(notices);
      listeners.forEach(Runnable::run);
    }
    return has;
  }

  private Notice notice(SecurityEventToken token) throws IOException {
    var subject = DenialSubject.of(token.subject(), transmitter.issuer());
    if (subject.isEmpty()) {
      throw new IOException("an event is about something that is not known here");
    }
    var at = token.occurredAt();
    // The moment stands for the number: of two events about one thing the later one counts.
    return new Notice(
        subject.get().kind(),
        subject.get().mark(),
        at,
        at.plus(config.longestTokenLife()).plus(ClockSkew.DEFAULT.tolerance()),
        at.toEpochMilli());
  }

  private void tidy() {
    if (System.nanoTime() - tidied > TIDY.toNanos()) {
      denied.forget(clock.instant());
      tidied = System.nanoTime();
    }
  }

  /// Stops fetching and ends the stream at the server. Every status is unknown from now on.
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    freshness.lose();
    receiver.interrupt();
    try {
      receiver.join(Duration.ofSeconds(5));
      freshness.lose();
      var open = stream;
      if (open != null) {
        requests.end(open);
      }
    } catch (IOException e) {
      fault = Optional.of("closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
