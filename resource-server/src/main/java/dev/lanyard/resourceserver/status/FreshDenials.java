package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.resourceserver.TokenStatus.News;
import dev.lanyard.resourceserver.TokenStatus.Status;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What was denied and whether that is known well enough to answer with, for whoever follows the
/// authorization server, by whatever transport. It says when to try again, whom to tell, and why
/// nobody can say any more. Thread-safe; one thread follows.
final class FreshDenials {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration TIDY = Duration.ofMinutes(10);

  private final String what;
  private final Issuer issuer;
  private final Duration staleAfter;
  private final Known known;
  private final InstantSource clock;
  private final Freshness freshness;
  private final List<Consumer<News>> listeners = new CopyOnWriteArrayList<>();
  private volatile Optional<String> fault;
  private volatile boolean closing;
  private long tidied = System.nanoTime();

  /// @param what is followed, for the words of a fault
  /// @param issuer who is followed
  /// @param staleAfter how long an answer counts
  FreshDenials(String what, Issuer issuer, Duration staleAfter, Known known, InstantSource clock) {
    this.what = what;
    this.issuer = issuer;
    this.staleAfter = staleAfter;
    this.known = known;
    this.clock = clock;
    this.freshness = new Freshness(staleAfter);
    this.fault = Optional.of(what + " has not begun");
  }

  /// Where denials are kept. Thread-safe.
  interface Known {
    /// The kind of the denial by which a token is dead; empty if it lives.
    Optional<Notice.Kind> denialOf(AccessToken token);

    /// Drops what no longer has anything to kill.
    void forget(Instant now);
  }

  /// Follows until something goes wrong.
  interface Attempt {
    /// @return what went wrong
    String untilFault() throws IOException, MalformedException, InterruptedException;
  }

  boolean awaitFresh(Duration atMost) throws InterruptedException {
    return freshness.awaitFirst(atMost);
  }

  boolean onNews(Consumer<News> listener) {
    return listeners.add(listener);
  }

  Status of(AccessToken token) {
    if (!token.issuer().equals(issuer)) {
      return new Status.Unknown(what + " of " + issuer + " tells nothing of " + token.issuer());
    }
    // In this order: what is applied between the two questions is found by the second.
    boolean fresh = freshness.isFresh();
    if (known.denialOf(token).isPresent()) {
      return new Status.Revoked();
    }
    return fresh ? new Status.Active() : new Status.Unknown(whyStale());
  }

  private String whyStale() {
    return "what was revoked is not known for more than "
        + staleAfter.toMillis()
        + " ms: "
        + fault.orElse("no answer yet");
  }

  boolean isFresh() {
    return freshness.isFresh();
  }

  /// What went wrong last, while it has not recovered.
  Optional<String> fault() {
    return fault;
  }

  void failed(String why) {
    fault = Optional.of(why);
  }

  void recovered() {
    fault = Optional.empty();
  }

  /// Nothing was missing.
  ///
  /// @param asked when the question was sent, by [System#nanoTime]
  void renew(long asked) {
    freshness.renew(asked);
    if (closing) {
      freshness.lose();
    }
  }

  /// Whatever is known counts no more until it is renewed.
  void lose() {
    freshness.lose();
  }

  boolean isClosing() {
    return closing;
  }

  /// Ends [#follow]; nothing counts from now on.
  ///
  /// @return whether this is the first time
  synchronized boolean close() {
    boolean first = !closing;
    closing = true;
    freshness.lose();
    return first;
  }

  /// Tries until it is closed or interrupted. Whatever goes wrong is a reason to try again, also
  /// what nobody expects: the knowledge is lost by its age.
  void follow(Attempt attempt) {
    var pause = FIRST_PAUSE;
    try {
      while (!closing) {
        long began = System.nanoTime();
        failed(tried(attempt));
        boolean lasted = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
        pause = rested(lasted ? FIRST_PAUSE : pause);
      }
    } catch (InterruptedException e) {
      // Closed; whoever waits for an answer is not kept.
      failed("closed");
    }
  }

  private String tried(Attempt attempt) throws InterruptedException {
    try {
      return attempt.untilFault();
    } catch (IOException | MalformedException e) {
      return what + " failed: " + e.getMessage();
    } catch (RuntimeException e) {
      return what + " failed: " + e;
    }
  }

  /// So that many resource servers do not come back at the same moment.
  private static Duration rested(Duration pause) throws InterruptedException {
    Thread.sleep(pause.toMillis() / 2 + RANDOM.nextLong(pause.toMillis() / 2));
    var longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  /// Drops what is over, from time to time; to be called by one thread.
  void tidy() {
    if (System.nanoTime() - tidied > TIDY.toNanos()) {
      known.forget(clock.instant());
      tidied = System.nanoTime();
    }
  }

  /// Tells of whom something was denied, once that counts.
  void tell(List<Notice> notices) {
    DeniedTokens.about(notices).ifPresent(this::tell);
  }

  /// A listener that throws keeps neither the others from being told nor this from going on: what
  /// it throws goes where the exceptions of threads go that nobody catches.
  void tell(News news) {
    for (var listener : listeners) {
      try {
        listener.accept(news);
      } catch (RuntimeException | Error e) {
        var thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }
}
