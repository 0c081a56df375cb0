package dev.lanyard.resourceserver.status;

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
import dev.lanyard.resourceserver.TokenStatus;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
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
  /// Events are signed when they are sent.
  private static final Duration MAX_AGE = Duration.ofMinutes(5);

  private final FeedConfig config;
  private final TrustedIssuer transmitter;
  private final FeedRequests requests;
  private final InstantSource clock;
  private final DeniedTokens denied = new DeniedTokens();
  private final FreshDenials known;
  private final Thread receiver;
  private volatile FeedRequests.@Nullable Begun stream;

  private EventFeed(
      FeedConfig config, TrustedIssuer transmitter, HttpClient http, InstantSource clock) {
    this.config = config;
    this.transmitter = transmitter;
    this.requests = new FeedRequests(config, http);
    this.clock = clock;
    this.known =
        new FreshDenials("the feed", transmitter.issuer(), config.staleAfter(), denied, clock);
    this.receiver =
        Thread.ofPlatform()
            .daemon()
            .name("security-events")
            .start(() -> known.follow(this::fetched));
  }

  /// Begins to fetch. Until the first answer every status is unknown; see [#awaitFresh].
  ///
  /// @param transmitter the authorization server: the same as the guard's
  /// @param http see [Introspection#http]
  public static EventFeed open(
      FeedConfig config, TrustedIssuer transmitter, HttpClient http, InstantSource clock) {
    return new EventFeed(config, transmitter, http, clock);
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
    return denied.namesOf(accessToken);
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    return known.of(accessToken);
  }

  /// How it is now.
  public FeedState state() {
    return new FeedState(known.isFresh(), denied.size(), known.fault());
  }

  /// Fetches until something goes wrong.
  ///
  /// @return what did
  private String fetched() throws IOException, InterruptedException, MalformedException {
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
    }
  }

  private void fetch(FeedRequests.Begun open)
      throws IOException, InterruptedException, MalformedException {
    var terms = new SecurityEventTokenValidator.Terms(ClockSkew.DEFAULT, MAX_AGE, false);
    var validator = new SecurityEventTokenValidator(transmitter, open.audience(), terms, clock);
    Set<String> has = Set.of();
    boolean more = true;
    while (!known.isClosing()) {
      known.tidy();
      long asked = System.nanoTime();
      var answer = requests.poll(open, has, !more);
      has = applied(answer, validator);
      more = answer.more();
      if (!more) {
        known.renew(asked);
        known.recovered();
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
    denied.add(notices);
    known.tell(notices);
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

  /// Stops fetching and ends the stream at the server. Every status is unknown from now on.
  @Override
  public void close() {
    if (!known.close()) {
      return;
    }
    receiver.interrupt();
    try {
      receiver.join(Duration.ofSeconds(5));
      var open = stream;
      if (open != null) {
        requests.end(open);
      }
    } catch (IOException e) {
      known.failed("closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
